import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { creditDeals, tallyCredits } from './credits.ts'
import { allocate, MODELS, weightsOf } from './models.ts'

const day = 86_400
const wonAt = 100 * day
/** Seconds, oldest first, all before the win. */
const times = fc
  .array(fc.integer({ min: 0, max: wonAt }), { minLength: 1, maxLength: 30 })
  .map((some) => some.toSorted((a, b) => a - b))
const model = fc.constantFrom(...MODELS)
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

describe('weights', () => {
  test('R10.2 add up to one, and none is negative', () => {
    fc.assert(
      fc.property(model, times, (which, some) => {
        const weights = weightsOf(which, some, wonAt)
        expect(weights).toHaveLength(some.length)
        expect(sum(weights)).toBeCloseTo(1, 9)
        expect(Math.min(...weights)).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  test('R10.2 of a touch seven days earlier are half as much with time decay', () => {
    expect(weightsOf('time_decay', [wonAt - 14 * day, wonAt - 7 * day, wonAt], wonAt)).toEqual([
      1 / 7,
      2 / 7,
      4 / 7,
    ])
  })

  test('R10.2 are 40, 20 and 40 % by position; of two touches each a half, one has all', () => {
    expect(weightsOf('position', [1], wonAt)).toEqual([1])
    expect(weightsOf('position', [1, 2], wonAt)).toEqual([0.5, 0.5])
    expect(weightsOf('position', [1, 2, 3], wonAt)).toEqual([0.4, 0.2, 0.4])
    expect(weightsOf('position', [1, 2, 3, 4], wonAt)).toEqual([0.4, 0.1, 0.1, 0.4])
  })
})

describe('credits', () => {
  test('R10.2 of one deal add up to its value exactly, whole units each, and none is off by a unit or more', () => {
    const units = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 })
    fc.assert(
      fc.property(model, times, units, (which, some, value) => {
        const weights = weightsOf(which, some, wonAt)
        const parts = allocate(value, weights)
        expect(sum(parts)).toBe(value)
        for (const [index, part] of parts.entries()) {
          expect(Number.isInteger(part)).toBe(true)
          expect(Math.abs(part - value * (weights[index] ?? 0))).toBeLessThan(1.01)
        }
      }),
    )
  })

  test('R10.2 add up to what was won, by campaign and per currency, to the cent, in every model', () => {
    const deals = fc.array(
      fc.record({
        value: fc.integer({ min: 0, max: 100_000_000 }),
        currency: fc.constantFrom('EUR', 'USD', 'KRW'),
        touches: fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: wonAt })), {
          minLength: 1,
          maxLength: 8,
        }),
      }),
      { maxLength: 20 },
    )
    fc.assert(
      fc.property(deals, (some) => {
        const factor = (currency: string): number => (currency === 'KRW' ? 1 : 100)
        const won = some.map(({ value, currency, touches }, index) => ({
          deal_id: index + 1,
          currency,
          value: (value / factor(currency)).toFixed(currency === 'KRW' ? 0 : 2),
          won_at: wonAt,
          added_at: null,
          stage_id: null,
          contact_id: 1,
          touches: touches.toSorted((a, b) => a[1] - b[1]).flat(),
        }))
        const credited = creditDeals(won, 'EUR')
        const tallies = [...tallyCredits(credited, { currency: 'EUR', rates: { USD: 0.9 } }).values()]
        for (const which of MODELS)
          for (const currency of ['EUR', 'USD', 'KRW']) {
            const credits = tallies.flatMap(({ models }) =>
              models[which].currencies.filter((one) => one.currency === currency),
            )
            const cents = credits.map(({ value }) => Math.round(value * factor(currency)))
            expect(sum(cents)).toBe(
              sum(some.filter((deal) => deal.currency === currency).map(({ value }) => value)),
            )
          }
      }),
    )
  })

  test('R10.2 of a cent that cannot be shared go to the earlier touch', () => {
    expect(allocate(100_000, [1, 1, 1])).toEqual([33_334, 33_333, 33_333])
    expect(allocate(1, [0.5, 0.5])).toEqual([1, 0])
    expect(allocate(-1, [0.5, 0.5])).toEqual([-1, 0])
  })
})
