/** What the composed product can do, as types: every door (command line, later server and SDK) uses this face only. */
import type { Disposition } from '../base/error.ts'
import type { LoadedConfig } from '../config/index.ts'
import type { RunProgress, SyncReport } from '../sync/index.ts'
import type { Connectors } from './connectors-face.ts'
import type { Explanation, FoundPersons, PersonQuery } from './contacts-face.ts'
import type { Dedupe } from './dedupe-face.ts'
import type { Connections } from './installation-face.ts'
import type { KeyCheck, Keys } from './keys/keys-face.ts'
import type { InboxSource, Live, LiveOptions, LiveReadings } from './live-face.ts'
import type { OAuth } from './oauth/oauth-face.ts'
import type { Privacy } from './privacy/privacy-face.ts'
import type { Reports } from './reports-face.ts'
import type { SecretRotation } from './rotate-secrets.ts'
import type { Search } from './search-face.ts'
import type { Hold, Holding, Settings } from './settings-face.ts'
import type { Skills } from './skills-face.ts'
import type { WebhookReport } from './webhooks/webhook-report.ts'

export type { ReversedField, RunProgress, SyncReport } from '../sync/index.ts'
export type * from './connectors-face.ts'
export type * from './contacts-face.ts'
export type * from './dedupe-face.ts'
export type * from './installation-face.ts'
export type * from './keys/keys-face.ts'
export type { Authorisation, OAuth, OAuthBrowser } from './oauth/oauth-face.ts'
export type { Allowance, EraseOptions, Erasure, PersonExport, Privacy } from './privacy/privacy-face.ts'
export type * from './reports-face.ts'
export type { SecretRotation } from './rotate-secrets.ts'
export type * from './search-face.ts'
export type * from './settings-face.ts'
export type * from './skills-face.ts'
export type { WebhookItem, WebhookReport, WebhookState, WebhookWarning } from './webhooks/webhook-report.ts'

export type Service = {
  readonly config: LoadedConfig
  /** One pass. Throws TajoError: `settings_unfit` (faults against the accounts), `connection_busy`, and what stops everything. */
  sync(options: SyncOptions): Promise<SyncReport>
  /** Configuration against both accounts; with `fix`, creates what is missing. Never throws for what it can report. */
  check(options: { fix: boolean; signal?: AbortSignal | undefined }): Promise<CheckReport>
  status(): Promise<StatusReport>
  /** A Pipedrive person id or an e-mail address. Throws `person_unknown`. Reads the store only. */
  explain(subject: string): Promise<Explanation>
  /** Persons by a piece of their name or address, at most so many. Reads the store only. */
  find(query: PersonQuery): Promise<FoundPersons>
  readonly failures: {
    list(): Promise<readonly FailureView[]>
    /** By code, with how many there are of each; what most records have first. */
    causes(): Promise<readonly FailureCauseView[]>
    /** The newest first, some at a time: there may be very many. */
    page(query: FailureQuery): Promise<{ total: number; items: readonly FailureView[] }>
    /** Reopens the selected failures and runs a pass. `retried` is 0 when nothing matched (and no pass is run). */
    retry(
      selection: RetrySelection,
      options: SyncOptions,
    ): Promise<{ retried: number; report: SyncReport | null }>
    discard(selection: FailureSelection): Promise<number>
  }
  readonly connections: Connectors
  /** Pipedrive through a browser. */
  readonly oauth: OAuth
  readonly secrets: {
    /**
     * Seals all stored credentials, of every connection, anew with another key. Throws `secret_no_new_key`,
     * `secret_rotation_running`.
     */
    rotate(): Promise<SecretRotation>
  }
  /** Our subscriptions at both services. What a service refuses is in the report; credentials are never in it. */
  readonly webhooks: {
    /** Makes what is registered what the configuration needs. Throws `webhook_no_public_url`, `config_not_connected`. */
    register(options?: {
      /** Default: `server.public_url`. */
      publicUrl?: string | null | undefined
      signal?: AbortSignal | undefined
    }): Promise<WebhookReport>
    /** Changes nothing. */
    list(options?: { signal?: AbortSignal | undefined }): Promise<WebhookReport>
    /** Takes all of ours away. */
    remove(options?: { signal?: AbortSignal | undefined }): Promise<WebhookReport>
    /** Whether the `Authorization` header of a request is what Tajo registered with that service. Takes the same time for all. */
    verify(source: InboxSource, authorization: string | null): Promise<boolean>
    /**
     * What a program of one's own received: a vendor's body, an array of them, or `{ topic, payload }` for Pipedrive. Resolves
     * once it is kept for good and, where no server runs, brought to the other side as far as that goes now. Throws
     * `webhook_not_understood`, and what only a person can mend.
     */
    receive(
      webhook: { source: InboxSource; body: unknown },
      options?: { signal?: AbortSignal | undefined },
    ): Promise<WebhookReceipt>
  }
  /** One person: everything held, erased so that it stays erased, and allowed again. */
  readonly privacy: Privacy
  /** Persons that are the same human being: listed from the store, and merged in Pipedrive. */
  readonly dedupe: Dedupe
  /** What reacts to changes: the skills that ship, and the user's own. */
  readonly skills: Skills
  /** Who may use the HTTP interface of this installation. Only where the store is open can keys be checked. */
  readonly keys: Keys & KeyCheck
  /** Records of Pipedrive by a word. */
  readonly search: Search
  /** The connections of this store, this one among them. */
  readonly installation: Connections
  /** Pipelines and campaigns in figures. */
  readonly reports: Reports
  /** What may be edited without a file. */
  readonly settings: Settings
  /** Whether a server leaves the connection alone for now. */
  readonly holding: Holding
  /** Begins to keep both sides in step until it is stopped. Throws `server_running` where another server does. */
  live(options: LiveOptions): Promise<Live>
  /** Closes the store, for all connections. */
  close(): Promise<void>
}

