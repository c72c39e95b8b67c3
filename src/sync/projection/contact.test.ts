/** Rules R1 to R4: a cluster and its surroundings to the contact that is wanted. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FieldValue, Person, SyncSettings } from '../model/index.ts'
import {
  sampleAttribute,
  sampleCatalogue,
  sampleDeal,
  sampleField,
  sampleMapping,
  sampleOrganization,
  samplePerson,
  sampleSettings,
} from '../model/testdata/samples.ts'
import { type Cluster, leadPerson, projectContact } from './contact.ts'
import { type Plan, resolvePlan } from './plan.ts'

const tier = sampleField('a', 'Tier', 'option', { '1': 'Gold' })
const score = sampleField('b', 'Score', 'number')
const mobile = sampleField('c', 'Mobile', 'phone')
const size = sampleField('d', 'Size', 'number')
const catalogue = sampleCatalogue({ personFields: [tier, score, mobile], organizationFields: [size] })
const references = { organizationName: () => undefined, personName: () => undefined }

function plan(rows: readonly [string, string][], changes: Partial<SyncSettings> = {}): Plan {
  const personMapping = rows.map(([source, target]) => sampleMapping(source, target))
  const account = {
    attributes: new Map([['WHEN', { ...sampleAttribute('WHEN', 'date'), writable: true }]]),
    lists: new Map([[1, 'All']]),
  }
  const result = resolvePlan(sampleSettings({ personMapping, ...changes }), catalogue, account)
  if (!result.plan) throw new Error(JSON.stringify(result.faults))
  return result.plan
}

function cluster(persons: readonly Person[], changes: Partial<Cluster> = {}): Cluster {
  const facts = { deals: [], openLeads: 0, activities: { nextDate: null, lastDate: null } }
  return { email: 'ada@example.com', persons, facts, organization: null, ...changes }
}

const text = (value: string): FieldValue => ({ kind: 'text', text: value })
const project = (some: Cluster, of: Plan) => projectContact(some, of, references)

describe('the lead person', () => {
  const person = (id: number, updatedAt: string | null) => samplePerson({ id, updatedAt })

  test('R1.2 is the one with the newest update', () => {
    expect(leadPerson([person(1, '2026-01-01'), person(2, '2026-01-02'), person(3, '2026-01-01')]).id).toBe(2)
  })

  test('R1.2 tie: the lowest id', () => {
    expect(leadPerson([person(3, '2026-01-01'), person(1, '2026-01-01'), person(2, '2026-01-01')]).id).toBe(1)
  })

  test('R1.2 one that never says when it was updated comes last', () => {
    expect(leadPerson([person(1, null), person(2, '2020-01-01')]).id).toBe(2)
  })

  test('R1.2 does not depend on the order', () => {
    const some = fc.uniqueArray(
      fc.record({
        id: fc.integer({ min: 1, max: 9 }),
        at: fc.constantFrom('2026-01-01', '2026-01-02', null),
      }),
      { selector: (item) => item.id, minLength: 1 },
    )
    fc.assert(
      fc.property(some, (items) => {
        const persons = items.map(({ id, at }) => person(id, at))
        expect(leadPerson(persons.toReversed()).id).toBe(leadPerson(persons).id)
      }),
    )
  })
})

describe('a projection', () => {
  test('R1.2 takes attributes from the lead person, deals and leads from the whole cluster', () => {
    const persons = [
      samplePerson({ id: 1, updatedAt: '2026-01-02', fields: { name: text('Ada') } }),
      samplePerson({
        id: 2,
        updatedAt: '2026-01-01',
        fields: { name: text('Old Ada'), job_title: text('Countess') },
      }),
    ]
    const facts = {
      deals: [sampleDeal({ id: 1, personId: 2 }), sampleDeal({ id: 2, personId: 1 })],
      openLeads: 2,
      activities: { nextDate: null, lastDate: null },
    }
    const some = plan([
      ['name', 'NAME'],
      ['job_title', 'JOB'],
      ['open_deals_count', 'DEALS'],
      ['open_leads_count', 'LEADS'],
    ])
    const { contact, warnings } = project(cluster(persons, { facts }), some)
    expect(contact).toEqual({
      personId: 1,
      email: 'ada@example.com',
      sms: null,
      attributes: { DEALS: 2, LEADS: 2, NAME: 'Ada' },
      lists: [],
      keep: [],
      unsubscribed: false,
    })
    expect(warnings).toEqual([])
  })

  test('R2.1 the e-mail as an attribute is the identity, the phone is as written', () => {
    const person = samplePerson({
      emails: [{ value: ' ADA@example.com', primary: true }],
      phones: [{ value: ' 12 34 ', primary: false }],
    })
    const { contact } = project(
      cluster([person]),
      plan([
        ['email', 'MAIL'],
        ['phone', 'TEL'],
      ]),
    )
    expect(contact.attributes).toEqual({ MAIL: 'ada@example.com', TEL: '12 34' })
  })

  test('R8.1 organization paths take the organization, and are empty without one', () => {
    const some = plan([
      ['org_id.name', 'COMPANY'],
      ['org_id.custom_fields.size', 'SIZE'],
    ])
    const organization = sampleOrganization({
      name: ' Acme ',
      fields: { [size.key]: { kind: 'number', number: 0 } },
    })
    expect(project(cluster([samplePerson()], { organization }), some).contact.attributes).toEqual({
      COMPANY: 'Acme',
      SIZE: 0,
    })
    expect(project(cluster([samplePerson()]), some).contact.attributes).toEqual({})
  })

  test('R2.4 an option is its label', () => {
    const person = samplePerson({ fields: { [tier.key]: { kind: 'option', id: '1' } } })
    expect(project(cluster([person]), plan([['custom_fields.tier', 'TIER']])).contact.attributes).toEqual({
      TIER: 'Gold',
    })
  })

  test('R2.4 what does not fit is left out with a warning, and kept from being cleared', () => {
    const person = samplePerson({
      fields: { name: text('tomorrow'), [score.key]: { kind: 'unreadable', problem: 'is not a number' } },
    })
    const { contact, warnings } = project(
      cluster([person]),
      plan([
        ['name', 'WHEN'],
        ['custom_fields.score', 'SCORE'],
      ]),
    )
    expect(contact.attributes).toEqual({})
    expect(contact.keep).toEqual(['SCORE', 'WHEN'])
    expect(warnings).toEqual([
      { code: 'type_mismatch', subject: 'WHEN', detail: 'WHEN (date): "tomorrow" is no date (YYYY-MM-DD)' },
      { code: 'type_mismatch', subject: 'SCORE', detail: 'SCORE (float): is not a number' },
    ])
  })

  test('R2.5 an empty source is neither a value nor kept', () => {
    const { contact } = project(
      cluster([samplePerson({ fields: { name: text('  ') } })]),
      plan([['name', 'NAME']]),
    )
    expect(contact).toMatchObject({ attributes: {}, keep: [] })
  })

  test('R2.3 each currency without a rate is a warning, and the rest is summed', () => {
    const won = (id: number, currency: string) => sampleDeal({ id, status: 'won', value: 10, currency })
    const facts = {
      deals: [won(1, 'EUR'), won(2, 'USD'), won(3, 'KRW')],
      openLeads: 0,
      activities: { nextDate: null, lastDate: null },
    }
    const { contact, warnings } = project(
      cluster([samplePerson()], { facts }),
      plan([['total_revenue', 'REVENUE']], { exchangeRates: { USD: 0.5 } }),
    )
    expect(contact.attributes).toEqual({ REVENUE: 15 })
    expect(warnings).toMatchObject([{ code: 'currency_skipped', subject: 'REVENUE KRW' }])
  })

  test('R3.1 carries the wanted lists', () => {
    const lists = { ...sampleSettings().lists, allContacts: 1 }
    expect(project(cluster([samplePerson()]), plan([], { lists })).contact.lists).toEqual([1])
  })

  test('R4.3 one unsubscribed person unsubscribes the contact; nothing else does', () => {
    const persons = (status: string | null) => [
      samplePerson({ id: 1 }),
      samplePerson({ id: 2, updatedAt: '2020-01-01', marketingStatus: status }),
    ]
    const unsubscribed = (status: string | null) =>
      project(cluster(persons(status)), plan([])).contact.unsubscribed
    expect(unsubscribed('unsubscribed')).toBe(true)
    for (const status of ['subscribed', 'no_consent', 'archived', null])
      expect(unsubscribed(status)).toBe(false)
  })

  test('R6.4 does not depend on the order of persons, deals or mappings', () => {
    const rows: [string, string][] = [
      ['name', 'B'],
      ['won_deals_count', 'A'],
      ['id', 'C'],
    ]
    const persons = [samplePerson({ id: 1, fields: { name: text('x') } }), samplePerson({ id: 2 })]
    const one = project(cluster(persons), plan(rows)).contact
    const other = project(cluster(persons.toReversed()), plan(rows.toReversed())).contact
    expect(JSON.stringify(other)).toBe(JSON.stringify(one))
  })
})

describe('SMS', () => {
  const phones = (...values: [string, boolean][]) => values.map(([value, primary]) => ({ value, primary }))
  const smsOf = (
    person: Person,
    rows: [string, string][] = [['phone', 'SMS']],
    defaultCountry: string | null = 'KR',
  ) => project(cluster([person]), plan(rows, { defaultCountry }))

  test('R2.2 is the primary phone in E.164', () => {
    const person = samplePerson({ phones: phones(['02-312-3456', false], ['010-1234-5678', true]) })
    expect(smsOf(person)).toMatchObject({
      contact: { sms: '+821012345678', keep: [], attributes: {} },
      warnings: [],
    })
  })

  test('R2.2 a number that cannot be read is left out with a warning, and kept from being cleared', () => {
    const person = samplePerson({ phones: phones(['call me', true], ['010-1234-5678', false]) })
    const { contact, warnings } = smsOf(person)
    expect(contact).toMatchObject({ sms: null, keep: ['SMS'] })
    expect(warnings).toEqual([
      { code: 'invalid_phone', subject: 'SMS', detail: '"call me" is no valid phone number' },
    ])
  })

  test('R2.2 without default_country the warning says so', () => {
    const person = samplePerson({ phones: phones(['010-1234-5678', true]) })
    expect(smsOf(person, [['phone', 'SMS']], null).warnings[0]?.detail).toContain(
      'default_country is not set',
    )
  })

  test('R2.2 no phone is no warning', () => {
    expect(smsOf(samplePerson({ phones: phones([' ', true]) }))).toMatchObject({
      contact: { sms: null, keep: [] },
      warnings: [],
    })
  })

  test('R2.2 may come from a custom field, a number too', () => {
    const rows: [string, string][] = [['custom_fields.mobile', 'SMS']]
    const person = (value: FieldValue) => samplePerson({ fields: { [mobile.key]: value } })
    expect(smsOf(person(text('010 1234 5678')), rows).contact.sms).toBe('+821012345678')
    expect(smsOf(person({ kind: 'number', number: 1012345678 }), rows).contact.sms).toBe('+821012345678')
  })

  test('R2.4 what is no text at all is left out with a warning, and never clears a number', () => {
    const rows: [string, string][] = [['custom_fields.mobile', 'SMS']]
    const broken: FieldValue[] = [
      { kind: 'unreadable', problem: 'is not a text' },
      { kind: 'option', id: '1' },
    ]
    for (const value of broken) {
      const { contact, warnings } = smsOf(samplePerson({ fields: { [mobile.key]: value } }), rows)
      expect(contact).toMatchObject({ sms: null, keep: ['SMS'] })
      expect(warnings).toMatchObject([{ code: 'type_mismatch', subject: 'SMS' }])
    }
  })
})
