/** Laws of conditions: comparisons as numbers have them, durations as times have them. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Condition, decide, parseCondition, unitMs } from './condition.ts'

const now = new Date('2026-11-28T12:00:00Z')

function condition(property: string, written: string | number | boolean): Condition {
  const result = parseCondition(property, written)
  if ('problem' in result) throw new Error(result.problem)
  return result.condition
}

const holds = (written: string | number | boolean, value: unknown, property = 'x'): string =>
  decide(condition(property, written), value, now).kind

describe('a condition', () => {
  test.each([
    ['> 5000', 5001, 'holds'],
    ['> 5000', 5000, 'fails'],
    ['>= 1', '1', 'holds'],
    ['>=1', 1, 'holds'],
    ['== won', 'won', 'holds'],
    ['won', 'won', 'holds'],
    ['won', 'Won', 'fails'],
    ['!= EUR', 'USD', 'holds'],
    ['!= EUR', undefined, 'holds'],
    ['== EUR', undefined, 'fails'],
    ['< 5', undefined, 'fails'],
    ['> 5', 'many', 'fails'],
    ['"5"', 5, 'holds'],
    ['"> 5"', '> 5', 'holds'],
    [true, true, 'holds'],
    ['true', 'true', 'holds'],
    [0, false, 'fails'],
    [5, 5, 'holds'],
    ['hot', ['cold', 'hot'], 'holds'],
    ['!= hot', ['cold', 'hot'], 'fails'],
    ['>= 2026-01-01', '2026-11-28', 'holds'],
    ['< 2026-01-01', '2026-11-28T10:00:00Z', 'fails'],
  ])('%j of %j %s', (written, value, verdict) => {
    expect(holds(written, value)).toBe(verdict)
  })

  test('compares numbers as numbers do', () => {
    const number = fc
      .double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 })
      .map((n) => Math.round(n * 100) / 100)
    fc.assert(
      fc.property(number, number, (a, b) => {
        expect(holds(`> ${b}`, a)).toBe(a > b ? 'holds' : 'fails')
        expect(holds(`<= ${b}`, a)).toBe(a <= b ? 'holds' : 'fails')
        expect(holds(`== ${b}`, a)).toBe(a === b ? 'holds' : 'fails')
        expect(holds(`!= ${b}`, a)).toBe(a !== b ? 'holds' : 'fails')
      }),
    )
  })

  test('is never both itself and its opposite, whatever the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer(), (value, number) => {
        expect(holds(`== ${number}`, value)).not.toBe(holds(`!= ${number}`, value))
      }),
    )
  })
})

describe('a duration', () => {
  test('is the age of a time, and what is too young waits until it is old enough', () => {
    const minutes = fc.integer({ min: 1, max: 100_000 })
    fc.assert(
      fc.property(minutes, fc.integer({ min: -100_000, max: 100_000 }), (least, age) => {
        const since = new Date(now.getTime() - age * 60_000)
        const over = condition('time_since_activity', `>= ${least}m`)
        const verdict = decide(over, since.toISOString(), now)
        expect(verdict.kind).toBe(age >= least ? 'holds' : 'waits')
        if (verdict.kind !== 'waits') return
        expect(decide(over, since.toISOString(), verdict.until)).toEqual({ kind: 'holds' })
        expect(decide(over, since.toISOString(), new Date(verdict.until.getTime() - 1)).kind).toBe('waits')
      }),
    )
  })

  test('of less than waits for nothing', () => {
    expect(holds('< 30m', '2026-11-28T11:00:00Z')).toBe('fails')
    expect(holds('< 30m', '2026-11-28T11:45:00Z')).toBe('holds')
  })

  test('of a number is in seconds, unless its name says something else', () => {
    expect(holds('> 30m', 1801)).toBe('holds')
    expect(holds('> 2d', 3, 'days_in_stage')).toBe('holds')
    expect(holds('> 2d', 1.5, 'days_in_stage')).toBe('fails')
    expect([unitMs('input.wait_hours'), unitMs('holidays'), unitMs('minutes')]).toEqual([
      3_600_000, 1_000, 60_000,
    ])
  })

  test('of nothing, or of no time, fails', () => {
    expect([holds('> 30m', undefined), holds('> 30m', 'soon')]).toEqual(['fails', 'fails'])
  })
})
