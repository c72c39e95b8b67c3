/** Pipedrive's records to ours: an absent key and a null are one, and nothing is guessed. */
import { describe, expect, test } from 'vitest'
import { sampleField } from '../model/testdata/samples.ts'
import {
  fromPipedriveActivity,
  fromPipedriveDeal,
  fromPipedriveLead,
  fromPipedriveOrganization,
  fromPipedrivePerson,
  toIsoTime,
} from './from-pipedrive.ts'

const score = sampleField('a', 'Score', 'number')
const table = new Map([[score.key, score]])

/** The same record with null for every key of `keys`. */
function withNulls<T extends { id: unknown }>(id: T['id'], keys: readonly string[]): T {
  return { id, ...Object.fromEntries(keys.map((key) => [key, null])) } as T
}

describe('a person', () => {
  test('whose keys are absent equals one whose keys are null', () => {
    const keys =
      'name first_name last_name owner_id org_id add_time update_time emails phones is_deleted visible_to label_ids custom_fields job_title birthday notes postal_address marketing_status'
    const bare = fromPipedrivePerson({ id: 1 }, table)
    expect(fromPipedrivePerson(withNulls(1, keys.split(' ')), table)).toEqual(bare)
    expect(bare).toEqual({
      entity: 'person',
      id: 1,
      updatedAt: null,
      addedAt: null,
      deleted: false,
      emails: [],
      phones: [],
      organizationId: null,
      marketingStatus: null,
      fields: { id: { kind: 'number', number: 1 } },
    })
  })

  test('keeps every address in order, as written, and drops empty entries', () => {
    const { emails, phones } = fromPipedrivePerson(
      {
        id: 1,
        emails: [
          { value: ' A@x.com ' },
          { value: '' },
          { value: null, primary: true },
          { value: 'b@x.com', primary: true },
        ],
        phones: [{ value: '010', primary: null, label: 'work' }],
      },
      table,
    )
    expect(emails).toEqual([
      { value: ' A@x.com ', primary: false },
      { value: 'b@x.com', primary: true },
    ])
    expect(phones).toEqual([{ value: '010', primary: false }])
  })

  test('has its built-in and custom fields by key', () => {
    const person = fromPipedrivePerson(
      {
        id: 1,
        name: 'Ada',
        owner_id: 7,
        org_id: 8,
        label_ids: [3, 4],
        add_time: '2026-05-01T10:00:00Z',
        update_time: '2026-05-02T10:00:00Z',
        birthday: '1815-12-10',
        postal_address: { value: 'a', formatted_address: 'b' },
        visible_to: 3,
        marketing_status: 'unsubscribed',
        custom_fields: { [score.key]: 5 },
      },
      table,
    )
    expect(person).toMatchObject({
      updatedAt: '2026-05-02T10:00:00.000Z',
      addedAt: '2026-05-01T10:00:00.000Z',
      organizationId: 8,
      marketingStatus: 'unsubscribed',
    })
    expect(person.fields).toEqual({
      id: { kind: 'number', number: 1 },
      name: { kind: 'text', text: 'Ada' },
      owner_id: { kind: 'reference', entity: 'user', id: 7 },
      org_id: { kind: 'reference', entity: 'organization', id: 8 },
      label_ids: { kind: 'options', ids: ['3', '4'] },
      add_time: { kind: 'timestamp', at: '2026-05-01T10:00:00.000Z' },
      update_time: { kind: 'timestamp', at: '2026-05-02T10:00:00.000Z' },
      birthday: { kind: 'date', date: '1815-12-10' },
      postal_address: { kind: 'text', text: 'b' },
      visible_to: { kind: 'option', id: '3' },
      marketing_status: { kind: 'text', text: 'unsubscribed' },
      [score.key]: { kind: 'number', number: 5 },
    })
  })

  test('an unreadable custom field leaves the rest of the person alone', () => {
    const person = fromPipedrivePerson({ id: 1, name: 'Ada', custom_fields: { [score.key]: 'many' } }, table)
    expect(person.fields[score.key]).toEqual({ kind: 'unreadable', problem: 'is not a number' })
    expect(person.fields.name).toEqual({ kind: 'text', text: 'Ada' })
  })

  test('R7.1 is deleted when Pipedrive says so', () => {
    expect(fromPipedrivePerson({ id: 1, is_deleted: true }, table).deleted).toBe(true)
  })
})

