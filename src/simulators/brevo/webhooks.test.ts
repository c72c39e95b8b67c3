import { expect, test } from 'vitest'
import { startBrevo, testSeed } from '../../../test/support/brevo-account.ts'
import { PLAN_LIMITS } from './rate-buckets.ts'

const URL_ = 'https://hooks.example.com/brevo'
const MARKETING = { url: URL_, type: 'marketing', events: ['unsubscribed', 'contactUpdated'] }

type Listed = { webhooks: { id: number; type: string }[] }

test('a webhook is made, read, changed and removed', async () => {
  const { call, clock } = await startBrevo()
  const made = await call('POST', '/webhooks', {
    ...MARKETING,
    description: 'Tajo',
    batched: true,
    auth: { type: 'bearer', token: 'secret' },
    headers: [{ key: 'x-tajo', value: 'main' }],
  })
  expect(made).toMatchObject({ status: 201, body: { id: 1 } })
  const whole = {
    url: URL_,
    id: 1,
    description: 'Tajo',
    events: ['unsubscribed', 'contactUpdated'],
    type: 'marketing',
    createdAt: '2026-01-01T00:00:00.000Z',
    modifiedAt: '2026-01-01T00:00:00.000Z',
    batched: true,
    auth: { type: 'bearer', token: 'secret' },
    headers: [{ key: 'x-tajo', value: 'main' }],
  }
  expect(await call('GET', '/webhooks/1')).toMatchObject({ status: 200, body: whole })
  await clock.advance(1000)
  const change = { url: `${URL_}/2`, events: ['listAddition', 'contactDeleted'], batched: false }
  expect((await call('PUT', '/webhooks/1', change)).status).toBe(204)
  expect((await call('GET', '/webhooks/1')).body).toEqual({
    ...whole,
    ...change,
    modifiedAt: '2026-01-01T00:00:01.000Z',
  })
  expect((await call('DELETE', '/webhooks/1')).status).toBe(204)
  for (const [method, body] of [['GET'], ['PUT', {}], ['DELETE']] as [string, object?][]) {
    expect(await call(method, '/webhooks/1', body)).toMatchObject({
      status: 404,
      body: { code: 'document_not_found' },
    })
  }
})

test('who does not name the type makes and sees transactional webhooks only', async () => {
  const { call } = await startBrevo()
  const listed = async (query: string) =>
    ((await call('GET', `/webhooks${query}`)).body as Listed).webhooks.map(({ id, type }) => `${id} ${type}`)
  expect(await listed('')).toEqual([])
  await call('POST', '/webhooks', { url: URL_, events: ['opened'] })
  await call('POST', '/webhooks', MARKETING)
  await call('POST', '/webhooks', MARKETING)
  await call('POST', '/webhooks', {
    url: URL_,
    type: 'inbound',
    events: ['inboundEmailProcessed'],
    domain: 'example.com',
  })
  expect(await listed('')).toEqual(['1 transactional'])
  expect(await listed('?type=transactional')).toEqual(['1 transactional'])
  expect(await listed('?type=marketing')).toEqual(['3 marketing', '2 marketing'])
  expect(await listed('?type=marketing&sort=asc')).toEqual(['2 marketing', '3 marketing'])
  expect(await listed('?type=inbound')).toEqual(['4 inbound'])
  expect((await call('GET', '/webhooks?type=all')).status).toBe(400)
  expect((await call('GET', '/webhooks?sort=up')).status).toBe(400)
})

test.each([
  [{ events: ['opened'] }, 'missing_parameter'],
  [{ url: URL_ }, 'missing_parameter'],
  [{ ...MARKETING, url: 'hooks.example.com' }, 'invalid_parameter'],
  [{ ...MARKETING, url: 'ftp://hooks.example.com' }, 'invalid_parameter'],
  [{ ...MARKETING, events: [] }, 'invalid_parameter'],
  [{ ...MARKETING, events: 'opened' }, 'invalid_parameter'],
  [{ ...MARKETING, events: ['contactCreated'] }, 'invalid_parameter'],
  [{ ...MARKETING, events: ['contact_updated'] }, 'invalid_parameter'],
  [{ ...MARKETING, type: undefined }, 'invalid_parameter'],
  [{ ...MARKETING, type: 'sales' }, 'invalid_parameter'],
  [{ ...MARKETING, channel: 'post' }, 'invalid_parameter'],
  [{ ...MARKETING, channel: 'sms' }, 'invalid_parameter'],
  [{ ...MARKETING, batched: 'yes' }, 'invalid_parameter'],
  [{ ...MARKETING, description: null }, 'invalid_parameter'],
  [{ ...MARKETING, auth: { type: 'basic', token: 'x' } }, 'invalid_parameter'],
  [{ ...MARKETING, auth: { type: 'bearer' } }, 'invalid_parameter'],
  [{ ...MARKETING, headers: { key: 'a', value: 'b' } }, 'invalid_parameter'],
  [{ ...MARKETING, headers: [{ key: 'a b', value: 'c' }] }, 'invalid_parameter'],
  [{ ...MARKETING, headers: [{ key: 'a', value: 'line\nbreak' }] }, 'invalid_parameter'],
  [{ url: URL_, type: 'inbound', events: ['inboundEmailProcessed'] }, 'missing_parameter'],
])('%j is refused with %s, and nothing is made', async (body, code) => {
  const { call, state } = await startBrevo()
  expect(await call('POST', '/webhooks', body)).toMatchObject({ status: 400, body: { code } })
  expect(state.webhooks()).toEqual([])
})

test('a change is held to the rules of the webhook it changes', async () => {
  const { call, state } = await startBrevo()
  await call('POST', '/webhooks', { url: URL_, events: ['opened'] })
  expect((await call('PUT', '/webhooks/1', { type: 'marketing' })).status).toBe(204)
  expect((await call('PUT', '/webhooks/1', { events: ['contactUpdated'] })).status).toBe(400)
  expect((await call('PUT', '/webhooks/1', { url: 'nowhere' })).status).toBe(400)
  expect((await call('PUT', '/webhooks/x', {})).status).toBe(400)
  expect(state.webhooks()).toMatchObject([{ type: 'transactional', events: ['opened'], url: URL_ }])
})

test('an account has forty webhooks at most, of all types together', async () => {
  const { call } = await startBrevo()
  for (let n = 0; n < 20; n++) {
    expect((await call('POST', '/webhooks', MARKETING)).status).toBe(201)
    expect((await call('POST', '/webhooks', { url: URL_, events: ['opened'] })).status).toBe(201)
  }
  expect((await call('POST', '/webhooks', MARKETING)).status).toBe(400)
  await call('DELETE', '/webhooks/1')
  expect(await call('POST', '/webhooks', MARKETING)).toMatchObject({ status: 201, body: { id: 41 } })
})

test('webhooks share the hundred requests per hour, and are no writes to contacts', async () => {
  const { call, state } = await startBrevo({ seed: testSeed(), limits: PLAN_LIMITS.starter })
  const first = await call('POST', '/webhooks', MARKETING)
  expect(first.headers.get('x-sib-ratelimit-limit')).toBe('100')
  for (let n = 2; n <= 100; n++) expect((await call('GET', '/webhooks/1')).status).toBe(200)
  expect((await call('DELETE', '/webhooks/1')).status).toBe(429)
  expect((await call('GET', '/account')).status).toBe(429)
  expect((await call('GET', '/contacts')).status).toBe(200)
  expect(state.webhooks()).toHaveLength(1)
  expect(state.writes).toBe(0)
})
