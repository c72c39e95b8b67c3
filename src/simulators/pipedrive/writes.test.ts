/** Writing through API v2 over HTTP: what follows from a change, and everything that is refused. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { codeOf, type Reply, type Scene, startScene } from '../../../test/support/pipedrive-scene.ts'

let scene: Scene
beforeEach(async () => {
  scene = await startScene()
})
afterEach(() => scene.stop())

const post = (path: string, body: unknown): Promise<Reply> => scene.call('POST', `/api/v2${path}`, body)
const patch = (path: string, body: unknown): Promise<Reply> => scene.call('PATCH', `/api/v2${path}`, body)
const get = (path: string): Promise<Reply> => scene.call('GET', `/api/v2${path}`)

describe('persons', () => {
  it('splits the name, labels the address and stamps whole seconds', async () => {
    const { status, body } = await post('/persons', {
      name: 'Ada King Lovelace',
      emails: [{ value: 'ada@x.example' }, { value: 'b@x.example', label: 'home' }],
    })
    expect(status).toBe(200)
    expect(body.data).toMatchObject({
      id: 5,
      first_name: 'Ada King',
      last_name: 'Lovelace',
      owner_id: 1,
      add_time: '2026-06-15T10:00:00Z',
      update_time: '2026-06-15T10:00:00Z',
      emails: [
        { value: 'ada@x.example', primary: true, label: 'work' },
        { value: 'b@x.example', primary: false, label: 'home' },
      ],
    })
  })

  it('keeps what a PATCH does not name, and replaces e-mails whole', async () => {
    await scene.clock.advance(5000)
    await patch('/persons/1', { custom_fields: { [codeOf('double')]: 5, [codeOf('text')]: 'x' } })
    const { body } = await patch('/persons/1', {
      emails: [{ value: 'new@acme.example', primary: true }],
      custom_fields: { [codeOf('text')]: null },
    })
    expect(body.data).toMatchObject({ name: 'Jane Doe', org_id: 1, update_time: '2026-06-15T10:00:05Z' })
    expect(body.data.emails).toEqual([{ value: 'new@acme.example', primary: true, label: 'work' }])
    expect(body.data.custom_fields[codeOf('double')]).toBe(5)
    expect(body.data.custom_fields[codeOf('text')]).toBeNull()
  })

  it.each([
    ['no name', {}],
    ['a number as text', { name: 'X', owner_id: '1' }],
    ['visible_to as text', { name: 'X', visible_to: '3' }],
    [
      'two primary addresses',
      {
        name: 'X',
        emails: [
          { value: 'a', primary: true },
          { value: 'b', primary: true },
        ],
      },
    ],
    ['an address that is no object', { name: 'X', emails: ['a@b.example'] }],
    ['an address without a value', { name: 'X', emails: [{ label: 'work' }] }],
    ['0 for false', { name: 'X', emails: [{ value: 'a', primary: 0 }] }],
    ['an organization that is not there', { name: 'X', org_id: 99 }],
    ['an unknown key', { name: 'X', org: 1 }],
    ['an unknown custom field', { name: 'X', custom_fields: { ['e'.repeat(40)]: 1 } }],
    ['an empty set', { name: 'X', custom_fields: { [codeOf('set')]: [] } }],
    ['an option that is not there', { name: 'X', custom_fields: { [codeOf('enum')]: 99 } }],
    ['money without a currency', { name: 'X', custom_fields: { [codeOf('monetary')]: { value: 1 } } }],
    ['a list as body', [1]],
  ])('refuses %s', async (_, body) => {
    const reply = await post('/persons', body)
    expect(reply.status).toBe(400)
    expect(reply.body.code).toBe('ERR_SCHEMA_VALIDATION_FAILED')
    expect(scene.simulator.state.tables.person.size).toBe(4)
  })

  it('names the custom field in the error', async () => {
    const reply = await post('/persons', { name: 'X', custom_fields: { [codeOf('date')]: 'soon' } })
    expect(reply.body.error).toContain(codeOf('date'))
  })

  it('refuses half a JSON and a form', async () => {
    expect((await post('/persons', '{"name":')).status).toBe(400)
    const form = await scene.call('POST', '/api/v2/persons', 'name=X', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(form.status).toBe(400)
  })

  it('refuses Contact Sync fields unless the account has it', async () => {
    expect((await patch('/persons/1', { job_title: 'Boss' })).status).toBe(403)
    const synced = await startScene({ switches: { contactSync: true } })
    try {
      const reply = await synced.call('PATCH', '/api/v2/persons/1', { job_title: 'Boss' })
      expect(reply.body.data).toMatchObject({ job_title: 'Boss', im: [] })
    } finally {
      await synced.stop()
    }
  })
})

describe('deletion', () => {
  it('takes a record out of lists, keeps it readable for thirty days, then purges it', async () => {
    expect((await scene.call('DELETE', '/api/v2/persons/3')).body).toEqual({ success: true, data: { id: 3 } })
    expect((await get('/persons')).body.data.map(({ id }: { id: number }) => id)).toEqual([1, 2, 4])
    expect((await get('/persons/3')).body.data).toMatchObject({
      is_deleted: true,
      update_time: '2026-06-15T10:00:00Z',
    })
    expect((await scene.call('DELETE', '/api/v2/persons/3')).status).toBe(404)
    await scene.clock.advance(31 * 86_400_000)
    expect((await get('/persons/3')).status).toBe(404)
  })

  it('lists deleted deals on request, with the deletion as the time of update', async () => {
    await scene.call('DELETE', '/api/v2/deals/1')
    expect((await get('/deals')).body.data.map(({ id }: { id: number }) => id)).toEqual([2])
    const found = (await get('/deals?status=deleted&updated_since=2026-06-15T10:00:00Z')).body.data
    expect(found).toMatchObject([{ id: 1, status: 'deleted', is_deleted: true }])
  })
})

describe('deals', () => {
  it('start in the first stage of the first pipeline, in the default currency', async () => {
    expect((await post('/deals', { title: 'New' })).body.data).toMatchObject({
      stage_id: 1,
      pipeline_id: 1,
      status: 'open',
      currency: 'EUR',
      value: 0,
      person_id: null,
    })
  })

  it('stamp stage changes and closing', async () => {
    await scene.clock.advance(1000)
    expect((await patch('/deals/1', { stage_id: 2 })).body.data.stage_change_time).toBe(
      '2026-06-15T10:00:01Z',
    )
    const won = (await patch('/deals/1', { status: 'won' })).body.data
    expect(won).toMatchObject({
      won_time: '2026-06-15T10:00:01Z',
      close_time: '2026-06-15T10:00:01Z',
      local_won_date: '2026-06-15',
    })
    expect((await patch('/deals/1', { status: 'open' })).body.data).toMatchObject({
      won_time: null,
      close_time: null,
    })
  })

  it.each([
    ['a reason for losing an open deal', { lost_reason: 'Price' }],
    ['a time of winning a deal that is not won', { won_time: '2026-06-01T00:00:00Z' }],
    ['a stage that is not there', { stage_id: 99 }],
    ['add_time', { add_time: '2026-06-01T00:00:00Z' }],
    ['update_time', { update_time: '2026-06-01T00:00:00Z' }],
  ])('refuse %s', async (_, body) => {
    expect((await patch('/deals/1', body)).status).toBe(400)
  })

  it('cannot be changed while archived', async () => {
    expect((await patch('/deals/3', { title: 'X' })).status).toBe(400)
    scene.simulator.state.archive('deal', 1)
    expect((await get('/deals/archived')).body.data).toMatchObject([
      { id: 1, is_archived: true, archive_time: '2026-06-15T10:00:00Z' },
      { id: 3 },
    ])
  })

  it('cannot be added beyond the cap of the plan', async () => {
    const capped = await startScene({ limits: { deals: 5 } })
    try {
      const reply = await capped.call('POST', '/api/v2/deals', { title: 'One too many' })
      expect(reply.status).toBe(403)
      expect(reply.body.code).toBe('feature_capping_deals_limit')
    } finally {
      await capped.stop()
    }
  })
})

describe('activities', () => {
  it('take their person from the primary participant only', async () => {
    expect((await post('/activities', { subject: 'A', person_id: 1 })).status).toBe(400)
    const { body } = await post('/activities', {
      subject: 'A',
      type: 'call',
      done: true,
      participants: [{ person_id: 2, primary: true }, { person_id: 3 }],
    })
    expect(body.data).toMatchObject({
      person_id: 2,
      done: true,
      marked_as_done_time: '2026-06-15T10:00:00Z',
      participants: [
        { person_id: 2, primary: true },
        { person_id: 3, primary: false },
      ],
    })
  })

  it('refuse a type that the company does not have', async () => {
    expect((await post('/activities', { subject: 'A', type: 'seance' })).status).toBe(400)
  })
})

describe('fields', () => {
  it('are created with options, extended, renamed and removed', async () => {
    const made = (
      await post('/personFields', {
        field_name: 'Brevo status',
        field_type: 'enum',
        options: [{ label: 'In' }],
      })
    ).body.data
    expect(made).toMatchObject({
      field_name: 'Brevo status',
      is_custom_field: true,
      options: [{ label: 'In' }],
    })
    expect(made.field_code).toMatch(/^[0-9a-f]{40}$/)
    const path = `/personFields/${made.field_code}`
    const added = (await post(`${path}/options`, [{ label: 'Out' }])).body
    expect(added).toMatchObject({ data: [{ label: 'Out' }], additional_data: null })
    const renamed = await patch(`${path}/options`, [{ id: added.data[0].id, label: 'Away' }])
    expect(renamed.body.data[0].label).toBe('Away')
    await scene.call('DELETE', `/api/v2${path}/options`, [{ id: added.data[0].id }])
    expect((await get(path)).body.data.options).toMatchObject([{ label: 'In' }])
    expect((await scene.call('DELETE', `/api/v2${path}`)).status).toBe(200)
    expect((await get(path)).status).toBe(404)
  })

  it('are paged', async () => {
    const first = (await get('/personFields?limit=10')).body
    const rest = (await get(`/personFields?limit=500&cursor=${first.additional_data.next_cursor}`)).body
    const whole = (await get('/personFields?limit=500')).body
    expect([...first.data, ...rest.data]).toEqual(whole.data)
  })

  it('are refused beyond the cap of the plan, and without options where they need some', async () => {
    expect((await post('/personFields', { field_name: 'E', field_type: 'enum' })).status).toBe(400)
    const capped = await startScene({ limits: { customFields: 32 } })
    try {
      const reply = await capped.call('POST', '/api/v2/personFields', { field_name: 'T', field_type: 'text' })
      expect(reply.body.code).toBe('feature_capping_custom_fields_limit')
    } finally {
      await capped.stop()
    }
  })
})
