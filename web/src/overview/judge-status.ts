/**
 * Whether both sides are in step, as one verdict out of what the server says of itself. It is `good` only where nothing
 * at all is missing; what is not known yet counts as missing.
 */
import type { ResultOf } from '../../../src/wire/index.ts'

export type Status = ResultOf<'status.read'>

/** `busy`: it is being worked on, and nothing is wrong. */
export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'none'

export type Finding =
  | { readonly kind: 'not_connected' | 'being_set_up'; readonly tone: 'none' }
  | { readonly kind: 'held'; readonly tone: 'warn'; readonly since: string }
  | { readonly kind: 'paused'; readonly tone: 'bad'; readonly until: string | null; readonly reason: string }
  | { readonly kind: 'failures'; readonly tone: 'bad'; readonly count: number }
  | { readonly kind: 'stuck'; readonly tone: 'bad'; readonly count: number; readonly since: string }
  | { readonly kind: 'never_synced'; readonly tone: 'none' }
  | {
      readonly kind: 'run_paused'
      readonly tone: 'bad'
      readonly until: string | null
      readonly reason: string | null
    }
  | { readonly kind: 'run_incomplete'; readonly tone: 'warn'; readonly reason: string | null }
  | { readonly kind: 'webhooks_unhealthy'; readonly tone: 'warn' }
  | { readonly kind: 'no_server'; readonly tone: 'warn' }
  | { readonly kind: 'not_listed'; readonly tone: 'warn' }
  | { readonly kind: 'running'; readonly tone: 'busy' }
  | { readonly kind: 'waiting'; readonly tone: 'busy'; readonly count: number }
  | { readonly kind: 'differing'; readonly tone: 'busy'; readonly count: number }
  | { readonly kind: 'not_polled'; readonly tone: 'busy' }

export type Verdict = {
  readonly tone: Tone
  /** The one that the sentence is about; null: in step. */
  readonly first: Finding | null
  readonly others: readonly Finding[]
}

/** What waits longer than this does not wait in turn. */
const STUCK_AFTER_MS = 15 * 60_000

/** `connected`: whether both accounts are; null: not known. */
export function judgeStatus(status: Status, nowMs: number, connected: boolean | null = null): Verdict {
  const found = findings(status, nowMs)
  const { hold } = status
  if (connected === false || hold?.because === 'setup') {
    // What comes of that is not told beside it.
    const others = found.filter(({ kind }) => kind === 'failures')
    const kind = connected === false ? 'not_connected' : 'being_set_up'
    return { tone: 'none', first: { kind, tone: 'none' }, others }
  }
  if (hold !== null) {
    const others = found.filter(({ kind }) => !['paused', 'not_polled', 'no_server'].includes(kind))
    return { tone: 'warn', first: { kind: 'held', tone: 'warn', since: hold.heldAt }, others }
  }
  const [first = null, ...others] = found
  return { tone: first?.tone ?? 'good', first, others }
}

/** What waits, wherever it does. Of the server where one runs, since it knows more than the store. */
export function countWaiting({ backlog, live }: Pick<Status, 'backlog' | 'live'>): number {
  const { inbox, dirty, outbox, edits, events, companies } = backlog
  return inbox + dirty + outbox + edits + events + (live?.backlog.companies ?? companies)
}

/** The gravest first. */
function findings(status: Status, nowMs: number): Finding[] {
  const { live, lastRun, persons, backlog } = status
  const found: (Finding | false)[] = [
    live?.paused != null && { kind: 'paused', tone: 'bad', ...live.paused },
    neverSynced(status) && { kind: 'never_synced', tone: 'none' },
    persons.failed > 0 && { kind: 'failures', tone: 'bad', count: persons.failed },
    lastRun?.status === 'paused' && {
      kind: 'run_paused',
      tone: 'bad',
      until: lastRun.resumeAt,
      reason: lastRun.reason,
    },
    // What is held waits because somebody wants it to.
    ...waiting(countWaiting(status), status.hold === null ? backlog.oldestAt : null, nowMs),
    lastRun?.status === 'incomplete' && { kind: 'run_incomplete', tone: 'warn', reason: lastRun.reason },
    live?.webhooksHealthy === false && { kind: 'webhooks_unhealthy', tone: 'warn' },
    live === null && { kind: 'no_server', tone: 'warn' },
    lastRun !== null && status.listedAt === null && { kind: 'not_listed', tone: 'warn' },
    lastRun?.status === 'running' && { kind: 'running', tone: 'busy' },
    persons.withContact > persons.inStep && {
      kind: 'differing',
      tone: 'busy',
      count: persons.withContact - persons.inStep,
    },
    live !== null && live.lastPollAt === null && { kind: 'not_polled', tone: 'busy' },
  ]
  const grave: Readonly<Record<Tone, number>> = { bad: 0, none: 1, warn: 2, busy: 3, good: 4 }
  return found.filter((finding) => finding !== false).sort((a, b) => grave[a.tone] - grave[b.tone])
}

function neverSynced({ lastRun, listedAt }: Status): boolean {
  return (
    lastRun === null || (listedAt === null && lastRun.status !== 'complete' && lastRun.status !== 'running')
  )
}

function waiting(count: number, oldestAt: string | null, nowMs: number): Finding[] {
  if (count === 0) return []
  if (oldestAt !== null && nowMs - Date.parse(oldestAt) > STUCK_AFTER_MS)
    return [{ kind: 'stuck', tone: 'bad', count, since: oldestAt }]
  return [{ kind: 'waiting', tone: 'busy', count }]
}
