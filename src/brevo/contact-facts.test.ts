/** Reading and removing one contact, and what no write can do to its consent. */
import { afterEach, describe, expect, test } from 'vitest'
import {
  type FaultyServer,
  type Reply,
  type SeenRequest,
  startFaultyServer,
} from '../transport/faulty-server.test-kit.ts'
import { createBrevoClient } from './client.ts'
import type { BrevoClient } from './client-face.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close()
})

async function connect(
  answer: (request: SeenRequest, index: number) => Reply,
): Promise<{ server: FaultyServer; client: BrevoClient }> {
  const server = await startFaultyServer(answer)
  const client = createBrevoClient({
    apiUrl: `${server.url}/v3`,
    credential: { apiKey: 'xkeysib-test' },
    random: () => 0,
    timeoutMs: 2_000,
  })
  open.push(client, server)
  return { server, client }
}

const STATISTICS = {
  hardBounces: [{ campaignId: 21, eventTime: '2026-05-03 20:15:13+00:00' }],
  unsubscriptions: {
    userUnsubscription: [{ campaignId: null, eventTime: '2026-05-04T20:15:13Z', ip: '203.0.113.7' }],
    adminUnsubscription: [{ eventTime: '2026-05-05T20:15:13Z' }],
  },
  transacAttributes: [{ ORDER: 1 }],
}

describe('the statistics of a contact', () => {
  test('come with the contact, with what is not named here', async () => {
    const { client } = await connect(() => ({ json: { id: 1, statistics: STATISTICS } }))
    const { statistics } = await client.contacts.get(1, 'contact_id')
    expect(statistics).toEqual(STATISTICS)
    expect(statistics?.unsubscriptions?.userUnsubscription?.[0]?.eventTime).toBe('2026-05-04T20:15:13Z')
  })

  test.each([
    [{}, {}],
    [[], {}],
    [{ unsubscriptions: [] }, { unsubscriptions: {} }],
    [{ complaints: null }, { complaints: null }],
  ])('of nothing are read in every form: %j', async (sent, expected) => {
    const { client } = await connect(() => ({ json: { id: 1, statistics: sent } }))
    expect((await client.contacts.get(1, 'contact_id')).statistics).toEqual(expected)
  })

  test('of a period are asked for by days, and the address stays out of errors', async () => {
    const { client, server } = await connect((_request, index) =>
      index === 0
        ? { json: STATISTICS }
        : { status: 404, json: { code: 'document_not_found', message: 'm' } },
    )
    const period = { startDate: new Date('2026-09-01T23:00:00Z'), endDate: new Date('2026-11-30T01:00:00Z') }
    expect(await client.contacts.campaignStats('jane@x.example', period)).toEqual(STATISTICS)
    expect(server.seen[0]?.path).toBe('/v3/contacts/jane%40x.example/campaignStats')
    expect(Object.fromEntries(server.seen[0]?.query ?? [])).toEqual({
      startDate: '2026-09-01',
      endDate: '2026-11-30',
    })
    expect(client.usage().byBucket).toEqual({ contacts: 1 })
    await expect(client.contacts.campaignStats('jane@x.example')).rejects.toMatchObject({
      code: 'brevo_not_found',
      path: '/contacts/{identifier}/campaignStats',
      message: expect.not.stringContaining('jane'),
    })
  })

  test('are empty for a contact without history', async () => {
    const { client, server } = await connect(() => ({ json: {} }))
    expect(await client.contacts.campaignStats(7)).toEqual({})
    expect([...(server.seen[0]?.query ?? [])]).toEqual([])
  })

  test('of half a period, a reversed one or more than ninety days are not asked for', async () => {
    const { client, server } = await connect(() => ({ json: {} }))
    const day = (text: string) => new Date(`${text}T00:00:00Z`)
    for (const period of [
      { startDate: day('2026-09-01') },
      { endDate: day('2026-09-01') },
      { startDate: day('2026-09-02'), endDate: day('2026-09-01') },
      { startDate: day('2026-09-01'), endDate: day('2026-12-01') },
    ]) {
      await expect(client.contacts.campaignStats(7, period)).rejects.toMatchObject({
        code: 'brevo_request_invalid',
      })
    }
    expect(server.seen).toHaveLength(0)
  })
})

