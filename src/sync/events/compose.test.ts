/** Rule R5.4: which properties an event has, by name, for an automation to rely on. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type {
  Activity,
  Deal,
  DealPlace,
  FieldDefinition,
  FieldType,
  Lead,
  SourceRecord,
} from '../model/index.ts'
import { sampleCatalogue, sampleDeal, sampleOrganization, samplePerson } from '../model/testdata/samples.ts'
import { type EventFacts, type EventWords, eventProperties, toFacts } from './compose.ts'

const words: EventWords = {
  catalogue: sampleCatalogue(),
  dealFields: [],
  webUrl: 'https://acme.pipedrive.com',
}

const deal = sampleDeal({
  id: 42,
  title: 'Forty chairs',
  value: 1250.5,
  stageId: 11,
  pipelineId: 1,
  ownerId: 7,
})
const activity: Activity = {
  entity: 'activity',
  id: 5,
  updatedAt: null,
  addedAt: null,
  deleted: false,
  type: 'call',
  subject: 'First call',
  done: true,
  dueDate: '2026-03-01',
  doneAt: null,
  personId: 1,
  dealId: 42,
  ownerId: 7,
  note: '<p>Went well</p>',
}
const lead: Lead = {
  entity: 'lead',
  id: 'adf21080-0e10-41eb-879b-000000000001',
  updatedAt: null,
  addedAt: null,
  deleted: false,
  title: 'A lead',
  personId: 1,
  organizationId: null,
  archived: false,
}
const before: DealPlace = { stageId: 10, pipelineId: 1, status: 'open' }

function propertiesOf(
  record: SourceRecord,
  action: string,
  facts: Partial<EventFacts> = {},
  known: EventWords = words,
) {
  const event = { key: 'the key', entity: record.entity, record_id: String(record.id), action }
  return eventProperties(event, { record, ...facts }, known)
}

/** On every event: to tell it from others, and to find it again. */
const ours = ['event_id', 'action']

