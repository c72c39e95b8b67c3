/** What a running server knows of one connection, and what its jobs are given. Behaviour is in the tasks. */
import type { Clock } from '../../base/clock.ts'
import type { BrevoClient } from '../../brevo/index.ts'
import type { LoadedConfig } from '../../config/index.ts'
import type { PipedriveClient } from '../../pipedrive/index.ts'
import type { Store } from '../../store/index.ts'
import type { Resolution, RunContext } from '../../sync/index.ts'
import type { LiveNews } from '../live-face.ts'
import type { SkillShelf } from '../skills/skill-shelf.ts'
import type { JobName, Jobs } from './jobs.ts'

export type Clients = { readonly pipedrive: PipedriveClient; readonly brevo: BrevoClient }

export type WorkerOptions = {
  readonly store: Store
  readonly connection: string
  readonly clock: Clock
  /** As it is now: read anew after a pause. */
  readonly config: () => LoadedConfig
  readonly clients: () => Clients
  readonly shelf: SkillShelf
  /** Makes the clients anew, with the credentials as they are by now. */
  readonly renewClients: () => Promise<void>
  /** Registers webhooks where they can be; says whether they are all there. */
  readonly careForWebhooks: (clients: Clients, signal: AbortSignal) => Promise<boolean>
  /** Whether webhooks can reach this process at all. */
  readonly reachable: boolean
  readonly onNews: (news: LiveNews) => void
  readonly onProgress?: RunContext['onProgress']
}

/** Read by the face; changed by the tasks only. */
export type WorkerState = {
  /** Null before the first pass has looked at the accounts. */
  resolution: Resolution | null
  resolvedAt: Date | null
  /** `trouble`: what tells it from another. `job`: what met the refusal, and tries again. `times`: how often in a row. */
  paused: { reason: string; trouble: string; until: Date; job: JobName; times: number } | null
  lastPollAt: Date | null
  pollMs: number
  /** Whether all webhooks are there, as far as the last look tells; null before it. */
  registered: boolean | null
  /** After how long webhooks are seen to again if they are not all there by then. */
  careMs: number
  /** Whether they tell what polling finds; null before the first poll. */
  healthy: boolean | null
  events: { sent: number; noContact: number; failed: number }
  companiesWaiting: number
  /** What waits of companies goes on then, not sooner; null: nothing waits. */
  companiesNotBefore: Date | null
  /** Seconds from change to delivery, the last thousand. */
  lags: number[]
  /** The next step compares everybody's contact: something was read without the worker knowing about whom. */
  compareAll: boolean
  /** Nothing was due after the last step. */
  idle: boolean
}

export type Worker = WorkerOptions & { readonly state: WorkerState; readonly jobs: () => Jobs }

/** A service that had trouble for a moment must not cost a day without webhooks. */
export const firstCareMs = 60_000

export function createState(pollMs: number): WorkerState {
  return {
    resolution: null,
    resolvedAt: null,
    paused: null,
    lastPollAt: null,
    pollMs,
    registered: null,
    careMs: firstCareMs,
    healthy: null,
    events: { sent: 0, noContact: 0, failed: 0 },
    companiesWaiting: 0,
    companiesNotBefore: null,
    lags: [],
    compareAll: true,
    idle: false,
  }
}

export function after({ clock }: Pick<Worker, 'clock'>, ms: number): Date {
  return new Date(clock.now().getTime() + ms)
}

export function told(
  level: LiveNews['level'],
  event: string,
  message: string,
  details: Readonly<Record<string, unknown>>,
): LiveNews {
  return { level, event, message, details }
}
