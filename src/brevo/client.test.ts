import { inspect } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { manualClock } from '../base/clock.ts'
import {
  type FaultyServer,
  type Reply,
  type SeenRequest,
  startFaultyServer,
} from '../transport/faulty-server.test-kit.ts'
import { ApiError } from '../transport/index.ts'
import { type BrevoClientOptions, createBrevoClient } from './client.ts'
import type { BrevoClient } from './client-face.ts'
import { duplicateIdentifiers, isInvalidPhone } from './errors.ts'

const KEY = 'xkeysib-0123456789abcdef0123456789abcdef'
const START = new Date('2026-11-24T10:00:00Z')
const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close()
})

async function connect(
  answer: (request: SeenRequest, index: number) => Reply,
  more: Partial<BrevoClientOptions> = {},
): Promise<{ server: FaultyServer; client: BrevoClient; pauses: number[] }> {
  const server = await startFaultyServer(answer)
  const clock = manualClock(START)
  const pauses: number[] = []
  const client = createBrevoClient({
    apiUrl: `${server.url}/v3`,
    credential: { apiKey: KEY },
    // Pauses take no time here, and are remembered.
    clock: {
      now: clock.now,
      async sleep(ms, signal) {
        signal?.throwIfAborted()
        if (ms > 0) pauses.push(ms)
        await clock.advance(ms)
      },
    },
    random: () => 1,
    timeoutMs: 2_000,
    ...more,
  })
  open.push(client, server)
  return { server, client, pauses }
}

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ApiError)
  return error as ApiError
}

