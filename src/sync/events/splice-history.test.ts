/** One history, whatever was told of it: stated as a law over lives of deals of which some part was told. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Transition } from '../../store/index.ts'
import type { DealPlace, DealStep } from '../model/index.ts'
import { spliceHistory } from './splice-history.ts'

const start = Date.parse('2026-01-01T00:00:00Z')
const iso = (seconds: number, ms = 0): string => new Date(start + seconds * 1000 + ms).toISOString()

/** A life: what changes, and how many seconds after the change before. */
const lives = fc.array(
  fc.record({
    after: fc.integer({ min: 5, max: 500_000 }),
    stage: fc.option(fc.integer({ min: 1, max: 4 })),
    status: fc.constantFrom('open' as const, 'won' as const, 'lost' as const),
  }),
  { maxLength: 12 },
)

type Life = typeof lives extends fc.Arbitrary<infer T> ? T : never

function stepsOf(life: Life): DealStep[] {
  let place: DealPlace = { stageId: 1, pipelineId: 1, status: 'open' }
  let seconds = 0
  const steps: DealStep[] = []
  for (const { after, stage, status } of life) {
    seconds += after
    const to = stage === null ? { ...place, status } : { ...place, stageId: stage }
    if (to.stageId === place.stageId && to.status === place.status) continue
    const kind = stage === null ? 'status' : 'stage'
    steps.push({ kind, at: iso(seconds), from: place, to, value: 10, currency: 'EUR' })
    place = to
  }
  return steps
}

function told(step: DealStep, ms: number): Transition {
  return {
    deal_id: 1,
    kind: step.kind,
    from_stage: step.from.stageId,
    to_stage: step.to.stageId,
    from_pipeline: 1,
    to_pipeline: 1,
    from_status: step.from.status,
    to_status: step.to.status,
    value: 10,
    currency: 'EUR',
    at: new Date(Date.parse(step.at) + ms).toISOString(),
    days_in_stage: null,
    noticed_by: 'webhook',
  }
}

const evidence = (steps: readonly DealStep[], transitions: readonly Transition[], until: number) => {
  const place = steps[until - 1]?.to ?? { stageId: 1, pipelineId: 1, status: 'open' as const }
  const version = steps[until - 1]?.at ?? iso(0)
  return { steps, gaps: false, told: transitions, place, version, dealId: 1, addedAt: iso(0) }
}

describe('splicing', () => {
  test('R10.1 gives the whole life up to where the deal was told, once, whatever was told from some moment on', () => {
    fc.assert(
      fc.property(lives, fc.nat(12), fc.nat(12), fc.integer({ min: 0, max: 999 }), (life, from, to, ms) => {
        const steps = stepsOf(life)
        const until = Math.min(to, steps.length)
        const known = steps.slice(from, until).map((step) => told(step, ms))
        const { transitions, complete } = spliceHistory(evidence(steps, known, until))
        expect(complete).toBe(true)
        expect(
          transitions.map(({ kind, from_stage, to_stage, from_status, to_status, at }) => [
            kind,
            from_stage,
            to_stage,
            from_status,
            to_status,
            at.slice(0, 19),
          ]),
        ).toEqual(
          steps
            .slice(0, until)
            .map((step) => [
              step.kind,
              step.from.stageId,
              step.to.stageId,
              step.from.status,
              step.to.status,
              step.at.slice(0, 19),
            ]),
        )
        // What a webhook told keeps its milliseconds.
        expect(transitions.filter(({ noticed_by }) => noticed_by === 'webhook')).toHaveLength(known.length)
        // Again with what came of it: nothing changes.
        expect(spliceHistory(evidence(steps, transitions, until)).transitions).toEqual(transitions)
      }),
    )
  })

  const move = (at: number, from: number, to: number): DealStep => ({
    kind: 'stage',
    at: iso(at),
    from: { stageId: from, pipelineId: 1, status: 'open' },
    to: { stageId: to, pipelineId: 1, status: 'open' },
    value: 10,
    currency: 'EUR',
  })
  const stages = (transitions: readonly Transition[]) =>
    transitions.map((one) => [one.from_stage, one.to_stage])

  test('R10.1 puts the moves in the place of a net move that was told of them', () => {
    const steps = [move(10, 1, 2), move(20, 2, 3)]
    const net = { ...told(move(20, 1, 3), 0), noticed_by: 'reading' as const }
    const { transitions } = spliceHistory(evidence(steps, [net], 2))
    expect(stages(transitions)).toEqual([
      [1, 2],
      [2, 3],
    ])
  })

  test('R10.1 keeps the order of moves within a second, of which some are known to the millisecond', () => {
    const steps = [move(10, 1, 2), move(10, 2, 1), move(10, 1, 2)]
    const { transitions } = spliceHistory(evidence(steps, [told(steps[0] as DealStep, 600)], 3))
    expect(transitions.map(({ at, noticed_by }) => [at, noticed_by])).toEqual([
      [iso(10.6), 'webhook'],
      [iso(10.6), 'changelog'],
      [iso(10.6), 'changelog'],
    ])
  })

  test('R10.1 counts the days in the first stage from when the deal was added', () => {
    const { transitions } = spliceHistory(evidence([move(86_400, 1, 2), move(86_400 * 3, 2, 3)], [], 2))
    expect(transitions.map(({ days_in_stage }) => days_in_stage)).toEqual([1, 2])
  })

  test('keeps what was told where the changelog does not lead there, and says so', () => {
    const known = [told(move(100, 2, 3), 0)]
    const { transitions, complete } = spliceHistory({
      ...evidence([move(10, 1, 2)], known, 0),
      place: { stageId: 3, status: 'open' },
      version: iso(100),
    })
    expect(complete).toBe(false)
    expect(stages(transitions)).toEqual([
      [1, 2],
      [2, 3],
    ])
    const empty = {
      ...evidence([], known, 0),
      place: { stageId: 3, status: 'open' as const },
      version: iso(100),
    }
    expect(stages(spliceHistory(empty).transitions)).toEqual([[2, 3]])
  })
})
