/** What every stage of a run is given. */
import type { Clock } from '../base/clock.ts'
import type { Store } from '../store/index.ts'
import type { BrevoClient } from './destination/index.ts'
import type { SyncSettings } from './model/index.ts'
import type { PipedriveClient } from './source/index.ts'

/** What a run tells while it works. Counts are of records; `total` is null while nobody knows it. */
export type RunProgress = {
  readonly stage: RunStage
  /** What is being worked on: `persons`, `contacts`, `imports`, ... */
  readonly what: string
  readonly done: number
  readonly total: number | null
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
}