describe('contacts', () => {
  test('a page asks for a thousand, oldest first, and keeps what it cannot read', async () => {
    const { client, server } = await connect(() => ({
      json: {
        contacts: [{ id: 1, email: 'a@b.c', attributes: { SMS: '49' } }, { email: 'no id' }],
        count: 2,
      },
    }))
    const page = await client.contacts.page({ modifiedSince: START })
    expect(page).toMatchObject({ contacts: [{ id: 1 }], count: 2, unreadable: [{ id: null }] })
    expect(page.unreadable[0]?.problem).toMatch(/^id: /)
    expect(server.seen[0]).toMatchObject({ path: '/v3/contacts', headers: { 'api-key': KEY } })
    expect(Object.fromEntries(server.seen[0]?.query ?? [])).toEqual({
      limit: '1000',
      offset: '0',
      modifiedSince: '2026-11-24T10:00:00.000Z',
      sort: 'asc',
    })
  })

  test('creating answers the id; an upsert that updated answers none', async () => {
    const { client } = await connect((_request, index) =>
      index === 0 ? { status: 201, json: { id: 21 } } : { status: 204, text: '' },
    )
    expect(await client.contacts.create({ email: 'a@b.c' })).toEqual({ id: 21 })
    expect(await client.contacts.create({ email: 'a@b.c', updateEnabled: true })).toEqual({ id: null })
  })

  test('an upsert is repeated after a lost answer, a plain create is not', async () => {
    const { client, server } = await connect((_request, index) =>
      index % 2 === 0 ? (response) => response.destroy() : { status: 204, text: '' },
    )
    await client.contacts.create({ ext_id: 'x', updateEnabled: true })
    expect(server.seen).toHaveLength(2)
    expect(await failure(client.contacts.create({ ext_id: 'x' }))).toMatchObject({
      applied: 'maybe',
      attempts: 1,
    })
  })

  test('a blocklisting can not be lifted, by type and at run time', async () => {
    const { client, server } = await connect(() => ({ status: 204, text: '' }))
    const refused = { code: 'brevo_request_invalid' }
    // @ts-expect-error lifting is not part of the type
    await expect(client.contacts.update(1, 'contact_id', { emailBlacklisted: false })).rejects.toMatchObject(
      refused,
    )
    // @ts-expect-error lifting is not part of the type
    await expect(client.contacts.create({ email: 'a@b.c', smsBlacklisted: false })).rejects.toMatchObject(
      refused,
    )
    await expect(
      // @ts-expect-error lifting is not part of the type
      client.contacts.import({ listIds: [1], jsonBody: [], emailBlacklist: false }),
    ).rejects.toMatchObject(refused)
    // @ts-expect-error null is not part of the type
    const withNull = client.contacts.update(1, 'contact_id', { attributes: { A: null } })
    await expect(withNull).rejects.toThrow('body.attributes.A is null')
    expect(server.seen).toHaveLength(0)
    await client.contacts.update(1, 'contact_id', { emailBlacklisted: true })
    expect(server.seen[0]?.body).toEqual({ emailBlacklisted: true })
  })

  test('an address never stands in an error, though it went into the path', async () => {
    const { client, server } = await connect(() => ({
      status: 404,
      json: { code: 'document_not_found', message: 'Contact does not exist' },
    }))
    const error = await failure(client.contacts.get('jane+x@example.com', 'email_id'))
    expect(error).toMatchObject({
      code: 'brevo_not_found',
      path: '/contacts/{identifier}',
      vendorCode: 'document_not_found',
    })
    expect(inspect(error)).not.toContain('jane')
    expect(server.seen[0]?.path).toBe('/v3/contacts/jane%2Bx%40example.com')
    expect(server.seen[0]?.query.get('identifierType')).toBe('email_id')
  })

  test('an import takes text as it is, keeps silent by default and needs a list', async () => {
    const { client, server } = await connect(() => ({ status: 202, json: { processId: 78 } }))
    const rows = '[{"email":"a@b.c","attributes":{"A":1}}]'
    expect(
      await client.contacts.import({ listIds: [5], jsonBody: rows, updateExistingContacts: true }),
    ).toEqual({
      processId: 78,
    })
    expect(server.seen[0]?.body).toEqual({
      disableNotification: true,
      listIds: [5],
      updateExistingContacts: true,
      jsonBody: JSON.parse(rows),
    })
    for (const bad of [
      { listIds: [], jsonBody: rows },
      { listIds: [5], jsonBody: '{"a":1}' },
      { listIds: [5], jsonBody: `["${'x'.repeat(8_000_000)}"]` },
    ]) {
      await expect(client.contacts.import(bad)).rejects.toMatchObject({ code: 'brevo_request_invalid' })
    }
    expect(server.seen).toHaveLength(1)
  })
})

describe('lists, attributes, events', () => {
  test('members go by 150 at most, and partial success is an answer', async () => {
    const { client, server } = await connect(() => ({
      status: 201,
      json: { contacts: { success: ['a@b.c'], failure: ['x@y.z'] } },
    }))
    expect(await client.lists.addContacts(3, { emails: ['a@b.c', 'x@y.z'] })).toEqual({
      success: ['a@b.c'],
      failure: ['x@y.z'],
      processId: null,
    })
    expect(server.seen[0]).toMatchObject({
      path: '/v3/contacts/lists/3/contacts/add',
      body: { emails: ['a@b.c', 'x@y.z'] },
    })
    const many = Array.from({ length: 151 }, (_, i) => i)
    await expect(client.lists.removeContacts(3, { ids: many })).rejects.toMatchObject({
      code: 'brevo_request_invalid',
    })
  })

  test('lists are read in pages of fifty until one is short', async () => {
    const { client, server } = await connect((request) => {
      const offset = Number(request.query.get('offset'))
      const rows = Array.from({ length: offset === 0 ? 50 : 3 }, (_, i) => ({ id: offset + i, name: 'L' }))
      return { json: { lists: rows, count: 53 } }
    })
    expect(await client.lists.list()).toHaveLength(53)
    expect(server.seen).toHaveLength(2)
  })

  test('a batch of events names those that were not accepted', async () => {
    const { client } = await connect(() => ({
      status: 207,
      json: {
        status: 'partiallyQueued',
        failed_events: 1,
        errors: [{ eventIndex: [1], message: 'undefined event_name' }],
      },
    }))
    const event = { event_name: 'deal_won', identifiers: { ext_id: 'x' } }
    expect(await client.events.createBatch([event, event, event])).toEqual({
      accepted: 2,
      failed: [{ index: 1, message: 'undefined event_name' }],
    })
  })

  test('an event is never sent twice when its answer was lost', async () => {
    const { client, server } = await connect(() => ({ status: 500, json: { message: 'oops' } }))
    const error = await failure(
      client.events.create({ event_name: 'deal_won', identifiers: { contact_id: 1 } }),
    )
    expect(error).toMatchObject({ code: 'brevo_unavailable', applied: 'maybe', attempts: 1 })
    expect(server.seen).toHaveLength(1)
    await expect(
      client.events.create({ event_name: 'deal won', identifiers: { contact_id: 1 } }),
    ).rejects.toMatchObject({ code: 'brevo_request_invalid' })
  })
})

