/** Rule R1.2: who is the same human being, and in which order they can become one. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Person } from '../model/index.ts'
import { samplePerson } from '../model/testdata/samples.ts'
import { findTies, mergeOrder, reasonsBetween, toClusters } from './find-clusters.ts'

type Facts = { name?: string; emails?: readonly string[]; phones?: readonly string[] }

function person(id: number, { name = `Person ${id}`, emails = [], phones = [] }: Facts): Person {
  const entries = (values: readonly string[]) =>
    values.map((value, index) => ({ value, primary: index === 0 }))
  return samplePerson({
    id,
    emails: entries(emails),
    phones: entries(phones),
    fields: { name: { kind: 'text', text: name } },
  })
}

const clustersOf = (...persons: Person[]) =>
  toClusters(findTies(persons, 'KR')).map(({ ids, ties }) => ({
    ids,
    reasons: ties.map(({ reason }) => reason),
  }))

describe('duplicates', () => {
  test('R1.2 are persons whose primary addresses differ only in case and spaces', () => {
    const found = clustersOf(
      person(1, { emails: ['Ada@x.test'] }),
      person(2, { emails: [' ada@X.test '] }),
      person(3, { emails: ['bob@x.test'] }),
    )
    expect(found).toEqual([{ ids: [1, 2], reasons: ['same_email'] }])
  })

  test('are suggested where one has the address of the other among its own', () => {
    const found = clustersOf(
      person(1, { emails: ['ada@x.test'] }),
      person(2, { emails: ['ada@home.test', 'ADA@x.test'] }),
    )
    expect(found).toEqual([{ ids: [1, 2], reasons: ['shared_address'] }])
  })

  test('are suggested where number and name are the same, however they are written', () => {
    const found = clustersOf(
      person(1, { name: 'Ada  King', phones: ['010-1234-5678'], emails: ['a@x.test'] }),
      person(2, { name: ' ada king', phones: ['02-555-0199', '+82 10 1234 5678'], emails: ['b@x.test'] }),
      person(3, { name: 'Eva King', phones: ['010-1234-5678'] }),
      person(4, { name: 'Ada King', phones: ['010-1234-9999'] }),
    )
    expect(found).toEqual([{ ids: [1, 2], reasons: ['same_phone_and_name'] }])
  })

  test('are not suggested for number and name where an address says so already', () => {
    const facts = { name: 'Ada', phones: ['010-1234-5678'], emails: ['a@x.test'] }
    expect(clustersOf(person(1, facts), person(2, facts))).toEqual([{ ids: [1, 2], reasons: ['same_email'] }])
  })

  test('are none for a name alone, a number alone, or a number that is none', () => {
    expect(
      clustersOf(
        person(1, { name: 'Ada', phones: ['call the office'] }),
        person(2, { name: 'Ada', phones: ['call the office'] }),
        person(3, { name: '', phones: ['010-1234-5678'] }),
        person(4, { name: ' ', phones: ['010-1234-5678'] }),
      ),
    ).toEqual([])
  })
})

const few = fc.integer({ min: 0, max: 6 })
const facts = fc.record({
  name: few.map((n) => `Name ${n % 3}`),
  emails: fc.array(
    few.map((n) => `m${n}@x.test`),
    { maxLength: 3 },
  ),
  phones: fc.array(
    few.map((n) => `010-1234-567${n}`),
    { maxLength: 2 },
  ),
})
const company = fc
  .array(facts, { maxLength: 12 })
  .map((all) => all.map((item, index) => person(index + 1, item)))

describe('clusters', () => {
  test('have everybody in one of them at most, and do not depend on the order', () => {
    fc.assert(
      fc.property(company, (persons) => {
        const idsOf = (some: readonly Person[]) => toClusters(findTies(some, 'KR')).map(({ ids }) => ids)
        const clusters = idsOf(persons)
        expect(new Set(clusters.flat()).size).toBe(clusters.flat().length)
        expect(clusters.every((ids) => ids.length > 1)).toBe(true)
        expect(idsOf(persons.toReversed())).toEqual(clusters)
      }),
    )
  })

  test('can be merged into any of their members, one by one, each having something in common with what is there by then', () => {
    fc.assert(
      fc.property(company, few, (persons, pick) => {
        const byId = new Map(persons.map((item) => [item.id, item]))
        for (const cluster of toClusters(findTies(persons, 'KR'))) {
          const survivorId = cluster.ids[pick % cluster.ids.length] ?? 0
          const order = mergeOrder(cluster, survivorId)
          expect([survivorId, ...order].toSorted((a, b) => a - b)).toEqual(cluster.ids)
          const merged = [survivorId]
          for (const id of order) {
            const loser = byId.get(id) as Person
            expect(
              merged.some((other) => reasonsBetween(loser, byId.get(other) as Person, 'KR').length > 0),
            ).toBe(true)
            merged.push(id)
          }
        }
      }),
    )
  })
})
