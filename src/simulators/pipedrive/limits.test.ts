/** What requests cost, how many may come, and what happens to those who do not listen. Time stands still or is moved. */
import { afterEach, describe, expect, it } from 'vitest'
import { ADMIN_TOKEN, type Scene, startScene, USER_TOKEN } from '../../../test/support/pipedrive-scene.ts'
import type { PipedriveSimulatorOptions } from './index.ts'

let scene: Scene
afterEach(() => scene.stop())

const start = async (options: Partial<PipedriveSimulatorOptions>): Promise<void> => {
  scene = await startScene(options)
}
const me = (token = ADMIN_TOKEN) => scene.call('GET', '/v1/users/me', undefined, { token })

describe('the price of a call', () => {
  it.each([
    ['GET', '/api/v2/persons', undefined, 10],
    ['GET', '/api/v2/persons?limit=1', undefined, 10],
    ['GET', '/api/v2/persons/1', undefined, 1],
    ['POST', '/api/v2/persons', { name: 'X' }, 5],
    ['PATCH', '/api/v2/persons/1', { name: 'X' }, 5],
    ['DELETE', '/api/v2/persons/1', undefined, 3],
    ['GET', '/api/v2/deals/archived', undefined, 20],
    ['GET', '/api/v2/stages', undefined, 5],
    ['GET', '/api/v2/personFields', undefined, 10],
    ['GET', '/api/v2/itemSearch?term=jane', undefined, 20],
    ['GET', '/v1/leads', undefined, 20],
    ['GET', '/v1/leads/archived', undefined, 40],
    ['GET', '/v1/users/me', undefined, 2],
    ['GET', '/v1/webhooks', undefined, 10],
    ['GET', '/v1/recents?since_timestamp=2026-06-01%2000:00:00', undefined, 20],
    ['GET', '/v1/persons/1/changelog', undefined, 20],
    ['GET', '/v1/persons', undefined, 20],
    ['GET', '/v1/persons/1', undefined, 2],
    ['PUT', '/v1/persons/2/merge', { merge_with_id: 1 }, 40],
  ])('%s %s', async (method, path, body, cost) => {
    await start({})
    const { headers } = await scene.call(method, path, body)
    expect(headers.get('x-daily-ratelimit-token-remaining')).toBe(String(30_000 - cost))
    expect(scene.simulator.calls.tokens()).toBe(cost)
    expect(headers.has('x-sandbox-tokens')).toBe(false)
  })

  it('is charged for refused requests too, unless switched off', async () => {
    await start({})
    await scene.call('GET', '/api/v2/persons?limit=x')
    expect(scene.simulator.calls.tokens()).toBe(10)
    await scene.stop()
    await start({ switches: { failedCallsCost: false } })
    await scene.call('GET', '/api/v2/persons?limit=x')
    expect(scene.simulator.calls.tokens()).toBe(0)
  })
})

