/** The page's way in: sessions by key and by link, what proves where a request came from, and what happens meanwhile. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ApiScene, OWN_KEY, openApiScene } from './api.test-kit.ts'

let scene: ApiScene
beforeAll(async () => {
  scene = await openApiScene({
    publicUrl: 'https://tajo.example.com',
  })
}, 60_000)
afterAll(() => scene?.end())
afterEach(() => {
  scene.sandbox.pipedrive.faults.clear()
})

const PROOF = { 'x-tajo-request': '1' }

async function logIn(apiKey: string, headers: Record<string, string> = {}) {
  const response = await scene.ask('/api/session', { key: null, json: { apiKey }, headers })
  const [cookie = ''] = response.headers.getSetCookie()
  return { response, text: cookie, cookie: cookie.split(';')[0] ?? '' }
}

/** As a page of this server asks. */
function asPage(cookie: string, path: string, more: RequestInit & { json?: unknown } = {}) {
  const headers = { cookie, origin: scene.server.url, ...PROOF, ...(more.headers as object) }
  return scene.ask(path, { ...more, key: null, headers })
}

describe('a session', () => {
  it('begins with a key, holds by a cookie that no script reads, and ends', async () => {
    const apiKey = await scene.key({ name: 'page', scope: 'operate' })
    const { response, text, cookie } = await logIn(apiKey)
    expect(await response.json()).toEqual({
      name: 'page',
      scope: 'operate',
      connection: null,
      connections: ['default', 'east'],
    })
    expect(text).toMatch(/^tajo_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Expires=/)
    expect(text).not.toContain('Secure')
    expect(cookie).not.toContain(apiKey)
    expect((await asPage(cookie, '/api/session')).status).toBe(200)
    expect((await asPage(cookie, '/api/status')).status).toBe(200)
    expect((await asPage(cookie, '/api/check', { json: {} })).status).toBe(200)
    expect((await asPage(cookie, '/api/keys')).status).toBe(403)
    const ended = await asPage(cookie, '/api/session', { method: 'DELETE' })
    expect(ended.headers.getSetCookie()[0]).toMatch(/^tajo_session=; .*Max-Age=0/)
    expect(await scene.problem(asPage(cookie, '/api/status'))).toMatchObject({
      status: 401,
      code: 'session_ended',
    })
  })

  it('ends at once with its key', async () => {
    const { cookie } = await logIn(await scene.key({ name: 'short', scope: 'read' }))
    expect((await asPage(cookie, '/api/status')).status).toBe(200)
    await scene.service.keys.revoke('short')
    expect((await asPage(cookie, '/api/status')).status).toBe(401)
  })

  it('of a key for one connection shows that one only', async () => {
    const { response } = await logIn(await scene.key({ name: 'eastern', scope: 'read', connection: 'east' }))
    expect(await response.json()).toMatchObject({ connection: 'east', connections: ['east'] })
  })

  it('does not begin with a wrong key, or with anything else', async () => {
    expect(
      await scene.problem(scene.ask('/api/session', { key: null, json: { apiKey: 'x' } })),
    ).toMatchObject({
      status: 401,
      code: 'key_wrong',
    })
    for (const json of [{}, { apiKey: 7 }, { apiKey: 'x', name: 'y' }])
      expect((await scene.ask('/api/session', { key: null, json })).status).toBe(400)
    expect((await scene.ask('/api/session', { key: null })).status).toBe(401)
    expect((await scene.ask('/api/session', { method: 'PUT' })).status).toBe(405)
  })
})

