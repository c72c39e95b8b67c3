import { describe, expect, test } from 'vitest'
import { dealSchema } from '../record/deal.ts'
import { organizationSchema } from '../record/organization.ts'
import { personSchema } from '../record/person.ts'
import { splitCustomFields } from './custom-fields.ts'
import { fromV1, toIsoTime } from './normalise.ts'
import { toV1Body } from './to-v1-body.ts'

const none = new Map<string, string>()
const key = (letter: string) => letter.repeat(40)

describe('a record of v1 gets the shape of v2', () => {
  test('person', () => {
    const person = fromV1(
      'person',
      {
        id: 1,
        company_id: 12,
        owner_id: { id: 123, name: 'Jane', value: 123 },
        org_id: { name: 'Org', value: 1234 },
        picture_id: null,
        name: 'Will Smith',
        active_flag: true,
        email: [{ value: 'a@b.c', primary: true, label: 'work' }],
        phone: [{ value: '', primary: true }],
        update_time: '2020-05-08 05:30:20',
        last_incoming_mail_time: '0000-00-00 00:00:00',
        visible_to: '3',
        label: 1,
        postal_address: 'Street 3',
        postal_address_route: 'Street',
        postal_address_locality: '',
        won_deals_count: 3,
      },
      none,
    )
    expect(person).toEqual({
      id: 1,
      owner_id: 123,
      org_id: 1234,
      picture_id: null,
      name: 'Will Smith',
      is_deleted: false,
      emails: [{ value: 'a@b.c', primary: true, label: 'work' }],
      phones: [],
      update_time: '2020-05-08T05:30:20Z',
      last_incoming_mail_time: null,
      visible_to: 3,
      label_ids: [1],
      postal_address: { value: 'Street 3', route: 'Street', locality: null },
      won_deals_count: 3,
      custom_fields: {},
    })
    expect(personSchema.safeParse(person).success).toBe(true)
  })

  test('deal', () => {
    const deal = fromV1(
      'deal',
      {
        id: 1,
        user_id: { id: 8877, value: 8877 },
        creator_user_id: { value: 8878 },
        person_id: { name: 'P', value: 1101 },
        org_id: null,
        deleted: true,
        active: false,
        label: '11,12',
        won_time: '2019-11-27 11:40:36',
        lost_time: null,
        formatted_value: '€5,000',
        value: 130,
      },
      none,
    )
    expect(deal).toEqual({
      id: 1,
      owner_id: 8877,
      creator_user_id: 8878,
      person_id: 1101,
      org_id: null,
      is_deleted: true,
      label_ids: [11, 12],
      won_time: '2019-11-27T11:40:36Z',
      lost_time: null,
      value: 130,
      custom_fields: {},
    })
    expect(dealSchema.safeParse(deal).success).toBe(true)
  })

  test('organization', () => {
    const row = {
      id: 1,
      address: 'A 1',
      address_country: 'Estonia',
      address_subpremise: '',
      active_flag: false,
      label_ids: [7],
    }
    const organization = fromV1('organization', row, none)
    expect(organization).toMatchObject({
      address: { value: 'A 1', country: 'Estonia', subpremise: null },
      is_deleted: true,
      label_ids: [7],
    })
    expect(organizationSchema.safeParse(organization).success).toBe(true)
    expect(fromV1('organization', { id: 2, address: null, address_country: null }, none)).toMatchObject({
      address: null,
    })
  })

  test('activity, stage, pipeline and field', () => {
    expect(
      fromV1(
        'activity',
        {
          id: 8,
          user_id: 1234,
          created_by_user_id: 5,
          busy_flag: true,
          active_flag: true,
          done: 1,
          due_time: '10:00',
          marked_as_done_time: '',
          participants: [{ person_id: 1101, primary_flag: true }],
          attendees: [{ email_address: 'x@y.z' }],
        },
        none,
      ),
    ).toEqual({
      id: 8,
      owner_id: 1234,
      creator_user_id: 5,
      busy: true,
      is_deleted: false,
      done: true,
      due_time: '10:00',
      marked_as_done_time: null,
      participants: [{ person_id: 1101, primary: true }],
      attendees: [{ email: 'x@y.z' }],
    })
    expect(fromV1('stage', { id: 1, rotten_flag: false, rotten_days: 2, active_flag: true }, none)).toEqual({
      id: 1,
      is_deal_rot_enabled: false,
      days_to_rotten: 2,
      is_deleted: false,
    })
    expect(fromV1('pipeline', { id: 1, active: true, deal_probability: true }, none)).toMatchObject({
      is_deal_probability_enabled: true,
    })
    expect(fromV1('field', { id: 2, key: key('9'), name: 'Source', field_type: 'enum' }, none)).toMatchObject(
      {
        field_code: key('9'),
        field_name: 'Source',
        is_custom_field: true,
      },
    )
  })

  test('times without a zone are UTC; year zero and nothing are null; anything else stays', () => {
    expect(
      ['2020-05-08 05:30:20', '0000-00-00 00:00:00', '', null, '11:30:00', '2020-10-14T11:30:36.551Z'].map(
        toIsoTime,
      ),
    ).toEqual(['2020-05-08T05:30:20Z', null, null, null, '11:30:00', '2020-10-14T11:30:36.551Z'])
  })
})

describe('custom fields', () => {
  const types = new Map([
    [key('a'), 'monetary'],
    [key('b'), 'enum'],
    [key('c'), 'set'],
    [key('d'), 'daterange'],
    [key('e'), 'org'],
    [key('f'), 'varchar'],
    [key('1'), 'time'],
    [key('2'), 'address'],
  ])
  const row = {
    id: 1,
    [key('a')]: '500',
    [`${key('a')}_currency`]: 'USD',
    [key('b')]: '123',
    [key('c')]: '123,456',
    [key('d')]: '2024-01-01',
    [`${key('d')}_until`]: '2024-02-01',
    [key('e')]: { value: 77, name: 'Org' },
    [key('f')]: '123',
    [key('1')]: '09:00:00',
    [`${key('1')}_timezone_id`]: 318,
    [key('2')]: 'Street 3',
    [`${key('2')}_route`]: 'Street',
  }

  test('take the shapes of v2 by their definitions', () => {
    expect(splitCustomFields(row, types)).toEqual({
      plain: { id: 1 },
      custom: {
        [key('a')]: { value: 500, currency: 'USD' },
        [key('b')]: 123,
        [key('c')]: [123, 456],
        [key('d')]: { value: '2024-01-01', until: '2024-02-01' },
        [key('e')]: 77,
        [key('f')]: '123',
        [key('1')]: { value: '09:00:00', timezone_id: 318 },
        [key('2')]: { value: 'Street 3', route: 'Street' },
      },
    })
  })

  test('that are unset stay null whatever their type', () => {
    const unset = Object.fromEntries([...types.keys()].map((name) => [name, null]))
    expect(splitCustomFields(unset, types).custom).toEqual(unset)
  })

  test('go back into the flat form of v1', () => {
    expect(
      toV1Body('deal', {
        title: 'T',
        owner_id: 5,
        custom_fields: { [key('a')]: { value: 5, currency: 'EUR' }, [key('c')]: [1, 2], [key('f')]: null },
      }),
    ).toEqual({
      title: 'T',
      user_id: 5,
      [key('a')]: 5,
      [`${key('a')}_currency`]: 'EUR',
      [key('c')]: '1,2',
      [key('f')]: null,
    })
  })
})
