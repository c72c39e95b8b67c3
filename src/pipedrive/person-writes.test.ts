/** What writing to persons needs: fields, options, names, merges, searches, notes; in both versions of the API. */
import { afterEach, describe, expect, test } from 'vitest'
import {
  type FaultyServer,
  type Reply,
  type SeenRequest,
  startFaultyServer,
} from '../transport/faulty-server.test-kit.ts'
import type { CallOptions } from '../transport/index.ts'
import { createPipedriveClient, type PipedriveClientOptions } from './client.ts'
import type { PipedriveClient } from './client-face.ts'

const HASH = 'c'.repeat(40)
const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close()
})

async function connect(
  answer: (request: SeenRequest, index: number) => Reply,
  more: Partial<PipedriveClientOptions> = {},
): Promise<{ server: FaultyServer; client: PipedriveClient }> {
  const server = await startFaultyServer(answer)
  const client = createPipedriveClient({
    apiUrl: server.url,
    credential: { apiToken: 'a-test-token' },
    // Repeats must not wait.
    random: () => 0,
    timeoutMs: 2_000,
    ...more,
  })
  open.push(client, server)
  return { server, client }
}

async function all<T>(pages: AsyncIterable<{ items: readonly T[] }>): Promise<T[]> {
  const found: T[] = []
  for await (const page of pages) found.push(...page.items)
  return found
}

const cut: Reply = (response) => response.destroy()
const notFound: Reply = { status: 404, json: { success: false, error: 'Entity was not found' } }
const data = (value: unknown): Reply => ({ json: { success: true, data: value } })

describe('fields', () => {
  const made = {
    field_code: HASH,
    field_name: 'Brevo status',
    field_type: 'enum',
    options: [{ id: 3, label: 'Subscribed' }],
  }

  test('are made with their options, at five tokens', async () => {
    const { client, server } = await connect(() => data(made))
    const field = {
      field_name: 'Brevo status',
      field_type: 'enum',
      options: [{ label: 'Subscribed' }],
    } as const
    expect(await client.personFields.create(field)).toEqual(made)
    expect(server.seen[0]).toMatchObject({ method: 'POST', path: '/api/v2/personFields', body: field })
    expect(client.usage().tokens).toBe(5)
  })

  test('are made through v1 by its own names, and the types of values are known at once', async () => {
    const person = { id: 1, [HASH]: '3' }
    const { client, server } = await connect(
      (request) => {
        if (request.path === '/v1/persons/1') return data(person)
        if (request.method === 'GET')
          return data([{ key: 'd'.repeat(40), name: 'Other', field_type: 'varchar' }])
        return data({ id: 77, key: HASH, name: 'Brevo status', field_type: 'enum' })
      },
      { apiVersion: 'v1' },
    )
    await client.persons.get(1)
    const field = { field_name: 'Brevo status', field_type: 'enum', options: [{ label: 'Yes' }] } as const
    expect(await client.personFields.create(field)).toMatchObject({ field_code: HASH, is_custom_field: true })
    const post = server.seen.find((request) => request.method === 'POST')
    expect(post).toMatchObject({
      path: '/v1/personFields',
      body: { name: 'Brevo status', field_type: 'enum', options: [{ label: 'Yes' }] },
    })
    expect((await client.persons.get(1)).custom_fields).toEqual({ [HASH]: 3 })
  })

  test.each(['v2', 'v1'] as const)('gain options through v2, also by a client of %s', async (apiVersion) => {
    const { client, server } = await connect(() => data([{ id: 9, label: 'B' }]), { apiVersion })
    expect(await client.personFields.addOptions(HASH, ['B'])).toEqual([{ id: 9, label: 'B' }])
    expect(server.seen[0]).toMatchObject({
      method: 'POST',
      path: `/api/v2/personFields/${HASH}/options`,
      body: [{ label: 'B' }],
    })
    expect(client.usage().tokens).toBe(5)
  })
})

describe('what may not be sent twice is sent once and says that it may have been applied', () => {
  test.each<[string, (client: PipedriveClient) => Promise<unknown>]>([
    ['a field', (c) => c.personFields.create({ field_name: 'A', field_type: 'text' })],
    ['options', (c) => c.personFields.addOptions(HASH, ['A'])],
    ['a merge', (c) => c.persons.merge(1, 2)],
  ])('%s', async (_name, call) => {
    const { client, server } = await connect(() => cut)
    await expect(call(client)).rejects.toMatchObject({
      code: 'pipedrive_no_answer',
      applied: 'maybe',
      attempts: 1,
    })
    expect(server.seen).toHaveLength(1)
  })
})