describe('an organization', () => {
  test('whose keys are absent equals one whose keys are null', () => {
    const keys =
      'name owner_id add_time update_time address is_deleted visible_to label_ids website linkedin industry annual_revenue employee_count custom_fields'
    const bare = fromPipedriveOrganization({ id: 1 }, table)
    expect(fromPipedriveOrganization(withNulls(1, keys.split(' ')), table)).toEqual(bare)
    expect(bare).toMatchObject({ name: '', fields: { id: { kind: 'number', number: 1 } } })
  })

  test('keeps a zero, and its name trimmed', () => {
    const organization = fromPipedriveOrganization(
      { id: 1, name: ' Acme ', employee_count: 0, industry: 5 },
      table,
    )
    expect(organization.name).toBe('Acme')
    expect(organization.fields).toMatchObject({
      employee_count: { kind: 'number', number: 0 },
      industry: { kind: 'option', id: '5' },
    })
  })
})

describe('a deal', () => {
  test('open, whose keys are absent, equals one whose keys are null', () => {
    const keys =
      'title value currency person_id org_id stage_id pipeline_id owner_id won_time lost_time close_time stage_change_time add_time update_time is_archived is_deleted custom_fields'
    const bare = fromPipedriveDeal({ id: 1, status: 'open' })
    expect(fromPipedriveDeal({ ...withNulls<{ id: number }>(1, keys.split(' ')), status: 'open' })).toEqual(
      bare,
    )
    expect(bare).toMatchObject({
      title: '',
      value: 0,
      currency: null,
      wonAt: null,
      lostAt: null,
      archived: false,
    })
  })

  test('R3.1 takes the close time where the time of winning or losing is missing', () => {
    const close_time = '2026-05-01T10:00:00Z'
    const [iso, other] = ['2026-05-01T10:00:00.000Z', '2026-04-01T00:00:00.000Z']
    expect(fromPipedriveDeal({ id: 1, status: 'won', close_time })).toMatchObject({
      wonAt: iso,
      lostAt: null,
    })
    expect(fromPipedriveDeal({ id: 1, status: 'lost', close_time })).toMatchObject({
      wonAt: null,
      lostAt: iso,
    })
    expect(fromPipedriveDeal({ id: 1, status: 'won', won_time: other, close_time }).wonAt).toBe(other)
  })

  test('R7.3 a deleted one is deleted by either sign', () => {
    expect(fromPipedriveDeal({ id: 1, status: 'deleted' }).deleted).toBe(true)
    expect(fromPipedriveDeal({ id: 1, status: 'open', is_deleted: true }).deleted).toBe(true)
  })

  test.each([undefined, null, '', 'pending'])('of status %j is refused rather than guessed', (status) => {
    expect(() => fromPipedriveDeal({ id: 1, status })).toThrow(
      `status: expected open, won, lost or deleted, found ${JSON.stringify(status ?? null)}`,
    )
  })
})

describe('an activity', () => {
  test('R5.4 belongs to its person, else to its primary participant, else to the first', () => {
    const participants = [{ person_id: 2 }, { person_id: 3, primary: true }]
    expect(fromPipedriveActivity({ id: 1, person_id: 1, participants }).personId).toBe(1)
    expect(fromPipedriveActivity({ id: 1, participants }).personId).toBe(3)
    expect(fromPipedriveActivity({ id: 1, participants: [{ person_id: 2 }] }).personId).toBe(2)
    expect(fromPipedriveActivity({ id: 1, participants: [] }).personId).toBeNull()
  })

  test('R2.3 is done only when Pipedrive says so', () => {
    expect(fromPipedriveActivity({ id: 1 })).toMatchObject({ done: false, dueDate: null })
    expect(fromPipedriveActivity({ id: 1, done: true, due_date: '2026-05-01' })).toMatchObject({
      done: true,
      dueDate: '2026-05-01',
    })
  })
})

test('a lead whose keys are absent equals one whose keys are null', () => {
  const keys = 'title person_id organization_id is_archived add_time update_time'
  const bare = fromPipedriveLead({ id: 'f00d' })
  expect(fromPipedriveLead(withNulls('f00d', keys.split(' ')))).toEqual(bare)
  expect(bare).toMatchObject({ id: 'f00d', personId: null, archived: false })
  expect(fromPipedriveLead({ id: 'f00d', is_archived: true }).archived).toBe(true)
})

test('times are UTC in one form, so that they compare as text; what is no time is none', () => {
  expect(toIsoTime('2026-05-01T10:00:00Z')).toBe('2026-05-01T10:00:00.000Z')
  expect(toIsoTime('2026-05-01T10:00:00.123Z')).toBe('2026-05-01T10:00:00.123Z')
  expect(toIsoTime('2026-05-01T12:00:00+02:00')).toBe('2026-05-01T10:00:00.000Z')
  for (const none of [null, undefined, '', 'yesterday', '0000-00-00 00:00:00'])
    expect(toIsoTime(none)).toBeNull()
})
