/** What is said about duplicates and their merging, as types only. */

/** Which person stays: who leads the contact (rule R1.2), who was added first, or who has most deals. */
export type SurvivorRule = 'lead' | 'oldest' | 'most_deals'

/**
 * Why persons are taken for one: their identity e-mail is the same (rule R1.1); one has the other's address among its
 * own; or number and name are the same, and no address is.
 */
export type DuplicateReason = 'same_email' | 'shared_address' | 'same_phone_and_name'

export type DuplicatePerson = {
  readonly personId: number
  readonly name: string | null
  /** The identity e-mail, else whatever stands there. */
  readonly email: string | null
  readonly phone: string | null
  readonly organizationId: number | null
  readonly deals: { readonly open: number; readonly won: number; readonly lost: number }
  /** ISO 8601. */
  readonly addedAt: string | null
  /** ISO 8601. */
  readonly updatedAt: string | null
}

/** A value that the survivor has not, and would get. */
export type Gain = {
  /** `emails`, `phones`, a built-in field or a custom field's key. */
  readonly field: string
  /** As Pipedrive shows it; the key where that is not known. */
  readonly name: string
  readonly value: string
  readonly fromPersonId: number
}

/** A value that differs from the survivor's, and would be gone. */
export type Loss = {
  readonly field: string
  readonly name: string
  readonly kept: string
  readonly lost: string
  readonly fromPersonId: number
}

export type DuplicateCluster = {
  /** `same_email` is merged when asked to merge; a suggestion only when it is named. */
  readonly kind: 'same_email' | 'suggestion'
  readonly because: readonly DuplicateReason[]
  /** The addresses, or name and number, that they have in common. */
  readonly shared: readonly string[]
  /** Whether they go by different names, which may mean that they are different people. */
  readonly namesDiffer: boolean
  readonly survivorId: number
  /** The survivor first, then the others in the order in which they would be merged into it. */
  readonly persons: readonly DuplicatePerson[]
  readonly gains: readonly Gain[]
  readonly losses: readonly Loss[]
  /** Merges among them that Pipedrive refused the last time. */
  readonly failed: readonly {
    readonly loserId: number
    readonly message: string
    readonly at: string | null
  }[]
}

export type DuplicateReport = {
  readonly survivor: SurvivorRule
  /** When the last complete listing of Pipedrive ended, ISO 8601; null: not everybody was read yet. */
  readonly listedAt: string | null
  readonly clusters: readonly DuplicateCluster[]
  readonly suggestionCount: number
  /** Empty unless asked for. */
  readonly suggestions: readonly DuplicateCluster[]
}

export type MergeSelection = {
  /** Default: the configuration's. */
  readonly survivor?: SurvivorRule | undefined
  /** Only clusters with one of these persons. */
  readonly only?: readonly number[] | undefined
  /** Suggestions with one of these persons, too. */
  readonly include?: readonly number[] | undefined
}

export type PlannedMerge = {
  readonly loserId: number
  readonly survivorId: number
  /** What has to be true of the two still, right before they are merged. */
  readonly because: readonly DuplicateReason[]
}

export type MergeForecast = {
  /** Of Pipedrive's daily budget, for all merges of the plan. */
  readonly tokens: number
  /** Null where the budget is not known. */
  readonly remaining: number | null
  /** Whether they fit into today without touching what is kept for the sync; null where the budget is not known. */
  readonly fits: boolean | null
  /** Resets needed before all is done: 0 when it fits today. */
  readonly days: number | null
  /** ISO 8601. */
  readonly resetsAt: string
}

export type MergePlan = {
  readonly survivor: SurvivorRule
  readonly clusters: readonly DuplicateCluster[]
  readonly merges: readonly PlannedMerge[]
  /** Merges that did not fit into this plan: for another one. */
  readonly more: number
  readonly forecast: MergeForecast
}

export type MergeItem = {
  readonly loserId: number
  readonly survivorId: number
  /** `skipped`: they are no duplicates any more. `left`: not done now, and gone on with when asked again. */
  readonly state: 'merged' | 'skipped' | 'failed' | 'left'
  /** Why not; null for `merged`. */
  readonly message: string | null
}

export type MergeReport = {
  /** `incomplete`: some failed, or are left; `paused`: a budget is spent, or a credential refused. */
  readonly status: 'complete' | 'incomplete' | 'paused'
  readonly merged: number
  readonly skipped: number
  readonly failed: number
  readonly left: number
  readonly items: readonly MergeItem[]
  /** Why it paused. */
  readonly reason: string | null
  /** ISO 8601; when it can go on. */
  readonly resumeAt: string | null
  readonly requests: { readonly count: number; readonly tokens: number }
  /** Who brings Brevo in step: a server that runs here, at once, or the next sync. */
  readonly follows: 'server' | 'sync'
}
