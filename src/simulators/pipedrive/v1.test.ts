/** API v1 over HTTP: what lives on (leads, notes, webhooks, history, account) and what left support. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Reply, type Scene, startScene, USER_TOKEN } from '../../../test/support/pipedrive-scene.ts'

let scene: Scene
beforeEach(async () => {
  scene = await startScene()
})
afterEach(() => scene.stop())

const get = (path: string): Promise<Reply> => scene.call('GET', `/v1${path}`)
const LIVE = 'adf21080-0e10-41eb-879b-000000000001'
const ARCHIVED = 'adf21080-0e10-41eb-879b-000000000002'
const HOT = 'f08b42a0-4e75-41ea-a643-03698ef1cfd6'

describe('leads', () => {
  it('are listed apart from archived ones, with milliseconds and a pagination object', async () => {
    const { body } = await get('/leads')
    expect(body.data).toMatchObject([
      { id: LIVE, organization_id: null, update_time: '2026-06-02T08:00:00.551Z', visible_to: '3' },
    ])
    expect(body.additional_data).toEqual({
      pagination: { start: 0, limit: 100, more_items_in_collection: false },
    })
    expect((await get('/leads/archived')).body.data).toMatchObject([{ id: ARCHIVED, is_archived: true }])
  })

  it('go through their life', async () => {
    const made = await scene.call('POST', '/v1/leads', {
      title: 'New',
      person_id: 1,
      label_ids: [HOT],
      value: { amount: 10, currency: 'EUR' },
    })
    expect(made.status).toBe(201)
    expect(made.body.data).toMatchObject({
      title: 'New',
      add_time: '2026-06-15T10:00:00.400Z',
      label_ids: [HOT],
    })
    const path = `/v1/leads/${made.body.data.id}`
    expect((await get('/leads?updated_since=2026-06-15T00:00:00Z')).body.data).toHaveLength(1)
    expect((await get('/leads?limit=1&sort=update_time%20DESC')).body).toMatchObject({
      data: [{ title: 'New' }],
      additional_data: { pagination: { more_items_in_collection: true, next_start: 1 } },
    })
    expect((await scene.call('PATCH', path, { value: null })).body.data.value).toBeNull()
    expect((await scene.call('DELETE', path)).body).toEqual({
      success: true,
      data: { id: made.body.data.id },
    })
    expect((await scene.call('GET', path)).status).toBe(404)
  })

  it.each([
    ['without a title', { person_id: 1 }],
    ['of nobody', { title: 'X' }],
    ['of a person that is not there', { title: 'X', person_id: 99 }],
    ['with an unknown label', { title: 'X', person_id: 1, label_ids: ['nope'] }],
    ['with a number as text', { title: 'X', person_id: '1' }],
  ])('are refused %s', async (_, body) => {
    expect((await scene.call('POST', '/v1/leads', body)).status).toBe(400)
  })

  it('cannot be changed while archived, nor asked for by fractions of a second', async () => {
    expect((await scene.call('PATCH', `/v1/leads/${ARCHIVED}`, { title: 'X' })).status).toBe(400)
    expect((await get('/leads?updated_since=2026-06-15T00:00:00.000Z')).status).toBe(400)
  })

  it('paginate flat and leave an empty list empty, by switch', async () => {
    const other = await startScene({ switches: { leadPagination: 'flat', emptyV1List: 'array' } })
    try {
      const { body } = await other.call('GET', '/v1/leads?person_id=99')
      expect(body).toEqual({
        success: true,
        data: [],
        additional_data: { start: 0, limit: 100, more_items_in_collection: false },
      })
    } finally {
      await other.stop()
    }
    expect((await get('/leads?person_id=99')).body.data).toBeNull()
  })

  it('have labels', async () => {
    const made = (await scene.call('POST', '/v1/leadLabels', { name: 'Warm', color: 'yellow' })).body.data
    expect((await get('/leadLabels')).body.data).toMatchObject([{ name: 'Hot' }, { name: 'Warm' }])
    expect((await scene.call('PATCH', `/v1/leadLabels/${made.id}`, { name: 'Cool' })).body.data.name).toBe(
      'Cool',
    )
    expect((await scene.call('DELETE', `/v1/leadLabels/${made.id}`)).status).toBe(200)
  })
})

describe('notes', () => {
  it('take forms and PUT', async () => {
    const made = await scene.call('POST', '/v1/notes', 'content=Hello&person_id=2', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(made.body.data).toMatchObject({ content: 'Hello', person_id: 2, add_time: '2026-06-15 10:00:00' })
    const path = `/v1/notes/${made.body.data.id}`
    expect((await scene.call('PUT', path, { content: 'Bye' })).body.data.content).toBe('Bye')
    expect((await get('/notes?person_id=2')).body.data).toHaveLength(1)
    expect((await scene.call('DELETE', path)).body).toEqual({ success: true, data: true })
    expect((await get('/notes?person_id=2')).body.data).toBeNull()
    expect((await scene.call('POST', '/v1/notes', { content: 'Of nobody' })).status).toBe(400)
  })
})

describe('webhooks', () => {
  const wanted = {
    subscription_url: 'https://tajo.example/webhooks/pipedrive',
    event_action: 'change',
    event_object: 'person',
    name: 'Tajo',
    http_auth_user: 'u',
    http_auth_password: 'p',
  }

  it('are kept, listed and removed', async () => {
    const made = await scene.call('POST', '/v1/webhooks', wanted)
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      status: 'ok',
      success: true,
      data: {
        id: 1,
        version: '2.0',
        is_active: 1,
        type: 'general',
        user_id: 1,
        http_auth_password: 'p',
        last_http_status: null,
      },
    })
    expect((await get('/webhooks')).body.data).toEqual([made.body.data])
    expect((await scene.call('DELETE', '/v1/webhooks/1')).body).toEqual({ status: 'ok', success: true })
    const again = await scene.call('DELETE', '/v1/webhooks/1')
    expect(again.status).toBe(404)
    expect(again.body).toEqual({ status: 'error', success: false, errors: { id: ['not found'] } })
  })

  it.each([
    ['http://tajo.example/x', 'subscription_url'],
    ['https://api.pipedrive.com/v1/x', 'subscription_url'],
    ['nowhere', 'subscription_url'],
  ])('refuse the URL %s', async (subscription_url, key) => {
    const { status, body } = await scene.call('POST', '/v1/webhooks', { ...wanted, subscription_url })
    expect(status).toBe(400)
    expect(body.errors).toEqual({ [key]: ['invalid or non-reachable URL'] })
  })

  it('refuse words of the other version and a missing name', async () => {
    expect((await scene.call('POST', '/v1/webhooks', { ...wanted, event_action: 'updated' })).status).toBe(
      400,
    )
    expect((await scene.call('POST', '/v1/webhooks', { ...wanted, event_object: 'contact' })).status).toBe(
      400,
    )
    expect((await scene.call('POST', '/v1/webhooks', { ...wanted, name: undefined })).status).toBe(400)
    const old = { ...wanted, version: '1.0', event_action: 'merged' }
    expect((await scene.call('POST', '/v1/webhooks', old)).status).toBe(201)
  })

  it('are forty per user at most, and no other user’s to remove', async () => {
    for (let i = 0; i < 40; i++) await scene.call('POST', '/v1/webhooks', wanted)
    expect((await scene.call('POST', '/v1/webhooks', wanted)).status).toBe(422)
    const asUser = { token: USER_TOKEN }
    expect((await scene.call('POST', '/v1/webhooks', wanted, asUser)).status).toBe(201)
    const foreign = await scene.call('DELETE', '/v1/webhooks/1', undefined, asUser)
    expect(foreign.status).toBe(403)
    expect(foreign.body).toEqual({ success: false, message: 'Forbidden' })
  })
})

describe('history', () => {
  it('keeps a changelog, newest first, by cursor', async () => {
    scene.simulator.state.patch('deal', 1, { value: 700 })
    await scene.clock.advance(2000)
    scene.simulator.state.patch('deal', 1, { stage_id: 2 }, { userId: 2 })
    const first = (await get('/deals/1/changelog?limit=1')).body
    expect(first.data).toMatchObject([
      { field_key: 'stage_change_time', actor_user_id: 2, time: '2026-06-15 10:00:02' },
    ])
    const { next_cursor } = first.additional_data
    const rest = (await get(`/deals/1/changelog?cursor=${encodeURIComponent(next_cursor)}`)).body
    expect(rest.data).toMatchObject([
      { field_key: 'stage_id', old_value: '1', new_value: '2' },
      { field_key: 'value', old_value: '100', new_value: '700', change_source: 'app' },
    ])
    expect(rest.additional_data.next_cursor).toBeNull()
    expect((await get('/deals/1/changelog?cursor=zzz')).status).toBe(400)
  })

  it('lists recent changes of all kinds in v1 shape, no more than a month back', async () => {
    const all = (await get('/recents?since_timestamp=2026-06-06%2000:00:00')).body
    expect(all.data.map(({ item, id }: { item: string; id: number }) => `${item} ${id}`)).toEqual([
      'deal 2',
      'deal 3',
    ])
    expect(all.additional_data).toMatchObject({
      last_timestamp_on_page: '2026-06-07 08:00:00',
      pagination: { start: 0, more_items_in_collection: false },
    })
    const persons = (await get('/recents?since_timestamp=2025-01-01%2000:00:00&items=person&limit=1')).body
    expect(persons.data[0].data).toMatchObject({
      id: 2,
      update_time: '2026-06-03 08:00:00',
      active_flag: true,
    })
    expect(persons.additional_data.pagination.next_start).toBe(1)
    await scene.clock.advance(32 * 86_400_000)
    expect((await get('/recents?since_timestamp=2025-01-01%2000:00:00')).body.data).toEqual([])
    expect((await get('/recents')).status).toBe(400)
  })

  it('merges persons: the one in the path goes, the other wins and inherits', async () => {
    const { status, body } = await scene.call('PUT', '/v1/persons/1/merge', { merge_with_id: 2 })
    expect(status).toBe(200)
    expect(body.data).toMatchObject({
      id: 2,
      name: '김민준',
      merge_what_id: 1,
      org_id: 1,
      won_deals_count: 1,
    })
    expect(body.data.email.map(({ value }: { value: string }) => value)).toEqual([
      'minjun@acme.example',
      'jane@acme.example',
    ])
    expect((await scene.call('GET', '/api/v2/persons/1')).body.data.is_deleted).toBe(true)
    expect((await scene.call('GET', '/api/v2/deals?person_id=2')).body.data).toHaveLength(2)
    expect((await scene.call('PUT', '/v1/persons/1/merge', { merge_with_id: 2 })).status).toBe(404)
  })

  it('merges organizations with the shortest of answers, and deals', async () => {
    scene.simulator.state.insert('organization', { name: 'Acme Ltd' })
    const { body } = await scene.call('PUT', '/v1/organizations/1/merge', { merge_with_id: 2 })
    expect(body).toEqual({ success: true, data: { id: 2 } })
    expect((await scene.call('GET', '/api/v2/persons/1')).body.data.org_id).toBe(2)
    const deals = await scene.call('PUT', '/v1/deals/1/merge', { merge_with_id: 2 })
    expect(deals.body.data).toMatchObject({ id: 2, value: 250, merge_what_id: 1 })
  })
})

it('knows users, the company, activity types and currencies', async () => {
  expect((await get('/users')).body.data).toMatchObject([{ id: 1, is_you: true }, { id: 2 }])
  expect((await get('/users/me')).body.data).toMatchObject({ company_domain: 'empty', company_id: 1 })
  const seller = (await get('/users/2')).body.data
  expect(seller.access.some(({ admin }: { admin: boolean }) => admin)).toBe(false)
  expect((await get('/activityTypes')).body.data).toContainEqual(
    expect.objectContaining({ key_string: 'meeting' }),
  )
  expect((await get('/currencies?term=won')).body.data).toMatchObject([{ code: 'KRW', decimal_points: 0 }])
})

describe('the endpoints that left support', () => {
  it('still answer in v1 shapes', async () => {
    const { body } = await get('/persons?start=1&limit=2')
    expect(body.additional_data.pagination).toEqual({
      start: 1,
      limit: 2,
      more_items_in_collection: true,
      next_start: 3,
    })
    const jane = (await get('/persons/1')).body.data
    expect(jane).toMatchObject({
      org_id: { value: 1, name: 'Acme' },
      owner_id: { value: 1 },
      visible_to: '3',
      update_time: '2026-06-05 08:00:00',
      won_deals_count: 1,
    })
    expect((await get('/persons/3')).body.data.email).toEqual([{ value: '', primary: true, label: 'work' }])
    expect((await get('/deals?status=won')).body.data).toMatchObject([
      { id: 2, person_id: { value: 1 }, won_time: '2026-06-06 08:00:00' },
    ])
    expect((await get('/deals')).body.data).toHaveLength(2)
    expect((await get('/pipelines')).body.data).toMatchObject([{ id: 1, active: true }])
    expect((await get('/stages')).body.data).toMatchObject([{ pipeline_name: 'Pipeline' }, {}])
    expect((await get('/activities/1')).body.data).toMatchObject({
      user_id: 1,
      due_time: '09:30',
      busy_flag: false,
    })
    expect((await get('/itemSearch?term=jane&item_types=person')).body.data.items).toHaveLength(1)
    const exact = await get('/persons/search?term=jane@acme.example&fields=email&exact_match=true')
    expect(exact.body.data.items).toMatchObject([{ item: { id: 1, emails: ['jane@acme.example'] } }])
  })

  it('still write', async () => {
    const made = await scene.call('POST', '/v1/persons', { name: 'V One', email: ['v1@x.example'] })
    expect(made.status).toBe(201)
    const path = `/v1/persons/${made.body.data.id}`
    expect((await scene.call('PUT', path, { phone: '123' })).body.data).toMatchObject({
      email: [{ value: 'v1@x.example', primary: true, label: 'work' }],
      phone: [{ value: '123', primary: true, label: 'work' }],
    })
    expect((await scene.call('DELETE', path)).body.data.id).toBe(made.body.data.id)
  })

  it('or are gone, by switch, while the rest of v1 lives', async () => {
    const later = await startScene({ switches: { v1Entities: 'gone' } })
    try {
      for (const path of ['/v1/persons', '/v1/deals/1', '/v1/itemSearch?term=jane', '/api/v1/stages'])
        expect((await later.call('GET', path)).status).toBe(410)
      expect((await later.call('GET', '/v1/leads')).status).toBe(200)
    } finally {
      await later.stop()
    }
  })
})