describe('failures', () => {
  const json = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => ({
    status,
    json: body,
    headers,
  })
  test.each<[string, Reply, object]>([
    [
      '401 of the key',
      json(401, { message: 'Key not found', code: 'unauthorized' }),
      { code: 'brevo_unauthorized', disposition: 'pause' },
    ],
    [
      '401 of the address',
      json(401, {
        message:
          'We have detected you are using an unrecognised IP address 2001:db8::1. If you performed this action make sure to add the new IP address in this link: https://app.brevo.com/security/authorised_ips',
        code: 'unauthorized',
      }),
      { code: 'brevo_ip_refused', disposition: 'pause' },
    ],
    [
      '402',
      json(402, { code: 'not_enough_credits', message: 'm' }),
      { code: 'brevo_plan_lapsed', disposition: 'pause' },
    ],
    [
      '403',
      json(403, { code: 'permission_denied', message: 'm' }),
      { code: 'brevo_forbidden', disposition: 'pause' },
    ],
    [
      '404 of the CRM',
      json(404, { message: 'Document not found' }),
      { code: 'brevo_not_found', vendorCode: null },
    ],
    [
      '400',
      json(400, { message: 'Not valid data.' }),
      { code: 'brevo_rejected', vendorMessage: 'Not valid data.' },
    ],
    [
      '405',
      json(405, { code: 'method_not_allowed', message: 'm' }),
      { code: 'brevo_rejected', applied: 'no' },
    ],
    ['500', json(500, { message: 'm' }), { code: 'brevo_unavailable', disposition: 'retry' }],
    [
      'a web page',
      { status: 404, text: '<html></html>' },
      { code: 'brevo_wrong_address', disposition: 'pause' },
    ],
    ['half JSON', { text: '{"contacts":[{' }, { code: 'brevo_answer_invalid', disposition: 'retry' }],
  ])('%s', async (_name, reply, expected) => {
    const { client } = await connect(() => reply)
    const error = await failure(client.contacts.page())
    expect(error).toMatchObject({ ...expected, vendor: 'brevo', method: 'GET', path: '/contacts' })
  })

  test('425 repeats even a create', async () => {
    const { client, server } = await connect((_request, index) =>
      index === 0 ? json(425, { code: 'account_in_process', message: 'm' }) : json(201, { id: 1 }),
    )
    expect(await client.contacts.create({ email: 'a@b.c' })).toEqual({ id: 1 })
    expect(server.seen).toHaveLength(2)
  })

  test('a 429 of a second is waited out, one of an hour is handed back with its end', async () => {
    const { client, server, pauses } = await connect((_request, index) =>
      index === 0
        ? json(429, { message: 'Too many requests' }, { 'x-sib-ratelimit-reset': '1' })
        : json(200, { contacts: [], count: 0 }),
    )
    await client.contacts.page()
    expect(server.seen).toHaveLength(2)
    expect(pauses).toEqual([1000])
    const hourly = await connect(() =>
      json(429, { message: 'Too many requests' }, { 'x-sib-ratelimit-reset': '1800' }),
    )
    const expected = {
      code: 'brevo_limited',
      disposition: 'retry',
      notBefore: new Date('2026-11-24T10:30:00Z'),
    }
    expect(await failure(hourly.client.processes.get(1))).toMatchObject(expected)
    await expect(hourly.client.account.get()).rejects.toMatchObject(expected)
    expect(hourly.server.seen).toHaveLength(1)
  })

  test('a spent hour of the rare calls does not hold back contacts', async () => {
    const { client, server } = await connect((request) =>
      request.path === '/v3/account'
        ? json(
            200,
            {},
            {
              'x-sib-ratelimit-limit': '100',
              'x-sib-ratelimit-remaining': '0',
              'x-sib-ratelimit-reset': '900',
            },
          )
        : json(200, { contacts: [], count: 0 }),
    )
    await client.account.get()
    await expect(client.webhooks.list('marketing')).rejects.toMatchObject({ code: 'brevo_limited' })
    await client.contacts.page()
    expect(server.seen.map((request) => request.path)).toEqual(['/v3/account', '/v3/contacts'])
    expect(client.usage()).toMatchObject({ count: 2, byBucket: { other: 1, contacts: 1 } })
  })

  test('no failure carries the key', async () => {
    const replies: Reply[] = [
      json(400, { code: KEY, message: `key ${KEY}`, metadata: { [KEY]: [KEY] } }),
      { status: 502, text: `<title>${KEY}</title>` },
      (response) => response.destroy(),
    ]
    for (const reply of replies) {
      const { client } = await connect(() => reply)
      const error = await failure(client.contacts.create({ email: 'a@b.c' }))
      expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(KEY)
    }
  })
})