describe('a request by cookie', () => {
  it.each([
    ['of another site', { origin: 'https://evil.example' }, 'origin_refused'],
    ['of a page without an origin', { origin: 'null' }, 'origin_refused'],
    ['without the header that only our scripts set', { 'x-tajo-request': undefined }, 'origin_unproven'],
    ['that does not say where it comes from', { origin: undefined }, 'origin_unproven'],
  ])('%s changes nothing', async (_, change, code) => {
    const { cookie } = await logIn(OWN_KEY)
    const all = { cookie, origin: scene.server.url, ...PROOF, ...change }
    const headers = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
    const refused = scene.ask('/api/check', {
      key: null,
      json: {},
      headers: headers as Record<string, string>,
    })
    expect(await scene.problem(refused)).toMatchObject({ status: 403, code })
  })

  it('looks at nothing for another site, and a login from there is none', async () => {
    const { cookie } = await logIn(OWN_KEY)
    const look = (headers: Record<string, string>) =>
      scene.ask('/api/status', { key: null, headers: { cookie, ...headers } })
    expect((await look({})).status).toBe(200)
    expect((await look({ 'sec-fetch-site': 'same-origin' })).status).toBe(200)
    expect((await look({ 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await look({ origin: 'https://evil.example' })).status).toBe(403)
    const { response } = await logIn(OWN_KEY, { origin: 'https://evil.example' })
    expect(response.status).toBe(403)
    expect(response.headers.getSetCookie()).toEqual([])
  })

  it('may come by the public address, through a proxy that gives another name', async () => {
    const { cookie } = await logIn(OWN_KEY)
    const headers = { cookie, origin: 'https://tajo.example.com', ...PROOF }
    expect((await scene.ask('/api/check', { key: null, json: {}, headers })).status).toBe(200)
  })

  it('no answer invites scripts of other sites', async () => {
    const response = await scene.ask('/api/status', { headers: { origin: 'https://evil.example' } })
    expect(response.status).toBe(200)
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('a link that logs in', () => {
  it('does so once, and not for whoever only looks where it leads', async () => {
    const link = scene.server.createLoginUrl() ?? ''
    const open = (method = 'GET') => fetch(link, { method, redirect: 'manual' })
    await open('HEAD')
    const first = await open()
    expect([first.status, first.headers.get('location')]).toEqual([303, '/'])
    expect(first.headers.get('referrer-policy')).toBe('no-referrer')
    const cookie = first.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    expect(await (await asPage(cookie, '/api/session')).json()).toMatchObject({ scope: 'admin' })
    const second = await open()
    expect([second.status, second.headers.get('location')]).toEqual([303, '/?link=used'])
    expect(second.headers.getSetCookie()).toEqual([])
  })
})

describe('progress', () => {
  it('of a pass comes as events, the result last', async () => {
    const headers = { accept: 'text/event-stream' }
    const response = await scene.ask('/api/sync', { json: { dryRun: true }, headers })
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
    const events = [...(await response.text()).matchAll(/^event: (\w+)\ndata: (.+)$/gm)]
    expect(events[0]?.[1]).toBe('progress')
    expect(JSON.parse(events[0]?.[2] ?? '')).toMatchObject({ stage: expect.any(String) })
    expect(events.at(-1)?.[1]).toBe('result')
    expect(JSON.parse(events.at(-1)?.[2] ?? '')).toMatchObject({ dryRun: true, status: 'complete' })
  })

  it('is a plain problem where nothing was begun', async () => {
    const headers = { accept: 'text/event-stream' }
    expect(await scene.problem(scene.ask('/api/sync', { json: { nothing: 1 }, headers }))).toMatchObject({
      status: 400,
      type: 'application/problem+json',
    })
  })

  it('whoever hangs up stops the work', async () => {
    const { calls, faults } = scene.sandbox.pipedrive
    faults.add({ fault: { kind: 'slow', ms: 20_000 }, after: 1, times: 1_000 })
    const before = calls.all().length
    const stop = new AbortController()
    const hung = scene.ask('/api/sync', { json: {}, signal: stop.signal }).catch(() => 'hung up')
    await expect.poll(() => calls.all().length).toBeGreaterThan(before)
    stop.abort()
    expect(await hung).toBe('hung up')
    faults.clear()
    // It gets its turn only because the pass before it was stopped.
    expect(await (await scene.ask('/api/sync', { json: {} })).json()).toMatchObject({ status: 'complete' })
  })
})

describe('activity', () => {
  const news = (event: string, details: Record<string, unknown> = {}) =>
    ({ level: 'info', event, message: `${event} for ada@example.com`, details }) as const

  async function read(path: string, until: string, headers: Record<string, string> = {}): Promise<string> {
    const stop = new AbortController()
    const response = await scene.ask(path, { headers, signal: stop.signal })
    let text = ''
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString()
      if (text.includes(`"${until}"`)) break
    }
    stop.abort()
    return text
  }

  it('tells what was, goes on after the last that arrived, and names nobody', async () => {
    scene.server.tell(news('first', { connection: 'east', email: 'ada@example.com', personId: 7 }))
    scene.server.tell(news('second'))
    const all = await read('/api/activity', 'second')
    expect(all).toContain('"first"')
    expect(all).toContain('"personId":7')
    expect(all).not.toContain('ada@')
    const [id = ''] = [...all.matchAll(/^id: (.+)$/gm)].map((match) => match[1])
    const rest = await read('/api/activity', 'second', { 'last-event-id': id })
    expect(rest).not.toContain('"first"')
    expect(await read('/api/activity', 'second', { 'last-event-id': 'ffff-9' })).toContain('"first"')
    scene.server.tell(news('third', { connection: 'east' }))
    expect(await read('/api/connections/east/activity', 'third')).not.toContain('"second"')
  })

  it('keeps the latest two hundred', async () => {
    for (let n = 0; n < 300; n += 1) scene.server.tell(news(`n${n}`))
    const text = await read('/api/activity', 'n299')
    expect(text).toContain('"n100"')
    expect(text).not.toContain('"n99"')
  })

  it('of a connection that is not there is a 404; of all is for keys of all', async () => {
    expect((await scene.ask('/api/connections/west/activity')).status).toBe(404)
    const key = await scene.key({ name: 'only east', scope: 'read', connection: 'east' })
    expect((await scene.ask('/api/activity', { key })).status).toBe(403)
    expect(await scene.problem(scene.ask('/api/activity', { key: null }))).toMatchObject({ status: 401 })
  })
})
