/** Who stays, what it gets, and what is lost. */
import { describe, expect, test } from 'vitest'
import type { FieldValue, Person } from '../model/index.ts'
import { sampleField, samplePerson } from '../model/testdata/samples.ts'
import { chooseSurvivor } from './choose-survivor.ts'
import { mergeOutcome } from './merge-outcome.ts'

const text = (value: string): FieldValue => ({ kind: 'text', text: value })
const entry = (value: string, primary = true) => ({ value, primary })

describe('the survivor', () => {
  const person = (id: number, updatedAt: string, addedAt: string | null) =>
    samplePerson({ id, updatedAt, addedAt })
  const persons = [
    person(1, '2026-03-01', '2026-01-02'),
    person(2, '2026-03-02', '2026-01-02'),
    person(3, '2026-03-01', '2026-01-03'),
  ]
  const deals = new Map([
    [1, 2],
    [3, 2],
  ])
  const chosen = (rule: Parameters<typeof chooseSurvivor>[1], some = persons) =>
    chooseSurvivor(some, rule, (id) => deals.get(id) ?? 0).id

  test('is the lead person, the oldest, or the one with most deals', () => {
    expect([chosen('lead'), chosen('oldest'), chosen('most_deals')]).toEqual([2, 1, 1])
  })

  test('is the lead person of those that have equally many deals', () => {
    expect(chosen('most_deals', [person(1, '2026-03-01', null), person(3, '2026-03-05', null)])).toBe(3)
  })

  test('is the one with the lowest id where no time of adding is known', () => {
    expect(chosen('oldest', [person(7, '2026-03-01', null), person(4, '2026-03-01', '2026-01-01')])).toBe(4)
  })
})

describe('what merging does to the survivor', () => {
  const tier = sampleField('a'.repeat(40), 'Tier', 'option', { '1': 'Gold', '2': 'Silver' })
  const fields = new Map([[tier.key, tier]])
  const person = (id: number, values: Record<string, FieldValue>, more: Partial<Person> = {}): Person =>
    samplePerson({ id, emails: [], phones: [], fields: values, ...more })

  test('fills its gaps from the first that has a value, and loses what differs', () => {
    const survivor = person(1, { name: text('Ada') })
    const losers = [
      person(2, { name: text('Ada'), [tier.key]: { kind: 'option', id: '1' } }),
      person(3, { name: text('Ada K.'), [tier.key]: { kind: 'option', id: '2' }, job_title: text('CTO') }),
    ]
    expect(mergeOutcome(survivor, losers, fields, 'KR')).toEqual({
      gains: [
        { field: tier.key, name: 'Tier', value: 'Gold', fromPersonId: 2 },
        { field: 'job_title', name: 'Job title', value: 'CTO', fromPersonId: 3 },
      ],
      losses: [
        { field: 'name', name: 'Name', kept: 'Ada', lost: 'Ada K.', fromPersonId: 3 },
        { field: tier.key, name: 'Tier', kept: 'Gold', lost: 'Silver', fromPersonId: 3 },
      ],
    })
  })

  test('adds addresses and numbers that it lacks, once, however they are written', () => {
    const survivor = person(1, {}, { emails: [entry('ada@x.test')], phones: [entry('010-1234-5678')] })
    const loser = (id: number) =>
      person(
        id,
        {},
        {
          emails: [entry('ADA@x.test'), entry('ada@home.test', false)],
          phones: [entry('+82 10 1234 5678'), entry('02-555-0199', false)],
        },
      )
    expect(mergeOutcome(survivor, [loser(2), loser(3)], fields, 'KR')).toEqual({
      gains: [
        { field: 'emails', name: 'E-mail', value: 'ada@home.test', fromPersonId: 2 },
        { field: 'phones', name: 'Phone', value: '02-555-0199', fromPersonId: 2 },
      ],
      losses: [],
    })
  })
})
