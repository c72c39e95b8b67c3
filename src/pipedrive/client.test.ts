import { inspect } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { manualClock } from '../base/clock.ts'
import { TajoError } from '../base/error.ts'
import {
  type FaultyServer,
  type Reply,
  type SeenRequest,
  startFaultyServer,
} from '../transport/faulty-server.test-kit.ts'
import { ApiError } from '../transport/index.ts'
import { createPipedriveClient, type PipedriveClientOptions } from './client.ts'
import type { PipedriveClient } from './client-face.ts'

const TOKEN = 'f00dfeedf00dfeedf00dfeedf00dfeedf00dfeed'
const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close()
})

/** A clock whose pauses take no time, and which remembers them. */
function hastyClock() {
  const clock = manualClock(new Date('2026-11-24T10:00:00Z'))
  const pauses: number[] = []
  return {
    pauses,
    now: clock.now,
    async sleep(ms: number, signal?: AbortSignal) {
      signal?.throwIfAborted()
      if (ms > 0) pauses.push(ms)
      await clock.advance(ms)
    },
  }
}

async function connect(
  answer: (request: SeenRequest, index: number) => Reply,
  more: Partial<PipedriveClientOptions> = {},
): Promise<{ server: FaultyServer; client: PipedriveClient; pauses: number[] }> {
  const server = await startFaultyServer(answer)
  const clock = hastyClock()
  const client = createPipedriveClient({
    apiUrl: server.url,
    credential: { apiToken: TOKEN },
    clock,
    random: () => 1,
    timeoutMs: 2_000,
    ...more,
  })
  open.push(client, server)
  return { server, client, pauses: clock.pauses }
}

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const page of pages) found.push(page)
  return found
}

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ApiError)
  return error as ApiError
}

describe('listings', () => {
  test('walk cursors, send whole seconds and the token in a header only', async () => {
    const { client, server } = await connect((_request, index) => ({
      json: {
        success: true,
        data: [{ id: index + 1, name: 'P' }],
        additional_data: { next_cursor: index === 0 ? 'abc=' : null },
      },
      headers: { date: 'Tue, 24 Nov 2026 10:00:00 GMT' },
    }))
    const pages = await all(
      client.persons.pages({
        updatedSince: new Date('2026-11-01T01:02:03.999Z'),
        includeFields: ['won_deals_count', 'lost_deals_count'],
        sortBy: 'update_time',
      }),
    )
    expect(pages.map((page) => page.items.map((person) => person.id))).toEqual([[1], [2]])
    expect(pages[0]).toMatchObject({ nextCursor: 'abc=', serverTime: new Date('2026-11-24T10:00:00Z') })
    const [first, second] = server.seen
    expect(first?.path).toBe('/api/v2/persons')
    expect(Object.fromEntries(first?.query ?? [])).toEqual({
      updated_since: '2026-11-01T01:02:03Z',
      include_fields: 'won_deals_count,lost_deals_count',
      sort_by: 'update_time',
      limit: '500',
    })
    expect(second?.query.get('cursor')).toBe('abc=')
    expect(first?.headers['x-api-token']).toBe(TOKEN)
    expect(client.usage()).toEqual({ count: 2, tokens: 20, byStatus: { 200: 2 } })
  })

  test('one bad record does not fail its page', async () => {
    const { client } = await connect(() => ({
      json: { success: true, data: [{ id: 1 }, { id: 2, emails: 'x' }, 'junk', { id: 4, org_id: null }] },
    }))
    const [page] = await all(client.persons.pages())
    expect(page?.items).toEqual([{ id: 1 }, { id: 4, org_id: null }])
    expect(page?.unreadable).toMatchObject([
      { id: '2', problem: expect.stringMatching(/^emails: /), raw: { id: 2, emails: 'x' } },
      { id: null, raw: 'junk' },
    ])
  })

  test('a cursor that does not move is an error, not an endless walk', async () => {
    const { client } = await connect(() => ({ json: { data: [], additional_data: { next_cursor: 'same' } } }))
    await expect(all(client.deals.pages({ cursor: 'same' }))).rejects.toMatchObject({
      code: 'pipedrive_answer_invalid',
    })
  })

  test('more than a hundred ids are refused before anything is sent', async () => {
    const { client, server } = await connect(() => ({ json: {} }))
    expect(() => client.deals.pages({ ids: Array.from({ length: 101 }, (_, i) => i) })).toThrow(TajoError)
    expect(server.seen).toHaveLength(0)
  })

  test('leads go by start offsets in both forms of the envelope, with deal fields as custom fields', async () => {
    const hash = 'a'.repeat(40)
    const { client, server } = await connect((request) => {
      if (request.path === '/api/v2/dealFields') {
        return { json: { data: [{ field_code: hash, field_name: 'Budget', field_type: 'monetary' }] } }
      }
      const first = request.query.get('start') === '0'
      const facts = { start: 0, limit: 1, more_items_in_collection: first, next_start: 1 }
      return {
        json: {
          success: true,
          data: [{ id: `lead-${request.query.get('start')}`, [hash]: 5, [`${hash}_currency`]: 'EUR' }],
          additional_data: first ? { pagination: facts } : facts,
        },
      }
    })
    const pages = await all(client.leads.pages({ limit: 1, updatedSince: new Date('2026-11-01T00:00:00Z') }))
    expect(pages.flatMap((page) => page.items)).toEqual([
      { id: 'lead-0', custom_fields: { [hash]: { value: 5, currency: 'EUR' } } },
      { id: 'lead-1', custom_fields: { [hash]: { value: 5, currency: 'EUR' } } },
    ])
    expect(pages[0]?.nextCursor).toBe('1')
    expect(server.seen.filter((request) => request.path === '/api/v2/dealFields')).toHaveLength(1)
    expect(server.seen[0]?.query.get('updated_since')).toBe('2026-11-01T00:00:00Z')
  })
})

