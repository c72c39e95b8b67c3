/** What the bodies of webhooks of both versions say, as a real receiver gets them. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { codeOf, type Scene, startScene } from '../../../test/support/pipedrive-scene.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of any shape.
let bodies: any[] = []
let scene: Scene
let stop = (): void => {}

beforeEach(async () => {
  bodies = []
  scene = await startScene()
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    bodies.push(JSON.parse(text))
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stop = () => {
    server.close()
    server.closeAllConnections()
  }
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
})
afterEach(async () => {
  await scene.stop()
  stop()
})

let url = ''
const subscribe = (version: '1.0' | '2.0', wanted: object = {}) => {
  const all = { subscription_url: url, event_action: '*', event_object: '*', name: 'Test', version }
  return scene.call('POST', '/v1/webhooks', { ...all, ...wanted })
}
/** The bodies of what `act` brings about. */
const toldBy = async (act: () => unknown) => {
  bodies = []
  await act()
  await scene.simulator.settleWebhooks()
  return bodies
}
const state = () => scene.simulator.state
const LIVE = 'adf21080-0e10-41eb-879b-000000000001'
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/

describe('version 2.0', () => {
  beforeEach(() => subscribe('2.0'))

  it('tells a change with the whole record and what the changed fields held before', async () => {
    const [body] = await toldBy(() => scene.call('PATCH', '/api/v2/deals/1', { stage_id: 2 }))
    expect(body.previous).toEqual({ stage_id: 1 })
    expect(body.data).toMatchObject({
      id: 1,
      stage_id: 2,
      status: 'open',
      visible_to: '3',
      stage_change_time: '2026-06-15T10:00:00Z',
      update_time: '2026-06-15T10:00:00Z',
      is_archived: false,
    })
    expect(body.data).not.toHaveProperty('is_deleted')
    expect(body.meta).toEqual({
      action: 'change',
      entity: 'deal',
      entity_id: '1',
      id: expect.stringMatching(UUID),
      correlation_id: expect.stringMatching(UUID),
      company_id: String(state().seed.company.id),
      user_id: '1',
      webhook_id: '1',
      webhook_owner_id: '1',
      permitted_user_ids: ['1', '2'],
      timestamp: '2026-06-15T10:00:00.400Z',
      version: '2.0',
      type: 'general',
      change_source: 'api',
      is_bulk_edit: false,
      attempt: 1,
      host: `${state().seed.company.domain}.pipedrive.com`,
    })
  })

  it('tells visibility as a string, before and after', async () => {
    const [body] = await toldBy(() => state().patch('person', 1, { visible_to: 1 }))
    expect([body.previous, body.data.visible_to]).toEqual([{ visible_to: '3' }, '1'])
    expect(body.meta).toMatchObject({ change_source: 'app', permitted_user_ids: ['1'] })
  })

  it('tells a new record without its custom fields and its time of update, unless the switch says otherwise', async () => {
    const values = { name: 'New One', custom_fields: { [codeOf('varchar')]: 'x' } }
    const [sparse] = await toldBy(() => scene.call('POST', '/api/v2/persons', values))
    expect(sparse).toMatchObject({ previous: null, data: { name: 'New One', update_time: null } })
    expect(sparse.data.custom_fields).toEqual({})
    state().switches.webhookSparseCreate = false
    const [full] = await toldBy(() => scene.call('POST', '/api/v2/persons', values))
    expect(full.meta.action).toBe('create')
    expect(full.data.update_time).toBe('2026-06-15T10:00:00Z')
    expect(full.data.custom_fields[codeOf('varchar')]).toEqual({ type: 'varchar', value: 'x' })
  })

  it('tells a deletion with nothing but the last state', async () => {
    for (const entity of ['person', 'organization', 'deal', 'activity', 'stage'] as const) {
      const [body] = await toldBy(() => state().delete(entity, 1))
      expect(body).toMatchObject({
        data: null,
        previous: { id: 1 },
        meta: { action: 'delete', entity, entity_id: '1' },
      })
    }
  })

  it('tells a merge as the change of the one and the deletion of the other', async () => {
    const told = await toldBy(() => scene.call('PUT', '/v1/persons/2/merge', { merge_with_id: 1 }))
    const [survivor, loser] = ['1', '2'].map((id) =>
      told.find(({ meta }) => meta.entity === 'person' && meta.entity_id === id),
    )
    expect(survivor.meta).toMatchObject({ action: 'change', merged_from_id: '2' })
    expect(survivor.previous.emails).toHaveLength(1)
    expect(survivor.data.emails).toHaveLength(2)
    expect(loser).toMatchObject({ data: null, meta: { action: 'delete', merged_to_id: '1' } })
    expect(told.find(({ meta }) => meta.entity === 'deal')).toMatchObject({ previous: { person_id: 2 } })
  })

  it('tells the archiving of deals and leads as changes', async () => {
    const [deal] = await toldBy(() => state().archive('deal', 1))
    expect(deal.previous).toEqual({ is_archived: false, archive_time: null })
    expect(deal.data).toMatchObject({ is_archived: true, archive_time: '2026-06-15T10:00:00Z' })
    const [lead] = await toldBy(() => state().archive('lead', LIVE))
    expect(lead.previous).toEqual({ is_archived: false })
    expect(lead.data.is_archived).toBe(true)
  })

  it('tells leads in their own words, through to the deal they become', async () => {
    const values = {
      title: 'A lead',
      organization_id: 1,
      value: { amount: 9, currency: 'EUR' },
      label_ids: ['f08b42a0-4e75-41ea-a643-03698ef1cfd6'],
    }
    const [made] = await toldBy(() => scene.call('POST', '/v1/leads', values))
    expect(made.data).toMatchObject({ ...values, creator_id: 1, is_archived: false, visible_to: '3' })
    const id = made.meta.entity_id as string
    expect(made.data.id).toBe(id)
    const activity = state().insert('activity', { subject: 'Call', lead_id: id })
    const told = await toldBy(() => scene.call('POST', '/__sandbox/convert-lead', { id, stage_id: 2 }))
    const dealOf = told.find(({ meta }) => meta.entity === 'deal')
    expect(dealOf).toMatchObject({
      meta: { action: 'create' },
      data: { title: 'A lead', org_id: 1, value: 9, stage_id: 2 },
    })
    expect(told.find(({ meta }) => meta.entity === 'activity' && meta.action === 'change')).toMatchObject({
      data: { id: activity.id, deal_id: dealOf.data.id, lead_id: null },
      previous: { lead_id: id, deal_id: null },
    })
    expect(told.find(({ meta }) => meta.entity === 'lead')).toMatchObject({
      data: null,
      meta: { action: 'delete', entity_id: id },
    })
    const shown = await scene.call('GET', `/api/v2/deals/${dealOf.data.id}?include_fields=source_lead_id`)
    expect(shown.body.data.source_lead_id).toBe(id)
    expect((await scene.call('GET', `/v1/leads/${id}`)).status).toBe(404)
  })

  it('tells activities, pipelines and stages in words of v1', async () => {
    const [activity] = await toldBy(() => state().patch('activity', 1, { done: false }))
    expect(activity.data).toMatchObject({
      active_flag: true,
      busy_flag: false,
      due_time: { timezone_id: null, value: '09:30:00' },
      duration: null,
      update_user_id: 1,
    })
    const [stage] = await toldBy(() => state().patch('stage', 1, { name: 'Renamed' }))
    expect(stage).toMatchObject({
      data: { active_flag: true, rotten_flag: false, deal_probability: 100 },
      previous: { name: 'First' },
    })
    const [pipeline] = await toldBy(() => state().insert('pipeline', { name: 'Second' }))
    expect(pipeline).toMatchObject({
      meta: { entity: 'pipeline', action: 'create' },
      data: { active_flag: true },
    })
  })

  it('tells users with ids of text, times in seconds, and who leaves as inactive', async () => {
    const [renamed] = await toldBy(() =>
      scene.call('POST', '/__sandbox/user', { id: 2, values: { name: 'Sam Renamed' } }),
    )
    expect(renamed).toMatchObject({
      data: { id: '2', name: 'Sam Renamed' },
      previous: { name: 'Sam Seller' },
      meta: { entity: 'user', id: '2', entity_id: '2', timestamp: 1_781_517_600 },
    })
    const [left] = await toldBy(() => state().putUser(2, { active: false }))
    expect(left).toMatchObject({ meta: { action: 'change' }, previous: { active_flag: true } })
    const [came] = await toldBy(() => state().putUser(7, { name: 'New', email: 'new@example.com' }))
    expect(came.meta.action).toBe('create')
    expect((await scene.call('GET', '/v1/users/2')).body.data).toMatchObject({
      name: 'Sam Renamed',
      active_flag: false,
    })
  })

  it('has a way of its own to tell custom fields', async () => {
    const custom_fields = {
      [codeOf('varchar')]: 'text',
      [codeOf('double')]: 5,
      [codeOf('monetary')]: { value: 13, currency: 'BRL' },
      [codeOf('enum')]: 11,
      [codeOf('set')]: [11, 12],
      [codeOf('user')]: 2,
      [codeOf('people')]: 1,
      [codeOf('date')]: '2026-01-02',
      [codeOf('daterange')]: { value: '2026-01-02', until: '2026-01-03' },
      [codeOf('time')]: { value: '09:00:00' },
      [codeOf('timerange')]: { value: '09:00:00', until: '10:00:00' },
      [codeOf('address')]: { value: 'Main Street 1' },
    }
    const [body] = await toldBy(() => scene.call('PATCH', '/api/v2/persons/1', { custom_fields }))
    expect(body.data.custom_fields).toMatchObject({
      [codeOf('varchar')]: { type: 'varchar', value: 'text' },
      [codeOf('double')]: { type: 'double', value: 5 },
      [codeOf('monetary')]: { type: 'monetary', value: 13, currency: 'BRL' },
      [codeOf('enum')]: { type: 'enum', id: 11 },
      [codeOf('set')]: { type: 'set', values: [{ id: 11 }, { id: 12 }] },
      [codeOf('user')]: { type: 'user', id: 2 },
      [codeOf('people')]: { type: 'people', id: 1 },
      [codeOf('date')]: { type: 'date', value: '2026-01-02' },
      [codeOf('daterange')]: { type: 'daterange', from: '2026-01-02', until: '2026-01-03' },
      [codeOf('time')]: { type: 'time', value: '09:00:00', timezone_id: 1 },
      [codeOf('timerange')]: { type: 'timerange', from: '09:00:00', until: '10:00:00', timezone_id: 1 },
      [codeOf('address')]: { type: 'address', value: 'Main Street 1', locality: null },
      [codeOf('phone')]: null,
    })
    expect(body.previous).toEqual({
      custom_fields: Object.fromEntries(Object.keys(custom_fields).map((code) => [code, null])),
    })
    state().switches.emptyKeys = 'absent'
    const [cleared] = await toldBy(() =>
      scene.call('PATCH', '/api/v2/persons/1', { custom_fields: { [codeOf('enum')]: null } }),
    )
    expect(cleared.previous).toEqual({ custom_fields: { [codeOf('enum')]: { type: 'enum', id: 11 } } })
    expect(cleared.data.custom_fields).not.toHaveProperty(codeOf('enum'))
    expect(cleared.data.custom_fields).not.toHaveProperty(codeOf('phone'))
  })
})

