/**
 * One history of a deal from what was told and what its changelog says (rule R10.1). Up to where the deal was told the
 * changelog is the better witness; what is told later is told on top of it. Pure.
 */
import type { Transition } from '../../store/index.ts'
import type { DealPlace, DealStep } from '../model/index.ts'
import { samePlace } from './late-moves.ts'
import { daysBetween, secondOf } from './time-text.ts'

export type HistoryEvidence = {
  /** From the changelog, oldest first. */
  readonly steps: readonly DealStep[]
  /** The changelog itself shows that something is missing. */
  readonly gaps: boolean
  /** Oldest first. */
  readonly told: readonly Transition[]
  /** Where the deal was last told, and its update time up to which everything is. */
  readonly place: Pick<DealPlace, 'stageId' | 'status'>
  readonly version: string
  readonly dealId: number
  readonly addedAt: string | null
}

export type SplicedHistory = {
  /** All of the deal's, oldest first; each begins where the one before ended, unless it is not complete. */
  readonly transitions: readonly Transition[]
  readonly complete: boolean
}

/** A told time may be a little off: webhooks tell milliseconds, the changelog whole seconds. */
const slackMs = 2_000

export function spliceHistory(evidence: HistoryEvidence): SplicedHistory {
  const { steps, gaps, told, place, version } = evidence
  const before = steps.filter(({ at }) => secondOf(at) <= secondOf(version))
  const length = longestEnding(before, place)
  const proven = told.filter(({ noticed_by }) => noticed_by === 'webhook').at(-1)
  const chosen = before.slice(0, length ?? 0)
  const last = chosen.at(-1)
  const covers =
    length !== null &&
    (told.length === 0 || last !== undefined) &&
    (proven === undefined || Date.parse(last?.at ?? '') >= Date.parse(proven.at) - slackMs)
  if (covers) return { transitions: withTold(chosen, evidence), complete: !gaps }
  // The changelog does not lead to where the deal was told: what was told stays, and it says what was before.
  const first = told[0]
  if (first === undefined) return { transitions: withTold(before, evidence), complete: false }
  const earlier = before.filter(({ at }) => secondOf(at) < secondOf(first.at))
  const start = { stageId: first.from_stage, status: first.from_status as DealPlace['status'] }
  const lead = withTold(earlier.slice(0, longestEnding(earlier, start) ?? earlier.length), evidence)
  return { transitions: [...lead, ...told], complete: false }
}

/** How many steps from the beginning end in this place; null: none do. Without any, the deal began where it is. */
function longestEnding(
  steps: readonly DealStep[],
  place: Pick<DealPlace, 'stageId' | 'status'>,
): number | null {
  for (let length = steps.length; length > 0; length--) {
    if (endsIn(steps[length - 1]?.to, place)) return length
  }
  return steps.length === 0 || endsIn(steps[0]?.from, place) ? 0 : null
}

function endsIn(end: DealPlace | undefined, place: Pick<DealPlace, 'stageId' | 'status'>): boolean {
  return end !== undefined && samePlace(end, place)
}

/** A step that was told, too, keeps its milliseconds and who noticed it. */
function withTold(
  steps: readonly DealStep[],
  { told, dealId, addedAt }: HistoryEvidence,
): readonly Transition[] {
  const left = [...told]
  let since = addedAt
  let last = ''
  return steps.map((step) => {
    const index = left.findIndex((transition) => isSame(step, transition))
    const [match] = index < 0 ? [] : left.splice(index, 1)
    const exact = match?.noticed_by === 'webhook' ? match.at : step.at
    // Of the same second some may be known to the millisecond, and others not.
    const at = exact < last ? last : exact
    last = at
    const transition: Transition = {
      deal_id: dealId,
      kind: step.kind,
      from_stage: step.from.stageId,
      to_stage: step.to.stageId,
      from_pipeline: step.from.pipelineId,
      to_pipeline: step.to.pipelineId,
      from_status: step.from.status,
      to_status: step.to.status,
      value: step.value,
      currency: step.currency,
      at,
      days_in_stage: daysBetween(since, at),
      noticed_by: match?.noticed_by ?? 'changelog',
    }
    if (step.kind === 'stage') since = at
    return transition
  })
}

function isSame({ kind, from, to, at }: DealStep, told: Transition): boolean {
  const same =
    kind === told.kind &&
    (kind === 'stage'
      ? from.stageId === told.from_stage && to.stageId === told.to_stage
      : from.status === told.from_status && to.status === told.to_status)
  return same && Math.abs(Date.parse(at) - Date.parse(told.at)) <= slackMs
}