test('a merge costs forty tokens, and a second one finds nobody', async () => {
  const { client, server } = await connect((_request, index) => (index === 0 ? data({ id: 2 }) : notFound))
  await client.persons.merge(1, 2)
  expect(server.seen[0]).toMatchObject({ path: '/v1/persons/1/merge', body: { merge_with_id: 2 } })
  expect(client.usage().tokens).toBe(40)
  await expect(client.persons.merge(1, 2)).rejects.toMatchObject({
    code: 'pipedrive_not_found',
    applied: 'no',
  })
})

test('a person whose deletion was answered into the void is deleted; one that never was is not', async () => {
  const { client, server } = await connect((_request, index) => (index === 0 ? cut : notFound))
  await expect(client.persons.delete(1)).resolves.toBeUndefined()
  expect(server.seen).toHaveLength(2)
  await expect(client.persons.delete(2)).rejects.toMatchObject({ code: 'pipedrive_not_found' })
})

describe('refused before anything is sent', () => {
  test.each<[string, (client: PipedriveClient) => Promise<unknown>]>([
    ['a first name alone', (c) => c.persons.update(1, { first_name: 'Ada' })],
    ['a last name alone', (c) => c.persons.create({ last_name: 'Lovelace' })],
    ['a name of two blanks', (c) => c.persons.update(1, { first_name: '', last_name: ' ' })],
    ['a choice without options', (c) => c.personFields.create({ field_name: 'A', field_type: 'enum' })],
    [
      'a text with options',
      (c) => c.personFields.create({ field_name: 'A', field_type: 'text', options: [] }),
    ],
    ['a field without a name', (c) => c.personFields.create({ field_name: ' ', field_type: 'text' })],
    ['an option of 256 characters', (c) => c.personFields.addOptions(HASH, ['x'.repeat(256)])],
    ['no options', (c) => c.personFields.addOptions(HASH, [])],
    ['options of another path', (c) => c.personFields.addOptions('../persons', ['A'])],
    ['a merge of a person with itself', (c) => c.persons.merge(1, 1)],
  ])('%s', async (_name, call) => {
    const { client, server } = await connect(() => data({ id: 1 }))
    await expect(call(client)).rejects.toMatchObject({ code: 'pipedrive_request_invalid' })
    expect(server.seen).toHaveLength(0)
  })
})

describe('a change of a person', () => {
  test('carries both parts of the name, one of which may be empty, in both versions', async () => {
    const name = { first_name: 'Ada', last_name: '' }
    for (const apiVersion of ['v2', 'v1'] as const) {
      const { client, server } = await connect(() => data({ id: 1 }), { apiVersion })
      await client.persons.update(1, name)
      expect(server.seen[0]?.body).toEqual(name)
    }
  })

  test('clears with null in v1 as in v2, sets of options too', async () => {
    const { client, server } = await connect(() => data({ id: 1 }), { apiVersion: 'v1' })
    await client.persons.update(1, {
      org_id: null,
      job_title: null,
      visible_to: 3,
      custom_fields: { [HASH]: null, ['d'.repeat(40)]: [] },
    })
    expect(server.seen[0]?.body).toEqual({
      org_id: null,
      job_title: null,
      visible_to: '3',
      [HASH]: null,
      ['d'.repeat(40)]: null,
    })
  })
})

test('a search for an address answers ids and addresses to compare', async () => {
  const hit = (id: number, emails: unknown) => ({
    result_score: 1,
    item: { id, type: 'person', name: 'P', emails },
  })
  const { client, server } = await connect(() =>
    data({
      items: [hit(1, ['Jane@X.example']), hit(2, ['jane@x.example.org']), hit(3, undefined), hit(4, 'x')],
    }),
  )
  const pages = []
  for await (const page of client.persons.search('jane@x.example', { exactMatch: true, fields: ['email'] })) {
    pages.push(page)
  }
  const exact = pages.flatMap((page) =>
    page.items.filter(({ item }) => item.emails?.some((email) => email.toLowerCase() === 'jane@x.example')),
  )
  expect(exact).toEqual([{ result_score: 1, item: { id: 1, name: 'P', emails: ['Jane@X.example'] } }])
  // @ts-expect-error the values of a hit are those of its item
  expect(exact[0]?.emails).toBeUndefined()
  expect(pages[0]?.unreadable).toHaveLength(1)
  expect(Object.fromEntries(server.seen[0]?.query ?? [])).toEqual({
    term: 'jane@x.example',
    exact_match: 'true',
    fields: 'email',
    limit: '100',
  })
})

