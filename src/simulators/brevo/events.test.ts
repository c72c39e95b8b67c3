import { expect, test } from 'vitest'
import { startBrevo, testSeed } from '../../../test/support/brevo-account.ts'
import { PLAN_LIMITS } from './rate-buckets.ts'

const ANN = 'ann@example.com'
const BOB = 'bob@example.com'
const PHONES = { SMS: '33612345678', WHATSAPP: '33612345679', LANDLINE_NUMBER: '33112345678' }
const TWO = testSeed({ contacts: [{ email: ANN, ext_id: 'p-1', attributes: PHONES }, { email: BOB }] })

const deal = (more: object = {}) => ({ event_name: 'deal_won', identifiers: { contact_id: 1 }, ...more })

async function start(options: Parameters<typeof startBrevo>[0] = {}) {
  const account = await startBrevo({ seed: TWO, ...options })
  const list = async (query = '') => {
    const { body } = await account.call('GET', `/events${query}`)
    return body as { events: { event_name: string; contact_id: number; event_date: string }[]; count: number }
  }
  const names = async (query = '') => (await list(query)).events.map(({ event_name }) => event_name)
  return { ...account, list, names }
}

test('an event is accepted with 204 and can be read back with what was sent', async () => {
  const { call, clock, list, state } = await start()
  const event_properties = { amount: 12.5, open: true, tags: ['a'], org: { name: 'Acme' } }
  const sent = deal({
    event_date: '2025-12-31T23:30:00.125+01:00',
    event_properties,
    contact_properties: { SCORE: 3 },
  })
  await clock.advance(5)
  expect(await call('POST', '/events', sent)).toMatchObject({ status: 204, body: undefined })
  const shown = {
    contact_id: 1,
    event_name: 'deal_won',
    event_date: '2025-12-31T22:30:00.125Z',
    event_properties,
    contact_properties: { SCORE: 3 },
  }
  expect(await list()).toEqual({ events: [shown], count: 1 })
  expect(state.events()).toEqual([{ ...shown, receivedAt: '2026-01-01T00:00:00.005Z' }])
})

test('without a date the event happened when it came; the account can keep whole seconds only', async () => {
  const { call, clock, list, state } = await start()
  await clock.advance(1234)
  await call('POST', '/events', deal())
  expect((await list()).events[0]?.event_date).toBe('2026-01-01T00:00:01.234Z')
  state.switches.eventDateKept = 'seconds'
  await call('POST', '/events', deal({ event_date: '2026-01-01T00:00:01.999Z' }))
  expect((await list()).events[0]?.event_date).toBe('2026-01-01T00:00:01Z')
})

test('the same event twice is two events', async () => {
  const { call, list } = await start()
  const sent = deal({ event_date: '2025-12-31T00:00:00Z' })
  await call('POST', '/events', sent)
  await call('POST', '/events', sent)
  expect((await list()).count).toBe(2)
})

test.each([
  [{ contact_id: 1 }, 1],
  [{ contact_id: 2, email_id: ANN }, 2],
  [{ email_id: 'ANN@example.com' }, 1],
  [{ ext_id: 'p-1' }, 1],
  [{ phone_id: '+33612345678' }, 1],
  [{ whatsapp_id: '33612345679' }, 1],
  [{ landline_number_id: '0033112345678' }, 1],
  [{ email_id: 'new@example.com', ext_id: 'p-1' }, 1],
])('%j names a contact', async (identifiers, contact_id) => {
  const { call, state } = await start()
  expect((await call('POST', '/events', deal({ identifiers }))).status).toBe(204)
  expect(state.events()).toMatchObject([{ contact_id }])
  expect(state.contactCount()).toBe(2)
})

test('an unknown address makes a contact, on no list', async () => {
  const { call, list, state } = await start()
  const event = deal({ identifiers: { email_id: 'New@example.com' }, contact_properties: { SCORE: 9 } })
  expect((await call('POST', '/events', event)).status).toBe(204)
  expect(state.contact('new@example.com')).toMatchObject({ id: 3, listIds: [], attributes: { SCORE: 9 } })
  expect(await list()).toMatchObject({ events: [{ contact_id: 3 }], count: 1 })
})

test('an event for an unknown contact without an address, or with an unknown id, is accepted and lost', async () => {
  const { call, list, state } = await start()
  for (const identifiers of [
    { ext_id: 'p-9' },
    { phone_id: '+33699999999' },
    { contact_id: 9, email_id: ANN },
  ]) {
    expect((await call('POST', '/events', deal({ identifiers }))).status).toBe(204)
  }
  expect(await list()).toEqual({ events: [], count: 0 })
  expect(state.events().map(({ contact_id }) => contact_id)).toEqual([null, null, null])
  expect(state.contactCount()).toBe(2)
})