describe('every call of the documented table goes to the version that lives', () => {
  const one = { success: true, data: { id: 1, item: 'x', content: 'c' } }
  const lead = { success: true, data: { id: 'uuid-1' } }
  const list = { success: true, data: [], additional_data: {} }
  const table: [string, string, unknown, (client: PipedriveClient) => Promise<unknown>][] = [
    ['GET', '/api/v2/persons', list, (c) => all(c.persons.pages())],
    ['POST', '/api/v2/persons', one, (c) => c.persons.create({ name: 'A' })],
    ['PATCH', '/api/v2/persons/1', one, (c) => c.persons.update(1, { name: 'B' })],
    ['DELETE', '/api/v2/persons/1', one, (c) => c.persons.delete(1)],
    ['GET', '/api/v2/deals', list, (c) => all(c.deals.pages())],
    ['POST', '/api/v2/deals', one, (c) => c.deals.create({ title: 'A' })],
    ['PATCH', '/api/v2/deals/1', one, (c) => c.deals.update(1, { status: 'won' })],
    ['GET', '/api/v2/organizations', list, (c) => all(c.organizations.pages())],
    ['POST', '/api/v2/organizations', one, (c) => c.organizations.create({ name: 'A' })],
    ['GET', '/api/v2/activities', list, (c) => all(c.activities.pages())],
    ['POST', '/api/v2/activities', one, (c) => c.activities.create({ subject: 'A' })],
    ['GET', '/v1/leads', list, (c) => all(c.leads.pages())],
    ['GET', '/api/v2/pipelines', list, (c) => c.pipelines.list()],
    ['GET', '/api/v2/stages', list, (c) => c.stages.list()],
    ['GET', '/api/v2/itemSearch', { data: { items: [] } }, (c) => all(c.itemSearch.pages('jane'))],
    [
      'POST',
      '/v1/webhooks',
      one,
      (c) =>
        c.webhooks.create({
          subscription_url: 'https://x',
          event_action: '*',
          event_object: '*',
          name: 'tajo',
        }),
    ],
    ['GET', '/v1/recents', list, (c) => all(c.recents.pages({ since: new Date('2026-11-01T00:00:00Z') }))],
    ['GET', '/api/v2/deals/archived', list, (c) => all(c.deals.archivedPages())],
    ['GET', '/v1/leads/archived', list, (c) => all(c.leads.archivedPages())],
    ['PATCH', '/v1/leads/uuid-1', lead, (c) => c.leads.update('uuid-1', { title: 'x' })],
    ['GET', '/v1/persons/1/changelog', list, (c) => all(c.persons.changelog(1))],
    ['PUT', '/v1/persons/1/merge', one, (c) => c.persons.merge(1, 2)],
    ['GET', '/v1/users/me', one, (c) => c.users.me()],
    ['GET', '/api/v2/personFields', list, (c) => c.personFields.list()],
    ['POST', '/v1/notes', one, (c) => c.notes.create({ content: 'x', person_id: 1 })],
    ['GET', '/v1/notes', list, (c) => all(c.notes.pages())],
  ]
  test.each(table)('%s %s', async (method, path, answer, call) => {
    const { client, server } = await connect(() => ({ json: answer }))
    await call(client)
    expect(server.seen.map((request) => `${request.method} ${request.path}`)).toEqual([`${method} ${path}`])
  })
})

