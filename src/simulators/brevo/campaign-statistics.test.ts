import { expect, test } from 'vitest'
import { startBrevo, testSeed } from '../../../test/support/brevo-account.ts'
import type { BrevoCampaignEventName } from './index.ts'

const ANN = 'ann@example.com'
const SPRING = { campaignId: 45, campaignName: 'Spring' }
const DAY = 86_400_000
const ip = expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/)

async function start(switches = {}) {
  const brevo = await startBrevo({ seed: testSeed({ contacts: [{ email: ANN }] }), switches })
  const happen = (event: BrevoCampaignEventName, more: object = {}): void =>
    brevo.state.emitCampaignEvent({ event, email: ANN, ...SPRING, ...more })
  const stats = async (query = ''): Promise<Record<string, unknown>> =>
    (await brevo.call('GET', `/contacts/${encodeURIComponent(ANN)}/campaignStats${query}`)).body
  return { ...brevo, happen, stats }
}

test('a contact to whom nothing happened has no statistics', async () => {
  const { call, stats } = await start()
  expect(await stats()).toEqual({})
  expect((await call('GET', '/contacts/1')).body).toMatchObject({ statistics: {} })
  expect((await call('GET', '/contacts/9/campaignStats')).status).toBe(404)
})

test('what happened is told by campaign and link, with counts and the last moment', async () => {
  const { call, clock, happen, stats } = await start()
  happen('delivered')
  await clock.advance(1000)
  happen('opened')
  happen('opened', { campaignId: 46 })
  await clock.advance(1000)
  happen('opened')
  for (const url of ['https://a.example/', 'https://b.example/', 'https://a.example/'])
    happen('click', { url })
  happen('soft_bounce', { campaignId: 47 })
  const [first, second, third] = [0, 1, 2].map((second) => `2026-01-01T00:00:0${second}Z`)
  const expected = {
    messagesSent: [
      { campaignId: 45, eventTime: first },
      { campaignId: 46, eventTime: second },
      { campaignId: 47, eventTime: third },
    ],
    delivered: [{ campaignId: 45, eventTime: first }],
    opened: [
      { campaignId: 45, count: 2, eventTime: third, ip },
      { campaignId: 46, count: 1, eventTime: second, ip },
    ],
    clicked: [
      {
        campaignId: 45,
        links: [
          { count: 2, eventTime: third, ip, url: 'https://a.example/' },
          { count: 1, eventTime: third, ip, url: 'https://b.example/' },
        ],
      },
    ],
    softBounces: [{ campaignId: 47, eventTime: third }],
  }
  expect(await stats()).toEqual(expected)
  expect((await call('GET', '/contacts/1')).body).toMatchObject({
    emailBlacklisted: false,
    statistics: expected,
  })
})

test.each([
  ['hard_bounce', { hardBounces: [{ campaignId: 45, eventTime: '2026-01-01T00:00:00Z' }] }],
  ['spam', { complaints: [{ campaignId: 45, eventTime: '2026-01-01T00:00:00Z' }] }],
  [
    'unsubscribed',
    {
      unsubscriptions: {
        userUnsubscription: [{ campaignId: 45, eventTime: '2026-01-01T00:00:00Z', ip }],
        adminUnsubscription: [],
      },
    },
  ],
] as const)('%s says why a contact is blocklisted', async (event, reason) => {
  const { call, happen } = await start()
  happen(event)
  const { body } = await call('GET', '/contacts/1')
  expect(body).toMatchObject({ emailBlacklisted: true, statistics: reason })
  const { statistics } = body as { statistics: object }
  expect(Object.keys(statistics)).toEqual(['messagesSent', ...Object.keys(reason)])
})

test('blocklisting by hand is an unsubscription by an administrator, and through the API is one by switch', async () => {
  const { call, state, stats } = await start()
  const admin = async () =>
    ((await stats()).unsubscriptions as { adminUnsubscription: object[] })?.adminUnsubscription
  state.blockContact(ANN)
  state.blockContact(ANN)
  expect(await admin()).toEqual([{ eventTime: '2026-01-01T00:00:00Z', ip }])
  state.unblockContact(ANN)
  await call('PUT', '/contacts/1', { emailBlacklisted: true })
  expect(await admin()).toHaveLength(2)
  await call('PUT', '/contacts/1', { emailBlacklisted: true, attributes: { EMAIL: 'ann.b@example.com' } })
  await call('PUT', '/contacts/1', { attributes: { EMAIL: ANN }, emailBlacklisted: true })
  expect(await admin()).toHaveLength(2)
  state.unblockContact(ANN)
  state.switches.apiBlocksAsAdmin = false
  await call('PUT', '/contacts/1', { emailBlacklisted: true })
  expect(await admin()).toHaveLength(2)
})

test('statistics reach back ninety days, or over the days that are named', async () => {
  const { call, clock, happen, stats } = await start()
  happen('opened')
  await clock.advance(90 * DAY)
  happen('click')
  expect(Object.keys(await stats())).toEqual(['messagesSent', 'opened', 'clicked'])
  await clock.advance(1)
  expect(Object.keys(await stats())).toEqual(['clicked'])
  expect(Object.keys(await stats('?startDate=2026-01-01&endDate=2026-01-01'))).toEqual([
    'messagesSent',
    'opened',
  ])
  expect(await stats('?startDate=2026-01-02&endDate=2026-03-31')).toEqual({})
  expect(Object.keys(await stats('?startDate=2026-01-01&endDate=2026-04-01'))).toContain('clicked')
  const { body } = await call('GET', '/contacts/1?startDate=2026-01-01&endDate=2026-01-02')
  expect(Object.keys((body as { statistics: object }).statistics)).toEqual(['messagesSent', 'opened'])
})

test.each([
  ['startDate=2026-01-01', 'startDate and endDate must be passed together'],
  ['startDate=2026-01-02&endDate=2026-01-01', 'startDate must not be after endDate'],
  ['startDate=2026-01-01&endDate=2026-04-02', 'startDate and endDate must not be more than 90 days apart'],
  ['startDate=2026-01-01T00:00:00Z&endDate=2026-01-02', 'startDate is not a valid date (YYYY-MM-DD)'],
])('campaignStats?%s is refused', async (query, message) => {
  const { call } = await start()
  expect(await call('GET', `/contacts/1/campaignStats?${query}`)).toMatchObject({
    status: 400,
    body: { code: 'invalid_parameter', message },
  })
})

test('what happened to a contact is forgotten with it', async () => {
  const { happen, state, stats } = await start()
  happen('opened')
  state.deleteContact(ANN)
  state.addContact({ email: ANN })
  expect(await stats()).toEqual({})
})
