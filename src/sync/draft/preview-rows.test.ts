import { describe, expect, test } from 'vitest'
import type { Attribute, FieldValue, Organization, Person, SyncSettings } from '../model/index.ts'
import {
  sampleAttribute,
  sampleCatalogue,
  sampleField,
  sampleMapping,
  sampleOrganization,
  samplePerson,
  sampleSettings,
} from '../model/testdata/samples.ts'
import { resolvePlan } from '../projection/index.ts'
import { previewRows } from './preview-rows.ts'
import { recordsOfPage } from './records.ts'
import { surveyFields } from './survey-fields.ts'

const score = sampleField('a', 'Score', 'text')
const tier = sampleField('b', 'Tier', 'option', { '1': 'Gold', '2': 'Silver' })
const rep = sampleField('c', 'Rep', 'user')
const budget = sampleField('d', 'Budget', 'money')
const first = sampleField('e', 'Same name', 'text')
const second = sampleField('f', 'same-name', 'text')
const catalogue = sampleCatalogue({
  personFields: [score, tier, rep, budget, first, second],
  organizationFields: [sampleField('0', 'Branch', 'text')],
})

function person(id: number, fields: Person['fields'], changes: Partial<Person> = {}): Person {
  return samplePerson({
    id,
    emails: [{ value: `p${id}@example.com`, primary: true }],
    fields,
    ...changes,
  })
}

const text = (value: string): FieldValue => ({ kind: 'text', text: value })

async function recordsOf(persons: readonly Person[], organizations: readonly Organization[] = []) {
  return recordsOfPage(persons, async (ids) => organizations.filter(({ id }) => ids.includes(id)))
}

async function preview(
  rows: readonly [string, string][],
  persons: readonly Person[],
  { attributes = [], ...changes }: Partial<SyncSettings> & { attributes?: readonly Attribute[] } = {},
) {
  const settings = sampleSettings({
    personMapping: rows.map(([source, target]) => sampleMapping(source, target)),
    ...changes,
  })
  const account = {
    attributes: new Map(attributes.map((item) => [item.name, { ...item, writable: true }])),
    lists: new Map<number, string>(),
  }
  const { faults } = resolvePlan(settings, catalogue, account)
  const faulty = new Set(faults.map(({ path }) => path))
  const personMapping = settings.personMapping.filter(({ path }) => !faulty.has(path))
  const { plan } = resolvePlan({ ...settings, personMapping }, catalogue, account)
  const records = await recordsOf(persons)
  return previewRows({ settings, faults, plan, catalogue, attributes: account.attributes, records })
}

describe('what fields hold', () => {
  test('is told in words, each once, three at most', async () => {
    const records = await recordsOf(
      [
        person(1, {
          [tier.key]: { kind: 'option', id: '1' },
          [rep.key]: { kind: 'reference', entity: 'user', id: 7 },
        }),
        person(2, {
          [tier.key]: { kind: 'option', id: '1' },
          [rep.key]: { kind: 'reference', entity: 'user', id: 8 },
        }),
        person(3, {
          [tier.key]: { kind: 'option', id: '2' },
          [budget.key]: { kind: 'money', amount: 12.5, currency: 'EUR' },
        }),
        person(4, { [score.key]: { kind: 'unreadable', problem: 'is not a text' } }, { organizationId: 5 }),
        person(5, { update_time: { kind: 'timestamp', at: '2026-05-04T10:20:30.000Z' } }),
      ],
      [sampleOrganization({ id: 5, name: 'Acme' })],
    )
    const fields = surveyFields(catalogue, sampleSettings(), records)
    const samples = Object.fromEntries(fields.map((field) => [field.source, field.samples]))
    expect(samples).toMatchObject({
      email: ['p1@example.com', 'p2@example.com', 'p3@example.com'],
      'custom_fields.tier': ['Gold', 'Silver'],
      'custom_fields.rep': ['Grace Hopper', 'user 8'],
      'custom_fields.budget': ['12.5 EUR'],
      'custom_fields.score': [],
      update_time: ['2026-05-04 10:20'],
      'org_id.name': ['Acme'],
      open_deals_count: [],
    })
  })

  test('a field whose name another has too goes by its key', () => {
    const fields = surveyFields(catalogue, sampleSettings(), {
      clusters: [],
      read: { deals: false, activities: false, leads: false },
      references: { organizationName: () => undefined, personName: () => undefined },
    })
    const sources = fields.map(({ source }) => source)
    expect(sources).toContain(`custom_fields.${first.key}`)
    expect(sources).toContain(`custom_fields.${second.key}`)
    expect(sources).toContain('org_id.custom_fields.branch')
    expect(new Set(sources).size).toBe(sources.length)
  })

  test('a custom field that is mapped goes by the name that it has there', () => {
    const written = [`custom_fields.${tier.key}`, 'org_id.custom_fields.Branch', 'emails']
    const personMapping = written.map((source) => ({ source, target: 'X', path: `person_mapping.${source}` }))
    const fields = surveyFields(catalogue, sampleSettings({ personMapping }), {
      clusters: [],
      read: { deals: false, activities: false, leads: false },
      references: { organizationName: () => undefined, personName: () => undefined },
    })
    const sources = fields.map(({ source }) => source)
    expect(sources).toEqual(expect.arrayContaining([...written.slice(0, 2), 'email', 'custom_fields.rep']))
    expect(sources).not.toContain('custom_fields.tier')
    expect(sources).not.toContain('org_id.custom_fields.branch')
  })
})

