import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareDrafts, rebaseDraft } from './compare-drafts.ts'
import type { Draft } from './draft-state.ts'

const listId = fc.option(fc.integer({ min: 1, max: 3 }))
const drafts: fc.Arbitrary<Draft> = fc.record({
  personMapping: fc.uniqueArray(
    fc.record({ source: fc.constantFrom('a', 'b', 'a:b', 'c'), target: fc.constantFrom('X', 'Y') }),
    { selector: ({ source }) => source },
  ),
  sync: fc.record({
    persons: fc.boolean(),
    deals: fc.boolean(),
    organizations: fc.boolean(),
    activities: fc.boolean(),
    leads: fc.boolean(),
  }),
  lists: fc.record({ allContacts: listId, qualifiedLeads: listId, customers: listId, churned: listId }),
  stageLists: fc.uniqueArray(
    fc.record({ stage: fc.constantFrom('1', 'P/S: 2', 'won'), listId: fc.integer({ min: 1, max: 3 }) }),
    { selector: ({ stage }) => stage },
  ),
  defaultCountry: fc.option(fc.constantFrom('KR', 'DE')),
  bothWays: fc.boolean(),
})

test('a draft does not differ from itself, and all changes together lead from one to the other', () => {
  fc.assert(
    fc.property(drafts, drafts, (one, other) => {
      expect(compareDrafts(one, one)).toEqual([])
      expect(compareDrafts(rebaseDraft({ base: one, mine: other, theirs: one }), other)).toEqual([])
    }),
  )
})

test('putting changes onto theirs keeps every one of mine, and theirs wherever I changed nothing', () => {
  fc.assert(
    fc.property(drafts, drafts, drafts, (base, mine, theirs) => {
      const merged = rebaseDraft({ base, mine, theirs })
      const keysOf = (one: Draft, other: Draft): Set<string> =>
        new Set(compareDrafts(one, other).map(({ kind, name }) => `${kind}:${name}`))
      const changed = keysOf(base, mine)
      expect([...keysOf(merged, mine)].filter((key) => changed.has(key))).toEqual([])
      expect([...keysOf(merged, theirs)].filter((key) => !changed.has(key))).toEqual([])
    }),
  )
})

test('says what differs, setting by setting', () => {
  const draft: Draft = {
    personMapping: [{ source: 'custom_fields.a:b', target: 'X' }],
    sync: { persons: true, deals: true, organizations: true, activities: true, leads: true },
    lists: { allContacts: 1, qualifiedLeads: null, customers: null, churned: null },
    stageLists: [],
    defaultCountry: null,
    bothWays: false,
  }
  const after: Draft = {
    ...draft,
    personMapping: [],
    lists: { ...draft.lists, customers: 2 },
    stageLists: [{ stage: 'won', listId: 2 }],
    bothWays: true,
  }
  expect(compareDrafts(draft, after)).toEqual([
    { kind: 'list', name: 'customers', from: null, to: 2 },
    { kind: 'stage', name: 'won', from: null, to: 2 },
    { kind: 'bothWays', name: '', from: false, to: true },
    { kind: 'row', name: 'custom_fields.a:b', from: 'X', to: null },
  ])
})
