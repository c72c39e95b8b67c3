/**
 * What is to be told of one deal: from where it was last told, over the moves that webhooks reported, to where the mirror
 * has it. Every true move once, whichever way it was noticed, in whatever order and however often (rules R5.1, R5.3, R5.6).
 * Pure: it knows no store and no clock.
 */
import type { Deal, DealAction, DealMove, DealPlace, ReceivedMove } from '../model/index.ts'
import {
  isOnTrail,
  placeOf,
  recentTrail,
  type Stop,
  samePlace,
  stopAfter,
  takeNext,
  tellLate,
} from './late-moves.ts'
import { daysBetween, secondOf } from './time-text.ts'

/** Where the deal is as far as it is told, and the update time up to which everything is. */
export type ToldState = Stop & {
  /** Where it was lately, the present stop last, as it was come to; empty where nothing is known but the state. */
  readonly trail: readonly Stop[]
}

export type ToldChange = {
  readonly action: DealAction
  readonly from: DealPlace
  /** The deal after the change. */
  readonly deal: Deal
  /** When it happened at the source: the times of a win or a loss are whole seconds. */
  readonly at: string
  /**
   * Tells it from the same change a moment later: the edit's own time where a webhook told it, else the deal's version,
   * numbered where looks found several changes within its second.
   */
  readonly edit: string
  readonly daysInStage: number | null
  readonly noticedBy: 'webhook' | 'reading'
}

export type DealEvidence = {
  /** Null for a deal of which nothing was told yet. */
  readonly state: ToldState | null
  /**
   * The deal as the mirror has it; null when it does not, or when it is deleted there. Before patience is out it must have been
   * read again after every webhook, of the version that it already has too: versions are whole seconds, so that a look taken
   * just before a move has the version of the move.
   */
  readonly mirror: Deal | null
  readonly moves: readonly ReceivedMove[]
  /** When the present gap in the evidence was first seen. */
  readonly gapSince: Date | null
}

export type Telling = {
  readonly now: Date
  /** How long a webhook that explains a gap is waited for; 0 where none come. */
  readonly patienceMs: number
  /** Deals that were added before it have a past that nobody is told. */
  readonly since: Date
}

export type Told = {
  /** Null when there is nothing to go by, or not enough yet. */
  readonly state: ToldState | null
  readonly changes: readonly ToldChange[]
  /** Some of them lie before what was told already. */
  readonly late: boolean
  /** Deliveries that are told, or that turned out to be old. */
  readonly used: readonly string[]
  readonly gapSince: Date | null
}

export function tellDeal(evidence: DealEvidence, telling: Telling): Told {
  const { now } = telling
  const left = [...evidence.moves].sort(byTime)
  let begun = evidence.gapSince ?? now
  let patient = isPatient(begun, telling)
  let state = evidence.state ?? beginning(left, evidence.mirror, telling.since, patient)
  if (state === null) {
    const isNothing = left.length === 0 && evidence.mirror === null
    return { state, changes: [], late: false, used: [], gapSince: isNothing ? null : begun }
  }
  const changes: ToldChange[] = []
  const used: string[] = []
  const late: ReceivedMove[] = []
  let waits = false
  for (let move = takeNext(left, state); move; move = takeNext(left, state)) {
    if (isTold(state, move)) {
      if (samePlace(move.from, move.deal) || isOnTrail(trailOf(state), move)) used.push(move.delivery)
      else late.push(move)
      continue
    }
    // Something lies between: a webhook that is still on its way may say what.
    waits = !samePlace(state, move.from) && patient
    if (waits) break
    changes.push(...gapBefore(state, move))
    const begins = beginningOf(state, move)
    changes.push(...changesTo(begins, move.deal, byWebhook(move)))
    state = afterMove(state, begins, move)
    used.push(move.delivery)
    // Whatever is missing from here on is another gap.
    begun = now
    patient = isPatient(begun, telling)
  }
  const told = tellLate(trailOf(state), late)
  const steps = told.steps.flatMap(({ from, move }) => changesTo(from, move.deal, byWebhook(move)))
  state = {
    ...state,
    stageSince: later(state.stageSince, told.trail.at(-1)?.stageSince ?? null),
    trail: told.trail,
  }
  const reached = waits
    ? { state, changes: [], gapSince: begun }
    : meetMirror(state, evidence.mirror, patient, begun)
  return {
    state: { ...reached.state, trail: recentTrail(reached.state.trail, now) },
    changes: [...steps, ...changes, ...reached.changes],
    late: steps.length > 0,
    used: [...used, ...told.used],
    gapSince: reached.gapSince,
  }
}

/** What lies between where the deal was told and where a move begins is one net move. */
function gapBefore(state: ToldState, { at, from, deal }: DealMove): readonly ToldChange[] {
  return changesTo(state, { ...deal, ...from }, { at, edit: at, noticedBy: 'reading' })
}

function beginningOf(state: ToldState, { from, version }: DealMove): Stop {
  if (samePlace(state, from)) return { ...stopOf(state), ...placeOf(from) }
  const stageSince = from.stageId === state.stageId ? state.stageSince : null
  return { ...placeOf(from), stageSince, version, exact: null }
}

function afterMove(state: ToldState, begins: Stop, move: DealMove): ToldState {
  const ends = stopAfter(begins, move)
  const trail = [...trailOf(state)]
  if (!samePlace(state, begins)) trail.push(begins)
  if (!samePlace(begins, ends)) trail.push(ends)
  return { ...ends, trail }
}

