/** The client of the OAuth server, and what API calls do with its tokens, against the simulator. */
import { inspect } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { type Scene, startScene } from '../../test/support/pipedrive-scene.ts'
import { SANDBOX_APP } from '../simulators/pipedrive/oauth-server.ts'
import type { PipedriveSwitches } from '../simulators/pipedrive/switches.ts'
import { ApiError, createTokenSource, type TokenSource } from '../transport/index.ts'
import { createPipedriveClient } from './client.ts'
import { createPipedriveOAuth, type PipedriveOAuth, type PipedriveTokens } from './oauth.ts'

const CALLBACK = 'http://127.0.0.1:8025/oauth/pipedrive/callback'

async function start(switches: Partial<PipedriveSwitches> = {}, secret = SANDBOX_APP.clientSecret) {
  const scene = await startScene({ switches: { oauthConsent: 'approve', ...switches } })
  const oauth = createPipedriveOAuth({
    oauthUrl: scene.url,
    clientId: SANDBOX_APP.clientId,
    clientSecret: secret,
    clock: scene.clock,
  })
  onTestFinished(async () => {
    await oauth.close()
    await scene.stop()
  })
  return { scene, oauth }
}

async function consent(oauth: PipedriveOAuth): Promise<string> {
  const answer = await fetch(oauth.consentUrl({ redirectUri: CALLBACK, state: 'a state&' }), {
    redirect: 'manual',
  })
  const back = new URL(answer.headers.get('location') ?? '')
  expect(back.searchParams.get('state')).toBe('a state&')
  return back.searchParams.get('code') ?? ''
}

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ApiError)) throw new Error(`no ApiError: ${inspect(error)}`)
  return error
}

function sourceOf(
  { scene, oauth }: { scene: Scene; oauth: PipedriveOAuth },
  first: PipedriveTokens,
): TokenSource {
  let { refreshToken } = first
  return createTokenSource({
    clock: scene.clock,
    async renew() {
      const grant = await oauth.refresh(refreshToken)
      refreshToken = grant.refreshToken
      return grant.access
    },
  })
}

function clientWith({ scene }: { scene: Scene }, tokens: TokenSource) {
  const client = createPipedriveClient({
    apiUrl: scene.url,
    credential: { accessToken: tokens.current, onRefused: tokens.refuse },
    clock: scene.clock,
  })
  onTestFinished(() => client.close())
  return client
}

test('a code becomes a grant, a refresh token another one', async () => {
  const { scene, oauth } = await start({ refreshTokens: 'rotate' })
  const grant = await oauth.exchange(await consent(oauth), CALLBACK)
  expect(grant).toMatchObject({
    apiDomain: scene.url,
    scopes: ['base', ...SANDBOX_APP.scopes],
    access: { expiresAt: new Date(scene.clock.now().getTime() + 3_599_000) },
  })
  const next = await oauth.refresh(grant.refreshToken)
  expect(next.refreshToken).not.toBe(grant.refreshToken)
  expect(next.access.token).not.toBe(grant.access.token)
})

test.each(['code', 'words'] as const)('refusals are told apart, with %s in `error`', async (oauthErrors) => {
  const { oauth } = await start({ oauthErrors })
  const code = await consent(oauth)
  expect((await failure(oauth.exchange(code, `${CALLBACK}/other`))).code).toBe('pipedrive_redirect_refused')
  await oauth.exchange(code, CALLBACK)
  expect(await failure(oauth.exchange(code, CALLBACK))).toMatchObject({
    code: 'pipedrive_code_refused',
    disposition: 'pause',
  })
  const refused = await failure(oauth.refresh('1:1:secret-refresh-token'))
  expect(refused).toMatchObject({ code: 'pipedrive_grant_refused', disposition: 'pause' })
  expect(inspect(refused, { depth: 9 })).not.toContain('secret-refresh-token')
  const other = await start({ oauthErrors }, 'not-the-secret')
  const app = await failure(other.oauth.refresh('1:1:x'))
  expect(app.code).toBe('pipedrive_app_refused')
  expect(inspect(app, { depth: 9 })).not.toContain('not-the-secret')
})

test('trouble of the OAuth server may pass: it is no refusal', async () => {
  const { scene, oauth } = await start()
  const { refreshToken } = await oauth.exchange(await consent(oauth), CALLBACK)
  scene.simulator.faults.add({ fault: { kind: 'status', status: 503 } })
  expect(await failure(oauth.refresh(refreshToken))).toMatchObject({
    code: 'pipedrive_unavailable',
    disposition: 'retry',
  })
  scene.simulator.faults.add({ fault: { kind: 'html', status: 200 } })
  expect((await failure(oauth.refresh(refreshToken))).code).toBe('pipedrive_answer_invalid')
  scene.simulator.faults.add({ fault: { kind: 'cut-after' } })
  expect(await failure(oauth.refresh(refreshToken))).toMatchObject({
    code: 'pipedrive_no_answer',
    disposition: 'retry',
  })
})

test('a call with a token that is refused goes once more, whatever it is, with another one', async () => {
  const started = await start()
  const { scene, oauth } = started
  const tokens = sourceOf(started, await oauth.exchange(await consent(oauth), CALLBACK))
  const client = clientWith(started, tokens)
  await client.users.me()
  scene.simulator.state.oauth.endAccess()
  scene.simulator.calls.clear()
  await client.persons.create({ name: 'Nora New' })
  const calls = scene.simulator.calls.all().map(({ method, path, status }) => `${method} ${path} ${status}`)
  expect(calls).toEqual(['POST /api/v2/persons 401', 'POST /oauth/token 200', 'POST /api/v2/persons 200'])
})

test('twenty calls whose token has ended share one refresh', async () => {
  const started = await start({ refreshTokens: 'rotate' })
  const { scene, oauth } = started
  const tokens = sourceOf(started, await oauth.exchange(await consent(oauth), CALLBACK))
  const client = clientWith(started, tokens)
  await client.users.me()
  scene.simulator.state.oauth.endAccess()
  scene.simulator.calls.clear()
  await Promise.all(Array.from({ length: 20 }, () => client.users.me()))
  expect(scene.simulator.calls.find('POST', '/oauth/token')).toHaveLength(1)
})

test('a token that is refused twice is a refusal', async () => {
  const started = await start()
  const { oauth } = started
  await consent(oauth)
  const made: string[] = []
  const client = clientWith(started, {
    current: async () => `made-up-${made.push('')}`,
    refuse: () => {},
  })
  const refused = await failure(client.users.me())
  expect(refused).toMatchObject({ code: 'pipedrive_unauthorized', attempts: 2 })
  expect(made).toHaveLength(2)
})

test('revoking takes the app out', async () => {
  const { oauth } = await start()
  const { refreshToken } = await oauth.exchange(await consent(oauth), CALLBACK)
  await oauth.revoke(refreshToken)
  expect((await failure(oauth.refresh(refreshToken))).code).toBe('pipedrive_grant_refused')
})
