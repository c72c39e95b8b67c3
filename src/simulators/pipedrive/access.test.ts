/** Who may come in and where: tokens, accounts, scopes, rights, unknown addresses, wrong methods. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN_TOKEN, type Scene, startScene, USER_TOKEN } from '../../../test/support/pipedrive-scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterAll(() => scene.stop())

describe('a token', () => {
  it('is taken from the header or the query', async () => {
    expect((await scene.call('GET', '/v1/users/me')).body.data.id).toBe(1)
    const byQuery = await scene.call('GET', `/v1/users/me?api_token=${USER_TOKEN}`, undefined, {
      token: null,
    })
    expect(byQuery.body.data).toMatchObject({ id: 2, is_you: true })
  })

  it.each([[null], ['wrong'], ['']])('%j is refused in the words of the gateway', async (token) => {
    const reply = await scene.call('GET', '/api/v2/persons', undefined, { token })
    expect(reply.status).toBe(401)
    expect(reply.headers.get('x-401-by-gw')).toBe('true')
    expect(reply.body).toEqual({
      success: false,
      error: 'unauthorized access',
      errorCode: 401,
      error_info: 'Please check developers.pipedrive.com',
    })
  })

  it('stops working once it is revoked', async () => {
    scene.simulator.state.addToken('c'.repeat(40), 2)
    const call = () => scene.call('GET', '/v1/users/me', undefined, { token: 'c'.repeat(40) })
    expect((await call()).status).toBe(200)
    scene.simulator.state.revokeToken('c'.repeat(40))
    expect((await call()).status).toBe(401)
  })
})

it('answers 402 to everything while the account is not open', async () => {
  const closed = await startScene({ switches: { companyOpen: false } })
  try {
    expect((await closed.call('GET', '/api/v2/persons')).status).toBe(402)
  } finally {
    await closed.stop()
  }
})

describe('403', () => {
  it('for a scope that the token does not have', async () => {
    scene.simulator.state.addToken('d'.repeat(40), 1, ['contacts:read'])
    const call = (method: string, path: string, body?: unknown) =>
      scene.call(method, path, body, { token: 'd'.repeat(40) })
    expect((await call('GET', '/api/v2/persons')).status).toBe(200)
    expect((await call('GET', '/v1/users/me')).status).toBe(200)
    const refused = await call('POST', '/api/v2/persons', { name: 'X' })
    expect(refused.status).toBe(403)
    expect(refused.body.error).toBe('Scope and URL mismatch')
    expect((await call('GET', '/api/v2/deals')).status).toBe(403)
  })

  it('for what only admins may do', async () => {
    const asUser = { token: USER_TOKEN }
    const refused = await scene.call('POST', '/api/v2/pipelines', { name: 'Mine' }, asUser)
    expect(refused.status).toBe(403)
    expect(refused.body).toMatchObject({ error: 'You do not have permissions to do this.', data: null })
    expect((await scene.call('DELETE', '/api/v2/persons/1', undefined, asUser)).status).toBe(403)
    expect((await scene.call('POST', '/api/v2/pipelines', { name: 'Ours' })).status).toBe(200)
  })
})

describe('addresses', () => {
  it('of v2 that do not exist show the web application’s page', async () => {
    const reply = await scene.call('GET', '/api/v2/users/me')
    expect(reply.status).toBe(404)
    expect(reply.headers.get('content-type')).toContain('text/html')
  })

  it('of v1 that do not exist answer in JSON, under both prefixes', async () => {
    expect((await scene.call('GET', '/v1/nothing')).body.success).toBe(false)
    expect((await scene.call('GET', '/api/v1/users/me')).status).toBe(200)
  })

  it('of records that do not exist answer 404 in JSON', async () => {
    for (const path of [
      '/api/v2/persons/99',
      '/v1/leads/nothing',
      '/v1/users/99',
      '/api/v2/personFields/nothing',
    ]) {
      const reply = await scene.call('GET', path)
      expect(reply.status).toBe(404)
      expect(reply.body.success).toBe(false)
    }
    expect((await scene.call('GET', '/v1/leads/nothing')).body.error).toBe('requested lead not found')
  })

  it('refuse an id that is no number', async () => {
    expect((await scene.call('GET', '/api/v2/persons/first')).status).toBe(400)
  })

  it('refuse a wrong method', async () => {
    expect((await scene.call('PUT', '/api/v2/persons/1', {})).status).toBe(405)
    expect((await scene.call('PATCH', '/v1/webhooks/1', {})).status).toBe(405)
  })
})

it('plays faults in the vendor’s words', async () => {
  scene.simulator.faults.add({ fault: { kind: 'status', status: 500 } })
  const reply = await scene.call('GET', '/api/v2/persons', undefined, { token: ADMIN_TOKEN })
  expect(reply.status).toBe(500)
  expect(reply.body).toEqual({ success: false, error: 'Internal Server Error', code: 'ERR_UNKNOWN' })
})
