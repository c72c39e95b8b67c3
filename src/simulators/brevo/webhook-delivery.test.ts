import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startBrevo, testSeed } from '../../../test/support/brevo-account.ts'
import type { BrevoSimulatorOptions, BrevoSwitches } from './index.ts'

const ANN = 'ann@example.com'
const BOB = 'bob@example.com'
const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** 2026-01-01T00:00:00Z in seconds. */
const START = 1_767_225_600
const ALL = [
  'unsubscribed',
  'hardBounce',
  'softBounce',
  'spam',
  'opened',
  'click',
  'delivered',
  'contactUpdated',
  'contactDeleted',
  'listAddition',
]

type Received = { headers: IncomingHttpHeaders; url: string; body: never }

/** A server that keeps what it is sent and answers what it is told: a status, or nothing at all. */
async function startReceiver() {
  const received: Received[] = []
  const receiver = { received, answer: (_nth: number): number | 'nothing' | 'cut' => 200, url: '', port: 0 }
  const hanging = new Set<ServerResponse>()
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const body = JSON.parse(Buffer.concat(parts).toString()) as never
    received.push({ headers: request.headers, url: request.url ?? '', body })
    const answer = receiver.answer(received.length)
    if (answer === 'nothing') hanging.add(response)
    else if (answer === 'cut') request.socket.destroy()
    else response.writeHead(answer).end('ok')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  receiver.port = (server.address() as AddressInfo).port
  receiver.url = `http://127.0.0.1:${receiver.port}/hook`
  const stop = async (): Promise<void> => {
    if (!server.listening) return
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  }
  onTestFinished(stop)
  return Object.assign(receiver, { hanging, stop })
}

/** Ann (lists 2 and 3), Bob (no list), and one webhook for everything. */
async function withWebhook(
  switches: Partial<BrevoSwitches> = {},
  webhook: object = {},
  options: Partial<BrevoSimulatorOptions> = {},
) {
  const contacts = [
    { email: ANN, listIds: [2, 3], attributes: { FIRSTNAME: 'Ann' } },
    { email: BOB, attributes: { SMS: '33612345678', LASTNAME: 'B' } },
  ]
  const receiver = await startReceiver()
  const brevo = await startBrevo({ seed: testSeed({ contacts }), switches, ...options })
  const order = { url: receiver.url, type: 'marketing', events: ALL, ...webhook }
  expect((await brevo.call('POST', '/webhooks', order)).status).toBe(201)
  /** Payloads received since the last time it was asked. */
  let told = 0
  const news = async (): Promise<never[]> => {
    await brevo.state.webhooksQuiet()
    const fresh = receiver.received.slice(told)
    told = receiver.received.length
    return fresh.map(({ body }) => body)
  }
  const log = () =>
    brevo.state.webhookDeliveries().map(({ attempt, status, outcome }) => [attempt, status, outcome])
  return { ...brevo, receiver, news, log }
}

const CAMPAIGN = { campaignId: 45, campaignName: 'Spring' }

