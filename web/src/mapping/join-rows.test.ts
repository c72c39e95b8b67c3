import { describe, expect, test } from 'vitest'
import type { Draft } from './draft-state.ts'
import { findField, type SourceField, type Survey, suggestTarget } from './find-field.ts'
import { type Fault, joinRows, type Preview, placeFaults } from './join-rows.ts'

const field = (source: string, label: string, more: Partial<SourceField> = {}): SourceField => ({
  source,
  label,
  group: 'person',
  custom: false,
  type: 'text',
  attributeType: 'text',
  samples: [],
  ...more,
})
const KEY = 'a'.repeat(40)
const survey: Survey = {
  pipedrive: {
    company: 'Acme',
    currency: 'KRW',
    persons: 2,
    fields: [
      field('email', 'Email'),
      field('phone', 'Phone', { type: 'phone', samples: ['010-1234-5678'] }),
      field('org_id.name', 'Organization', { group: 'organization' }),
      field(`custom_fields.${KEY}`, 'Lead Source', { custom: true }),
      field(`org_id.custom_fields.${'b'.repeat(40)}`, 'Région', { custom: true, group: 'organization' }),
    ],
    pipelines: [],
  },
  brevo: {
    company: null,
    attributes: [{ name: 'SMS', type: 'text', writable: true, labels: null }],
    lists: [],
  },
  suggestion: {
    personMapping: [{ source: 'org_id.name', target: 'COMPANY', because: 'standard' }],
    lists: { allContacts: null, qualifiedLeads: null, customers: null, churned: null },
    stageLists: [],
    defaultCountry: null,
  },
}
const draft: Draft = {
  personMapping: [
    { source: 'email', target: 'email' },
    { source: 'phone', target: 'sms' },
    { source: 'custom_fields.lead_source', target: 'SOURCE' },
    { source: 'nothing', target: 'X' },
  ],
  sync: { persons: true, deals: true, organizations: true, activities: true, leads: true },
  lists: { allContacts: null, qualifiedLeads: null, customers: null, churned: null },
  stageLists: [],
  defaultCountry: null,
  bothWays: false,
}
const preview: Preview = {
  changed: true,
  diff: [],
  faults: [],
  missingAttributes: [{ name: 'SOURCE', type: 'text' }],
  rows: [
    {
      source: 'phone',
      target: 'SMS',
      type: 'text',
      problem: null,
      samples: [{ personId: 1, from: '010-1234-5678', to: '+821012345678', problem: null, code: null }],
    },
    { source: 'custom_fields.lead_source', target: 'SOURCE', type: 'text', problem: null, samples: [] },
    { source: 'nothing', target: 'X', type: null, problem: 'no such person field', samples: [] },
  ],
}
const fault = (path: string, message = path, severity: Fault['severity'] = 'error'): Fault => ({
  path,
  message,
  severity,
  line: null,
})
const none = placeFaults([], draft)