test('an account can lose or refuse every event for an unknown contact', async () => {
  const { call, state } = await start()
  const event = deal({ identifiers: { email_id: 'new@example.com' } })
  state.switches.unknownEventContact = 'lost'
  expect((await call('POST', '/events', event)).status).toBe(204)
  state.switches.unknownEventContact = 'refused'
  expect(await call('POST', '/events', event)).toMatchObject({
    status: 400,
    body: { code: 'invalid_parameter', message: 'Contact does not exist' },
  })
  expect(state.contactCount()).toBe(2)
  expect(state.events()).toMatchObject([{ contact_id: null }])
})

test('contact_properties update the contact; what is unknown, unfitting or an identifier is ignored', async () => {
  const { call, clock, state } = await start()
  await clock.advance(7)
  const contact_properties = { SCORE: 4, VIP: 'maybe', NOPE: 1, EXT_ID: 'p-2', SMS: 'local' }
  expect((await call('POST', '/events', deal({ contact_properties }))).status).toBe(204)
  expect(state.contact(1)).toMatchObject({
    modifiedAt: '2026-01-01T00:00:00.007Z',
    attributes: { EXT_ID: 'p-1', ...PHONES, SCORE: 4 },
  })
  expect(state.contact(1)?.attributes).not.toHaveProperty('VIP')
})

test('an event that changes its contact sets off the webhook of a changed contact', async () => {
  const { call, state } = await start()
  const hook = { url: 'http://127.0.0.1:9/', type: 'marketing', events: ['contactUpdated'] }
  await call('POST', '/webhooks', hook)
  await call('POST', '/events', deal({ event_properties: { SCORE: 5 } }))
  await call('POST', '/events', deal({ contact_properties: { SCORE: 4 } }))
  await state.webhooksQuiet()
  expect(state.webhookDeliveries()).toMatchObject([{ event: 'contact_updated' }])
})

test.each([
  [{ event_name: undefined }, 'missing_parameter', 'undefined event_name'],
  [{ event_name: 'deal won' }, 'invalid_parameter', 'Invalid event_name'],
  [{ event_name: 'x'.repeat(256) }, 'invalid_parameter', 'Invalid event_name'],
  [{ identifiers: {} }, 'missing_parameter', 'Please pass at least one identifier or contact id'],
  [{ identifiers: undefined }, 'missing_parameter', 'Please pass at least one identifier or contact id'],
  [{ identifiers: { contact_id: '1' } }, 'invalid_parameter', 'Invalid contact_id'],
  [{ identifiers: { email_id: 'nonsense' } }, 'invalid_parameter', 'Invalid email address'],
  [{ event_date: '2026-01-01' }, 'invalid_parameter', 'Invalid event_date'],
  [{ event_date: '2026-01-01T00:00:00' }, 'invalid_parameter', 'Invalid event_date'],
  [{ event_properties: [] }, 'invalid_parameter', 'Invalid event_properties'],
  [{ event_properties: { a: null } }, 'invalid_parameter', 'Invalid event_properties'],
  [{ event_properties: { 'a b': 1 } }, 'invalid_parameter', 'Invalid event_properties key'],
  [{ event_properties: { a: [{ 'b.c': 1 }] } }, 'invalid_parameter', 'Invalid event_properties key'],
  [{ contact_properties: { SCORE: [1] } }, 'invalid_parameter', 'Invalid contact_properties'],
])('%j is refused', async (more, code, message) => {
  const { call, state } = await start()
  expect(await call('POST', '/events', deal(more))).toMatchObject({ status: 400, body: { code, message } })
  expect(state.events()).toEqual([])
})

test('event_properties up to 50 KB are taken, in bytes, and nulls where the account keeps them', async () => {
  const { call, state } = await start({ switches: { eventNulls: 'kept' } })
  const text = (length: number) => deal({ event_properties: { n: null, text: 'é'.repeat(length) } })
  expect((await call('POST', '/events', text(24_985))).status).toBe(204)
  expect(await call('POST', '/events', text(25_000))).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining('50KB') },
  })
  expect(state.events()).toHaveLength(1)
})

test('a batch is accepted whole, in part, or not at all, and says which were not', async () => {
  const { call, names } = await start()
  const nameless = deal({ event_name: undefined })
  const orphan = deal({ identifiers: {} })
  const good = [deal({ event_name: 'a' }), deal({ event_name: 'b' })]
  expect(await call('POST', '/events/batch', { events: good })).toMatchObject({
    status: 202,
    body: {
      message: 'Batch accepted. Valid events have been added to the processing queue.',
      count: 2,
    },
  })
  const mixed = [nameless, deal({ event_name: 'c' }), orphan, nameless, 7]
  const partial = await call('POST', '/events/batch', { events: mixed })
  expect(partial.status).toBe(207)
  expect(partial.body).toEqual({
    status: 'partiallyQueued',
    total_events: 5,
    successful_events: 1,
    failed_events: 4,
    errors: [
      { eventIndex: [0, 3], message: 'undefined event_name' },
      { eventIndex: [2], message: 'Please pass at least one identifier or contact id' },
      { eventIndex: [4], message: 'Invalid event' },
    ],
  })
  const lost = await call('POST', '/events/batch', { events: [orphan] })
  expect(lost.status).toBe(400)
  expect(lost.body).toEqual({
    status: 'failed',
    total_events: 1,
    successful_events: 0,
    failed_events: 1,
    errors: [{ eventIndex: [0], message: 'Please pass at least one identifier or contact id' }],
  })
  expect(await names()).toEqual(['c', 'b', 'a'])
})

