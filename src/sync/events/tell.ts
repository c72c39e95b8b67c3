/**
 * What is to be told of one deal: from where it was last told, over the moves that webhooks reported, to where the mirror
 * has it. Every true move once, whichever way it was noticed, in whatever order and however often (rules R5.1, R5.3, R5.6).
 * Pure: it knows no store and no clock.
 */
import type { Deal, DealAction, DealMove, DealPlace } from '../model/index.ts'

export type ToldState = DealPlace & {
  /** When the deal came to its stage, ISO 8601 like the others; null when unknown. */
  readonly stageSince: string | null
  /** The deal's update time up to which everything is told. */
  readonly version: string | null
  /** The same to the millisecond, where a webhook told it. */
  readonly exact: string | null
}

export type ToldChange = {
  readonly action: DealAction
  readonly from: DealPlace
  /** The deal after the change. */
  readonly deal: Deal
  /** When it happened at the source: the times of a win or a loss are whole seconds. */
  readonly at: string
  /** Tells it from the same change a moment later: the edit's own time where a webhook told it, else the deal's version. */
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
  readonly moves: readonly DealMove[]
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
  /** Deliveries that are told, or that turned out to be old. */
  readonly used: readonly string[]
  readonly gapSince: Date | null
}

export function tellDeal(evidence: DealEvidence, telling: Telling): Told {
  const moves = [...evidence.moves].sort(byTime)
  let begun = evidence.gapSince ?? telling.now
  let patient = isPatient(begun, telling)
  let state = evidence.state ?? beginning(moves, evidence.mirror, telling.since, patient)
  if (state === null) {
    const isNothing = moves.length === 0 && evidence.mirror === null
    return { state, changes: [], used: [], gapSince: isNothing ? null : begun }
  }
  const changes: ToldChange[] = []
  const used: string[] = []
  for (const move of moves) {
    if (isTold(state, move)) {
      used.push(move.delivery)
      continue
    }
    // Something lies between: a webhook that is still on its way may say what.
    if (!samePlace(state, move.from) && patient) return { state, changes, used, gapSince: begun }
    changes.push(...changesTo(state, { ...move.deal, ...move.from }, move.at, 'reading', state.stageSince))
    const reached: ToldState = { ...state, ...move.from, stageSince: sinceAfter(state, move.from, null) }
    changes.push(...changesTo(reached, move.deal, move.at, 'webhook', reached.stageSince))
    state = {
      ...placeOf(move.deal),
      stageSince: sinceAfter(reached, move.deal, move.deal.stageChangedAt ?? move.at),
      version: move.version,
      exact: move.at,
    }
    used.push(move.delivery)
    // Whatever is missing from here on is another gap.
    begun = telling.now
    patient = isPatient(begun, telling)
  }
  return { ...meetMirror(state, evidence.mirror, changes, patient, begun), used }
}

/** The mirror has the last word, unless it is older than what was told. */
function meetMirror(
  state: ToldState,
  mirror: Deal | null,
  changes: ToldChange[],
  patient: boolean,
  begun: Date,
): Omit<Told, 'used'> {
  const isOlder = mirror?.updatedAt != null && state.version !== null && mirror.updatedAt < state.version
  if (mirror === null || isOlder) return { state, changes, gapSince: null }
  // Away and back leaves the same stage with another time.
  const sameStay =
    state.stageSince === null ||
    mirror.stageChangedAt === null ||
    secondOf(mirror.stageChangedAt) <= secondOf(state.stageSince)
  const same = samePlace(state, mirror)
  // Its version is not taken: the deal may have been won and reopened since, and the webhooks of that still be on their way.
  if (same && sameStay) return { state, changes, gapSince: null }
  if (patient) return { state, changes, gapSince: begun }
  if (!same) changes.push(...changesTo(state, mirror, null, 'reading', state.stageSince))
  const stageSince = mirror.stageChangedAt ?? sinceAfter(state, mirror, mirror.updatedAt)
  return {
    state: { ...placeOf(mirror), stageSince, version: mirror.updatedAt ?? state.version, exact: null },
    changes,
    gapSince: null,
  }
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
  return isNew ? asNew(place, stageSince, version) : { ...place, stageSince, version, exact: null }
}

/** However it was when it was first seen, a new deal begins open; the past of an old one is not told. */
function asNew(place: DealPlace, stageSince: string | null, version: string | null): ToldState {
  return { ...place, status: 'open', stageSince, version, exact: null }
}

/** Whether the deal was made in the stage that the move starts from. */
function showsOrigin({ from, deal }: DealMove): boolean {
  return deal.stageChangedAt === null || samePlace(from, deal)
}

/**
 * Whether a move is part of what was told. Versions are whole seconds: within the same one the exact times decide. Where the
 * mirror was told, nothing of that second is told by a webhook any more; a later look shows what was missed.
 * A deal that went away and came back, both untold when the webhook of a later move was, counts as having stayed (rule R5.6).
 */
function isTold(state: ToldState, move: DealMove): boolean {
  if (state.version === null || move.version > state.version) return false
  return move.version < state.version || state.exact === null || move.at <= state.exact
}

function changesTo(
  from: ToldState,
  deal: Deal,
  at: string | null,
  noticedBy: ToldChange['noticedBy'],
  since: string | null,
): readonly ToldChange[] {
  const place: DealPlace = placeOf(from)
  const change = (action: DealAction, time: string | null): ToldChange => {
    const when = time ?? at ?? deal.updatedAt ?? deal.addedAt ?? ''
    const edit = at ?? deal.updatedAt ?? when
    return { action, from: place, deal, at: when, edit, daysInStage: daysBetween(since, when), noticedBy }
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

function placeOf({ stageId, pipelineId, status }: DealPlace): DealPlace {
  return { stageId, pipelineId, status }
}

function samePlace(a: DealPlace, b: DealPlace): boolean {
  return a.stageId === b.stageId && a.status === b.status
}

function sinceAfter(state: ToldState, place: DealPlace, at: string | null): string | null {
  return place.stageId === state.stageId ? state.stageSince : at
}

function byTime(a: DealMove, b: DealMove): number {
  if (a.version !== b.version) return a.version < b.version ? -1 : 1
  if (a.at !== b.at) return a.at < b.at ? -1 : 1
  return a.delivery < b.delivery ? -1 : 1
}

function secondOf(time: string): string {
  return time.slice(0, 19)
}

/** To a hundredth of a day. */
function daysBetween(since: string | null, until: string): number | null {
  if (since === null || until === '') return null
  const days = (Date.parse(until) - Date.parse(since)) / 86_400_000
  return Number.isFinite(days) ? Math.max(0, Math.round(days * 100) / 100) : null
}
