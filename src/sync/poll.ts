/**
 * Asks Pipedrive what has changed, the cheapest way: `/v1/recents` names the changed records of all kinds in one call, one
 * window per stream brings them at once. Repairs what webhooks lost, and says how much that was.
 */
import { randomUUID } from 'node:crypto'
import { TajoError } from '../base/error.ts'
import { newerThanMirror, noteHints, readConnection, readCursors } from '../store/index.ts'
import { createMirror } from './mirror/index.ts'
import type { Stream } from './model/index.ts'
import type { Plan } from './projection/index.ts'
import { neededStreams, readBrevo, readSource } from './read.ts'
import type { RunContext } from './run-context.ts'
import { overlapMs, readRecents } from './source/index.ts'

/** Tokens of one call (https://pipedrive.readme.io/docs/core-api-concepts-rate-limiting). */
const windowCosts: Readonly<Record<Stream, number>> = {
  persons: 10,
  organizations: 10,
  deals: 10,
  archived_deals: 20,
  activities: 10,
  leads: 20,
}
const recentsCost = 20
/** Recents know these. */
const recentStreams: readonly Stream[] = ['persons', 'organizations', 'deals', 'activities']
/** Recents reach back a month at most, whatever they are asked for. */
const recentsReachMs = 20 * 24 * 3_600_000
/** A webhook takes its time, and its first repetitions. */
const justMadeMs = 60_000

export type PollResult = {
  readonly way: 'recents' | 'windows'
  /** Changes of which no webhook had told, though it had the time to. */
  readonly missed: number
}

/** The changes are in the mirror, or noted as hints; a step brings them on. */
export async function pollSource(context: RunContext, plan: Plan): Promise<PollResult> {
  const { store, connection, clock } = context
  const state = await readConnection(store.db, connection)
  await readBrevo(context, plan, false, state)
  const wanted = neededStreams(plan)
  const since = await recentsSince(context, wanted)
  if (since !== null && recentsPay(wanted)) {
    try {
      return await pollRecents(context, plan, wanted, since)
    } catch (error) {
      if (!isRefusal(error)) throw error
      // An old endpoint that needs a scope of its own: without it the windows do as well.
      context.onNews?.({
        level: 'info',
        event: 'poll.recents_refused',
        message: `Pipedrive refuses /v1/recents (${error.message}); each kind of record is asked for instead`,
        details: { connection, code: error.code },
      })
    }
  }
  const missed = await readSource(context, `poll-${randomUUID()}`, plan, false, wanted)
  context.onNews?.({
    level: 'debug',
    event: 'poll.read',
    message: 'changes were read window by window',
    details: { connection, at: clock.now().toISOString() },
  })
  return { way: 'windows', missed }
}

function recentsPay(wanted: ReadonlySet<Stream>): boolean {
  const windows = [...wanted].reduce((sum, stream) => sum + windowCosts[stream], 0)
  return recentsCost + (wanted.has('leads') ? windowCosts.leads : 0) < windows
}

/** From when on everything is wanted; null when that is too long ago, or never was. */
async function recentsSince(
  { store, connection, clock }: RunContext,
  wanted: ReadonlySet<Stream>,
): Promise<Date | null> {
  const cursors = new Map((await readCursors(store.db, connection)).map((row) => [row.stream, row]))
  let since = clock.now().getTime()
  for (const stream of recentStreams.filter((name) => wanted.has(name))) {
    const cursor = cursors.get(stream)
    if (!cursor?.finished || cursor.watermark === null) return null
    since = Math.min(since, cursor.watermark.getTime() - overlapMs)
  }
  return clock.now().getTime() - since > recentsReachMs ? null : new Date(since)
}

async function pollRecents(
  context: RunContext,
  plan: Plan,
  wanted: ReadonlySet<Stream>,
  since: Date,
): Promise<PollResult> {
  const { store, connection, pipedrive, clock, signal } = context
  const streams = recentStreams.filter((name) => wanted.has(name))
  const { hints, serverTime } = await readRecents(pipedrive, streams, since, signal)
  // The overlap of two polls names many that the mirror has already.
  const news = await newerThanMirror(
    store.db,
    connection,
    hints,
    new Date(since.getTime() + overlapMs - 2_000),
  )
  await noteHints(
    store.db,
    connection,
    news.map(({ hint }) => hint),
    clock.now(),
  )
  const mirror = createMirror(store, connection, () => clock.now())
  await mirror.readUntil(streams, serverTime ?? since)
  const before = new Date((serverTime ?? clock.now()).getTime() - justMadeMs).toISOString()
  const missed = news.filter(
    ({ hint, newer }) => newer && hint.version !== null && hint.version < before,
  ).length
  if (!wanted.has('leads')) return { way: 'recents', missed }
  const leads = await readSource(context, `poll-${randomUUID()}`, plan, false, new Set<Stream>(['leads']))
  return { way: 'recents', missed: missed + leads }
}

function isRefusal(error: unknown): error is TajoError {
  return (
    error instanceof TajoError &&
    ['pipedrive_rejected', 'pipedrive_forbidden', 'pipedrive_not_found'].includes(error.code)
  )
}
