import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Progress } from '../api/call.ts'
import { type Estimate, estimateLeft, nothingEstimated, type TimeLeft } from './estimate-left.ts'

const at = (done: number, total: number | null = 30_000, what = 'contacts'): Progress => ({
  stage: 'deliver',
  what,
  done,
  total,
})

/** What is told while `done` is seen at the seconds given. */
function tell(seen: readonly (readonly [second: number, progress: Progress])[]): (TimeLeft | null)[] {
  let estimate: Estimate = nothingEstimated
  return seen.map(([second, progress]) => {
    estimate = estimateLeft(estimate, progress, second * 1_000)
    return estimate.left
  })
}

const minutes = (value: number): TimeLeft => ({ unit: 'minute', value })

describe('what is told of the rest', () => {
  test('it is measured: a hundred a second, and 20,000 to go, are about four minutes', () => {
    expect(tell([0, 50, 100].map((second) => [second, at(second * 100)])).at(-1)).toEqual(minutes(4))
  })

  test('nothing before anything was measured, and nothing where the total is unknown', () => {
    expect(
      tell([
        [0, at(0)],
        [1, at(500)],
      ]),
    ).toEqual([null, null])
    expect(
      tell([
        [0, at(0, null)],
        [60, at(5_000, null)],
      ]),
    ).toEqual([null, null])
    expect(estimateLeft(nothingEstimated, null, 0).left).toBeNull()
  })

  test('the end is a moment, and never none at all', () => {
    expect(
      tell([
        [0, at(0)],
        [50, at(29_900)],
      ]).at(-1),
    ).toEqual({ unit: 'moment' })
    expect(
      tell([
        [0, at(0)],
        [50, at(30_000)],
      ]).at(-1),
    ).toEqual({ unit: 'moment' })
  })

  test('word that comes seldom is enough', () => {
    expect(
      tell([
        [0, at(0)],
        [120, at(10_000)],
        [240, at(20_000)],
      ]),
    ).toEqual([null, minutes(4), minutes(2)])
  })

  test('long times are told in half hours', () => {
    expect(
      tell([
        [0, at(0, 100_000)],
        [60, at(600, 100_000)],
      ]).at(-1),
    ).toEqual({ unit: 'hour', value: 3 })
  })

  test('another part begins anew', () => {
    expect(
      tell([
        [0, at(0)],
        [60, at(6_000)],
        [61, at(10, 30_000, 'events')],
      ]).at(-1),
    ).toBeNull()
  })

  test('a breath in between does not make it longer, a pace that stays slower does', () => {
    const steady = [0, 10, 20, 30].map((second) => [second, at(second * 100)] as const)
    expect(tell([...steady, [36, at(3_010)]]).at(-1)).toEqual(minutes(5))
    const slow = [40, 60, 80, 100, 120].map((second) => [second, at(3_000 + second)] as const)
    const [last] = tell([...steady, ...slow]).slice(-1)
    expect(last?.unit).toBe('hour')
  })

  test('at a pace that only wavers it never grows', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 80, max: 120 }), { minLength: 20, maxLength: 200 }), (paces) => {
        let done = 0
        const told = tell(
          paces.map((pace, index) => {
            done += pace * 2
            return [index * 2, at(done, 60_000)] as const
          }),
        )
        const values = told.flatMap((left) => (left?.unit === 'minute' ? [left.value] : []))
        expect(values).toEqual(values.toSorted((a, b) => b - a))
      }),
    )
  })
})
