/** What running skills is given, and what it tells. */
import type { Clock } from '../../base/clock.ts'
import type { BrevoClient } from '../../brevo/index.ts'
import type { PipedriveClient } from '../../pipedrive/index.ts'
import type { Store } from '../../store/index.ts'
import type { EventWords } from '../../sync/events/index.ts'
import type { Skill } from '../index.ts'

export type SkillNews = {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly event: string
  readonly message: string
  readonly details: Readonly<Record<string, unknown>>
}

export type SkillContext = {
  readonly store: Store
  readonly connection: string
  readonly pipedrive: PipedriveClient
  readonly brevo: BrevoClient
  readonly clock: Clock
  readonly signal?: AbortSignal | undefined
  readonly onNews?: ((news: SkillNews) => void) | undefined
  readonly words: EventWords
  /** The user's own that are right and on. */
  readonly skills: readonly Skill[]
  /** What the names of events stand for. */
  readonly names: ReadonlyMap<string, readonly string[]>
}