test('what recipients do arrives in the documented shapes', async () => {
  const { state, news } = await withWebhook({}, { events: ALL.filter((name) => name !== 'contactUpdated') })
  const common = {
    id: 1,
    camp_id: 45,
    email: ANN,
    'campaign name': 'Spring',
    date_sent: '2026-01-01 01:00:00',
    date_event: '2026-01-01 01:00:00',
    tag: '',
    ts_sent: START,
    ts_event: START,
    ts: START + 3600,
  }
  const sending_ip = expect.stringMatching(/^1\.179\.112\./)
  state.emitCampaignEvent({ event: 'delivered', email: 'Ann@Example.com', ...CAMPAIGN })
  expect(await news()).toEqual([{ ...common, event: 'delivered', sending_ip }])
  state.emitCampaignEvent({ event: 'opened', email: ANN, ...CAMPAIGN })
  expect(await news()).toEqual([{ ...common, event: 'opened' }])
  state.emitCampaignEvent({ event: 'click', email: ANN, ...CAMPAIGN, url: 'https://example.com/offer' })
  expect(await news()).toEqual([{ ...common, event: 'click', URL: 'https://example.com/offer' }])
  state.emitCampaignEvent({ event: 'soft_bounce', email: ANN, ...CAMPAIGN })
  expect(await news()).toEqual([{ ...common, event: 'soft_bounce', reason: 'deferred', sending_ip }])
  expect(state.contact(ANN)?.emailBlacklisted).toBe(false)
  state.emitCampaignEvent({ event: 'hard_bounce', email: ANN, ...CAMPAIGN })
  expect(await news()).toEqual([{ ...common, event: 'hard_bounce', reason: 'deferred', sending_ip }])
  expect(state.contact(ANN)?.emailBlacklisted).toBe(true)
  state.unsubscribe(ANN, CAMPAIGN)
  expect(await news()).toEqual([{ ...common, event: 'unsubscribed', list_id: [2, 3], sending_ip }])
  state.emitCampaignEvent({ event: 'spam', email: BOB, ...CAMPAIGN })
  expect(await news()).toEqual([{ ...common, email: BOB, event: 'spam', reason: 'undesired' }])
  expect(state.contact(BOB)?.emailBlacklisted).toBe(true)
  expect(() => state.emitCampaignEvent({ event: 'opened', email: 'no@example.com', ...CAMPAIGN })).toThrow(
    'Contact does not exist',
  )
})

test('an event that no recipient can cause is refused', async () => {
  const { state } = await withWebhook()
  expect(() => state.emitCampaignEvent({ event: 'proxy_open' as never, email: ANN, ...CAMPAIGN })).toThrow(
    'no campaign event is called proxy_open',
  )
})

test('bounces may have their older names', async () => {
  const { state, news } = await withWebhook({ bounceEvents: 'bounced' })
  state.emitCampaignEvent({ event: 'soft_bounce', email: ANN, ...CAMPAIGN })
  expect(await news()).toMatchObject([{ event: 'soft_bounced' }])
})

test('other processes set off the same events, and read the log', async () => {
  const { url, news } = await withWebhook()
  const act = (name: string, body: object) =>
    fetch(`${url}/__sandbox/${name}`, { method: 'POST', body: JSON.stringify(body) })
  await act('campaign-event', { event: 'opened', email: ANN, ...CAMPAIGN })
  expect(await news()).toMatchObject([{ event: 'opened', camp_id: 45 }])
  await act('unsubscribe', { email: ANN })
  expect(await news()).toMatchObject([{ event: 'unsubscribed', camp_id: 1 }, { event: 'contact_updated' }])
  await act('unsubscribe', { email: BOB, ...CAMPAIGN })
  expect(await news()).toMatchObject([{ event: 'unsubscribed', camp_id: 45 }, { event: 'contact_updated' }])
  expect((await (await act('webhook-deliveries', {})).json()) as object[]).toMatchObject([
    { webhookId: 1, event: 'opened', attempt: 1, status: 200, at: '2026-01-01T00:00:00.000Z' },
    {},
    {},
    {},
    {},
  ])
})

test('a changed contact arrives as accounts saw it: no address at the top, the key that did it', async () => {
  const { call, state, news } = await withWebhook()
  const updated = (content: object, date: string, api_key_name: string) => [
    { id: 1, event: 'contact_updated', date, ts: START, content: [{ email: BOB, ...content }], api_key_name },
  ]
  const local = '2026-01-01 01:00:00'
  await call('PUT', `/contacts/${BOB}`, { attributes: { FIRSTNAME: 'Bob', LASTNAME: '', SCORE: 4 } })
  expect(await news()).toEqual(
    updated(
      { list: {}, attributes: { LASTNAME: '', FIRSTNAME: 'Bob', SCORE: 4 } },
      '2026-01-01T00:00:00.000Z',
      'sandbox',
    ),
  )
  await call('PUT', `/contacts/${BOB}`, { emailBlacklisted: true })
  expect(await news()).toEqual(updated({ emailBlacklist: true }, local, 'sandbox'))
  state.addToList(BOB, 3)
  expect(await news()).toEqual(updated({ list: { addition: [3] } }, local, ''))
  state.removeFromList(BOB, 3)
  expect(await news()).toEqual(updated({ list: { deletion: [3] } }, local, ''))
  state.editContact(BOB, { EMAIL: 'rob@example.com' })
  expect(await news()).toMatchObject([
    {
      content: [
        {
          email: 'rob@example.com',
          list: {},
          attributes: { EMAIL: 'rob@example.com' },
          emailBlacklist: false,
        },
      ],
    },
  ])
})

