/** Rule R2.3: the computed fields. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Deal } from '../model/index.ts'
import { sampleDeal } from '../model/testdata/samples.ts'
import {
  type ClusterFacts,
  type ComputedName,
  computedNames,
  computeField,
  isComputedName,
  lastDeal,
  type Money,
  sourceOfComputed,
  wonRevenue,
} from './computed.ts'

const [early, late] = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z']
const euros: Money = { defaultCurrency: 'EUR', exchangeRates: { USD: 0.5, KRW: 0.0007 } }
const names = {
  stage: (id: number) => ({ 10: 'Lead In', 11: 'Offer' })[id],
  pipeline: (id: number) => ({ 1: 'Sales' })[id],
}

function compute(name: ComputedName, changes: Partial<ClusterFacts> = {}) {
  const nothing = { deals: [], openLeads: 0, activities: { nextDate: null, lastDate: null } }
  return computeField(name, { ...nothing, ...changes }, euros, names)
}

const won = (value: number, currency: string | null = 'EUR', id = 1, wonAt = early): Deal =>
  sampleDeal({ id, status: 'won', value, currency, wonAt })
const number = (value: number) => ({ kind: 'number', number: value })

describe('counts', () => {
  const deals = [
    sampleDeal({ id: 1 }),
    sampleDeal({ id: 2, archived: true }),
    won(10, 'EUR', 3),
    sampleDeal({ id: 4, status: 'lost' }),
    sampleDeal({ id: 5, status: 'lost', archived: true }),
  ]

  test.each([
    ['open_deals_count', 2],
    ['won_deals_count', 1],
    ['lost_deals_count', 2],
    ['closed_deals_count', 3],
  ] as const)('R2.3 %s, archived deals included', (name, count) => {
    expect(compute(name, { deals })).toEqual(number(count))
  })

  test('R2.3 open_leads_count', () => {
    expect(compute('open_leads_count', { openLeads: 3 })).toEqual(number(3))
  })

  test('R2.3 zero is a value, not empty', () => {
    const zeros = computedNames.filter((name) => name.endsWith('_count') || name === 'total_revenue')
    expect(zeros).toHaveLength(6)
    for (const name of zeros) expect(compute(name)).toEqual(number(0))
  })

  test('R2.3 what has no deal and no activity has no date, no stage and no value', () => {
    const empty = computedNames.filter((name) => !name.endsWith('_count') && name !== 'total_revenue')
    expect(empty).toHaveLength(6)
    for (const name of empty) expect(compute(name)).toBeNull()
  })

  test('R2.3 closed is won and lost, and every deal is open or closed', () => {
    const status = fc.constantFrom('open' as const, 'won' as const, 'lost' as const)
    fc.assert(
      fc.property(fc.array(status), (all) => {
        const some = all.map((item, id) => sampleDeal({ id, status: item }))
        const count = (name: ComputedName): number => {
          const value = compute(name, { deals: some })
          return value?.kind === 'number' ? value.number : Number.NaN
        }
        expect(count('closed_deals_count')).toBe(count('won_deals_count') + count('lost_deals_count'))
        expect(count('open_deals_count') + count('closed_deals_count')).toBe(all.length)
      }),
    )
  })
})

describe('total_revenue', () => {
  test('R2.3 is the sum of the won deals only', () => {
    const deals = [
      won(100),
      won(50.5),
      sampleDeal({ value: 999 }),
      sampleDeal({ status: 'lost', value: 999 }),
    ]
    expect(compute('total_revenue', { deals })).toEqual(number(150.5))
  })

  test('R2.3 converts other currencies with the given rates', () => {
    expect(wonRevenue([won(100), won(10, 'USD')], euros)).toEqual({ amount: 105, skippedCurrencies: [] })
  })

  test('R2.3 leaves out a currency without a rate, and names each once', () => {
    const deals = [won(100), won(7, 'GBP'), won(8, 'GBP'), won(9, 'CHF')]
    expect(wonRevenue(deals, euros)).toEqual({ amount: 100, skippedCurrencies: ['CHF', 'GBP'] })
  })

  test('R2.3 a deal of value zero, or not won, skips no currency', () => {
    const deals = [won(0, 'GBP'), sampleDeal({ value: 5, currency: 'CHF' })]
    expect(wonRevenue(deals, euros)).toEqual({ amount: 0, skippedCurrencies: [] })
  })

  test('R2.3 a deal without a currency is in the default one', () => {
    expect(wonRevenue([won(3, null)], euros)).toEqual({ amount: 3, skippedCurrencies: [] })
  })

  test('R2.3 a rate for the default currency itself changes nothing', () => {
    const odd = { ...euros, exchangeRates: { EUR: 2 } }
    expect(wonRevenue([won(3)], odd).amount).toBe(3)
  })

  test('R2.3 shows no crumbs of binary fractions', () => {
    expect(wonRevenue([won(0.1), won(0.2)], euros).amount).toBe(0.3)
  })

  test('R2.3 archived deals count', () => {
    expect(wonRevenue([{ ...won(5), archived: true } as Deal], euros).amount).toBe(5)
  })

  test('R2.3 cents add up exactly, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10_000_000 }), { maxLength: 40 }), (cents) => {
        const deals = cents.map((cent, id) => won(cent / 100, 'EUR', id))
        const total = cents.reduce((sum, cent) => sum + cent, 0) / 100
        expect(wonRevenue(deals, euros).amount).toBe(total)
        expect(wonRevenue(deals.toReversed(), euros).amount).toBe(total)
      }),
    )
  })
})

describe('the last deal', () => {
  const older = sampleDeal({ id: 9, updatedAt: early, stageId: 10, pipelineId: 1, value: 1 })
  const newer = sampleDeal({ id: 2, updatedAt: late, stageId: 11, pipelineId: 1, value: 2 })

  test('R2.3 is the one with the newest update, whatever its id', () => {
    const facts = { deals: [older, newer] }
    expect(compute('last_deal_stage', facts)).toEqual({ kind: 'text', text: 'Offer' })
    expect(compute('last_deal_pipeline', facts)).toEqual({ kind: 'text', text: 'Sales' })
    expect(compute('last_deal_value', facts)).toEqual(number(2))
  })

  test('R2.3 tie: the higher id', () => {
    const twin = { ...newer, id: 3 }
    expect(lastDeal([twin, newer])?.id).toBe(3)
    expect(lastDeal([newer, twin])?.id).toBe(3)
  })

  test('R2.3 a value of zero is a value', () => {
    expect(compute('last_deal_value', { deals: [sampleDeal({ value: 0 })] })).toEqual(number(0))
  })

  test('R2.3 a deal that never says when it was updated is older than any that does', () => {
    expect(lastDeal([{ ...newer, id: 99, updatedAt: null }, older])?.id).toBe(9)
  })

  test('R2.3 a stage that is not known has no name', () => {
    expect(compute('last_deal_stage', { deals: [{ ...newer, stageId: 404 }] })).toBeNull()
  })
})

describe('times and dates', () => {
  test('R2.3 last_won_time is the newest win', () => {
    const deals = [
      won(1, 'EUR', 1, late),
      won(1, 'EUR', 2, early),
      sampleDeal({ wonAt: '2027-01-01T00:00:00.000Z' }),
    ]
    expect(compute('last_won_time', { deals })).toEqual({ kind: 'timestamp', at: late })
  })

  test('R2.3 the next and the last activity are days', () => {
    const activities = { nextDate: '2026-05-01', lastDate: '2026-04-01' }
    expect(compute('next_activity_date', { activities })).toEqual({ kind: 'date', date: '2026-05-01' })
    expect(compute('last_activity_date', { activities })).toEqual({ kind: 'date', date: '2026-04-01' })
  })
})

test('R2.3 each computed field says which part of the source it needs', () => {
  const parts = Object.groupBy(computedNames, sourceOfComputed)
  expect(parts.leads).toEqual(['open_leads_count'])
  expect(parts.activities).toEqual(['next_activity_date', 'last_activity_date'])
  expect(parts.deals).toHaveLength(9)
  expect(isComputedName('won_deals_count')).toBe(true)
  expect(isComputedName('toString')).toBe(false)
})