describe('what a refused contact names', () => {
  const refused = async (body: unknown) => {
    const { client } = await connect(() => ({ status: 400, json: body }))
    return failure(client.contacts.create({ email: 'a@b.c' }))
  }
  test.each<[string, unknown, string[]]>([
    [
      'metadata',
      {
        code: 'duplicate_parameter',
        message: 'Unable to update contact, SMS is already associated with another Contact',
        metadata: { duplicate_identifiers: ['SMS', 'ext_id'] },
      },
      ['SMS', 'ext_id'],
    ],
    [
      'metadata under another code',
      { code: 'invalid_parameter', message: 'm', metadata: { duplicate_identifiers: ['email'] } },
      ['email'],
    ],
    [
      'words, created',
      {
        code: 'duplicate_parameter',
        message: 'Unable to create contact, email is already associated with another Contact',
      },
      ['email'],
    ],
    [
      'words, old',
      { code: 'duplicate_parameter', message: 'SMS is already associate with another Contact' },
      ['SMS'],
    ],
    [
      'words, several',
      {
        code: 'x',
        message: 'Unable to create contact, email, SMS are already associated with another Contact',
      },
      ['email', 'SMS'],
    ],
    ['words, oldest', { code: 'duplicate_parameter', message: 'Contact already exist' }, ['email']],
    ['another failure', { code: 'invalid_parameter', message: 'Invalid phone number' }, []],
  ])('taken identifiers: %s', async (_name, body, expected) => {
    expect(duplicateIdentifiers(await refused(body))).toEqual(expected)
  })

  test('a bad phone number', async () => {
    expect(
      isInvalidPhone(await refused({ code: 'invalid_parameter', message: 'Invalid phone number' })),
    ).toBe(true)
    expect(
      isInvalidPhone(await refused({ code: 'invalid_parameter', message: 'Invalid email address' })),
    ).toBe(false)
    expect(isInvalidPhone(new Error('Invalid phone number'))).toBe(false)
  })
})