test('a write that changes nothing is silent, or not', async () => {
  const { call, state, news } = await withWebhook()
  await call('PUT', `/contacts/${ANN}`, { attributes: { FIRSTNAME: 'Ann' }, listIds: [2] })
  expect(await news()).toEqual([])
  state.switches.unchangedFires = true
  await call('PUT', `/contacts/${ANN}`, { attributes: { FIRSTNAME: 'Ann' }, listIds: [2] })
  expect(await news()).toMatchObject([{ content: [{ email: ANN, list: {}, attributes: {} }] }])
})

test('a changed contact may arrive as documented: the address at the top, every new list its own event', async () => {
  const { call, news } = await withWebhook({ contactWebhooks: 'documented' })
  await call('PUT', `/contacts/${BOB}`, { attributes: { FIRSTNAME: 'Bob' }, listIds: [2] })
  const common = { id: 1, email: BOB, key: expect.any(String), date: '2026-01-01 01:00:00', ts: START }
  expect(await news()).toEqual([
    { ...common, event: 'list_addition', list_id: [2], api_key_name: 'sandbox' },
    { ...common, event: 'contact_updated', content: [{ FIRSTNAME: 'Bob' }], api_key_name: 'sandbox' },
  ])
  await call('PUT', `/contacts/${BOB}`, { listIds: [3] })
  expect(await news()).toMatchObject([{ event: 'list_addition', list_id: [3] }])
})

test('a new contact is a list_addition, and without lists nothing at all', async () => {
  const { call, state, news } = await withWebhook()
  await call('POST', '/contacts', { email: 'new@example.com' })
  expect(await news()).toEqual([])
  await call('POST', '/contacts', { email: 'newer@example.com', listIds: [3, 2] })
  state.addContact({ email: 'newest@example.com', listIds: [2] })
  expect(await news()).toEqual([
    {
      id: 1,
      email: 'newer@example.com',
      event: 'list_addition',
      key: expect.any(String),
      list_id: [3, 2],
      date: '2026-01-01 01:00:00',
      ts: START,
      api_key_name: 'sandbox',
    },
    expect.objectContaining({ email: 'newest@example.com', api_key_name: '' }),
  ])
})

test('a known contact that joins a list through the lists endpoint is a contact_updated', async () => {
  const { call, news } = await withWebhook()
  await call('POST', '/contacts/lists/2/contacts/add', { emails: [ANN, BOB, 'no@example.com'] })
  expect(await news()).toMatchObject([
    { event: 'contact_updated', content: [{ email: BOB, list: { addition: [2] } }], api_key_name: 'sandbox' },
  ])
  await call('POST', '/contacts/lists/3/contacts/remove', { emails: [ANN] })
  expect(await news()).toMatchObject([{ content: [{ email: ANN, list: { deletion: [3] } }] }])
})

test('deleted and merged contacts are contact_deleted, with a key name only by switch', async () => {
  const { call, state, news } = await withWebhook()
  await call('DELETE', `/contacts/${ANN}`)
  const deleted = {
    id: 1,
    email: ANN,
    event: 'contact_deleted',
    key: expect.any(String),
    list_id: [2, 3],
    date: '2026-01-01 01:00:00',
    ts: START,
  }
  expect(await news()).toEqual([deleted])
  state.addContact({ email: ANN })
  state.switches.deletionNamesKey = true
  await call('PUT', `/contacts/${BOB}`, { attributes: { EMAIL: ANN }, forceMerge: true })
  expect(await news()).toMatchObject([
    { event: 'contact_deleted', email: BOB, list_id: [], api_key_name: 'sandbox' },
  ])
})