describe('deleting', () => {
  test("the account's own address is refused with the reason", async () => {
    const { client, server } = await connect(() => ({
      status: 405,
      json: {
        code: 'method_not_allowed',
        message: "You're not allowed to delete registered email contact with Brevo",
      },
    }))
    await expect(client.contacts.delete('owner@x.example', 'email_id')).rejects.toMatchObject({
      code: 'brevo_rejected',
      disposition: 'reject',
      status: 405,
      applied: 'no',
      message: expect.stringMatching(/registered with; give the account another address/),
    })
    expect(server.seen).toHaveLength(1)
  })

  test('that was answered into the void counts as done when the repeat finds nobody', async () => {
    const { client, server } = await connect((_request, index) =>
      index === 0
        ? (response) => response.destroy()
        : { status: 404, json: { code: 'document_not_found', message: 'm' } },
    )
    await expect(client.contacts.delete(7, 'contact_id')).resolves.toBeUndefined()
    expect(server.seen).toHaveLength(2)
    await expect(client.contacts.delete(7, 'contact_id')).rejects.toMatchObject({ code: 'brevo_not_found' })
  })
})

describe('no write lifts a blocklisting', () => {
  const event = { event_name: 'deal_won', identifiers: { contact_id: 1 } }
  const lifting = { emailBlacklisted: false }
  const row = (text: string) => ({ listIds: [1], jsonBody: `[{"email":"a@b.c",${text}}]` })
  test.each<[string, (client: BrevoClient) => Promise<unknown>]>([
    [
      'as a field',
      // @ts-expect-error lifting is not part of the type
      (c) => c.contacts.update(1, 'contact_id', { emailBlacklisted: false }),
    ],
    [
      'as null',
      // @ts-expect-error null is not part of the type
      (c) => c.contacts.create({ ext_id: 'x', smsBlacklisted: null }),
    ],
    ['among attributes', (c) => c.contacts.update(1, 'contact_id', { attributes: lifting })],
    [
      'in a row of an import',
      (c) => c.contacts.import({ listIds: [1], jsonBody: [Object.assign({ email: 'a@b.c' }, lifting)] }),
    ],
    ['in the text of an import', (c) => c.contacts.import(row('"emailBlacklisted" : false'))],
    ['in another spelling of it', (c) => c.contacts.import(row('"smsBlacklist":"true"'))],
    ['beside the members of a list', (c) => c.lists.addContacts(1, Object.assign({ ids: [1] }, lifting))],
    [
      'on leaving a list',
      (c) => c.lists.removeContacts(1, Object.assign({ ids: [1] }, { smsBlacklisted: false })),
    ],
    ['by an event', (c) => c.events.create({ ...event, contact_properties: lifting })],
    ['by one event of many', (c) => c.events.createBatch([event, { ...event, contact_properties: lifting }])],
    [
      'by an address that an event changes',
      (c) => c.events.create({ ...event, contact_properties: { EMAIL: 'n@x.example' } }),
    ],
  ])('%s', async (_name, call) => {
    const { client, server } = await connect(() => ({ json: { processId: 1 } }))
    await expect(call(client)).rejects.toMatchObject({ code: 'brevo_request_invalid' })
    expect(server.seen).toHaveLength(0)
  })

  test('and words in a value are no field', async () => {
    const { client, server } = await connect(() => ({ status: 202, json: { processId: 1 } }))
    const jsonBody = [{ email: 'a@b.c', attributes: { NOTE: '"emailBlacklisted": false' } }]
    await client.contacts.import({ listIds: [1], jsonBody })
    expect(server.seen[0]?.body).toMatchObject({ jsonBody })
  })
})

test.each<[string, (client: BrevoClient, signal: AbortSignal) => Promise<unknown>]>([
  ['contacts.get', (c, signal) => c.contacts.get(1, 'contact_id', { lane: 'live', signal })],
  ['contacts.campaignStats', (c, signal) => c.contacts.campaignStats(1, { lane: 'live', signal })],
  [
    'contacts.update',
    (c, signal) => c.contacts.update(1, 'contact_id', { listIds: [1] }, { lane: 'live', signal }),
  ],
  ['contacts.delete', (c, signal) => c.contacts.delete(1, 'contact_id', { lane: 'live', signal })],
])('%s takes a lane and a signal', async (_name, call) => {
  const { client, server } = await connect(() => ({ json: { id: 1 } }))
  await expect(call(client, AbortSignal.abort())).rejects.toThrow()
  expect(server.seen).toHaveLength(0)
})
