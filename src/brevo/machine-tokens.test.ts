import { inspect } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { startBrevo } from '../../test/support/brevo-account.ts'
import { SANDBOX_BREVO_APP } from '../simulators/brevo/index.ts'
import { ApiError } from '../transport/index.ts'
import { createBrevoClient } from './client.ts'
import { createBrevoMachineTokens } from './machine-tokens.ts'

async function start(more: { clientSecret?: string; scope?: string } = {}) {
  const brevo = await startBrevo()
  const tokens = createBrevoMachineTokens({
    oauthUrl: brevo.url,
    clientId: SANDBOX_BREVO_APP.clientId,
    clientSecret: SANDBOX_BREVO_APP.clientSecret,
    scope: null,
    clock: brevo.clock,
    ...more,
  })
  const client = createBrevoClient({
    apiUrl: `${brevo.url}/v3`,
    credential: { accessToken: tokens.current, onRefused: tokens.refuse },
    clock: brevo.clock,
  })
  onTestFinished(() => client.close())
  const tokenCalls = () => brevo.simulator.calls.find('POST', '/realms/partner/oauth/token').length
  return { ...brevo, client, tokenCalls }
}

test('one token serves until shortly before its end', async () => {
  const { client, clock, tokenCalls } = await start()
  await Promise.all(Array.from({ length: 20 }, () => client.account.get()))
  expect(tokenCalls()).toBe(1)
  await clock.advance(54 * 60_000)
  await client.account.get()
  expect(tokenCalls()).toBe(1)
  await clock.advance(60_000)
  await client.account.get()
  expect(tokenCalls()).toBe(2)
})

test('a token that Brevo no longer takes is replaced once', async () => {
  const { client, simulator, tokenCalls } = await start()
  await client.account.get()
  simulator.endTokens()
  await client.account.get()
  expect(tokenCalls()).toBe(2)
})

test.each([
  [{ clientSecret: 'not-the-secret-at-all' }, 'brevo_app_refused'],
  [{ scope: 'contacts:read loyalty:write' }, 'brevo_scope_refused'],
])('%j is refused with a remedy and without the secret', async (more, code) => {
  const { client } = await start(more)
  const error = await client.account.get().then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ApiError)
  expect(error).toMatchObject({ code, disposition: 'pause', vendor: 'brevo' })
  expect(inspect(error, { depth: 9 })).not.toContain('not-the-secret-at-all')
})