test('a refused write sets nothing off', async () => {
  const { call, news } = await withWebhook()
  expect((await call('PUT', `/contacts/${BOB}`, { attributes: { EMAIL: ANN } })).status).toBe(400)
  expect((await call('POST', '/contacts', { email: ANN, listIds: [2] })).status).toBe(400)
  expect(await news()).toEqual([])
})

test.each([
  [true, 'sandbox'],
  [false, ''],
])(
  'an import tells when it ends, nobody asking; importNamesKey %s names %j',
  async (importNamesKey, name) => {
    const { call, clock, news } = await withWebhook({ importNamesKey })
    await call('POST', '/contacts/import', {
      listIds: [2],
      jsonBody: [
        { email: ANN, attributes: { FIRSTNAME: 'Anna' } },
        { email: BOB },
        { email: 'new@example.com' },
        { email: 'nonsense' },
      ],
    })
    expect(await news()).toEqual([])
    await clock.advance(MINUTE)
    expect(await news()).toMatchObject([
      {
        event: 'contact_updated',
        content: [{ email: ANN, attributes: { FIRSTNAME: 'Anna' } }],
        api_key_name: name,
      },
      { event: 'contact_updated', content: [{ email: BOB, list: { addition: [2] } }], api_key_name: name },
      { event: 'list_addition', email: 'new@example.com', list_id: [2], api_key_name: name },
    ])
  },
)

test('requests that overlap are told apart by their keys', async () => {
  const apiKeys = ['one', 'two'].map((name) => ({ key: `key-${name}`, name }))
  const receiver = await startReceiver()
  const { call, state } = await startBrevo({ apiKeys })
  const as = (name: string) => ({ 'api-key': `key-${name}` })
  const order = { url: receiver.url, type: 'marketing', events: ['listAddition'] }
  await call('POST', '/webhooks', order, as('one'))
  const names = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? 'one' : 'two'))
  await Promise.all(
    names.map((name, n) =>
      call('POST', '/contacts', { email: `${name}.${n}@example.com`, listIds: [2] }, as(name)),
    ),
  )
  await state.webhooksQuiet()
  expect(receiver.received).toHaveLength(20)
  for (const { body } of receiver.received as unknown as {
    body: { email: string; api_key_name: string }
  }[]) {
    expect(body.email.split('.')[0]).toBe(body.api_key_name)
  }
})

test('only marketing webhooks that subscribed are called, each with its own id', async () => {
  const { call, receiver, state } = await withWebhook({}, { events: ['contactDeleted'] })
  const also = { url: `${receiver.url}/b`, type: 'marketing', events: ['opened'] }
  await call('POST', '/webhooks', also)
  await call('POST', '/webhooks', { ...also, url: `${receiver.url}/c`, type: 'transactional' })
  await call('POST', '/webhooks', { ...also, url: `${receiver.url}/d` })
  state.emitCampaignEvent({ event: 'opened', email: ANN, ...CAMPAIGN })
  await state.webhooksQuiet()
  const seen = receiver.received.map(({ url, body }) => `${url} ${(body as { id: number }).id}`)
  expect(seen.sort()).toEqual(['/hook/b 2', '/hook/d 4'])
})

test('the bearer token, the headers and the password in the URL are sent along', async () => {
  const { call, receiver, state } = await withWebhook(
    {},
    {
      auth: { type: 'bearer', token: 'secret' },
      headers: [{ key: 'X-Tajo', value: 'main' }],
    },
  )
  state.deleteContact(BOB)
  await state.webhooksQuiet()
  expect(receiver.received[0]?.headers).toMatchObject({
    authorization: 'Bearer secret',
    'x-tajo': 'main',
    'content-type': 'application/json',
  })
  await call('DELETE', '/webhooks/1')
  const url = receiver.url.replace('http://', 'http://us%40er:p%3Ass@')
  await call('POST', '/webhooks', { url, type: 'marketing', events: ALL })
  state.deleteContact(ANN)
  await state.webhooksQuiet()
  expect(receiver.received[1]?.headers.authorization).toBe(`Basic ${btoa('us@er:p:ss')}`)
})

