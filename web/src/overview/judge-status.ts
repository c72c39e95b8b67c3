/**
 * Whether both sides are in step, as one verdict out of what the server says of itself. It is `good` only where nothing
 * at all is missing; what is not known yet counts as missing.
 */
import type { ResultOf } from '../../../src/wire/index.ts'
import { sumCounts } from '../format/sum-counts.ts'

export type Status = ResultOf<'status.read'>

/** `busy`: it is being worked on, and nothing else is missing. */
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
  | { readonly kind: 'connection_unknown'; readonly tone: 'warn' }
  | Exception

/** What is left when all work is done: records that somebody gave up, and values that the other side cannot take. */
export type Exception = {
  readonly kind: 'discarded' | 'left_out'
  readonly tone: 'warn'
  readonly count: number
}

export type Verdict = {
  /** The gravest of all. */
  readonly tone: Tone
  /** The one that the sentence is about; null: in step. */
  readonly first: Finding | null
  readonly others: readonly Finding[]
}

/** What waits longer than this does not wait in turn. */
const STUCK_AFTER_MS = 15 * 60_000

/** `connected`: whether both accounts are; null: not known. */
export function judgeStatus(status: Status, nowMs: number, connected: boolean | null): Verdict {
  const found = [...findings(status, nowMs, connected), ...exceptions(status)]
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
  return { tone: found.map(({ tone }) => tone).sort(byGravity)[0] ?? 'good', first, others }
}

export function isException(finding: Finding): finding is Exception {
  return finding.kind === 'discarded' || finding.kind === 'left_out'
}

/** What waits, wherever it does. Of the server where one runs, since it knows more than the store. */
export function countWaiting({ backlog, live }: Pick<Status, 'backlog' | 'live'>): number {
  const { inbox, dirty, outbox, edits, events, companies } = backlog
  return inbox + dirty + outbox + edits + events + (live?.backlog.companies ?? companies)
}

/** The gravest first. */
function findings(status: Status, nowMs: number, connected: boolean | null): Finding[] {
  const { live, lastRun, persons, backlog } = status
  // What was discarded is told by itself.
  const differing = persons.withContact - persons.inStep - persons.discarded
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
    connected === null && { kind: 'connection_unknown', tone: 'warn' },
    live?.webhooksHealthy === false && { kind: 'webhooks_unhealthy', tone: 'warn' },
    live === null && { kind: 'no_server', tone: 'warn' },
    lastRun !== null && status.listedAt === null && { kind: 'not_listed', tone: 'warn' },
    lastRun?.status === 'running' && { kind: 'running', tone: 'busy' },
    differing > 0 && { kind: 'differing', tone: 'busy', count: differing },
    live !== null && live.lastPollAt === null && { kind: 'not_polled', tone: 'busy' },
  ]
  return found.filter((finding) => finding !== false).sort((a, b) => byGravity(a.tone, b.tone))
}

/** Told last, since "in step, except ..." is only true where nothing else is missing. */
function exceptions({ persons: { discarded }, warnings }: Status): Exception[] {
  const found: Exception[] = [
    { kind: 'discarded', tone: 'warn', count: discarded },
    { kind: 'left_out', tone: 'warn', count: sumCounts(warnings) },
  ]
  return found.filter(({ count }) => count > 0)
}

const GRAVITY: readonly Tone[] = ['bad', 'none', 'warn', 'busy', 'good']

function byGravity(a: Tone, b: Tone): number {
  return GRAVITY.indexOf(a) - GRAVITY.indexOf(b)
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
