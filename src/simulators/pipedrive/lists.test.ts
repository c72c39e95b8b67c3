/** Reading lists through API v2 over HTTP: pages, filters, sorting, what can be asked for, and what is refused. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeOf, type Scene, startScene } from '../../../test/support/pipedrive-scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterAll(() => scene.stop())

const get = (path: string) => scene.call('GET', `/api/v2${path}`)
const idsOf = async (path: string): Promise<number[]> =>
  (await get(path)).body.data.map(({ id }: { id: number }) => id)

describe('pages', () => {
  it('ends with a null cursor', async () => {
    const first = await get('/persons?limit=3')
    expect(first.body.data).toHaveLength(3)
    const next = first.body.additional_data.next_cursor
    expect(JSON.parse(Buffer.from(next, 'base64url').toString())).toEqual({
      field: 'id',
      fieldValue: 3,
      sortDirection: 'asc',
      id: 3,
    })
    const second = await get(`/persons?limit=3&cursor=${next}`)
    expect(second.body.data.map(({ id }: { id: number }) => id)).toEqual([4])
    expect(second.body.additional_data.next_cursor).toBeNull()
  })

  it('sees a record again that is changed while the list is walked by update_time', async () => {
    const moved = await startScene()
    try {
      const first = await moved.call('GET', '/api/v2/persons?limit=2&sort_by=update_time')
      expect(first.body.data.map(({ id }: { id: number }) => id)).toEqual([2, 3])
      moved.simulator.state.patch('person', 2, { name: 'Moved' })
      const rest = await moved.call(
        'GET',
        `/api/v2/persons?limit=9&sort_by=update_time&cursor=${first.body.additional_data.next_cursor}`,
      )
      expect(rest.body.data.map(({ id }: { id: number }) => id)).toEqual([4, 1, 2])
    } finally {
      await moved.stop()
    }
  })

  it.each([
    ['a cursor that is no cursor', '/persons?cursor=nonsense'],
    [
      'a cursor of another order',
      `/persons?sort_by=add_time&cursor=${Buffer.from('{"field":"id","fieldValue":1,"sortDirection":"asc","id":1}').toString('base64url')}`,
    ],
    ['a limit that is no number', '/persons?limit=many'],
    ['a limit of nothing', '/persons?limit=0'],
    ['an unknown sort field', '/persons?sort_by=name'],
    ['fractions of a second', '/persons?updated_since=2026-06-01T00:00:00.000Z'],
    ['fractions of a second at the end', '/deals?updated_until=2026-06-01T00:00:00.000Z'],
    ['a date without a time', '/activities?updated_since=2026-06-01'],
    ['101 ids', `/persons?ids=${Array.from({ length: 101 }, (_, i) => i + 1).join(',')}`],
    [
      '16 custom fields',
      `/persons?custom_fields=${Array.from({ length: 16 }, () => codeOf('text')).join(',')}`,
    ],
    ['an unknown custom field', `/persons?custom_fields=${'f'.repeat(40)}`],
    ['an unknown optional field', '/persons?include_fields=total_revenue'],
    ['an unknown status', '/deals?status=frozen'],
    ['an owner that is no number', '/deals?owner_id=me'],
  ])('refuses %s', async (_, path) => {
    const { status, body } = await get(path)
    expect(status).toBe(400)
    expect(body).toMatchObject({ success: false, code: 'ERR_SCHEMA_VALIDATION_FAILED' })
  })

  it('takes a limit over 500 as 500, or refuses it, by switch', async () => {
    expect((await get('/persons?limit=501')).status).toBe(200)
    const strict = await startScene({ switches: { overLimit: 'reject' } })
    try {
      expect((await strict.call('GET', '/api/v2/persons?limit=501')).status).toBe(400)
      expect((await strict.call('GET', '/api/v2/itemSearch?term=jane&limit=101')).status).toBe(400)
    } finally {
      await strict.stop()
    }
  })
})

describe('filters', () => {
  it.each([
    ['/persons?ids=3,1,77', [1, 3]],
    ['/persons?owner_id=2', [2]],
    ['/persons?org_id=1', [1]],
    ['/persons?deal_id=2', [1]],
    ['/persons?sort_direction=desc', [4, 3, 2, 1]],
    ['/persons?updated_since=2026-06-04T08:00:00Z', [1, 3, 4]],
    ['/persons?updated_since=2026-06-04T17:00:00%2B09:00', [1, 3, 4]],
    ['/persons?updated_since=2026-06-03T08:00:00Z&updated_until=2026-06-04T08:00:00Z', [2]],
    ['/persons?filter_id=9&owner_id=2', [1, 2, 3, 4]],
    ['/deals?person_id=1', [1, 2]],
    ['/deals?status=won,lost', [2]],
    ['/deals?stage_id=2&pipeline_id=1', [2]],
    ['/deals/archived', [3]],
    ['/deals/archived?status=open', []],
    ['/activities?done=true', [1]],
    ['/activities?deal_id=1', [1]],
    ['/activities?sort_by=due_date&sort_direction=desc', [2, 1]],
    ['/stages?sort_by=order_nr&sort_direction=desc', [2, 1]],
    ['/stages?pipeline_id=9', []],
  ])('%s gives %j', async (path, expected) => {
    expect((await idsOf(path)).sort()).toEqual([...expected].sort())
  })
})

describe('what a record shows', () => {
  it('computes the optional counts from the deals and activities as they stand', async () => {
    const fields =
      'won_deals_count,lost_deals_count,open_deals_count,closed_deals_count,activities_count,done_activities_count,next_activity_id,notes_count,marketing_status'
    const { body } = await get(`/persons/1?include_fields=${fields}`)
    expect(body.data).toMatchObject({
      won_deals_count: 1,
      lost_deals_count: 0,
      open_deals_count: 1,
      closed_deals_count: 1,
      activities_count: 2,
      done_activities_count: 1,
      next_activity_id: 2,
      notes_count: 1,
      marketing_status: 'no_consent',
    })
    expect((await get('/persons/1')).body.data).not.toHaveProperty('won_deals_count')
    expect((await get('/organizations/1?include_fields=people_count')).body.data.people_count).toBe(1)
  })

  it('refuses marketing fields where Campaigns is not enabled', async () => {
    const plain = await startScene({ switches: { campaigns: false } })
    try {
      expect((await plain.call('GET', '/api/v2/persons?include_fields=doi_status')).status).toBe(415)
    } finally {
      await plain.stop()
    }
  })

  it('shows all custom fields as null, or leaves empty keys out, by switch', async () => {
    const { body } = await get('/persons/3')
    expect(body.data.custom_fields[codeOf('double')]).toBeNull()
    expect(Object.keys(body.data.custom_fields)).toHaveLength(16)
    expect((await get(`/persons/3?custom_fields=${codeOf('text')}`)).body.data.custom_fields).toEqual({
      [codeOf('text')]: null,
    })
    const sparse = await startScene({ switches: { emptyKeys: 'absent' } })
    try {
      const person = (await sparse.call('GET', '/api/v2/persons/3')).body.data
      expect(person.custom_fields).toEqual({})
      expect(person).not.toHaveProperty('org_id')
      expect((await sparse.call('GET', '/api/v2/deals/1')).body.data).not.toHaveProperty('won_time')
    } finally {
      await sparse.stop()
    }
  })

  it('adds labels and option labels when asked', async () => {
    await scene.call('PATCH', '/api/v2/persons/1', {
      custom_fields: { [codeOf('enum')]: 11, [codeOf('set')]: [11, 12] },
    })
    const { body } = await get('/persons/1?include_labels=true&include_option_labels=true')
    expect(body.data.labels).toEqual([{ id: 1, label: 'Customer', color: 'green' }])
    expect(body.data.custom_fields[codeOf('enum')]).toEqual({ id: 11, label: 'Eleven' })
    expect(body.data.custom_fields[codeOf('set')]).toEqual([
      { id: 11, label: 'Eleven' },
      { id: 12, label: 'Twelve' },
    ])
  })

  it('hides from a user what only the owner may see', async () => {
    const asUser = await scene.call('GET', '/api/v2/persons', undefined, { token: 'b'.repeat(40) })
    expect(asUser.body.data.map(({ id }: { id: number }) => id)).toEqual([1, 2, 3])
    expect((await scene.call('GET', '/api/v2/persons/4', undefined, { token: 'b'.repeat(40) })).status).toBe(
      404,
    )
  })

  it('shows attendees only when asked', async () => {
    expect((await get('/activities/1')).body.data).not.toHaveProperty('attendees')
    expect((await get('/activities/1?include_fields=attendees')).body.data.attendees).toEqual([])
  })
})