test.each([301, 400, 401, 404, 410, 500, 503])(
  'a receiver that answers %i has lost the event',
  async (status) => {
    const { clock, receiver, state, log, news } = await withWebhook()
    receiver.answer = () => status
    state.deleteContact(ANN)
    await news()
    await clock.advance(24 * HOUR)
    await news()
    expect(log()).toEqual([[1, status, 'discarded']])
    receiver.answer = () => 204
    state.deleteContact(BOB)
    await news()
    expect(log()[1]).toEqual([1, 204, 'accepted'])
  },
)

test('429 is tried again after 10 minutes, 1 hour, 2 hours and 8 hours, and then given up', async () => {
  const { clock, receiver, state, log, news } = await withWebhook()
  receiver.answer = () => 429
  state.deleteContact(ANN)
  expect(await news()).toHaveLength(1)
  for (const wait of [10 * MINUTE, HOUR, 2 * HOUR, 8 * HOUR]) {
    await clock.advance(wait - 1)
    expect(await news()).toEqual([])
    await clock.advance(1)
    expect(await news()).toMatchObject([{ event: 'contact_deleted', email: ANN }])
  }
  await clock.advance(24 * HOUR)
  expect(await news()).toEqual([])
  expect(log()).toEqual([1, 2, 3, 4, 5].map((nth) => [nth, 429, nth < 5 ? 'retrying' : 'discarded']))
  expect(state.webhookDeliveries()[4]).toMatchObject({
    webhookId: 1,
    event: 'contact_deleted',
    count: 1,
    at: new Date((START + 670 * 60) * 1000),
  })
})

test('429 holds nothing else up, and the retry comes after what happened later', async () => {
  const { clock, receiver, state, log, news } = await withWebhook()
  receiver.answer = (nth) => (nth === 1 ? 429 : 200)
  state.deleteContact(ANN)
  state.deleteContact(BOB)
  expect(await news()).toMatchObject([{ email: ANN }, { email: BOB }])
  await clock.advance(10 * MINUTE)
  expect(await news()).toMatchObject([{ email: ANN }])
  expect(log()).toEqual([
    [1, 429, 'retrying'],
    [1, 200, 'accepted'],
    [2, 200, 'accepted'],
  ])
})

test('no answer within the time-out counts as none, and all events of the webhook pause', async () => {
  const { clock, receiver, state, log, news } = await withWebhook({ webhookTimeoutMs: 4000 })
  receiver.answer = (nth) => (nth === 1 ? 'nothing' : 200)
  state.deleteContact(ANN)
  await expect.poll(() => receiver.received.length).toBe(1)
  await clock.advance(3999)
  expect(log()).toEqual([])
  await clock.advance(1)
  await news()
  expect(log()).toEqual([[1, null, 'retrying']])
  state.deleteContact(BOB)
  await clock.advance(10 * MINUTE - 1)
  expect(await news()).toEqual([])
  await clock.advance(1)
  expect(await news()).toHaveLength(2)
  expect(log().slice(1)).toEqual(
    expect.arrayContaining([
      [1, 200, 'accepted'],
      [2, 200, 'accepted'],
    ]),
  )
})

test.each(['cut', 'stopped'] as const)('a connection that is %s is tried again', async (how) => {
  const { clock, receiver, state, log } = await withWebhook()
  if (how === 'stopped') await receiver.stop()
  receiver.answer = () => 'cut'
  state.deleteContact(ANN)
  for (const wait of [10 * MINUTE, HOUR, 2 * HOUR, 8 * HOUR, 24 * HOUR]) {
    await state.webhooksQuiet()
    await clock.advance(wait)
  }
  expect(log()).toEqual([1, 2, 3, 4, 5].map((nth) => [nth, null, nth < 5 ? 'retrying' : 'discarded']))
})

test('a removed webhook is not called any more, a moved one is called where it is now', async () => {
  const { call, clock, receiver, state, news } = await withWebhook()
  receiver.answer = (nth) => (nth <= 2 ? 429 : 200)
  state.deleteContact(ANN)
  await news()
  await call('PUT', '/webhooks/1', { url: `${receiver.url}/moved` })
  await clock.advance(10 * MINUTE)
  await news()
  expect(receiver.received[1]?.url).toBe('/hook/moved')
  await call('DELETE', '/webhooks/1')
  await clock.advance(24 * HOUR)
  expect(await news()).toEqual([])
})

