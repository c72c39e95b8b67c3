import { afterEach, expect, test } from 'vitest'
import {
  type FaultyServer,
  type Reply,
  type SeenRequest,
  startFaultyServer,
} from '../../transport/faulty-server.test-kit.ts'
import { createPipedriveClient } from '../client.ts'
import type { PipedriveClient } from '../client-face.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close()
})

async function connect(
  answer: (request: SeenRequest) => Reply,
): Promise<{ server: FaultyServer; client: PipedriveClient }> {
  const server = await startFaultyServer(answer)
  const client = createPipedriveClient({
    apiUrl: server.url,
    credential: { apiToken: 'token-of-v1' },
    apiVersion: 'v1',
  })
  open.push(client, server)
  return { server, client }
}

async function all<T>(pages: AsyncIterable<{ items: readonly T[] }>): Promise<T[]> {
  const found: T[] = []
  for await (const page of pages) found.push(...page.items)
  return found
}

test('v1 lists by start offsets and reads field types once when custom keys appear', async () => {
  const hash = 'b'.repeat(40)
  const { client, server } = await connect((request) => {
    if (request.path === '/v1/personFields')
      return { json: { data: [{ key: hash, name: 'Source', field_type: 'enum' }] } }
    const start = Number(request.query.get('start'))
    const pagination = {
      start,
      limit: 1,
      more_items_in_collection: start === 0,
      ...(start === 0 ? { next_start: 1 } : {}),
    }
    return {
      json: { success: true, data: [{ id: start + 1, [hash]: '17' }], additional_data: { pagination } },
    }
  })
  expect(await all(client.persons.pages({ limit: 1 }))).toMatchObject([
    { id: 1, custom_fields: { [hash]: 17 } },
    { id: 2, custom_fields: { [hash]: 17 } },
  ])
  expect(server.seen.map((request) => request.path)).toEqual([
    '/v1/persons',
    '/v1/personFields',
    '/v1/persons',
  ])
})

test('an incremental read goes newest first and stops at the time asked for', async () => {
  const { client, server } = await connect((request) => {
    const start = Number(request.query.get('start'))
    const times = ['2026-11-03 00:00:00', '2026-11-02 00:00:00', '2026-11-01 00:00:00', '2026-10-01 00:00:00']
    return {
      json: {
        data: times.slice(start, start + 2).map((update_time, i) => ({ id: start + i, update_time })),
        additional_data: { pagination: { more_items_in_collection: true, next_start: start + 2 } },
      },
    }
  })
  const deals = await all(
    client.deals.pages({ limit: 2, updatedSince: new Date('2026-11-01T00:00:00.500Z') }),
  )
  expect(deals.map((deal) => deal.id)).toEqual([0, 1, 2])
  expect(server.seen).toHaveLength(2)
  expect(server.seen[0]?.query.get('sort')).toBe('update_time DESC')
})

test('ids are fetched one by one; missing ones are left out', async () => {
  const { client } = await connect((request) =>
    request.path === '/v1/organizations/2'
      ? { status: 404, json: { success: false, error: 'not found' } }
      : { json: { data: { id: Number(request.path.split('/').at(-1)) } } },
  )
  expect((await all(client.organizations.pages({ ids: [1, 2, 3] }))).map((found) => found.id)).toEqual([1, 3])
})

test('updates are PUT, an empty list may be null, and activities are those of everybody', async () => {
  const { client, server } = await connect((request) => ({
    json: { data: request.method === 'PUT' ? { id: 1 } : null },
  }))
  await client.persons.update(1, { emails: [{ value: 'a@b.c', primary: true }] })
  expect(server.seen[0]).toMatchObject({
    method: 'PUT',
    path: '/v1/persons/1',
    body: { email: [{ value: 'a@b.c', primary: true }] },
  })
  expect(await all(client.activities.pages())).toEqual([])
  expect(server.seen[1]?.query.get('user_id')).toBe('0')
})
