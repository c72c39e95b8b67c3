/** For tests: the true past of a deal as Pipedrive keeps it, the moves its webhooks tell, and what is to be told of it. */
import fc from 'fast-check'
import type { Deal, DealMove, DealPlace, DealStatus } from '../../model/index.ts'
import { sampleDeal } from '../../model/testdata/samples.ts'

/** One edit of the deal; `to` null is an edit of something else. */
export type PlannedEdit = { readonly afterMs: number; readonly to: Omit<DealPlace, 'pipelineId'> | null }

export type Plan = {
  /** Within the first second. */
  readonly startMs: number
  /** Whether Pipedrive gives a new deal a stage_change_time; accounts may differ. */
  readonly stampedAtCreation: boolean
  readonly beginsAs: DealStatus
  readonly edits: readonly PlannedEdit[]
}

/** The deal from then on, and what a webhook says of the edit that made it so; null for edits that are no moves. */
export type Moment = { readonly atMs: number; readonly deal: Deal; readonly move: DealMove | null }

export type TrueChange = { action: string; from: string; to: string; atMs: number }

export const historyBegins = Date.parse('2026-03-01T09:00:00.000Z')

const second = (ms: number) => new Date(Math.floor(ms / 1000) * 1000).toISOString()
const placeText = ({ stageId, status }: DealPlace) => `${stageId} ${status}`

export function toHistory(plan: Plan): { moments: readonly Moment[]; changes: readonly TrueChange[] } {
  let atMs = historyBegins + plan.startMs
  const first = { stageId: 1, pipelineId: 1, status: 'open' } as const
  let deal = sampleDeal({
    ...first,
    status: plan.beginsAs,
    addedAt: second(atMs),
    updatedAt: second(atMs),
    stageChangedAt: plan.stampedAtCreation ? second(atMs) : null,
    wonAt: plan.beginsAs === 'won' ? second(atMs) : null,
    lostAt: plan.beginsAs === 'lost' ? second(atMs) : null,
  })
  const moments: Moment[] = [{ atMs, deal, move: toMove(0, atMs, first, deal) }]
  const changes = changesBetween(first, deal, atMs)
  for (const [index, { afterMs, to }] of plan.edits.entries()) {
    atMs += afterMs
    const before = deal
    deal = edited(before, to ?? before, second(atMs))
    const steps = changesBetween(before, deal, atMs)
    changes.push(...steps)
    moments.push({ atMs, deal, move: steps.length > 0 ? toMove(index + 1, atMs, before, deal) : null })
  }
  return { moments, changes }
}

/** As Pipedrive stamps an edit: in whole seconds, and only what changed. */
function edited(before: Deal, { stageId, status }: Omit<DealPlace, 'pipelineId'>, at: string): Deal {
  const sameStatus = status === before.status
  return {
    ...before,
    stageId,
    status,
    value: before.value + 1,
    updatedAt: at,
    stageChangedAt: stageId === before.stageId ? before.stageChangedAt : at,
    wonAt: sameStatus ? before.wonAt : status === 'won' ? at : null,
    lostAt: sameStatus ? before.lostAt : status === 'lost' ? at : null,
  }
}

function toMove(index: number, atMs: number, from: DealPlace, deal: Deal): DealMove {
  const { stageId, pipelineId, status } = from
  return {
    dealId: deal.id,
    delivery: `delivery-${index}`,
    at: new Date(atMs).toISOString(),
    version: second(atMs),
    from: { stageId, pipelineId, status },
    deal,
  }
}

function changesBetween(from: DealPlace, to: DealPlace, atMs: number): TrueChange[] {
  const change = (action: string) => ({ action, from: placeText(from), to: placeText(to), atMs })
  return [
    ...(from.stageId === to.stageId ? [] : [change('stage_changed')]),
    ...(from.status === to.status ? [] : [change(to.status === 'open' ? 'reopened' : to.status)]),
  ]
}

/** The deal as a look at that moment shows it; null before it was made. */
export function dealAt(moments: readonly Moment[], atMs: number): Deal | null {
  return moments.findLast((moment) => moment.atMs <= atMs)?.deal ?? null
}

const stageIds = [1, 2, 3, 4]
const statuses = ['open', 'won', 'lost'] as const
const places = stageIds.flatMap((stageId) => statuses.map((status) => ({ stageId, status })))

// Never two in one millisecond: their order would be lost on Pipedrive's side already.
const afterMs = fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 3000 }))
const frame = {
  startMs: fc.integer({ min: 0, max: 999 }),
  stampedAtCreation: fc.boolean(),
  beginsAs: fc.constantFrom<DealStatus>('open', 'open', 'open', 'won', 'lost'),
}
const unrelated = { arbitrary: fc.constant(null), weight: 1 }

/** Any past: back and forth as people do. */
export const anyPlan: fc.Arbitrary<Plan> = fc.record({
  ...frame,
  edits: fc.array(
    fc.record({
      afterMs,
      to: fc.oneof(unrelated, { arbitrary: fc.constantFrom(...places), weight: 3 }),
    }),
    { maxLength: 8 },
  ),
})

/** A past that never comes back to a place. */
export const onwardPlan: fc.Arbitrary<Plan> = fc
  .record({
    ...frame,
    order: fc.shuffledSubarray(places, { minLength: 0, maxLength: 7 }),
    gaps: fc.array(fc.tuple(afterMs, fc.option(afterMs, { freq: 3 })), { minLength: 8, maxLength: 8 }),
  })
  .map(({ order, gaps, ...rest }) => {
    const begin = [placeText({ stageId: 1, pipelineId: 1, status: 'open' })]
    begin.push(placeText({ stageId: 1, pipelineId: 1, status: rest.beginsAs }))
    const onward = order.filter((place) => !begin.includes(placeText({ ...place, pipelineId: 1 })))
    const edits = onward.flatMap((to, index): PlannedEdit[] => {
      const [gap = 1, extra = null] = gaps[index] ?? []
      const idle = extra === null ? [] : [{ afterMs: extra, to: null }]
      return [...idle, { afterMs: gap, to }]
    })
    return { ...rest, edits }
  })