test('a batch has at most 200 events and 512 KB, and is an object with events', async () => {
  const { call, state } = await start()
  const batch = async (body: unknown) => (await call('POST', '/events/batch', body)).status
  const many = (count: number, more: object = {}) => ({
    events: Array.from({ length: count }, () => deal(more)),
  })
  expect(await batch(many(201))).toBe(400)
  expect(await batch(many(12, { event_properties: { text: 'x'.repeat(45_000) } }))).toBe(400)
  for (const body of [[deal()], {}, { events: [] }, { events: deal() }]) expect(await batch(body)).toBe(400)
  expect(state.events()).toEqual([])
  expect(await batch(many(200))).toBe(202)
  expect(state.events()).toHaveLength(200)
})

test('events are listed newest first, with filters and pages, and counted whole', async () => {
  const { call, list, names } = await start()
  const send = (event_name: string, contact_id: number, day: string) =>
    call('POST', '/events', { event_name, identifiers: { contact_id }, event_date: `${day}T12:00:00Z` })
  await send('b', 2, '2025-12-30')
  await send('c', 1, '2025-12-31')
  await send('a', 1, '2025-12-29')
  await send('old', 1, '2025-06-30')
  expect(await names()).toEqual(['c', 'b', 'a'])
  expect(await list('?limit=1&offset=1')).toMatchObject({ events: [{ event_name: 'b' }], count: 3 })
  expect(await names('?contact_id=1')).toEqual(['c', 'a'])
  expect(await names('?contact_id=1&contact_id=2')).toEqual(['c', 'b', 'a'])
  expect(await names('?event_name=a&event_name=b')).toEqual(['b', 'a'])
  expect(await names('?object_type=deal')).toEqual([])
  expect(await names('?startDate=2025-06-30T12:00:00Z&endDate=2025-12-29T12:00:00Z')).toEqual(['a', 'old'])
})

test('an endDate that is a day ends at its midnight, unless the account counts the day', async () => {
  const { call, names, state } = await start()
  await call('POST', '/events', deal({ event_date: '2025-12-31T12:00:00Z' }))
  expect(await names('?startDate=2025-12-31&endDate=2025-12-31')).toEqual([])
  expect(await names('?startDate=2025-12-31&endDate=2026-01-01')).toEqual(['deal_won'])
  state.switches.eventEndDay = 'included'
  expect(await names('?startDate=2025-12-31&endDate=2025-12-31')).toEqual(['deal_won'])
})

test.each([
  '?startDate=2025-01-01',
  '?endDate=2025-01-01',
  '?startDate=2025-02-01&endDate=2025-01-01',
  '?startDate=yesterday&endDate=today',
  '?limit=0',
  '?limit=10001',
  '?contact_id=x',
])('GET /events%s is refused', async (query) => {
  const { call } = await start()
  expect((await call('GET', `/events${query}`)).status).toBe(400)
})

test('the list can lag behind what was accepted', async () => {
  const { call, clock, list, state } = await start({ switches: { eventVisibleAfterMs: 60_000 } })
  await call('POST', '/events', deal({ event_date: '2025-12-01T00:00:00Z' }))
  await clock.advance(59_999)
  expect((await list()).count).toBe(0)
  expect(state.events()).toHaveLength(1)
  await clock.advance(1)
  expect((await list()).count).toBe(1)
})

test('the events of a deleted contact are gone from the list', async () => {
  const { call, list, state } = await start()
  await call('POST', '/events', deal())
  await call('DELETE', '/contacts/1')
  expect((await list()).count).toBe(0)
  expect(state.events()).toMatchObject([{ contact_id: 1 }])
})

test('events have a limit of their own; batches and the list share the hundred of everything else', async () => {
  const limits = { ...PLAN_LIMITS.starter, events: { perSecond: 2 }, other: { perHour: 2 } }
  const { call, state } = await start({ limits })
  const status = async (method: string, path: string, body?: unknown) =>
    (await call(method, path, body)).status
  expect(await status('POST', '/events', deal())).toBe(204)
  expect(await status('POST', '/events/batch', { events: [deal()] })).toBe(202)
  expect(await status('GET', '/events')).toBe(200)
  expect(await status('GET', '/events')).toBe(429)
  expect(await status('POST', '/events', deal())).toBe(204)
  expect(await status('POST', '/events', deal())).toBe(429)
  state.switches.eventsBatchBucket = 'events'
  expect(await call('GET', '/events')).toMatchObject({ status: 429 })
  expect((await call('GET', '/events')).headers.get('x-sib-ratelimit-limit')).toBe('2')
  expect(state.events()).toHaveLength(3)
})
