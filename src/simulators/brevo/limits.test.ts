import { expect, test } from 'vitest'
import { startBrevo, testSeed } from '../../../test/support/brevo-account.ts'
import { PLAN_LIMITS } from './rate-buckets.ts'

const starter = { limits: PLAN_LIMITS.starter }

test('without a key, with a wrong one, with a revoked one and with an expired one: 401', async () => {
  const { call, clock, state } = await startBrevo({
    apiKeys: [
      { key: 'one', name: 'a' },
      { key: 'two', name: 'b', expiresAt: new Date('2026-01-01T00:01:00Z') },
    ],
  })
  const get = async (key: string) => {
    const { status, body } = await call('GET', '/contacts', undefined, { 'api-key': key })
    return { status, message: (body as { message?: string }).message }
  }
  expect(await get('')).toEqual({ status: 401, message: 'authentication not found in headers' })
  expect(await get('zero')).toEqual({ status: 401, message: 'Key not found' })
  expect(await get('one')).toMatchObject({ status: 200 })
  expect(await get('two')).toMatchObject({ status: 200 })
  await clock.advance(60_000)
  state.revokeKey('one')
  expect(await get('one')).toMatchObject({ status: 401 })
  expect(await get('two')).toMatchObject({ status: 401 })
})

test('an unknown address is 401 with the same code and other words', async () => {
  const { call, state } = await startBrevo()
  state.refuseIp('2c0f:eb68::1')
  expect(await call('GET', '/account')).toMatchObject({
    status: 401,
    body: {
      code: 'unauthorized',
      message: expect.stringMatching(/unrecognised IP address 2c0f:eb68::1\. .*authorised_ips/),
    },
  })
  state.refuseIp(null)
  expect((await call('GET', '/account')).status).toBe(200)
})

test('a key without the permission gets 403', async () => {
  const { call, state } = await startBrevo()
  state.denyPermission('/contacts/attributes')
  expect(await call('GET', '/contacts/attributes')).toMatchObject({
    status: 403,
    body: { code: 'permission_denied' },
  })
  expect((await call('GET', '/contacts')).status).toBe(200)
})

test('ten contact requests pass within a second, the eleventh is 429 and changes nothing', async () => {
  const { call, clock, state } = await startBrevo(starter)
  const post = (n: number) => call('POST', '/contacts', { email: `p${n}@example.com` })
  for (let n = 1; n <= 10; n++) {
    const { status, headers } = await post(n)
    expect(status).toBe(201)
    expect(headers.get('x-sib-ratelimit-limit')).toBe('10')
    expect(headers.get('x-sib-ratelimit-remaining')).toBe(String(10 - n))
    expect(headers.get('x-sib-ratelimit-reset')).toBe('1')
  }
  const refused = await post(11)
  expect(refused).toMatchObject({ status: 429, body: { message: 'Too many requests' } })
  expect(refused.headers.get('retry-after')).toBeNull()
  expect(state.contactCount()).toBe(10)
  expect(state.writes).toBe(10)
  await clock.advance(1000)
  expect((await post(11)).status).toBe(201)
})

test('an import counts as a contact request', async () => {
  const { call } = await startBrevo({ limits: { ...PLAN_LIMITS.starter, contacts: { perSecond: 1 } } })
  const send = () =>
    call('POST', '/contacts/import', { listIds: [2], jsonBody: [{ email: 'a@example.com' }] })
  expect((await send()).status).toBe(202)
  expect((await send()).status).toBe(429)
})

test('everything else shares a hundred requests per hour, whichever key asks', async () => {
  const keys = ['one', 'two'].map((key) => ({ key, name: key }))
  const { call, clock } = await startBrevo({ ...starter, apiKeys: keys })
  const get = (n: number) =>
    call('GET', n % 2 ? '/account' : '/processes', undefined, { 'api-key': n % 3 ? 'one' : 'two' })
  for (let n = 0; n < 100; n++) expect((await get(n)).status).toBe(200)
  const refused = await get(0)
  expect(refused.status).toBe(429)
  expect(refused.headers.get('x-sib-ratelimit-reset')).toBe('3600')
  expect((await call('GET', '/contacts', undefined, { 'api-key': 'one' })).status).toBe(200)
  await clock.advance(3_600_000)
  expect((await get(0)).status).toBe(200)
})

