import { expect, test } from 'vitest'
import { toPeriod } from './period.ts'

const now = Date.parse('2026-11-28T23:30:00Z')

test('thirty days are thirty with today', () => {
  expect(toPeriod({ span: '30', from: '', to: '' }, now)).toEqual({ from: '2026-10-30', to: '2026-11-28' })
})

test('dates of one’s own are taken when they are a period', () => {
  const custom = (from: string, to: string) => toPeriod({ span: 'custom', from, to }, now)
  expect(custom('2026-01-01', '2026-01-01')).toEqual({ from: '2026-01-01', to: '2026-01-01' })
  expect(custom('2026-02-01', '2026-01-01')).toBeNull()
  expect(custom('2026-1-1', '')).toBeNull()
})