test('a batched webhook gets an array at the end of each five minutes', async () => {
  const { clock, state, news } = await withWebhook({}, { batched: true })
  state.deleteContact(ANN)
  await clock.advance(5 * MINUTE - 1)
  state.deleteContact(BOB)
  expect(await news()).toEqual([])
  await clock.advance(1)
  expect(await news()).toMatchObject([[{ email: ANN }, { email: BOB }]])
  await clock.advance(HOUR)
  expect(await news()).toEqual([])
  state.addContact({ email: ANN, listIds: [2] })
  await clock.advance(5 * MINUTE)
  expect(await news()).toMatchObject([[{ event: 'list_addition' }]])
})

test('more than 500 events are several POSTs, and each is tried again by itself', async () => {
  const { call, clock, receiver, state, news } = await withWebhook({}, { batched: true })
  receiver.answer = (nth) => (nth === 1 ? 429 : 200)
  const jsonBody = Array.from({ length: 1001 }, (_, n) => ({ email: `p${n}@example.com` }))
  await call('POST', '/contacts/import', { listIds: [2], jsonBody })
  await clock.advance(MINUTE)
  await clock.advance(5 * MINUTE)
  expect((await news()).map((body: object[]) => body.length)).toEqual([500, 500, 1])
  await clock.advance(10 * MINUTE)
  expect((await news()).map((body: object[]) => body.length)).toEqual([500])
  expect(state.webhookDeliveries().map(({ count, attempt }) => [count, attempt])).toEqual([
    [500, 1],
    [500, 1],
    [1, 1],
    [500, 2],
  ])
})

test('duplicates, drops and another order come on demand, the same for the same seed', async () => {
  const run = async (switches: Partial<BrevoSwitches>) => {
    const { clock, state, log, news } = await withWebhook(switches, {}, { randomSeed: 7 })
    for (let n = 0; n < 40; n++) {
      state.emitCampaignEvent({ event: 'opened', email: ANN, campaignId: n, campaignName: 'x' })
    }
    const seen: number[] = []
    for (let step = 0; step < 50; step++) {
      seen.push(...(await news()).map((body: { camp_id: number }) => body.camp_id))
      await clock.advance(20)
    }
    return { seen, log: log() }
  }
  const inOrder = Array.from({ length: 40 }, (_, n) => n)
  expect((await run({})).seen).toEqual(inOrder)

  const doubled = (await run({ webhookDuplicateRate: 0.3 })).seen
  expect(doubled.length).toBeGreaterThan(40)
  expect(doubled.length).toBeLessThan(60)
  expect([...new Set(doubled)]).toEqual(inOrder)
  expect((await run({ webhookDuplicateRate: 0.3 })).seen).toEqual(doubled)

  const dropped = await run({ webhookDropRate: 0.3 })
  expect(dropped.seen.length).toBeGreaterThan(20)
  expect(dropped.seen.length).toBeLessThan(40)
  expect(dropped.log.filter(([, , outcome]) => outcome === 'dropped')).toHaveLength(40 - dropped.seen.length)

  const shuffled = (await run({ webhookDelayMs: 900 })).seen
  expect(shuffled).not.toEqual(inOrder)
  expect(shuffled.toSorted((a, b) => a - b)).toEqual(inOrder)
})

test('after close nothing is sent and nothing is waited for', async () => {
  const { clock, receiver, simulator, state, news } = await withWebhook()
  receiver.answer = (nth) => (nth === 1 ? 429 : 'nothing')
  state.deleteContact(ANN)
  await news()
  state.deleteContact(BOB)
  await expect.poll(() => receiver.received.length).toBe(2)
  await simulator.close()
  state.addContact({ email: ANN, listIds: [2] })
  await clock.advance(24 * HOUR)
  expect(receiver.received).toHaveLength(2)
  expect(state.webhookDeliveries()).toHaveLength(1)
})
