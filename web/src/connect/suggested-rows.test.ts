import { expect, test } from 'vitest'
import { beginDraft, type Draft, reduceDraft, type SettingsView } from '../mapping/draft-state.ts'
import { actionsToward, rowChoices, suggestDraft } from './suggested-rows.ts'

const defaults: Draft = {
  personMapping: [
    { source: 'email', target: 'email' },
    { source: 'first_name', target: 'FIRSTNAME' },
    { source: 'phone', target: 'SMS' },
  ],
  sync: { persons: true, deals: true, organizations: true, activities: true, leads: true },
  lists: { allContacts: null, qualifiedLeads: null, customers: null, churned: null },
  stageLists: [],
  defaultCountry: null,
  bothWays: false,
}
const view: SettingsView = {
  place: 'file',
  file: '/data/tajo.yaml',
  exists: false,
  revision: 'r0',
  draft: defaults,
  faults: [],
  undo: null,
}
const survey = {
  suggestion: {
    personMapping: [
      { source: 'email', target: 'email', because: 'standard' as const },
      { source: 'first_name', target: 'VORNAME', because: 'standard' as const },
      { source: 'custom_fields.industry', target: 'INDUSTRY', because: 'new_attribute' as const },
    ],
    lists: { allContacts: 7, qualifiedLeads: null, customers: 9, churned: null },
    stageLists: [{ stage: '3', listId: 8 }],
    defaultCountry: 'KR',
  },
}
const suggested: Draft = {
  ...defaults,
  personMapping: [
    { source: 'email', target: 'email' },
    { source: 'first_name', target: 'VORNAME' },
    { source: 'custom_fields.industry', target: 'INDUSTRY' },
  ],
  lists: survey.suggestion.lists,
  stageLists: survey.suggestion.stageLists,
  defaultCountry: 'KR',
}

test('where nothing is kept yet the accounts suggest, where something is it holds', () => {
  expect(suggestDraft(view, survey)).toEqual(suggested)
  expect(suggestDraft({ ...view, exists: true }, survey)).toBe(defaults)
  const saved = { ...view, undo: { savedAt: '2026-11-28T12:00:00Z' } }
  expect(suggestDraft(saved, survey)).toBe(defaults)
})

test('the identity is mapped whatever is suggested', () => {
  const without = { suggestion: { ...survey.suggestion, personMapping: [] } }
  expect(suggestDraft(view, without).personMapping).toEqual([{ source: 'email', target: 'email' }])
  expect(rowChoices(defaults, without, new Map())[0]).toMatchObject({ source: 'email', taken: true })
})

test('a draft is led to another, and back', () => {
  const everything: Draft = {
    ...suggested,
    sync: { ...defaults.sync, leads: false },
    bothWays: true,
  }
  const lead = (from: Draft, to: Draft): Draft =>
    actionsToward(from, to).reduce(reduceDraft, beginDraft({ ...view, draft: from })).draft
  expect(lead(defaults, everything)).toEqual(everything)
  const back = lead(everything, defaults)
  expect({ ...back, personMapping: new Set(back.personMapping) }).toEqual({
    ...defaults,
    personMapping: new Set(defaults.personMapping),
  })
  expect(actionsToward(defaults, defaults)).toEqual([])
})

test('what was left stays in sight where it was, with the name it had', () => {
  const draft = { ...suggested, personMapping: suggested.personMapping.slice(0, 2) }
  expect(rowChoices(draft, survey, new Map([['custom_fields.industry', 'BRANCH']]))).toEqual([
    { source: 'email', target: 'email', taken: true, because: 'standard' },
    { source: 'first_name', target: 'VORNAME', taken: true, because: 'standard' },
    { source: 'custom_fields.industry', target: 'BRANCH', taken: false, because: 'new_attribute' },
  ])
})

test('what the settings have beyond the suggestion is shown as well', () => {
  const rows = rowChoices(defaults, survey, new Map())
  expect(rows.find(({ source }) => source === 'phone')).toEqual({
    source: 'phone',
    target: 'SMS',
    taken: true,
    because: null,
  })
})