describe('version 1.0', () => {
  beforeEach(() => subscribe('1.0'))

  it('tells a change with both whole records, flat', async () => {
    const [body] = await toldBy(() => scene.call('PATCH', '/api/v2/persons/1', { name: 'New Name' }))
    expect(body).toMatchObject({
      v: 1,
      retry: 0,
      event: 'updated.person',
      current: { id: 1, name: 'New Name', org_id: 1, owner_id: 1, visible_to: '3', open_deals_count: 1 },
      previous: { id: 1, name: 'Jane Doe' },
      meta: {
        v: 1,
        action: 'updated',
        object: 'person',
        id: 1,
        company_id: state().seed.company.id,
        user_id: 1,
        change_source: 'api',
        timestamp: 1_781_517_600,
        timestamp_micro: 1_781_517_600_400_000,
        permitted_user_ids: [1, 2],
        webhook_id: '1',
      },
    })
    expect(body.current.email[0].value).toBe('jane@acme.example')
  })

  it('tells additions without a before and deletions without an after', async () => {
    const [added] = await toldBy(() => state().insert('organization', { name: 'Fresh' }))
    expect(added).toMatchObject({
      event: 'added.organization',
      previous: null,
      current: { name: 'Fresh', owner_id: 1 },
    })
    const [deleted] = await toldBy(() => state().delete('deal', 1))
    expect(deleted).toMatchObject({
      event: 'deleted.deal',
      current: null,
      previous: { id: 1, org_id: 1, person_id: 1 },
    })
  })

  it('tells a merge as one event of the survivor', async () => {
    const told = await toldBy(() =>
      state().merge('organization', state().insert('organization', { name: 'Twin' }).id, 1),
    )
    expect(told.map(({ event }) => event)).toEqual(['added.organization', 'merged.organization'])
    expect(told[1]).toMatchObject({ meta: { id: 1, action: 'merged' }, current: { id: 1 } })
  })

  it('knows no leads, and tells users in arrays', async () => {
    expect(await toldBy(() => state().archive('lead', LIVE))).toEqual([])
    const [user] = await toldBy(() => state().putUser(2, { name: 'Renamed' }))
    expect(user).toMatchObject({ event: 'updated.user', current: [{ id: 2, name: 'Renamed' }] })
  })
})