test('the hour is told once it is tighter than the second', async () => {
  const contacts = { perSecond: 10, perHour: 12 }
  const { call, clock } = await startBrevo({ limits: { ...PLAN_LIMITS.starter, contacts } })
  for (let n = 0; n < 10; n++) await call('GET', '/contacts')
  await clock.advance(1000)
  const { headers } = await call('GET', '/contacts')
  expect(headers.get('x-sib-ratelimit-limit')).toBe('12')
  expect(headers.get('x-sib-ratelimit-remaining')).toBe('1')
  expect(headers.get('x-sib-ratelimit-reset')).toBe('3599')
})

test('larger plans allow more', () => {
  expect(PLAN_LIMITS.professional.contacts).toEqual({ perSecond: 20, perHour: 72_000 })
  expect(PLAN_LIMITS.professional.other).toEqual({ perHour: 200 })
  expect(PLAN_LIMITS.enterprise.contacts).toEqual({ perSecond: 60 })
})

test('425 strikes writes on contacts by rate and by seed, never reads or deletes', async () => {
  const statuses = async (randomSeed: number) => {
    const { call } = await startBrevo({ switches: { tooEarlyRate: 0.5 }, randomSeed })
    const seen: number[] = []
    for (let n = 0; n < 20; n++)
      seen.push((await call('POST', '/contacts', { email: `p${n}@example.com` })).status)
    expect((await call('GET', '/contacts')).status).toBe(200)
    expect((await call('DELETE', '/contacts/99')).status).toBe(404)
    return seen
  }
  const first = await statuses(1)
  expect(new Set(first)).toEqual(new Set([201, 425]))
  expect(await statuses(1)).toEqual(first)
  expect(await statuses(2)).not.toEqual(first)
})

test('faults on demand carry the vendor body of their status', async () => {
  const { call, simulator } = await startBrevo()
  for (const status of [401, 403, 404, 425, 429, 500]) {
    simulator.faults.add({ fault: { kind: 'status', status } })
    expect(await call('GET', '/contacts')).toMatchObject({ status, body: { message: expect.any(String) } })
  }
  simulator.faults.add({ fault: { kind: 'cut-after' }, method: 'POST' })
  await expect(call('POST', '/contacts', { email: 'a@example.com' })).rejects.toThrow()
  expect(simulator.state.contact('a@example.com')).not.toBeNull()
})

test('unknown paths are 404, known paths with another method 405', async () => {
  const { call } = await startBrevo()
  expect((await call('GET', '/nothing')).status).toBe(404)
  expect(await call('PATCH', '/contacts/1')).toMatchObject({
    status: 405,
    body: { code: 'method_not_allowed', message: 'PATCH Method is not allowed on this path' },
  })
})

test('a body that is no JSON object is 400', async () => {
  const { call } = await startBrevo()
  for (const body of ['{', '[]', 'null', '"x"'])
    expect((await call('POST', '/contacts', body)).status).toBe(400)
})

test('every answer has the date of the injected clock', async () => {
  const { call, clock } = await startBrevo()
  await clock.advance(5_000)
  expect((await call('GET', '/contacts')).headers.get('date')).toBe('Thu, 01 Jan 2026 00:00:05 GMT')
})

test('the account is told with its plan', async () => {
  const { call } = await startBrevo({ seed: testSeed(), plan: 'enterprise' })
  expect((await call('GET', '/account')).body).toMatchObject({
    email: 'owner@example.com',
    companyName: 'Example Ltd',
    enterprise: true,
    plan: [{ type: 'subscription', credits: 5000 }],
    marketingAutomation: { enabled: true },
  })
})
