/** What a running server can do, as types: the HTTP room and the commands of `serve` use this face only. */
import type { RunNews, RunProgress } from '../sync/index.ts'

export type InboxSource = 'pipedrive' | 'brevo'

export type Inbox = {
  /**
   * Whether the `Authorization` header is what Tajo registered with that service. Constant time; false for an unknown
   * connection. `connection` is null where the path names none: the default one.
   */
  authenticate(source: InboxSource, connection: string | null, authorization: string | null): boolean
  /**
   * Keeps one body (an object, or an array of them), together with whatever else arrives at the moment; resolves once it
   * is durable. Throws `webhook_not_json` (reject) and `webhook_not_stored` (retry).
   */
  store(source: InboxSource, connection: string | null, body: string): Promise<void>
}

export type Health = {
  /** The store answers, the accounts accepted the credentials at least once, and no connection is paused. */
  readonly ready: boolean
  /** Why not, in sentences that name the remedy. */
  readonly reasons: readonly string[]
}

/** What `/metrics` and the status tell of the moment. Counters count since the start of the process. */
export type LiveReadings = {
  readonly mode: 'realtime' | 'batch' | 'hybrid'
  /** Requests that left, by answer: a status code, or `none` where no answer came. */
  readonly requests: readonly {
    readonly vendor: 'pipedrive' | 'brevo'
    readonly status: string
    readonly count: number
  }[]
  /** What may still be asked for: Pipedrive's tokens of today, Brevo's requests of this hour by bucket. Null: not known yet. */
  readonly budgets: readonly {
    readonly vendor: 'pipedrive' | 'brevo'
    readonly budget: string
    readonly left: number | null
    readonly limit: number | null
    /** When all of it is there again; null where the service has not said, or it comes back bit by bit. */
    readonly renewedAt: string | null
  }[]
  /** In accepted webhooks: such as were new, and such as had come before. */
  readonly deliveries: readonly {
    readonly source: InboxSource
    readonly stored: number
    readonly duplicates: number
  }[]
  readonly backlog: {
    readonly inbox: number
    readonly dirty: number
    readonly outbox: number
    readonly edits: number
    readonly events: number
    readonly companies: number
  }
  /** Age of the oldest delivery that waits, seconds; 0 when none does. */
  readonly backlogAgeSeconds: number
  /** Seconds from the change at its source to its acceptance by the other side; a sliding window of the last thousand. */
  readonly lagSeconds: { readonly count: number; readonly p50: number | null; readonly p99: number | null }
  readonly events: Readonly<Record<'sent' | 'no_contact' | 'failed' | 'waiting', number>>
  readonly failures: number
  readonly lastPollAt: string | null
  readonly lastListingAt: string | null
  /** Whether webhooks arrive as polling says they should; null: not known yet. */
  readonly webhooksHealthy: boolean | null
  /** What the connection waits for; null: it works. */
  readonly paused: { readonly reason: string; readonly until: string | null } | null
}

/** What happened, as `serve` logs it and the demo prints it. */
export type LiveNews = RunNews

export type LiveOptions = {
  readonly onNews: (news: LiveNews) => void
  readonly onProgress?: ((progress: RunProgress) => void) | undefined
  /** Where webhooks can reach this process; null: none are registered, and polling does the work. Default: the configuration's. */
  readonly publicUrl?: string | null | undefined
  /** Where a browser on this machine finds the HTTP server that answers for this; left out: nobody listens. */
  readonly localUrl?: string | undefined
}

export type Live = {
  readonly inbox: Inbox
  /** Those that are looked after, by name. */
  connections(): readonly string[]
  health(): Promise<Health>
  /** Of the connection with that name; left out: of the default one. Throws `connection_not_live`. */
  readings(connection?: string | null): Promise<LiveReadings>
  /** Resolves when nothing is waiting any more in any connection: no delivery, no change, no event. For demonstrations and tests. */
  settled(signal?: AbortSignal): Promise<void>
  /** Ends what is under way, or leaves it so that the next start goes on with it; at most ten seconds. */
  stop(): Promise<void>
}
