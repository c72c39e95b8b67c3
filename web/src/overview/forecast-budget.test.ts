import { expect, test } from 'vitest'
import { forecastBudget } from './forecast-budget.ts'

const renewedAt = '2026-11-29T00:00:00.000Z'
const noon = Date.parse('2026-11-28T12:00:00Z')
const budget = { vendor: 'pipedrive' as const, budget: 'tokens of the day', limit: 1_000, renewedAt }

test('half of it at noon lasts the day', () => {
  expect(forecastBudget({ ...budget, left: 500 }, noon)).toEqual({ kind: 'lasts', renewedAt })
})

test('what is spent faster than that runs out before', () => {
  expect(forecastBudget({ ...budget, left: 250 }, noon)).toEqual({
    kind: 'runs_out',
    at: '2026-11-28T16:00:00.000Z',
    renewedAt,
  })
})

test('an untouched budget lasts, and an empty one is spent', () => {
  expect(forecastBudget({ ...budget, left: 1_000 }, noon).kind).toBe('lasts')
  expect(forecastBudget({ ...budget, left: 0 }, noon)).toEqual({ kind: 'spent', renewedAt })
})

test('nothing is said of what is not known, and of the pace not right after midnight', () => {
  expect(forecastBudget({ ...budget, left: null }, noon).kind).toBe('unknown')
  expect(forecastBudget({ ...budget, left: 900, renewedAt: null }, noon).kind).toBe('unknown')
  const early = Date.parse('2026-11-28T00:05:00Z')
  expect(forecastBudget({ ...budget, left: 900 }, early)).toEqual({ kind: 'renewed', renewedAt })
})

test('of an hour of Brevo it is told when it is renewed, and when it is spent, and no pace', () => {
  const hour = { vendor: 'brevo' as const, budget: 'other per hour', limit: 100, renewedAt }
  const soon = Date.parse(renewedAt) - 30 * 60_000
  expect(forecastBudget({ ...hour, left: 1 }, soon)).toEqual({ kind: 'renewed', renewedAt })
  expect(forecastBudget({ ...hour, left: 0 }, soon)).toEqual({ kind: 'spent', renewedAt })
})