it('previous laid over data is the record as it was, whatever was changed', async () => {
  const change = fc.record(
    {
      title: fc.constantFrom('A', 'B'),
      value: fc.integer({ min: 0, max: 3 }),
      stage_id: fc.constantFrom(1, 2),
      status: fc.constantFrom('open', 'won', 'lost'),
      label_ids: fc.constantFrom([], [1]),
      visible_to: fc.constantFrom(1, 3),
      custom_fields: fc.record(
        { [codeOf('enum')]: fc.constantFrom(11, 12, null), [codeOf('double')]: fc.constantFrom(1, null) },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  )
  await subscribe('2.0', { event_object: 'deal' })
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 2, maxLength: 6 }), async (changes) => {
      const told = await toldBy(async () => {
        for (const values of changes) {
          state().patch('deal', 1, values)
          await scene.simulator.settleWebhooks()
        }
      })
      expect(told).toHaveLength(changes.length)
      told.slice(1).forEach(({ data, previous }, index) => {
        const restored = {
          ...data,
          ...previous,
          custom_fields: { ...data.custom_fields, ...previous.custom_fields },
        }
        expect(restored).toEqual({
          ...told[index].data,
          stage_change_time: data.stage_change_time,
        })
      })
    }),
    { numRuns: 25 },
  )
})