describe('repeating', () => {
  test('a read is repeated on 5xx, cut connections and half JSON, and then succeeds', async () => {
    const replies: Reply[] = [
      { status: 503, text: '<html>maintenance</html>' },
      (response) => response.destroy(),
      { text: '{"success":true,"data":{"id":' },
      { json: { success: true, data: { id: 7 } } },
    ]
    const { client, server, pauses } = await connect((_request, index) => replies[index] as Reply)
    expect(await client.deals.get(7)).toEqual({ id: 7 })
    expect(server.seen).toHaveLength(4)
    expect(pauses.slice(0, 3)).toEqual([500, 1000, 2000])
  })

  test('a create that may have been applied is sent once, and says so', async () => {
    const { client, server } = await connect(() => (response) => response.destroy())
    expect(await failure(client.persons.create({ name: 'A' }))).toMatchObject({
      code: 'pipedrive_no_answer',
      applied: 'maybe',
      attempts: 1,
      status: 0,
    })
    expect(server.seen).toHaveLength(1)
  })

  test('a burst 429 repeats even a create, after the reset', async () => {
    const { client, server, pauses } = await connect((_request, index) =>
      index === 0
        ? {
            status: 429,
            headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '2' },
            json: { success: false, error: 'request over limit', errorCode: 429 },
          }
        : { json: { success: true, data: { id: 1 } } },
    )
    await client.persons.create({ name: 'A' })
    expect(server.seen).toHaveLength(2)
    expect(pauses).toEqual([2000])
  })

  test('a deletion whose first answer was lost counts as done when the repeat finds nothing', async () => {
    const { client } = await connect((_request, index) =>
      index === 0
        ? (response) => response.destroy()
        : { status: 404, json: { success: false, error: 'not found' } },
    )
    await expect(client.deals.delete(1)).resolves.toBeUndefined()
    expect((await failure(client.deals.delete(1))).code).toBe('pipedrive_not_found')
  })
})