export type WebhookReceipt = {
  /** `done`: it has arrived on the other side. `queued`: a running server goes on with it. `waiting`: it is kept, and not yet there. */
  readonly state: 'done' | 'queued' | 'waiting'
  /** What it waits for. */
  readonly reason: string | null
}

export type SyncOptions = {
  readonly full?: boolean
  readonly dryRun?: boolean
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: RunProgress) => void) | undefined
  /** A sentence for the person who waits: that another pass goes first. */
  readonly onNotice?: ((text: string) => void) | undefined
}

/** By record ids (as `failures list` shows them), by code, or all when both are absent. */
export type FailureSelection = { readonly ids?: readonly string[]; readonly code?: string }

/** `withDiscarded`: those that were discarded, too; by their ids they are in any case. Default false. */
export type RetrySelection = FailureSelection & { readonly withDiscarded?: boolean }

export type FailureQuery = {
  readonly code?: string | undefined
  /** Default false. */
  readonly withDiscarded?: boolean | undefined
  readonly offset?: number | undefined
  /** Default 50. */
  readonly limit?: number | undefined
}

export type FailureCauseView = {
  readonly code: string
  readonly open: number
  readonly discarded: number
  /** When the oldest of them failed first, ISO 8601. */
  readonly since: string
  /** The newest of them. */
  readonly example: FailureView
}

export type CheckItem = {
  /** `ok`; `fixed` by `--fix`; `warning`; `error` stops a sync. */
  readonly level: 'ok' | 'fixed' | 'warning' | 'error'
  /** What was looked at: `Pipedrive token`, `lists.customers`, ... */
  readonly subject: string
  readonly message: string
  readonly remedy: string | null
  /** Where it stands in the configuration: `tajo.yaml:17:18 connectors.pipedrive.lists.customers`. */
  readonly location: string | null
}

export type CheckReport = {
  /** `ok` (warnings allowed), `errors`, or `paused` when an account could not be asked at all. */
  readonly status: 'ok' | 'errors' | 'paused'
  readonly items: readonly CheckItem[]
}

export type StatusReport = {
  readonly connection: string
  readonly store: string
  readonly lastRun: RunSummary | null
  /** Newest first, at most ten. */
  readonly runs: readonly RunSummary[]
  readonly persons: {
    readonly live: number
    readonly withContact: number
    readonly inStep: number
    /** Everything in `failures list` that was not discarded, be it of a person or not. */
    readonly failed: number
    /** What somebody discarded of it: still not as it should be, and no longer tried. */
    readonly discarded: number
  }
  readonly backlog: {
    /** Webhooks nobody has looked at yet, and records they named that are to be read again. */
    readonly inbox: number
    /** Clusters whose projection is out of date. */
    readonly dirty: number
    /** Commands not yet delivered. */
    readonly outbox: number
    /** Changes made in Brevo that have not arrived in Pipedrive. */
    readonly edits: number
    readonly events: number
    readonly companies: number
    /** Since when the oldest webhook or event waits, ISO 8601; null when none does. */
    readonly oldestAt: string | null
  }
  /** How changes are noticed, as configured. */
  readonly mode: 'realtime' | 'batch' | 'hybrid'
  readonly warnings: Readonly<Record<string, number>>
  /** When the last complete listing of Pipedrive ended, ISO 8601. */
  readonly listedAt: string | null
  /** Of the server that runs on this store; null where none does. */
  readonly live: LiveReadings | null
  /** Null: the server works on it, where one runs. */
  readonly hold: Hold | null
}

export type RunSummary = {
  readonly run: string
  readonly mode: string
  readonly dryRun: boolean
  readonly status: string
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly resumeAt: string | null
  readonly reason: string | null
}

export type FailureView = {
  /** What `failures retry` and `discard` take. */
  readonly id: string
  /** `person`, `contact`, `unreadable deal`, ... */
  readonly entity: string
  readonly code: string
  readonly disposition: Disposition
  readonly message: string
  readonly vendorMessage: string | null
  readonly remedy: string
  readonly attempts: number
  readonly discarded: boolean
  readonly firstAt: string
  readonly lastAt: string
}
