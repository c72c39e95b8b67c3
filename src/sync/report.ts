/** The accounting of a run, in the shape that `tajo sync --json` prints (docs/cli.md). */

export type SyncStatus = 'complete' | 'incomplete' | 'paused'

export type SyncReport = {
  readonly run: string
  readonly mode: 'full' | 'incremental'
  readonly dryRun: boolean
  readonly status: SyncStatus
  readonly startedAt: string
  readonly finishedAt: string
  /** When a paused run can go on, ISO 8601; null when it waits for a person. */
  readonly resumeAt: string | null
  /** Why it is not complete: what happened and what to do; null when complete. */
  readonly reason: string | null
  /** Persons by what became of them: read = created + updated + unchanged + skipped + failed (rule R6.1). */
  readonly contacts: {
    readonly read: number
    readonly created: number
    readonly updated: number
    readonly unchanged: number
    /** By reason; reasons that did not occur are absent. */
    readonly skipped: Readonly<Record<string, number>>
    readonly failed: number
  }
  readonly companies: {
    readonly read: number
    readonly created: number
    readonly updated: number
    readonly unchanged: number
    readonly failed: number
    /** Not done yet: Brevo's hourly limit, or a passing trouble. */
    readonly waiting: number
  }
  readonly lists: { readonly added: number; readonly removed: number }
  readonly events: { readonly sent: number; readonly no_contact: number; readonly failed: number }
  readonly persons: { readonly created: number; readonly updated: number; readonly conflicts: number }
  /** Contacts by what was left out of them. */
  readonly warnings: Readonly<Record<string, number>>
  readonly requests: {
    readonly pipedrive: { readonly count: number; readonly tokens: number }
    readonly brevo: { readonly count: number }
  }
  /** Dry runs only: what a sync would create before it writes contacts, and the first changes it would make. */
  readonly preview?: SyncPreview
}

export type SyncPreview = {
  readonly attributes: readonly { readonly name: string; readonly type: string }[]
  readonly lists: readonly string[]
  readonly changes: readonly {
    readonly action: string
    readonly personId: number
    readonly email: string
    readonly attributes: readonly string[]
    readonly addLists: readonly number[]
    readonly removeLists: readonly number[]
  }[]
  /** What would go to Pipedrive, and why: a reason as docs/two-way.md lists them. */
  readonly persons: readonly {
    readonly action: 'create' | 'update'
    readonly personId: number | null
    readonly contactId: number
    readonly email: string
    readonly fields: readonly {
      readonly name: string
      readonly from: unknown
      readonly to: unknown
      readonly because: string
    }[]
    readonly consent: string | null
  }[]
  /** Fields that were changed on both sides since they were the same, whichever value wins (rule R9.2). */
  readonly conflicts: readonly {
    readonly personId: number
    readonly contactId: number
    readonly name: string
    readonly inPipedrive: unknown
    readonly inBrevo: unknown
    readonly winner: 'pipedrive' | 'brevo'
    /** The setting `conflict`, or `not_empty`: an empty value never wins. */
    readonly because: string
  }[]
}
