/** The API over real connections: who is let in, what is read from a request, and what comes of it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ApiScene, openApiScene } from './api.test-kit.ts'

let scene: ApiScene
beforeAll(async () => {
  scene = await openApiScene()
}, 60_000)
afterAll(() => scene?.end())
afterEach(() => {
  scene.sandbox.pipedrive.faults.clear()
  scene.news.length = 0
})

const PROBLEM = 'application/problem+json'

describe('who is let in', () => {
  it('nobody without a key, and the answer says how to get one', async () => {
    const response = await scene.ask('/api/status', { key: null })
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="Tajo"')
    expect(await scene.problem(scene.ask('/api/status', { key: null }))).toMatchObject({
      status: 401,
      type: PROBLEM,
      code: 'key_missing',
      detail: expect.stringContaining('tajo keys create'),
    })
  })

  it('a key as far as its scope goes', async () => {
    const read = await scene.key({ name: 'reader', scope: 'read' })
    const operate = await scene.key({ name: 'operator', scope: 'operate' })
    const statusOf = async (path: string, key: string, json?: unknown) =>
      (await scene.ask(path, { key, json })).status
    expect(await statusOf('/api/status', read)).toBe(200)
    expect(await statusOf('/api/check', read, {})).toBe(403)
    expect(await statusOf('/api/check', operate, {})).toBe(200)
    expect(await statusOf('/api/privacy/allow', operate, { email: 'a@b.example' })).toBe(403)
    expect(await statusOf('/api/keys', operate)).toBe(403)
    expect(await scene.problem(scene.ask('/api/sync', { key: read, json: {} }))).toMatchObject({
      code: 'key_scope_missing',
      detail: 'This needs the scope operate; "reader" has read.',
    })
  })

  it('a key of one connection only there, and not to the keys of all', async () => {
    const east = await scene.key({ name: 'east', scope: 'admin', connection: 'east' })
    expect((await scene.ask('/api/connections/east/status', { key: east })).status).toBe(200)
    for (const path of ['/api/status', '/api/connections/default/status', '/api/connections/west/status'])
      expect(await scene.problem(scene.ask(path, { key: east })), path).toMatchObject({
        status: 403,
        code: 'key_connection_other',
      })
    expect((await scene.ask('/api/keys', { key: east })).status).toBe(403)
    expect((await scene.ask('/api/connections/east/keys', { key: east })).status).toBe(404)
  })

  it.each(['expired', 'revoked'] as const)('no key that is %s, and it is told so', async (state) => {
    const name = `soon ${state}`
    const soon = new Date(Date.now() + 300).toISOString()
    const key = await scene.key({ name, scope: 'read', expiresAt: state === 'expired' ? soon : null })
    expect((await scene.ask('/api/status', { key })).status).toBe(200)
    if (state === 'revoked') await scene.service.keys.revoke(name)
    await expect.poll(async () => (await scene.ask('/api/status', { key })).status).toBe(401)
    expect(await scene.problem(scene.ask('/api/status', { key }))).toMatchObject({ code: `key_${state}` })
    // Whoever has only the public part learns nothing.
    const other = `${key.slice(0, 17)}_${'x'.repeat(43)}`
    expect(await scene.problem(scene.ask('/api/status', { key: other }))).toMatchObject({ code: 'key_wrong' })
  })
})

describe('guessing', () => {
  it('ends soon, also for a right guess; who was let in before is not shut out', async () => {
    const known = await scene.key({ name: 'known', scope: 'read' })
    const other = await scene.key({ name: 'other', scope: 'read' })
    const limited = await openApiScene({ keys: scene.service.keys, serviceOf: () => scene.service })
    try {
      const statusOf = async (key: string) => (await limited.ask('/api/status', { key })).status
      expect(await statusOf(known)).toBe(200)
      for (let n = 0; n < 10; n += 1) expect(await statusOf(`guess-${n}`)).toBe(401)
      const response = await limited.ask('/api/status', { key: other })
      expect(response.status).toBe(429)
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(await response.json()).toMatchObject({ code: 'attempts_exceeded' })
      expect(await statusOf(known)).toBe(200)
    } finally {
      await limited.end()
    }
  })
})

describe('what is asked', () => {
  it('is found by path and method; the rest is 404 and 405', async () => {
    for (const path of ['/api', '/api/', '/api/nothing', '/api/connectors/a/b/c', '/api/%E0%A4%A'])
      expect(await scene.problem(scene.ask(path)), path).toMatchObject({
        status: 404,
        code: 'route_not_found',
      })
    const put = await scene.ask('/api/status', { method: 'PUT' })
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET'])
    const both = await scene.ask('/api/connections/default/webhooks', { method: 'PATCH' })
    expect([both.status, both.headers.get('allow')]).toEqual([405, 'GET, DELETE'])
    expect((await scene.ask('/api/status', { method: 'HEAD' })).status).toBe(200)
  })

  it('of a connection that is not there is 404', async () => {
    expect(await scene.problem(scene.ask('/api/connections/west/status'))).toMatchObject({
      status: 404,
      code: 'connection_unknown',
    })
  })

  it('is typed by the shape: booleans, enums, and several of one name only for lists', async () => {
    expect((await scene.ask('/api/duplicates?survivor=oldest&suggestions=true')).status).toBe(200)
    expect(await scene.problem(scene.ask('/api/duplicates?suggestions=maybe'))).toMatchObject({
      status: 400,
      code: 'request_invalid',
      details: { places: ['suggestions'] },
    })
    expect((await scene.ask('/api/duplicates?survivor=oldest&survivor=lead')).status).toBe(400)
  })

  it.each([
    ['/api/status?verbose=1', undefined],
    ['/api/sync?full=true', { dryRun: true, verbose: 1 }],
  ])('with parameters that %s does not know is refused, and they are named', async (path, json) => {
    const { status, detail } = await scene.problem(scene.ask(path, { json }))
    expect(status).toBe(400)
    expect(detail).toContain('"verbose"')
  })

  it('cannot be turned by a body into something other than its path', async () => {
    const body = { name: 'brevo' }
    const response = await scene.ask('/api/connectors/pipedrive/test', { json: body })
    expect(await response.json()).toMatchObject({ name: 'pipedrive', state: 'ok' })
  })

  it('has to be JSON of a bounded size; no body at all is no parameters', async () => {
    const headers = { 'content-type': 'text/plain' }
    const post = (body: string, more: Record<string, string> = {}) =>
      scene.problem(scene.ask('/api/check', { method: 'POST', body, headers: more }))
    expect(await post('{}', headers)).toMatchObject({ status: 415, code: 'content_type_wrong' })
    const json = { 'content-type': 'application/json; charset=utf-8' }
    for (const text of ['{"fix":', '[]', '7', 'null'])
      expect(await post(text, json), text).toMatchObject({ status: 400, code: 'body_not_json' })
    expect(await post(`{"fix":"${'x'.repeat(1_100_000)}"}`, json)).toMatchObject({
      status: 413,
      code: 'body_too_large',
    })
    expect((await scene.ask('/api/check', { method: 'POST' })).status).toBe(200)
  })
})

describe('what comes of it', () => {
  it('is the result as JSON, kept by no cache', async () => {
    const response = await scene.ask('/api/sync', { json: { dryRun: true } })
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toMatchObject({ dryRun: true, contacts: { read: 10 } })
  })

  it('is a problem with the code of the error and its remedy', async () => {
    const unknown = scene.ask('/api/contacts/explain', { json: { subject: 'nobody@test.example' } })
    expect(await scene.problem(unknown)).toMatchObject({
      status: 404,
      code: 'person_unknown',
      disposition: 'reject',
    })
    const token = 'e'.repeat(40)
    const refused = await scene.problem(scene.ask('/api/connectors/pipedrive', { json: { apiToken: token } }))
    expect(refused).toMatchObject({ status: 422, code: 'pipedrive_unauthorized', disposition: 'pause' })
    expect(JSON.stringify(refused)).not.toContain(token)
  })

  it('says when to come again where that helps', async () => {
    scene.sandbox.pipedrive.faults.add({ fault: { kind: 'status', status: 503 }, times: 1_000 })
    const response = await scene.ask('/api/connectors/pipedrive', {
      json: { apiToken: 'f'.repeat(40), companyDomain: null },
    })
    expect(response.status).toBe(503)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('never shows the words or the place of an error that Tajo does not know', async () => {
    const broken = await openApiScene({
      serviceOf: () => {
        throw new Error('password=hunter2')
      },
    })
    const problem = await broken.problem(broken.ask('/api/status'))
    expect(problem).toMatchObject({ status: 500, code: 'request_failed' })
    expect(JSON.stringify(problem)).not.toMatch(/hunter2|\.ts/)
    expect(broken.news.map(({ event }) => event)).toEqual(['http.failed'])
    await broken.end()
  })
})

describe('keys', () => {
  it('are made, listed without their secret, and end at once', async () => {
    const made = await scene.ask('/api/keys', { json: { name: 'page', scope: 'read' } })
    const { key, secret } = (await made.json()) as { key: { id: string }; secret: string }
    expect((await scene.ask('/api/status', { key: secret })).status).toBe(200)
    const listed = await (await scene.ask('/api/keys')).text()
    expect(listed).toContain(key.id)
    expect(listed).not.toContain(secret.slice(18))
    const twice = scene.ask('/api/keys', { json: { name: 'page', scope: 'read' } })
    expect(await scene.problem(twice)).toMatchObject({ status: 409, code: 'key_name_taken' })
    expect((await scene.ask(`/api/keys/${key.id}`, { method: 'DELETE' })).status).toBe(200)
    expect((await scene.ask('/api/status', { key: secret })).status).toBe(401)
    const gone = await scene.problem(scene.ask('/api/keys/page', { method: 'DELETE' }))
    expect(gone).toMatchObject({ status: 404, code: 'key_unknown' })
  })
})