describe('failures', () => {
  const json = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => ({
    status,
    json: body,
    headers,
  })
  const html = (status: number): Reply => ({ status, text: '<html><title>Access denied</title></html>' })
  test.each<[string, Reply, object]>([
    [
      '401',
      json(401, { success: false, error: 'unauthorized access', errorCode: 401 }),
      { code: 'pipedrive_unauthorized', disposition: 'pause', vendorMessage: 'unauthorized access' },
    ],
    ['402', json(402, {}), { code: 'pipedrive_plan_lapsed', disposition: 'pause' }],
    [
      '403 scope',
      json(403, { error: 'Scope and URL mismatch' }),
      {
        code: 'pipedrive_scope_missing',
        disposition: 'pause',
        message: expect.stringContaining('add the scope contacts:full to the app'),
      },
    ],
    [
      '403 permission',
      json(403, { error: 'You do not have permissions to do this.' }),
      { code: 'pipedrive_forbidden', disposition: 'reject' },
    ],
    [
      '403 plan cap',
      json(403, { error: 'Limit reached.', code: 'feature_capping_deals_limit' }),
      { code: 'pipedrive_plan_limit', vendorCode: 'feature_capping_deals_limit' },
    ],
    [
      '403 web page',
      html(403),
      { code: 'pipedrive_blocked', disposition: 'pause', notBefore: new Date('2026-11-24T10:10:00Z') },
    ],
    [
      '404',
      json(404, { success: false, error: 'Entity was not found' }),
      { code: 'pipedrive_not_found', disposition: 'reject' },
    ],
    ['404 web page', html(404), { code: 'pipedrive_wrong_address', disposition: 'pause' }],
    ['410', json(410, { error: 'gone' }), { code: 'pipedrive_gone' }],
    [
      '400',
      json(400, { success: false, error: 'bad', code: 'ERR_SCHEMA_VALIDATION_FAILED' }),
      { code: 'pipedrive_rejected', vendorCode: 'ERR_SCHEMA_VALIDATION_FAILED', applied: 'no' },
    ],
    [
      '422 of webhooks',
      json(422, { status: 'error', errors: { subscription_url: ['limit'] } }),
      { code: 'pipedrive_rejected', vendorMessage: '{"subscription_url":["limit"]}' },
    ],
    ['415', json(415, {}), { code: 'pipedrive_feature_missing' }],
    [
      '429 of the day',
      json(429, { error: 'daily request budget exceeded', errorCode: 429 }, { 'retry-after': '3939' }),
      { code: 'pipedrive_budget_spent', disposition: 'pause', notBefore: new Date('2026-11-24T11:05:39Z') },
    ],
    [
      '500',
      json(500, { error: 'Internal Server Error', code: 'ERR_UNKNOWN' }),
      { code: 'pipedrive_unavailable', disposition: 'retry', applied: 'maybe' },
    ],
    ['200 web page', html(200), { code: 'pipedrive_answer_invalid', disposition: 'retry', applied: 'maybe' }],
    [
      '200 that says no',
      json(200, { success: false, error: 'nope' }),
      { code: 'pipedrive_answer_invalid', vendorMessage: 'nope' },
    ],
    ['302', { status: 302, headers: { location: '/login' }, text: '' }, { code: 'pipedrive_wrong_address' }],
  ])('%s', async (_name, reply, expected) => {
    const { client } = await connect(() => reply)
    const error = await failure(client.persons.create({ name: 'A' }))
    expect(error).toMatchObject({ ...expected, vendor: 'pipedrive', method: 'POST', path: '/api/v2/persons' })
    expect(error.message).toMatch(/^Pipedrive answered POST \/api\/v2\/persons with \d+.*: .+\.$/)
  })

  test('an address where nobody listens is named', async () => {
    const { client, server } = await connect(() => ({ json: {} }))
    await server.close()
    const error = await failure(client.users.me())
    expect(error).toMatchObject({
      code: 'pipedrive_unreachable',
      disposition: 'retry',
      applied: 'no',
      attempts: 4,
    })
    expect(error.message).toContain(server.url)
  })

  test('after the day is spent nothing more is sent', async () => {
    const { client, server } = await connect(() =>
      json(429, { error: 'daily request budget exceeded' }, { 'retry-after': '3939' }),
    )
    await failure(client.users.me())
    await expect(client.persons.get(1)).rejects.toMatchObject({
      code: 'pipedrive_budget_spent',
      disposition: 'pause',
    })
    expect(server.seen).toHaveLength(1)
    expect(client.budget().spentUntil).toEqual(new Date('2026-11-24T11:05:39Z'))
  })

  test('no failure carries the token, not even one that the server echoes', async () => {
    const echo = `token ${TOKEN} is bad`
    const replies: Reply[] = [
      json(400, { error: echo, code: TOKEN, message: echo }),
      json(401, { error: echo }),
      json(500, { error: echo }),
      { status: 403, text: `<title>${echo}</title>` },
      { text: `{"half": "${TOKEN}` },
      (response) => response.destroy(),
      () => undefined,
    ]
    for (const credential of [{ apiToken: TOKEN }, { accessToken: async () => TOKEN }]) {
      for (const reply of replies) {
        const { client } = await connect(() => reply, { credential, timeoutMs: 100 })
        const error = await failure(client.persons.create({ name: 'A' }))
        const seen = `${inspect(error, { depth: 20, showHidden: true })}${JSON.stringify(error)}${error.stack}`
        expect(seen).not.toContain(TOKEN)
      }
    }
  })

  test('a budget told in headers keeps backfill out of the reserve', async () => {
    const { client } = await connect(() => ({
      json: { data: [] },
      headers: { 'x-daily-ratelimit-token-limit': '30000', 'x-daily-ratelimit-token-remaining': '3005' },
    }))
    await client.pipelines.list()
    expect(client.budget()).toMatchObject({ limit: 30_000, remaining: 3_005, reserve: 3_000 })
    await expect(all(client.deals.pages({ lane: 'backfill' }))).rejects.toMatchObject({
      code: 'pipedrive_budget_reserved',
    })
    await all(client.deals.pages({ lane: 'live' }))
    expect(client.forecast(10)).toMatchObject({ fits: false })
  })
})
