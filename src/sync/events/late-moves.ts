/**
 * Moves that came after a later one was told. Where a deal was told to have stayed all the while, those that lead away and
 * back again are true and untold; all others are old (rules R5.1, R5.6). It knows no store and no clock.
 */
import type { DealMove, DealPlace, ReceivedMove } from '../model/index.ts'

/** A place as the deal was told to have come to it. */
export type Stop = DealPlace & {
  /** When the deal came to its stage, ISO 8601 like the others; null when unknown. */
  readonly stageSince: string | null
  /** The deal's update time with which it came; null at the beginning of a new deal. */
  readonly version: string | null
  /** The same to the millisecond, where a webhook told it; null where a look did. */
  readonly exact: string | null
}

/** One step that was left out: from where, and the move that proves it. */
export type LateStep = { readonly from: Stop; readonly move: DealMove }

export type LateTold = {
  readonly trail: readonly Stop[]
  readonly steps: readonly LateStep[]
  /** Deliveries that are told, or that nothing will explain any more. The others may be one half of away and back. */
  readonly used: readonly string[]
}

/**
 * Senders repeat for three minutes. What comes later than this is old, and the trail goes back no further. It counts from when
 * a move was received: that nobody looked for weeks does not make it less true.
 */
const rememberedMs = 600_000
/** More stops than a deal makes by hand in that time. */
const mostStops = 100

/** `trail`: where the deal was told to have been lately, the present stop last. `late`: in the order of their times. */
export function tellLate(trail: readonly Stop[], late: readonly ReceivedMove[]): LateTold {
  let stops = trail
  let rest = late.filter(({ at, receivedAt }) => !isForgotten(at, new Date(receivedAt)))
  const steps: LateStep[] = []
  for (let index = 0; index < stops.length; ) {
    const stop = stops[index] as Stop
    const loop = awayAndBack(
      stop,
      rest.filter((move) => isWithin(stops, index, move)),
    )
    if (loop === null) {
      index += 1
      continue
    }
    const added: Stop[] = []
    for (const move of loop) {
      const from = added.at(-1) ?? stop
      steps.push({ from, move })
      added.push(stopAfter(from, move))
    }
    const stays = sinceReturn(stops.slice(index + 1), stop, added.at(-1) ?? stop)
    stops = [...stops.slice(0, index + 1), ...added, ...stays]
    rest = rest.filter((move) => !loop.includes(move))
  }
  const mayBeHalf = rest.filter((move) => stops.some((_, index) => isWithin(stops, index, move)))
  const used = late.filter((move) => !mayBeHalf.includes(move)).map(({ delivery }) => delivery)
  return { trail: stops, steps, used }
}

/** The part of a trail that late moves can still have to do with. */
export function recentTrail(trail: readonly Stop[], now: Date): readonly Stop[] {
  const first = trail.findIndex((_, index) => {
    const next = trail[index + 1]
    const left = next && (next.exact ?? next.version)
    return left == null || !isForgotten(left, now)
  })
  return trail.slice(Math.max(first, trail.length - mostStops))
}

/** Takes out the first; of several of the same millisecond the one that goes on from where the deal is. */
export function takeNext<T extends DealMove>(moves: T[], place: DealPlace): T | undefined {
  const first = moves[0]
  const onward = moves.findIndex(
    ({ at, version, from }) => at === first?.at && version === first.version && samePlace(from, place),
  )
  return moves.splice(Math.max(0, onward), 1)[0]
}

/** Whether this very move is told: the same one may be delivered by two webhooks. */
export function isOnTrail(trail: readonly Stop[], move: DealMove): boolean {
  return trail.some((stop, index) => {
    const before = trail[index - 1]
    return stop.exact === move.at && samePlace(stop, move.deal) && (!before || samePlace(before, move.from))
  })
}

export function stopAfter(from: Stop, { at, version, deal }: DealMove): Stop {
  const stageSince = from.stageId === deal.stageId ? from.stageSince : (deal.stageChangedAt ?? at)
  return { ...placeOf(deal), stageSince, version, exact: at }
}

export function placeOf({ stageId, pipelineId, status }: DealPlace): DealPlace {
  return { stageId, pipelineId, status }
}

type Spot = Pick<DealPlace, 'stageId' | 'status'>

export function samePlace(a: Spot, b: Spot): boolean {
  return a.stageId === b.stageId && a.status === b.status
}

/** The first way that leads from the place back to it. */
function awayAndBack(place: DealPlace, moves: readonly ReceivedMove[]): readonly ReceivedMove[] | null {
  const left = [...moves]
  let way: ReceivedMove[] = []
  let at = place
  for (let move = takeNext(left, at); move; move = takeNext(left, at)) {
    if (!samePlace(move.from, at)) {
      if (!samePlace(move.from, place)) continue
      way = []
    }
    way.push(move)
    at = move.deal
    if (samePlace(at, place)) return way
  }
  return null
}

/** Between two stops the deal stayed, unless a look found it elsewhere: then what lies between is one net move. */
function isWithin(stops: readonly Stop[], index: number, move: DealMove): boolean {
  const [stop, next] = [stops[index], stops[index + 1]]
  if (!stop || !isAfter(move, stop)) return false
  return !next || (next.exact !== null && isBefore(move, next))
}

/** Of the second in which a look was taken nobody knows what came before it, and what after. */
function isAfter(move: DealMove, { version, exact }: Stop): boolean {
  if (version === null || move.version > version) return true
  return move.version === version && exact !== null && move.at > exact
}

function isBefore(move: DealMove, { version, exact }: Stop): boolean {
  if (version === null || exact === null || move.version > version) return false
  return move.version < version || move.at < exact
}

/** The deal came to its stage later than was thought. */
function sinceReturn(stops: readonly Stop[], left: Stop, returned: Stop): readonly Stop[] {
  const leaves = stops.findIndex(({ stageId }) => stageId !== left.stageId)
  const until = leaves < 0 ? stops.length : leaves
  return stops.map((stop, index) => (index < until ? { ...stop, stageSince: returned.stageSince } : stop))
}

function isForgotten(time: string, now: Date): boolean {
  return now.getTime() - Date.parse(time) > rememberedMs
}
