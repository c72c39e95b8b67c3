/** What of the settings a person edits without a file. */
import { expect, test } from 'vitest'
import { loadText } from '../testdata/load-text.ts'
import { toDraft } from './settings-draft.ts'

test('without a file the defaults are what is edited', () => {
  expect(toDraft(loadText('').config)).toEqual({
    personMapping: [
      { source: 'email', target: 'email' },
      { source: 'first_name', target: 'FIRSTNAME' },
      { source: 'last_name', target: 'LASTNAME' },
      { source: 'phone', target: 'SMS' },
    ],
    sync: { persons: true, deals: true, organizations: true, activities: true, leads: true },
    lists: { allContacts: null, qualifiedLeads: null, customers: null, churned: null },
    stageLists: [],
    defaultCountry: null,
    bothWays: false,
  })
})

test('rows have the order of the file, stages the words of the file', () => {
  const { config } = loadText(`
connectors:
  pipedrive: { default_country: kr, sync: { leads: false }, lists: { churned: 7 } }
field_mapping: { phone: sms, email: EMAIL, name: Full_Name }
deal_stage_mapping: { won: 9, " Sales / Proposal": 8, 3: 7 }
reverse_sync: { enabled: true }
`)
  expect(toDraft(config)).toMatchObject({
    personMapping: [
      { source: 'phone', target: 'SMS' },
      { source: 'email', target: 'email' },
      { source: 'name', target: 'FULL_NAME' },
    ],
    sync: { leads: false, deals: true },
    lists: { churned: 7, customers: null },
    stageLists: [
      { stage: 'won', listId: 9 },
      { stage: ' Sales / Proposal', listId: 8 },
      { stage: '3', listId: 7 },
    ],
    defaultCountry: 'KR',
    bothWays: true,
  })
})

test('what a skill switches off is off in it', () => {
  const { config } = loadText(
    'person_mapping: { custom_fields.x: X }\nskills: { pipedrive-custom-fields: { enabled: false }, pipedrive-lead-sync: { enabled: false } }',
  )
  expect(toDraft(config)).toMatchObject({
    personMapping: [{ source: 'email', target: 'email' }],
    sync: { leads: false },
  })
})
