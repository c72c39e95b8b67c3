/** The simulated OAuth server: codes, tokens, refusals, scopes, limits of access tokens, and uninstalling. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { type Reply, type Scene, startScene } from '../../../test/support/pipedrive-scene.ts'
import type { PipedriveSimulatorOptions } from './index.ts'
import type { PipedriveSwitches } from './switches.ts'

const CALLBACK = 'https://tajo.example.com/oauth/pipedrive/callback'
const APP = {
  clientId: 'app-1',
  clientSecret: 'app-1-secret',
  name: 'Test <app>',
  redirectUri: CALLBACK,
  scopes: ['contacts:read', 'admin'],
}
const BASIC = `Basic ${Buffer.from('app-1:app-1-secret').toString('base64')}`

async function start(
  switches: Partial<PipedriveSwitches> = {},
  options: Partial<PipedriveSimulatorOptions> = {},
): Promise<Scene> {
  const scene = await startScene({
    oauthApps: [APP],
    switches: { oauthConsent: 'approve', ...switches },
    ...options,
  })
  onTestFinished(() => scene.stop())
  return scene
}

async function authorize({ url }: Scene, query: Record<string, string> = {}): Promise<URL> {
  const asked = new URLSearchParams({ client_id: 'app-1', redirect_uri: CALLBACK, state: 's1', ...query })
  const answer = await fetch(`${url}/oauth/authorize?${asked}`, { redirect: 'manual' })
  expect(answer.status).toBe(302)
  return new URL(answer.headers.get('location') ?? '')
}

async function post(
  { url }: Scene,
  path: string,
  form: Record<string, string>,
  headers: Record<string, string> = { authorization: BASIC },
) {
  const answer = await fetch(`${url}/oauth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(form),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, string> }
}

async function connect(scene: Scene): Promise<Record<string, string>> {
  const code = (await authorize(scene)).searchParams.get('code') ?? ''
  const { status, body } = await post(scene, 'token', exchange(code))
  expect(status).toBe(200)
  return body
}

const exchange = (code: string) => ({ grant_type: 'authorization_code', code, redirect_uri: CALLBACK })
const refresh = (token: string | undefined) => ({ grant_type: 'refresh_token', refresh_token: token ?? '' })

const asBearer = (scene: Scene, token: string | undefined, path = '/api/v2/persons'): Promise<Reply> =>
  scene.call('GET', path, undefined, { token: null, headers: { authorization: `Bearer ${token}` } })

it('a code comes back with the state, and becomes tokens once', async () => {
  const scene = await start()
  const back = await authorize(scene)
  expect(`${back.origin}${back.pathname}`).toBe(CALLBACK)
  expect(back.searchParams.get('state')).toBe('s1')
  const code = back.searchParams.get('code') ?? ''
  const { status, body } = await post(scene, 'token', exchange(code))
  expect(status).toBe(200)
  expect(body).toEqual({
    access_token: expect.stringMatching(/^v1u:/),
    token_type: 'Bearer',
    expires_in: 3599,
    refresh_token: expect.stringMatching(/^1:1:/),
    scope: 'base,contacts:read,admin',
    api_domain: scene.url,
  })
  expect(await post(scene, 'token', exchange(code))).toEqual({
    status: 400,
    body: {
      success: false,
      error: 'invalid_grant',
      message: 'Invalid grant: authorization_code is invalid',
    },
  })
})

it('a code is good for five minutes', async () => {
  const scene = await start()
  const code = (await authorize(scene)).searchParams.get('code') ?? ''
  await scene.clock.advance(5 * 60_000)
  const { body } = await post(scene, 'token', exchange(code))
  expect(body.message).toBe('Invalid grant: authorization_code has expired')
})

it('the page asks, and passes on what the user decides', async () => {
  const scene = await start({ oauthConsent: 'page' })
  const address = `${scene.url}/oauth/authorize?client_id=app-1&redirect_uri=${encodeURIComponent(CALLBACK)}&state=x`
  const page = await (await fetch(address)).text()
  expect(page).toContain('Test &#60;app&#62;')
  const decide = async (decision: string) => {
    const body = new URLSearchParams({ decision, user_id: '2' })
    const answer = await fetch(address, { method: 'POST', body, redirect: 'manual' })
    return new URL(answer.headers.get('location') ?? '').searchParams
  }
  expect(Object.fromEntries(await decide('deny'))).toEqual({ error: 'user_denied', state: 'x' })
  const code = (await decide('approve')).get('code') ?? ''
  const { body } = await post(scene, 'token', exchange(code))
  expect(body.scope, 'a user who is no administrator').toBe('base,contacts:read')
})

it('refuses unknown apps and addresses that are not registered', async () => {
  const { url } = await start()
  const ask = async (query: string) => {
    const answer = await fetch(`${url}/oauth/authorize?${query}`, { redirect: 'manual' })
    return { status: answer.status, body: await answer.json() }
  }
  expect((await ask('client_id=nobody')).status).toBe(400)
  expect(await ask('client_id=app-1&redirect_uri=https://evil.example')).toEqual({
    status: 400,
    body: { error: 'Invalid redirect URL' },
  })
})

it.each([
  [{}, 'Missing parameter: grant_type'],
  [{ grant_type: 'password' }, 'Unsupported grant type: grant_type is invalid'],
  [{ grant_type: 'authorization_code' }, 'Missing parameter: code'],
  [exchange('made-up'), 'Invalid grant: authorization_code is invalid'],
  [
    { grant_type: 'authorization_code', code: 'x', redirect_uri: 'x' },
    'Invalid request: redirect_uri is not a valid URI',
  ],
  [refresh('made-up'), 'Invalid grant: refresh_token is invalid'],
])('the token endpoint refuses %j', async (form, message) => {
  const scene = await start()
  expect(await post(scene, 'token', form as Record<string, string>)).toMatchObject({
    status: 400,
    body: { message },
  })
})

it('asks for the credentials of the app, by Basic, and for a form', async () => {
  const scene = await start({ oauthErrors: 'words' })
  const refused = async (headers: Record<string, string>) =>
    (await post(scene, 'token', refresh('x'), headers)).body.error
  expect(await refused({})).toBe('Invalid client: cannot retrieve client credentials')
  const wrong = `Basic ${Buffer.from('app-1:wrong').toString('base64')}`
  expect(await refused({ authorization: wrong })).toBe('Invalid client: client is invalid')
  expect(await refused({ authorization: BASIC, 'content-type': 'application/json' })).toBe(
    'Invalid request: content must be application/x-www-form-urlencoded',
  )
})

it('an access token speaks for its user within its scopes for an hour', async () => {
  const scene = await start()
  const { access_token } = await connect(scene)
  expect((await asBearer(scene, access_token)).status).toBe(200)
  const foreign = await asBearer(scene, access_token, '/api/v2/activities')
  expect([foreign.status, foreign.body.error]).toEqual([403, 'Scope and URL mismatch'])
  expect((await scene.call('GET', '/api/v2/persons', undefined, { token: access_token ?? '' })).status).toBe(
    401,
  )
  await scene.clock.advance(60 * 60_000)
  const late = await asBearer(scene, access_token)
  expect([late.status, late.body.error]).toEqual([401, 'Invalid token: access_token is invalid'])
})

it('a refresh keeps the refresh token, or by switch replaces it and refuses the old one', async () => {
  const keeping = await start()
  const first = await connect(keeping)
  const second = (await post(keeping, 'token', refresh(first.refresh_token))).body
  expect(second.refresh_token).toBe(first.refresh_token)
  expect(second.access_token).not.toBe(first.access_token)

  const rotating = await start({ refreshTokens: 'rotate' })
  const old = (await connect(rotating)).refresh_token
  const fresh = (await post(rotating, 'token', refresh(old))).body.refresh_token
  expect(fresh).not.toBe(old)
  expect((await post(rotating, 'token', refresh(old))).status).toBe(400)
  expect((await post(rotating, 'token', refresh(fresh))).status).toBe(200)
})

it('a refresh token lives sixty days after its last use', async () => {
  const scene = await start()
  const { refresh_token } = await connect(scene)
  const days = (count: number) => scene.clock.advance(count * 86_400_000)
  await days(59)
  expect((await post(scene, 'token', refresh(refresh_token))).status).toBe(200)
  await days(59)
  expect((await post(scene, 'token', refresh(refresh_token))).status).toBe(200)
  await days(60)
  expect((await post(scene, 'token', refresh(refresh_token))).status).toBe(400)
})

it('revoking the refresh token takes the app out; the answer is 200 whatever is revoked', async () => {
  const scene = await start()
  const { access_token, refresh_token } = await connect(scene)
  expect((await post(scene, 'revoke', { token: 'made-up' })).status).toBe(200)
  expect((await post(scene, 'revoke', { token: refresh_token ?? '' })).status).toBe(200)
  expect((await asBearer(scene, access_token)).status).toBe(401)
  expect((await post(scene, 'token', refresh(refresh_token))).status).toBe(400)
})

it('access tokens may ask four times as often as API tokens, and are never banned', async () => {
  const scene = await start({}, { limits: {} })
  const { access_token } = await connect(scene)
  const statuses: number[] = []
  for (let i = 0; i < 130; i++) statuses.push((await asBearer(scene, access_token)).status)
  expect(statuses.filter((status) => status === 200)).toHaveLength(80)
  expect(new Set(statuses.slice(80))).toEqual(new Set([429]))
})

it('a user who uninstalls the app ends its tokens, and the callback is told', async () => {
  const told: { method: string | undefined; authorization: string | undefined; body: string }[] = []
  const receiver = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    told.push({ method: request.method, authorization: request.headers.authorization, body })
    response.end()
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void receiver.close())
  const redirectUri = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/cb`
  const scene = await start({}, { oauthApps: [{ ...APP, redirectUri: null }] })
  const code = (await authorize(scene, { redirect_uri: redirectUri })).searchParams.get('code') ?? ''
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri }
  const { body } = await post(scene, 'token', form)
  expect(await scene.simulator.uninstallApp('app-1', 2)).toBeNull()
  expect(await scene.simulator.uninstallApp('app-1', 1)).toBe(200)
  expect((await asBearer(scene, body.access_token)).status).toBe(401)
  expect(told).toMatchObject([{ method: 'DELETE', authorization: BASIC }])
  expect(JSON.parse(told[0]?.body ?? '')).toEqual({
    client_id: 'app-1',
    company_id: 1,
    user_id: 1,
    timestamp: scene.clock.now().toISOString(),
  })
})