describe('rows', () => {
  test('have the label and the type of their field, in whichever spelling the mapping has', () => {
    const rows = joinRows({ draft, survey, preview, faults: none })
    expect(rows.map((row) => row.field?.label)).toEqual(['Email', 'Phone', 'Lead Source', undefined])
    expect(rows[1]?.type).toBe('text')
    expect(rows.map(({ identity }) => identity)).toEqual([true, false, false, false])
  })

  test('show how values arrive once that is known, and the values themselves until then', () => {
    const samplesOf = (shown: Preview | null) =>
      joinRows({ draft, survey, preview: shown, faults: none })[1]?.samples
    expect(samplesOf(preview)).toMatchObject([{ from: '010-1234-5678', to: '+821012345678' }])
    expect(samplesOf(null)).toEqual([{ from: '010-1234-5678', to: undefined, problem: null, code: null }])
  })

  test('show the same value once', () => {
    const sample = { personId: 1, from: '0', to: '0', problem: null, code: null }
    const samples = [sample, { ...sample, personId: 2 }, { ...sample, from: '1', to: '1' }]
    const rows = preview.rows.map((row) => ({ ...row, samples }))
    const joined = joinRows({ draft, survey, preview: { ...preview, rows }, faults: none })
    expect(joined[1]?.samples.map(({ from }) => from)).toEqual(['0', '1'])
  })

  test('take nothing from a preview of another target', () => {
    const retargeted = { ...draft, personMapping: [{ source: 'phone', target: 'PHONE' }] }
    const [row] = joinRows({ draft: retargeted, survey, preview, faults: none })
    expect(row?.samples).toEqual([{ from: '010-1234-5678', to: undefined, problem: null, code: null }])
    expect(row?.type).toBeNull()
  })

  test('say which attribute is still to be made', () => {
    const rows = joinRows({ draft, survey, preview, faults: none })
    expect(rows.map(({ missing }) => missing)).toEqual([false, false, true, false])
  })

  test('say a problem once, as severe as the fault that it is', () => {
    const faults = placeFaults(
      [fault('connectors.pipedrive.person_mapping.nothing', 'nothing: no such person field')],
      draft,
    )
    const problemsOf = (placed: typeof faults) =>
      joinRows({ draft, survey, preview, faults: placed })[3]?.problems
    expect(problemsOf(faults)).toEqual([{ severity: 'error', message: 'nothing: no such person field' }])
    expect(problemsOf(none)).toEqual([{ severity: 'warning', message: 'no such person field' }])
  })

  test('are there without the accounts, too', () => {
    const rows = joinRows({ draft, survey: null, preview: null, faults: none })
    expect(rows.map((row) => row.source)).toEqual(draft.personMapping.map(({ source }) => source))
  })
})

test('faults stand beside what they are about, and the others together', () => {
  const faults = placeFaults(
    [
      fault('person_mapping.custom_fields.lead_source'),
      fault('field_mapping.phone'),
      fault('person_mapping.gone'),
      fault('deal_stage_mapping.Sales/Offer. Second'),
      fault('deal_stage_mapping'),
      fault('connectors.pipedrive.lists.all_contacts'),
      fault('connectors.pipedrive.default_country'),
      fault('brevo.api_key'),
    ],
    draft,
  )
  expect([...faults.ofRow.keys()]).toEqual(['custom_fields.lead_source', 'phone'])
  expect([...faults.ofStage.keys()]).toEqual(['Sales/Offer. Second', ''])
  expect([...faults.ofList.keys()]).toEqual(['all_contacts'])
  expect(faults.ofCountry).toHaveLength(1)
  expect(faults.rest.map(({ path }) => path)).toEqual(['person_mapping.gone', 'brevo.api_key'])
})

describe('a source', () => {
  const { fields } = survey.pipedrive

  test.each([
    [`custom_fields.${KEY}`, 'Lead Source'],
    ['custom_fields.Lead Source', 'Lead Source'],
    ['custom_fields.lead_source', 'Lead Source'],
    ['org_id.custom_fields.région', 'Région'],
    ['org_id', 'Organization'],
    ['phones', 'Phone'],
    ['custom_fields.région', undefined],
  ])('%s is the field %s', (source, label) => {
    expect(findField(source, fields)?.label).toBe(label)
  })

  test('that several fields may be is none of them', () => {
    const twice = [...fields, field(`custom_fields.${'c'.repeat(40)}`, 'lead source', { custom: true })]
    expect(findField('custom_fields.lead_source', twice)).toBeUndefined()
    expect(findField('custom_fields.lead source', twice)?.label).toBe('lead source')
  })

  test('gets the attribute that was suggested, else its name in capitals, else none', () => {
    const named = (label: string) => suggestTarget(field('custom_fields.x', label, { custom: true }), survey)
    expect(suggestTarget(fields[2] as SourceField, survey)).toBe('COMPANY')
    expect(suggestTarget(fields[4] as SourceField, survey)).toBe('COMPANY_REGION')
    expect(named('2nd choice (m²)')).toBe('ND_CHOICE_M2')
    expect(named('고객 등급')).toBe('')
  })
})
