import { expect, test } from 'vitest'
import { startBrevo } from '../../../test/support/brevo-account.ts'

const APP = {
  clientId: 'm1',
  clientSecret: 'm1-secret',
  scopes: ['contacts:read', 'contacts:write', 'crm:read'],
}

async function startWithApp() {
  const brevo = await startBrevo({ apps: [APP] })
  const token = async (form: Record<string, string>, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${brevo.url}/realms/partner/oauth/token`, {
      method: 'POST',
      headers,
      body: new URLSearchParams(form),
    })
    return { status: answer.status, body: (await answer.json()) as Record<string, string> }
  }
  const call = (method: string, path: string, bearer: string | undefined, body?: unknown) =>
    brevo.call(method, path, body, { 'api-key': '', authorization: `Bearer ${bearer}` })
  return { ...brevo, token, callAs: call }
}

const credentials = { grant_type: 'client_credentials', client_id: 'm1', client_secret: 'm1-secret' }

test('a machine gets a token for an hour, and without asking for scopes all of its app', async () => {
  const { token, callAs, clock } = await startWithApp()
  const { status, body } = await token(credentials)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    token_type: 'Bearer',
    expires_in: 3600,
    scope: 'contacts:read contacts:write crm:read',
  })
  expect((await callAs('GET', '/contacts', body.access_token)).status).toBe(200)
  await clock.advance(3_600_000)
  expect(await callAs('GET', '/contacts', body.access_token)).toMatchObject({
    status: 401,
    body: { code: 'unauthorized' },
  })
})

test('a token may do what its scopes say; write holds no read', async () => {
  const { token, callAs } = await startWithApp()
  const { body } = await token({ ...credentials, scope: 'contacts:write' })
  expect((await callAs('POST', '/contacts', body.access_token, { email: 'a@example.com' })).status).toBe(201)
  expect(await callAs('GET', '/contacts', body.access_token)).toMatchObject({
    status: 403,
    body: { code: 'permission_denied' },
  })
  expect((await callAs('GET', '/companies', body.access_token)).status).toBe(403)
})

test('refuses wrong credentials, foreign scopes and other grants', async () => {
  const { token } = await startWithApp()
  expect(await token({ ...credentials, client_secret: 'wrong' })).toMatchObject({
    status: 401,
    body: { error: 'invalid_client' },
  })
  expect(await token({ ...credentials, scope: 'contacts:read webhooks:write' })).toMatchObject({
    status: 400,
    body: { error: 'invalid_scope', error_description: 'Invalid scopes: webhooks:write' },
  })
  expect(await token({ ...credentials, grant_type: 'password' })).toMatchObject({
    status: 400,
    body: { error: 'unsupported_grant_type' },
  })
})

test('takes the credentials by HTTP Basic too, and ends all tokens when told to', async () => {
  const { token, callAs, simulator } = await startWithApp()
  const authorization = `Basic ${Buffer.from('m1:m1-secret').toString('base64')}`
  const { body } = await token({ grant_type: 'client_credentials' }, { authorization })
  expect((await callAs('GET', '/contacts', body.access_token)).status).toBe(200)
  simulator.endTokens()
  expect((await callAs('GET', '/contacts', body.access_token)).status).toBe(401)
})