test('notes of a person are walked to the end, with times as elsewhere', async () => {
  const { client, server } = await connect((request) => {
    const start = Number(request.query.get('start'))
    return {
      json: {
        success: true,
        data: [{ id: start + 1, content: '<b>x</b>', person_id: 5, add_time: '2026-11-01 10:00:00' }],
        additional_data: { pagination: { more_items_in_collection: start === 0, next_start: 1 } },
      },
    }
  })
  const since = new Date('2026-10-01T00:00:00.500Z')
  expect(await all(client.notes.pages({ filters: { person_id: 5 }, updatedSince: since, limit: 1 }))).toEqual(
    [
      { id: 1, content: '<b>x</b>', person_id: 5, add_time: '2026-11-01T10:00:00Z' },
      { id: 2, content: '<b>x</b>', person_id: 5, add_time: '2026-11-01T10:00:00Z' },
    ],
  )
  expect(Object.fromEntries(server.seen[0]?.query ?? [])).toEqual({
    person_id: '5',
    updated_since: '2026-10-01T00:00:00Z',
    limit: '1',
    start: '0',
  })
})

describe("a person's records", () => {
  const filters = { person_id: 5 }

  test('are asked for by person', async () => {
    const { client, server } = await connect(() => data([]))
    await all(client.activities.pages({ filters }))
    await all(client.deals.pages({ filters }))
    await all(client.deals.archivedPages({ filters }))
    await all(client.leads.pages({ filters }))
    await all(client.leads.archivedPages({ filters }))
    expect(server.seen.map(({ path, query }) => `${path} ${query.get('person_id')}`)).toEqual([
      '/api/v2/activities 5',
      '/api/v2/deals 5',
      '/api/v2/deals/archived 5',
      '/v1/leads 5',
      '/v1/leads/archived 5',
    ])
  })

  test('are picked out here where v1 passes over the filter', async () => {
    const { client } = await connect(
      (request) =>
        request.path === '/v1/deals'
          ? data([
              { id: 1, person_id: { value: 5 } },
              { id: 2, person_id: { value: 6 } },
              { id: 3, person_id: null },
            ])
          : data([
              { id: 1, person_id: 6 },
              { id: 2, person_id: 5 },
            ]),
      { apiVersion: 'v1' },
    )
    expect((await all(client.deals.pages({ filters }))).map((deal) => deal.id)).toEqual([1])
    expect((await all(client.activities.pages({ filters }))).map((activity) => activity.id)).toEqual([2])
    await expect(all(client.persons.pages({ filters: { deal_id: 1 } }))).rejects.toMatchObject({
      code: 'pipedrive_request_invalid',
    })
  })
})

describe('every call takes a lane and a signal', () => {
  const table: [string, (client: PipedriveClient, options: CallOptions) => Promise<unknown>][] = [
    ['personFields.create', (c, o) => c.personFields.create({ field_name: 'A', field_type: 'text' }, o)],
    ['personFields.addOptions', (c, o) => c.personFields.addOptions(HASH, ['A'], o)],
    ['persons.update', (c, o) => c.persons.update(1, { name: 'A' }, o)],
    ['persons.create', (c, o) => c.persons.create({ name: 'A' }, o)],
    ['persons.delete', (c, o) => c.persons.delete(1, o)],
    ['persons.merge', (c, o) => c.persons.merge(1, 2, o)],
    ['persons.search', (c, o) => all(c.persons.search('jane', o))],
    ['notes.pages', (c, o) => all(c.notes.pages({ ...o, filters: { person_id: 1 } }))],
    ['activities.pages', (c, o) => all(c.activities.pages({ ...o, filters: { person_id: 1 } }))],
    ['deals.pages', (c, o) => all(c.deals.pages({ ...o, filters: { person_id: 1 } }))],
    ['leads.pages', (c, o) => all(c.leads.pages({ ...o, filters: { person_id: 1 } }))],
  ]
  test.each(table)('%s', async (_name, call) => {
    const { client, server } = await connect(() => ({
      json: { data: { id: 1 } },
      headers: { 'x-daily-ratelimit-token-limit': '30000', 'x-daily-ratelimit-token-remaining': '3001' },
    }))
    await client.users.me()
    await expect(call(client, { lane: 'backfill' })).rejects.toMatchObject({
      code: 'pipedrive_budget_reserved',
    })
    await expect(call(client, { signal: AbortSignal.abort() })).rejects.toThrow()
    expect(server.seen).toHaveLength(1)
  })
})
