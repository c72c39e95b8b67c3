/** The server's life and what operators ask of it, over real connections. */
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TajoError } from '../base/error.ts'
import type { Live, LiveNews } from '../service/index.ts'
import { BASIC, createSmallLive, openScene, type Scene } from './live.test-kit.ts'
import { OPENAPI_DOCUMENT } from './openapi.ts'
import { createServer } from './server.ts'

let scene: Scene
beforeEach(async () => {
  scene = await openScene()
})
afterEach(() => scene.end())

const get = (path: string): Promise<Response> => fetch(`${scene.url}${path}`)
const metrics = async (): Promise<string> => (await get('/metrics')).text()

describe('/healthz and /readyz', () => {
  it('answer 200 where all is well', async () => {
    expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' })
    const ready = await get('/readyz')
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true, reasons: [] }])
  })

  it('tell apart a process that answers from one that can work', async () => {
    const reasons = ['Pipedrive refused the token; connect again.']
    scene.small.health = async () => ({ ready: false, reasons })
    expect((await get('/healthz')).status).toBe(200)
    const ready = await get('/readyz')
    expect([ready.status, await ready.json()]).toEqual([503, { ready: false, reasons }])
  })

  it('a state that cannot be read is not ready: our words are shown, foreign ones are not', async () => {
    scene.small.health = () =>
      Promise.reject(new TajoError({ code: 'store_failed', message: 'Look at the disk.' }))
    expect(await (await get('/readyz')).json()).toEqual({ ready: false, reasons: ['Look at the disk.'] })
    scene.small.health = () => Promise.reject(new Error('password=hunter2'))
    const response = await get('/readyz')
    expect(response.status).toBe(503)
    expect(await response.text()).not.toContain('hunter2')
    expect(scene.news.map(({ event }) => event)).toEqual(['health.failed', 'health.failed'])
  })
})

it('compresses what is worth it, for whoever takes it so', async () => {
  const headers = { 'accept-encoding': 'gzip' }
  const large = await fetch(`${scene.url}/openapi.json`, { headers })
  expect(large.headers.get('content-encoding')).toBe('gzip')
  expect(await large.json()).toMatchObject({ openapi: '3.1.0' })
  const plain = await fetch(`${scene.url}/openapi.json`, { headers: { 'accept-encoding': 'identity' } })
  expect(plain.headers.get('content-encoding')).toBeNull()
})

describe('/metrics', () => {
  it('shows the readings of the moment; what is unknown is absent', async () => {
    const text = await metrics()
    const lines = text.split('\n').filter((line) => line.startsWith('tajo_'))
    expect(lines).toEqual(
      expect.arrayContaining([
        'tajo_up 1',
        'tajo_requests_total{vendor="pipedrive",status="200",connection="default"} 12',
        'tajo_requests_total{vendor="brevo",status="none",connection="default"} 1',
        'tajo_budget_left{vendor="pipedrive",budget="tokens",connection="default"} 28300',
        'tajo_backlog{queue="inbox",connection="default"} 3',
        'tajo_backlog{queue="companies",connection="default"} 0',
        'tajo_backlog_age_seconds{connection="default"} 1.5',
        'tajo_change_lag_seconds{quantile="0.5",connection="default"} 0.4',
        'tajo_change_lag_seconds{quantile="0.99",connection="default"} 2.5',
        'tajo_events_total{outcome="sent",connection="default"} 7',
        'tajo_events_waiting{connection="default"} 4',
        'tajo_failures{connection="default"} 5',
        'tajo_paused{connection="default"} 0',
        'tajo_last_poll_timestamp_seconds{connection="default"} 1795510800',
        'tajo_mode{mode="hybrid",connection="default"} 1',
      ]),
    )
    for (const unknown of [
      'tajo_budget_left{vendor="brevo"',
      'tajo_webhooks_healthy{',
      'tajo_last_listing_timestamp_seconds{',
    ])
      expect(lines.filter((line) => line.startsWith(unknown))).toEqual([])
    expect(text).toContain('# TYPE tajo_requests_total counter')
    expect(text).toContain('process_cpu_seconds_total')
  })

  it('reads anew each time, and does not add up', async () => {
    await metrics()
    const { readings } = scene.small
    scene.small.readings = async () => ({ ...(await readings()), mode: 'batch', webhooksHealthy: false })
    const text = await metrics()
    expect(text).toContain('tajo_requests_total{vendor="pipedrive",status="200",connection="default"} 12\n')
    expect(text).toContain(
      'tajo_webhook_deliveries_total{source="pipedrive",outcome="stored",connection="default"} 9\n',
    )
    expect(text).toContain(
      'tajo_webhook_deliveries_total{source="pipedrive",outcome="duplicate",connection="default"} 1\n',
    )
    expect(text).toContain('tajo_webhooks_healthy{connection="default"} 0\n')
    expect(text).toContain('tajo_mode{mode="batch",connection="default"} 1\n')
    expect(text).not.toContain('mode="hybrid"')
  })

  it('counts webhooks by source and status, and how long the accepted ones took', async () => {
    await scene.post('/webhooks/pipedrive', '{}')
    await scene.post('/webhooks/pipedrive', '{}')
    await scene.post('/webhooks/brevo', '{}', null)
    const text = await metrics()
    expect(text).toContain('tajo_webhooks_total{source="pipedrive",status="200"} 2\n')
    expect(text).toContain('tajo_webhooks_total{source="brevo",status="401"} 1\n')
    expect(text).toContain('tajo_webhook_seconds_count{source="pipedrive"} 2\n')
    expect(text).not.toContain('tajo_webhook_seconds_count{source="brevo"}')
  })

  it('says so where the readings cannot be taken, and shows the rest', async () => {
    await metrics()
    scene.small.readings = () => Promise.reject(new Error('the store is away'))
    const text = await metrics()
    expect(text).toContain('tajo_up 0\n')
    expect(text).toContain('process_cpu_seconds_total')
    expect(text).not.toMatch(/^tajo_(failures|requests_total|backlog)/m)
    expect(scene.news.map(({ event }) => event)).toEqual(['metrics.failed'])
  })
})

