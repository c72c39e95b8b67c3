/**
 * Pipedrive's OAuth pages and endpoints: /oauth/authorize, /oauth/token, /oauth/revoke. The consent page is a plain form;
 * by switch everybody approves or denies at once. Refuses in the vendor's words
 * (https://pipedrive.readme.io/docs/marketplace-oauth-and-api-proxy-status-codes).
 */
import { type Context, Hono } from 'hono'
import type { OAuthRefusal, OAuthServer, PipedriveApp, TokenAnswer } from './oauth-server.ts'
import type { SeedUser } from './seed.ts'
import type { PipedriveState } from './state.ts'

export function createOAuthRoutes(state: PipedriveState): Hono {
  const app = new Hono()
  app.get('/oauth/authorize', (c) => authorize(state, c, state.switches.oauthConsent))
  app.post('/oauth/authorize', async (c) => {
    const form = new URLSearchParams(await c.req.text())
    const decision = form.get('decision') === 'approve' ? 'approve' : 'deny'
    return authorize(state, c, decision, Number(form.get('user_id')) || undefined)
  })
  app.post('/oauth/token', (c) => token(state, c))
  app.post('/oauth/revoke', async (c) => {
    const client = clientOf(state.oauth, c)
    const form = new URLSearchParams(await c.req.text())
    if (client) state.oauth.revoke(client, form.get('token') ?? '')
    return c.json({ success: true })
  })
  return app
}

function authorize(
  state: PipedriveState,
  c: Context,
  decision: 'page' | 'approve' | 'deny',
  userId?: number,
): Response {
  const query = new URL(c.req.url).searchParams
  const client = state.oauth.app(query.get('client_id') ?? '')
  if (!client) return c.json({ error: 'Invalid client id' }, 400)
  const redirectUri = query.get('redirect_uri') ?? client.redirectUri ?? ''
  if (!isRegistered(client, redirectUri)) return c.json({ error: 'Invalid redirect URL' }, 400)
  const users = [...state.users.values()]
  if (decision === 'page') return c.html(consentPage(state, client, users))
  const user = userId === undefined ? users.find((each) => each.is_admin) : state.users.get(userId)
  const back = new URL(redirectUri)
  if (decision === 'deny' || user === undefined) back.searchParams.set('error', 'user_denied')
  else back.searchParams.set('code', state.oauth.grantCode(client, user.id, redirectUri))
  const given = query.get('state')
  if (given !== null) back.searchParams.set('state', given)
  return c.redirect(back.href, 302)
}

function isRegistered(client: PipedriveApp, redirectUri: string): boolean {
  if (client.redirectUri !== null) return client.redirectUri === redirectUri
  const host = URL.canParse(redirectUri) ? new URL(redirectUri).hostname : ''
  return ['localhost', '127.0.0.1', '[::1]'].includes(host)
}

async function token(state: PipedriveState, c: Context): Promise<Response> {
  const type = c.req.header('content-type') ?? ''
  if (!type.startsWith('application/x-www-form-urlencoded'))
    return refuse(state, c, invalidRequest('content must be application/x-www-form-urlencoded'))
  const form = new URLSearchParams(await c.req.text())
  const client = clientOf(state.oauth, c)
  if (client === null) return refuse(state, c, invalidClient('cannot retrieve client credentials'))
  if (client === undefined) return refuse(state, c, invalidClient('client is invalid'))
  const answer = answerGrant(state.oauth, client, form)
  if ('error' in answer) return refuse(state, c, answer)
  return c.json({
    access_token: answer.accessToken,
    token_type: 'Bearer',
    expires_in: answer.expiresIn,
    refresh_token: answer.refreshToken,
    scope: answer.scope,
    api_domain: state.switches.apiDomain ?? new URL(c.req.url).origin,
  })
}

function answerGrant(
  server: OAuthServer,
  client: PipedriveApp,
  form: URLSearchParams,
): TokenAnswer | OAuthRefusal {
  const given = (name: string): string => form.get(name) ?? ''
  const missing = (name: string): OAuthRefusal => invalidRequest(`Missing parameter: ${name}`, '')
  switch (given('grant_type')) {
    case '':
      return missing('grant_type')
    case 'authorization_code':
      if (given('code') === '') return missing('code')
      if (!URL.canParse(given('redirect_uri'))) return invalidRequest('redirect_uri is not a valid URI')
      return server.exchangeCode(client, given('code'), given('redirect_uri'))
    case 'refresh_token':
      if (given('refresh_token') === '') return missing('refresh_token')
      return server.refresh(client, given('refresh_token'))
    default:
      return {
        error: 'unsupported_grant_type',
        message: 'Unsupported grant type: grant_type is invalid',
      }
  }
}

/** Null: no credentials could be read; undefined: they are wrong. */
function clientOf(server: OAuthServer, c: Context): PipedriveApp | null | undefined {
  const [, coded] = /^Basic ([A-Za-z0-9+/=]+)$/.exec(c.req.header('authorization') ?? '') ?? []
  if (coded === undefined) return null
  const [id = '', secret = ''] = Buffer.from(coded, 'base64').toString().split(':').map(decodeURIComponent)
  const client = server.app(id)
  return client?.clientSecret === secret ? client : undefined
}

function invalidRequest(what: string, prefix = 'Invalid request: '): OAuthRefusal {
  return { error: 'invalid_request', message: `${prefix}${what}` }
}

function invalidClient(what: string): OAuthRefusal {
  return { error: 'invalid_client', message: `Invalid client: ${what}` }
}

/** The documents give the words, not the JSON around them. */
function refuse(state: PipedriveState, c: Context, { error, message }: OAuthRefusal): Response {
  const body =
    state.switches.oauthErrors === 'code'
      ? { success: false, error, message }
      : { success: false, error: message }
  return c.json(body, 400)
}

/** The form posts to the address of the page itself, with its query. */
function consentPage(state: PipedriveState, client: PipedriveApp, users: readonly SeedUser[]): string {
  const options = users.map((user) => `<option value="${user.id}">${escaped(user.name)}</option>`).join('')
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Pipedrive (simulated)</title></head><body>
<h1>${escaped(client.name)} wants to use ${escaped(state.seed.company.name)}</h1>
<p>It may: ${client.scopes.map(escaped).join(', ')}</p>
<form method="post"><p><label>As <select name="user_id">${options}</select></label></p>
<button name="decision" value="approve">Allow and install</button>
<button name="decision" value="deny">Cancel</button></form></body></html>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