/** The mirror has the last word, unless it is older than what was told. */
function meetMirror(
  state: ToldState,
  mirror: Deal | null,
  patient: boolean,
  begun: Date,
): { state: ToldState; changes: readonly ToldChange[]; gapSince: Date | null } {
  const isOlder = mirror?.updatedAt != null && state.version !== null && mirror.updatedAt < state.version
  if (mirror === null || isOlder) return { state, changes: [], gapSince: null }
  // Away and back leaves the same stage with another time.
  const sameStay =
    state.stageSince === null ||
    mirror.stageChangedAt === null ||
    secondOf(mirror.stageChangedAt) <= secondOf(state.stageSince)
  const same = samePlace(state, mirror)
  // Its version is not taken: the deal may have been won and reopened since, and the webhooks of that still be on their way.
  if (same && sameStay) return { state, changes: [], gapSince: null }
  if (patient) return { state, changes: [], gapSince: begun }
  const since = state.stageId === mirror.stageId ? state.stageSince : mirror.updatedAt
  const stop: Stop = {
    ...placeOf(mirror),
    stageSince: mirror.stageChangedAt ?? since,
    version: mirror.updatedAt ?? state.version,
    exact: null,
  }
  const trail = trailOf(state)
  if (same) return { state: { ...stop, trail }, changes: [], gapSince: null }
  const changes = changesTo(state, mirror, { at: null, edit: editSeen(trail, mirror), noticedBy: 'reading' })
  return { state: { ...stop, trail: [...trail, stop] }, changes, gapSince: null }
}

/** Versions are whole seconds, and within one of them looks may find the deal in several places. */
function editSeen(trail: readonly Stop[], { updatedAt }: Deal): string | null {
  const before = trail.slice(1).filter(({ version, exact }) => (exact ?? version) === updatedAt).length
  return updatedAt !== null && before > 0 ? `${updatedAt}+${before}` : updatedAt
}

function trailOf(state: ToldState): readonly Stop[] {
  return state.trail.length > 0 ? state.trail : [stopOf(state)]
}

function stopOf({ trail: _, ...stop }: ToldState): Stop {
  return stop
}

function isPatient(begun: Date, { now, patienceMs }: Telling): boolean {
  return now.getTime() - begun.getTime() < patienceMs
}

/**
 * Where a deal began of which nothing is told yet; null while that may still be learnt. A new deal may have moved on before
 * anybody saw it: began it where it is first seen, then the moves that are on their way would be taken for old ones.
 */
function beginning(
  moves: readonly DealMove[],
  mirror: Deal | null,
  since: Date,
  patient: boolean,
): ToldState | null {
  const [first] = moves
  const deal = first?.deal ?? mirror
  if (!deal) return null
  const isNew = deal.addedAt !== null && Date.parse(deal.addedAt) >= since.getTime()
  if (isNew) {
    const neverMoved = mirror?.stageChangedAt === null ? mirror : null
    const origin = moves.find(showsOrigin)?.from ?? neverMoved
    if (origin) return asNew(placeOf(origin), deal.addedAt, null)
    if (patient) return null
  }
  const place = placeOf(first?.from ?? deal)
  const stageSince = first ? null : (deal.stageChangedAt ?? deal.addedAt)
  const version = first ? null : deal.updatedAt
  return isNew ? asNew(place, stageSince, version) : { ...place, stageSince, version, exact: null, trail: [] }
}

/** However it was when it was first seen, a new deal begins open; the past of an old one is not told. */
function asNew(place: DealPlace, stageSince: string | null, version: string | null): ToldState {
  return { ...place, status: 'open', stageSince, version, exact: null, trail: [] }
}

/** Whether the deal was made in the stage that the move starts from. */
function showsOrigin({ from, deal }: DealMove): boolean {
  return deal.stageChangedAt === null || samePlace(from, deal)
}

/**
 * Whether a move is of the time up to which everything is told. Versions are whole seconds: within the same one the exact
 * times decide. Where the mirror was told, nothing of that second is new any more; a later look shows what was missed.
 */
function isTold(state: ToldState, move: DealMove): boolean {
  if (state.version === null || move.version > state.version) return false
  if (move.version < state.version || state.exact === null || move.at < state.exact) return true
  return move.at === state.exact && (!samePlace(state, move.from) || isOnTrail(state.trail, move))
}

type Noticed = Pick<ToldChange, 'noticedBy'> & { readonly at: string | null; readonly edit: string | null }

function byWebhook({ at }: DealMove): Noticed {
  return { at, edit: at, noticedBy: 'webhook' }
}

function changesTo(from: Stop, deal: Deal, { at, edit, noticedBy }: Noticed): readonly ToldChange[] {
  const place: DealPlace = placeOf(from)
  const change = (action: DealAction, time: string | null): ToldChange => {
    const source = time ?? at ?? deal.updatedAt ?? deal.addedAt ?? ''
    // Whole seconds of a look may lie before the exact time of what was told before it.
    const when = noticedBy === 'reading' && from.exact !== null && source < from.exact ? from.exact : source
    const daysInStage = daysBetween(from.stageSince, when)
    return { action, from: place, deal, at: when, edit: edit ?? when, daysInStage, noticedBy }
  }
  const changes: ToldChange[] = []
  if (from.stageId !== deal.stageId) changes.push(change('stage_changed', at ?? deal.stageChangedAt))
  if (from.status !== deal.status) {
    if (deal.status === 'won') changes.push(change('won', deal.wonAt ?? at))
    else if (deal.status === 'lost') changes.push(change('lost', deal.lostAt ?? at))
    else changes.push(change('reopened', at))
  }
  return changes
}

function byTime(a: DealMove, b: DealMove): number {
  if (a.version !== b.version) return a.version < b.version ? -1 : 1
  if (a.at !== b.at) return a.at < b.at ? -1 : 1
  return a.delivery < b.delivery ? -1 : 1
}

function later(a: string | null, b: string | null): string | null {
  return a === null || (b !== null && b > a) ? b : a
}