describe('/openapi.json', () => {
  it('describes every path that is answered, and no other', async () => {
    const document = (await (await get('/openapi.json')).json()) as typeof OPENAPI_DOCUMENT
    expect(document).toEqual(OPENAPI_DOCUMENT)
    for (const [path, item] of Object.entries(document.paths)) {
      const at = path.replace('{connection}', 'east')
      const allowed = (await fetch(scene.url + at, { method: 'PATCH' })).headers.get('allow')
      expect(
        allowed?.split(', ').filter((method) => method !== 'HEAD'),
        path,
      ).toEqual(
        Object.keys(item as object)
          .filter((key) => key !== 'parameters')
          .map((key) => key.toUpperCase()),
      )
    }
    expect((await get('/nothing')).status).toBe(404)
  })

  it('refers to nothing that it does not hold', () => {
    const text = JSON.stringify(OPENAPI_DOCUMENT)
    const schemas = OPENAPI_DOCUMENT.components.schemas as Record<string, unknown>
    const named = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1] ?? '')
    expect(new Set(named)).toEqual(new Set(Object.keys(schemas)))
  })
})

describe('every answer', () => {
  it.each(['/healthz', '/readyz', '/metrics', '/openapi.json', '/nothing', '/webhooks/brevo'])(
    'of %s is kept by no cache',
    async (path) => {
      const { headers } = await get(path)
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    },
  )

  it('to a page that is not there is a problem document', async () => {
    const response = await get('/secret?token=abc')
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ status: 404, code: 'route_not_found', title: 'Not Found' })
  })
})

describe('a server that starts', () => {
  it('takes the port first: not ready, and webhooks are to be sent again', async () => {
    const { small, live } = createSmallLive()
    const started = Promise.withResolvers<Live>()
    const onNews = (): void => {}
    const server = await createServer({ live: started.promise, port: 0, host: '127.0.0.1', onNews })
    const post = () =>
      fetch(`${server.url}/webhooks/pipedrive`, {
        method: 'POST',
        body: '{}',
        headers: { authorization: BASIC },
      })
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503)
    const early = await post()
    expect([early.status, early.headers.get('retry-after')]).toEqual([429, '5'])
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('tajo_up 0\n')
    started.resolve(live)
    await started.promise
    expect((await post()).status).toBe(200)
    expect(small.kept).toHaveLength(1)
    await server.close(0)
  })

  it('names the port that another program has, and what to do', async () => {
    const other = createHttpServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const { live } = createSmallLive()
    const onNews = (_: LiveNews): void => {}
    await expect(createServer({ live, port, host: '127.0.0.1', onNews })).rejects.toMatchObject({
      code: 'port_in_use',
      message: expect.stringMatching(new RegExp(`Port ${port} .*--port`)),
    })
    other.close()
    await expect(createServer({ live, port: 0, host: '203.0.113.7', onNews })).rejects.toMatchObject({
      code: 'address_unusable',
    })
  })
})

describe('a server that closes', () => {
  it('answers what is under way, takes nothing new, and does not wait for idle connections', async () => {
    const durable = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    scene.small.store = async () => {
      begun.resolve()
      await durable.promise
    }
    await get('/healthz')
    const answer = scene.post('/webhooks/pipedrive', '{}')
    await begun.promise
    const closed = scene.server.close(60_000)
    await expect(get('/healthz')).rejects.toThrow()
    durable.resolve()
    expect((await answer).status).toBe(200)
    await closed
  })

  it('cuts off what does not end in the time it is given, and may be told twice', async () => {
    scene.small.store = () => new Promise(() => {})
    const answer = scene.post('/webhooks/pipedrive', '{}').catch(() => 'cut off')
    await Promise.all([scene.server.close(50), scene.server.close(50)])
    expect(await answer).toBe('cut off')
  })
})