describe('a row', () => {
  test('shows what is there and what arrives', async () => {
    const rows = await preview(
      [
        ['email', 'email'],
        ['phone', 'SMS'],
        ['custom_fields.tier', 'TIER'],
        ['custom_fields.budget', 'BUDGET'],
      ],
      [
        person(
          1,
          {
            [tier.key]: { kind: 'option', id: '2' },
            [budget.key]: { kind: 'money', amount: 9, currency: 'EUR' },
          },
          { phones: [{ value: '010-2345-6789', primary: true }] },
        ),
      ],
      { defaultCountry: 'KR', attributes: [sampleAttribute('TIER', 'category', ['Gold', 'SILVER'])] },
    )
    expect(rows).toEqual([
      row('email', 'email', 'text', ['p1@example.com', 'p1@example.com']),
      row('phone', 'SMS', 'text', ['010-2345-6789', '+821023456789']),
      row('custom_fields.tier', 'TIER', 'category', ['Silver', 'SILVER']),
      row('custom_fields.budget', 'BUDGET', 'float', ['9 EUR', '9']),
    ])
  })

  test("says in the projection's words what does not arrive", async () => {
    const rows = await preview(
      [
        ['phone', 'SMS'],
        ['custom_fields.score', 'SCORE'],
      ],
      [person(1, { [score.key]: text('many') }, { phones: [{ value: '12', primary: true }] })],
      { attributes: [sampleAttribute('SCORE', 'float')] },
    )
    expect(rows[0]?.samples).toEqual([
      {
        personId: 1,
        from: '12',
        to: null,
        problem: expect.stringContaining('"12" is no valid phone number'),
        code: 'invalid_phone',
      },
    ])
    expect(rows[1]?.samples).toEqual([
      {
        personId: 1,
        from: 'many',
        to: null,
        problem: 'SCORE (float): "many" is no plain number',
        code: 'type_mismatch',
      },
    ])
  })

  test('with a fault says so, shows what it would have taken, and hides no other', async () => {
    const rows = await preview(
      [
        ['custom_fields.nothing', 'NOTHING'],
        ['custom_fields.score', 'EXT_ID'],
        ['first_name', 'FIRSTNAME'],
      ],
      [person(1, { [score.key]: text('7'), first_name: text('Ada') })],
    )
    expect(rows).toEqual([
      {
        source: 'custom_fields.nothing',
        target: 'NOTHING',
        type: null,
        problem: expect.stringContaining('no custom field of that key or name'),
        samples: [],
      },
      {
        source: 'custom_fields.score',
        target: 'EXT_ID',
        type: 'text',
        problem: expect.stringContaining('cannot be mapped'),
        samples: [{ personId: 1, from: '7', to: null, problem: null, code: null }],
      },
      row('first_name', 'FIRSTNAME', 'text', ['Ada', 'Ada']),
    ])
  })

  test('is shown by the persons that have most, and by one whose value does not arrive', async () => {
    const persons = [
      ...[1, 2, 3, 4].map((id) => person(id, { [score.key]: text(String(id)) })),
      person(5, { [score.key]: text('5'), first_name: text('Ada') }),
      person(6, { [score.key]: text('none') }),
    ]
    const rows = await preview(
      [
        ['first_name', 'FIRSTNAME'],
        ['custom_fields.score', 'SCORE'],
      ],
      persons,
      { attributes: [sampleAttribute('SCORE', 'float')] },
    )
    expect(rows.map(({ samples }) => samples.map(({ personId }) => personId))).toEqual([[5], [5, 1, 6]])
  })
})

function row(source: string, target: string, type: string, [from, to]: readonly [string, string]) {
  return {
    source,
    target,
    type,
    problem: null,
    samples: [{ personId: 1, from, to, problem: null, code: null }],
  }
}
