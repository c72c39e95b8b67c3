import fc from 'fast-check'
import { expect, test } from 'vitest'
import { funnelOf, winRates } from './funnel.ts'

const stages = [1, 2, 3, 4].map((id) => ({ id, name: `Stage ${id}`, pipelineId: 1, order: id }))
const pipeline = { id: 1, name: 'Sales' }

const rows = fc.array(
  fc.record({
    pipeline_id: fc.constantFrom(1, 2, null),
    stage_id: fc.constantFrom(1, 2, 3, 4, 99),
    status: fc.constantFrom('open', 'won', 'lost'),
    mask: fc.integer({ min: 0, max: 15 }).map(String),
    deals: fc.integer({ min: 1, max: 50 }),
  }),
)

test('R10.1 a funnel never widens, and every deal that dropped out is lost or open somewhere', () => {
  fc.assert(
    fc.property(rows, (some) => {
      const funnel = funnelOf(pipeline, stages, some)
      const reached = [...funnel.stages.map((stage) => stage.reached), funnel.won]
      for (const [index, deals] of reached.slice(1).entries())
        expect(deals).toBeLessThanOrEqual(reached[index] ?? 0)
      for (const stage of funnel.stages) {
        expect(stage.entered).toBeLessThanOrEqual(stage.reached)
        expect(stage.drop).toBe(stage.lost + stage.open)
        if (stage.conversion !== null) expect(stage.conversion).toBeGreaterThanOrEqual(0)
      }
    }),
  )
})

test('R10.1 a deal that skipped a stage has reached it, and has not been in it', () => {
  const [first, second, third] = funnelOf(pipeline, stages, [
    { pipeline_id: 1, stage_id: 3, status: 'open', mask: String(0b101), deals: 2 },
  ]).stages
  expect([first?.reached, second?.reached, third?.reached]).toEqual([2, 2, 2])
  expect([first?.entered, second?.entered, third?.entered]).toEqual([2, 0, 2])
})

test('R10.1 win rates of history are of the closed deals that came so far', () => {
  const closed = [
    { pipeline_id: 1, stage_id: 1, status: 'lost', mask: '1', deals: 6 },
    { pipeline_id: 1, stage_id: 3, status: 'lost', mask: '7', deals: 2 },
    { pipeline_id: 1, stage_id: 4, status: 'won', mask: '15', deals: 2 },
  ]
  expect([...winRates(stages, closed)]).toEqual([
    [1, 0.2],
    [2, 0.5],
    [3, 0.5],
    [4, 1],
  ])
})
