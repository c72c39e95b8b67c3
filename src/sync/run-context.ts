/** What every stage of a run is given. */
import type { Clock } from '../base/clock.ts'
import type { Store } from '../store/index.ts'
import type { BrevoClient } from './destination/index.ts'
import type { SyncSettings } from './model/index.ts'
import type { Resolution } from './resolve.ts'
import type { PipedriveClient } from './source/index.ts'

/** What a run tells while it works. Counts are of records; `total` is null while nobody knows it. */
export type RunProgress = {
  readonly stage: RunStage
  /** What is being worked on: `persons`, `contacts`, `imports`, ... */
  readonly what: string
  readonly done: number
  readonly total: number | null
}

/** What happened, for the log and for who watches. Ids only: no names, no addresses. */
export type RunNews = {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  /** `sync.finished`, `contact.written`, `event.sent`, `connection.paused`, ... */
  readonly event: string
  readonly message: string
  readonly details: Readonly<Record<string, unknown>>
}

export type RunStage = 'check' | 'read' | 'project' | 'deliver' | 'verify' | 'done'

export type RunContext = {
  readonly store: Store
  readonly connection: string
  readonly pipedrive: PipedriveClient
  readonly brevo: BrevoClient
  readonly settings: SyncSettings
  readonly clock: Clock
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: RunProgress) => void) | undefined
  /** What the accounts turned out to be, before anything is read. */
  readonly onResolved?: ((resolution: Resolution) => void) | undefined
  readonly onNews?: ((news: RunNews) => void) | undefined
}