describe('the properties of an event', () => {
  test('R5.4 of a deal that moved are these', () => {
    const properties = propertiesOf(deal, 'stage_changed', { from: before, daysInStage: 3.25 })
    expect(properties).toEqual({
      deal_id: 42,
      deal_title: 'Forty chairs',
      pipeline: 'Sales',
      pipeline_id: 1,
      stage: 'Offer',
      stage_id: 11,
      previous_stage: 'Lead In',
      previous_stage_id: 10,
      previous_pipeline_id: 1,
      status: 'open',
      previous_status: 'open',
      value: 1250.5,
      currency: 'EUR',
      owner: 'Grace Hopper',
      days_in_stage: 3.25,
      person_id: 1,
      url: 'https://acme.pipedrive.com/deal/42',
      event_id: 'the key',
      action: 'stage_changed',
    })
    const ruled =
      'deal_id, deal_title, pipeline, pipeline_id, stage, stage_id, previous_stage, previous_stage_id, status, value, currency, owner, days_in_stage, url'
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(ruled.split(', ')))
  })

  test('R5.4 of a deal that is new say nothing of what was before', () => {
    const names = Object.keys(propertiesOf(deal, 'added'))
    expect(names.filter((name) => name.startsWith('previous_') || name === 'days_in_stage')).toEqual([])
  })

  test('R5.4 of an activity are these, and no others', () => {
    const properties = propertiesOf(activity, 'added')
    const ruled = 'activity_id, type, subject, done, due_date, note, deal_id, owner, url'
    expect(Object.keys(properties).sort()).toEqual([...ruled.split(', '), ...ours].sort())
    expect(properties).toMatchObject({
      activity_id: 5,
      type: 'call',
      done: true,
      due_date: '2026-03-01',
      note: '<p>Went well</p>',
      url: 'https://acme.pipedrive.com/activities/list?selected=5',
    })
  })

  test('R5.4 of the others name the record, its owner, and where it can be opened', () => {
    const fields = { owner_id: { kind: 'reference', entity: 'user', id: 7 } } as const
    expect(propertiesOf(samplePerson({ id: 3, organizationId: 9, fields }), 'updated')).toEqual({
      person_id: 3,
      organization_id: 9,
      owner: 'Grace Hopper',
      url: 'https://acme.pipedrive.com/person/3',
      event_id: 'the key',
      action: 'updated',
    })
    expect(propertiesOf(sampleOrganization({ id: 9, fields }), 'updated')).toMatchObject({
      organization_id: 9,
      organization_name: 'Acme',
      owner: 'Grace Hopper',
      url: 'https://acme.pipedrive.com/organization/9',
    })
    expect(propertiesOf(lead, 'added')).toMatchObject({
      lead_id: lead.id,
      lead_title: 'A lead',
      archived: false,
      person_id: 1,
      url: `https://acme.pipedrive.com/leads/inbox/${lead.id}`,
    })
  })

  test('R7.2 of a merge name the record that went; of a record that nobody has any more, its id', () => {
    const event = { key: 'k', entity: 'person', record_id: '1', action: 'merged' }
    expect(eventProperties(event, toFacts({ mergedId: '2' }), words)).toEqual({
      person_id: '1',
      merged_id: '2',
      url: 'https://acme.pipedrive.com/person/1',
      event_id: 'k',
      action: 'merged',
    })
  })

  test('R5.4 of a deal carry the custom fields that were asked for, as text, numbers and flags', () => {
    const field = (key: string, type: FieldType, options = {}): FieldDefinition => ({
      key,
      name: key,
      type,
      custom: true,
      options,
    })
    const dealFields = [
      { property: 'budget', field: field('a', 'money') },
      { property: 'source', field: field('b', 'option', { '7': 'Fair' }) },
      { property: 'colours', field: field('c', 'options', { '1': 'red', '2': 'blue' }) },
      { property: 'seen', field: field('d', 'flag') },
      { property: 'rep', field: field('e', 'user') },
      { property: 'empty', field: field('f', 'text') },
      { property: 'deal_id', field: field('g', 'text') },
    ]
    const fields: Deal['fields'] = {
      a: { kind: 'money', amount: 900, currency: 'EUR' },
      b: { kind: 'option', id: '7' },
      c: { kind: 'options', ids: ['1', '2'] },
      d: { kind: 'flag', flag: false },
      e: { kind: 'reference', entity: 'user', id: 7 },
      g: { kind: 'text', text: 'never instead of the id' },
    }
    const properties = propertiesOf({ ...deal, fields }, 'won', { from: before }, { ...words, dealFields })
    expect(properties).toMatchObject({
      budget: 900,
      source: 'Fair',
      colours: 'red, blue',
      seen: false,
      rep: 'Grace Hopper',
      deal_id: deal.id,
    })
    expect(properties).not.toHaveProperty('empty')
  })

  test('R5.4 that are zero or false are told', () => {
    const properties = propertiesOf({ ...deal, value: 0 }, 'won', { from: before, daysInStage: 0 })
    expect(properties).toMatchObject({ value: 0, days_in_stage: 0 })
    expect(propertiesOf({ ...activity, done: false }, 'added')).toMatchObject({ done: false })
  })

  test('R5.4 of a stage, a pipeline or an owner without a known name are the ids alone', () => {
    const properties = propertiesOf({ ...deal, stageId: 99, pipelineId: 98, ownerId: 97 }, 'added')
    expect(properties).toMatchObject({ stage_id: 99, pipeline_id: 98 })
    for (const name of ['stage', 'pipeline', 'owner']) expect(properties).not.toHaveProperty(name)
  })

  test('R5.4 have no address where the company is unknown, or there is no page for it', () => {
    expect(propertiesOf(deal, 'added', {}, { ...words, webUrl: null })).not.toHaveProperty('url')
    const event = { key: 'k', entity: 'constructor', record_id: '1', action: 'added' }
    expect(eventProperties(event, { record: null }, words)).not.toHaveProperty('url')
  })
})

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 2 })
const id = maybe(fc.integer({ min: 1, max: 12 }))
const someDeal = fc
  .record({
    title: fc.string(),
    currency: maybe(fc.string()),
    personId: id,
    stageId: id,
    pipelineId: id,
    ownerId: id,
  })
  .map((changes) => sampleDeal(changes))
const someActivity = fc
  .record({ type: fc.string(), subject: fc.string(), dueDate: maybe(fc.string()), dealId: id, ownerId: id })
  .chain((changes) => maybe(fc.string({ unit: 'binary' })).map((note) => ({ ...activity, ...changes, note })))
const someLead = fc.record({ title: fc.string(), personId: id }).map((changes) => ({ ...lead, ...changes }))
const somePerson = id.map((organizationId) => samplePerson({ organizationId }))
const someFacts = fc.record(
  {
    from: fc.record({ stageId: id, pipelineId: id, status: fc.constantFrom('open', 'won', 'lost') }),
    daysInStage: maybe(fc.nat()),
    mergedId: fc.string(),
  },
  { requiredKeys: [] },
)

test('R5.4 nothing is null, empty or nested, whatever is unknown', () => {
  fc.assert(
    fc.property(fc.oneof(someDeal, someActivity, someLead, somePerson), someFacts, (record, facts) => {
      const properties = propertiesOf(record, 'updated', facts)
      for (const [name, value] of Object.entries(properties)) {
        expect(name).toMatch(/^[a-z_]+$/)
        expect(['string', 'number', 'boolean']).toContain(typeof value)
        expect(value).not.toBe('')
      }
    }),
  )
})

test('R5.4 an event with the longest of notes is within the 50 KB that Brevo takes', () => {
  // Escaped, in three bytes, in four, and cut in the middle of one.
  for (const letter of ['a', '"', '\u0001', '가', '😀', 'x😀'.repeat(2)]) {
    const properties = propertiesOf({ ...activity, note: letter.repeat(60_000) }, 'added')
    expect(Buffer.byteLength(JSON.stringify(properties))).toBeLessThan(49_000)
    expect(String(properties.note).length).toBeGreaterThan(5000)
    expect(String(properties.note).isWellFormed()).toBe(true)
  }
})