describe('the daily budget', () => {
  it.each([
    ['lite', 1, 30_000],
    ['growth', 2, 120_000],
    ['premium', 1, 150_000],
    ['ultimate', 3, 630_000],
  ] as const)('is that of the plan %s with %i seats', async (plan, seats, limit) => {
    await start({ plan, seats })
    expect((await me()).headers.get('x-daily-ratelimit-token-limit')).toBe(String(limit))
  })

  it('is the whole company’s, is refused with the time that is left, and is new at midnight UTC', async () => {
    await start({})
    scene.simulator.state.spendTokens(29_999)
    const refused = await me(USER_TOKEN)
    expect(refused.status).toBe(429)
    expect(refused.body).toMatchObject({
      success: false,
      error: 'daily request budget exceeded',
      errorCode: 429,
    })
    expect(refused.headers.get('retry-after')).toBe(String(14 * 3600))
    expect(Number(refused.headers.get('x-ratelimit-remaining'))).toBeGreaterThan(0)
    expect((await scene.call('GET', '/api/v2/persons/1')).status).toBe(200)
    await scene.clock.advance(14 * 3_600_000)
    expect((await me()).headers.get('x-daily-ratelimit-token-remaining')).toBe('29998')
  })

  it('is told always, sometimes or never, by switch', async () => {
    await start({ switches: { dailyHeaders: 'sometimes' } })
    const told = []
    for (let i = 0; i < 20; i++) told.push((await me()).headers.has('x-daily-ratelimit-token-limit'))
    expect(new Set(told)).toEqual(new Set([true, false]))
    await scene.stop()
    await start({ switches: { dailyHeaders: 'never' } })
    expect((await me()).headers.has('x-daily-ratelimit-token-limit')).toBe(false)
  })

  it('counts POST and PUT apart', async () => {
    await start({})
    const { headers } = await scene.call('POST', '/api/v2/persons', { name: 'X' })
    expect(headers.get('x-daily-requests-left')).toBe('9999')
    expect((await me()).headers.has('x-daily-requests-left')).toBe(false)
  })
})

describe('the burst window', () => {
  it.each([
    ['lite', 20],
    ['growth', 40],
    ['premium', 100],
    ['ultimate', 120],
  ] as const)('of the plan %s takes %i requests in two seconds', async (plan, limit) => {
    await start({ plan, limits: {} })
    const { headers } = await me()
    expect(headers.get('x-ratelimit-limit')).toBe(String(limit))
    expect(headers.get('x-ratelimit-remaining')).toBe(String(limit - 1))
    expect(headers.get('x-ratelimit-reset')).toBe('2')
  })

  it('rolls, is refused without cost, and is each token’s own', async () => {
    await start({ limits: { burst: 3 } })
    await me()
    await scene.clock.advance(1500)
    await me()
    await me()
    const refused = await me()
    expect(refused.status).toBe(429)
    expect(refused.body.error).toBe('request over limit')
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0')
    expect(refused.headers.get('x-ratelimit-reset')).toBe('1')
    expect(refused.headers.has('retry-after')).toBe(false)
    expect(scene.simulator.calls.tokens()).toBe(6)
    expect((await me(USER_TOKEN)).status).toBe(200)
    await scene.clock.advance(501)
    expect((await me()).status).toBe(200)
    expect((await me()).status).toBe(429)
  })

  it('may say retry-after, by switch', async () => {
    await start({ limits: { burst: 1 }, switches: { burstRetryAfter: true } })
    await me()
    expect((await me()).headers.get('retry-after')).toBe('2')
  })

  it('is narrower for searches', async () => {
    await start({ limits: {} })
    const search = () => scene.call('GET', '/api/v2/persons/search?term=jane')
    expect((await search()).headers.get('x-ratelimit-limit')).toBe('10')
    for (let i = 0; i < 9; i++) expect((await search()).status).toBe(200)
    expect((await search()).status).toBe(429)
    expect((await me()).status).toBe(200)
  })

  it('turns into a page of Cloudflare for those who hammer on, and back after a while', async () => {
    await start({
      limits: { burst: 1 },
      switches: { abuse: { refusals: 3, withinMs: 10_000, banMs: 60_000 } },
    })
    for (let i = 0; i < 5; i++) await me()
    const banned = await me()
    expect(banned.status).toBe(403)
    expect(banned.headers.get('content-type')).toContain('text/html')
    expect(banned.text).toContain('Access denied')
    await scene.clock.advance(60_001)
    expect((await me()).status).toBe(200)
  })
})

it('dates every answer by its own clock', async () => {
  await start({})
  expect((await me()).headers.get('date')).toBe('Mon, 15 Jun 2026 10:00:00 GMT')
  expect((await scene.call('GET', '/api/v2/nothing')).headers.get('date')).toBe(
    'Mon, 15 Jun 2026 10:00:00 GMT',
  )
})
