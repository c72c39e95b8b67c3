import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findSpelled, slug } from './spelling.ts'

describe('slug', () => {
  it.each([
    ['Lead source', 'lead_source'],
    ['Budget (EUR)', 'budget_eur'],
    ['  Größe (m²) — 2 ', 'größe_m²_2'],
    ['고객 등급', '고객_등급'],
    ['유입 경로 [2024]', '유입_경로_2024'],
    ['***', ''],
  ])('of %j is %j', (name, expected) => {
    expect(slug(name)).toBe(expected)
  })

  it('is its own slug, in any script', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (name) => slug(slug(name)) === slug(name)))
  })
})

describe('what is spelled', () => {
  const fields = [
    { key: 'k1', name: 'Budget (EUR)' },
    { key: 'k2', name: 'Budget EUR' },
    { key: 'k3', name: '***' },
    { key: 'Budget EUR', name: 'Other' },
  ]
  it.each([
    ['k1', ['k1']],
    ['Budget (EUR)', ['k1']],
    // A key goes before a name.
    ['Budget EUR', ['Budget EUR']],
    ['budget_eur', ['k1', 'k2']],
    ['***', ['k3']],
    ['???', []],
    ['nothing', []],
  ])('%j is found as %j', (wanted, keys) => {
    expect(findSpelled(wanted, fields).map(({ key }) => key)).toEqual(keys)
  })
})
