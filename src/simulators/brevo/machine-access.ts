/**
 * Access for machines: private apps, the token endpoint for client credentials, and what a token's scopes allow
 * (https://developers.brevo.com/docs/oauth-m2m-authentication). Scopes go by the path's beginning; write holds no read.
 */
import { randomBytes } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'

export type BrevoApp = {
  clientId: string
  clientSecret: string
  /** `contacts:read`, `contacts:write`, `crm:read`, `webhooks:write`, ... */
  scopes: readonly string[]
}

export const TOKEN_PATH = '/realms/partner/oauth/token'

const TOKEN_MS = 60 * 60_000

/** The first part of the path below /v3 to the resource of its scopes; unnamed ones are their own. */
const RESOURCES: Readonly<Record<string, string>> = { companies: 'crm' }

export const SANDBOX_BREVO_APP: BrevoApp = {
  clientId: 'sandbox-machine',
  clientSecret: 'sandbox-machine-secret',
  scopes: ['account', 'contacts', 'crm', 'events', 'webhooks', 'processes', 'emailCampaigns'].flatMap(
    (resource) => [`${resource}:read`, `${resource}:write`],
  ),
}

export class MachineAccess {
  readonly #apps: readonly BrevoApp[]
  readonly #clock: Clock
  readonly #tokens = new Map<string, { scopes: readonly string[]; until: number }>()

  constructor(apps: readonly BrevoApp[], clock: Clock) {
    this.#apps = apps
    this.#clock = clock
  }

  /** The token endpoint. */
  async answer(request: Request): Promise<Response> {
    if (request.method !== 'POST') return refuse(405, 'invalid_request', 'HTTP 405 Method Not Allowed')
    const form = new URLSearchParams(await request.text())
    const [id, secret] = credentialsOf(request, form)
    const app = this.#apps.find(({ clientId, clientSecret }) => clientId === id && clientSecret === secret)
    if (form.get('grant_type') !== 'client_credentials')
      return refuse(400, 'unsupported_grant_type', 'Unsupported grant_type')
    if (!app) return refuse(401, 'invalid_client', 'Invalid client or Invalid client credentials')
    const asked = (form.get('scope') ?? '').split(/[ ,]+/).filter((scope) => scope !== '')
    const foreign = asked.filter((scope) => !app.scopes.includes(scope))
    if (foreign.length > 0) return refuse(400, 'invalid_scope', `Invalid scopes: ${foreign.join(' ')}`)
    const scopes = asked.length > 0 ? asked : app.scopes
    const token = randomBytes(48).toString('base64url')
    this.#tokens.set(token, { scopes, until: this.#clock.now().getTime() + TOKEN_MS })
    return Response.json({
      access_token: token,
      token_type: 'Bearer',
      expires_in: TOKEN_MS / 1000,
      scope: scopes.join(' '),
    })
  }

  /** Every token ends now. */
  endTokens(): void {
    this.#tokens.clear()
  }

  /** `path` starts with /v3. */
  judge(token: string, method: string, path: string): 'allowed' | 'unknown' | 'scope_missing' {
    const known = this.#tokens.get(token)
    if (!known || known.until <= this.#clock.now().getTime()) return 'unknown'
    const first = path.split('/')[2] ?? ''
    const scope = `${RESOURCES[first] ?? first}:${method === 'GET' ? 'read' : 'write'}`
    return known.scopes.includes(scope) ? 'allowed' : 'scope_missing'
  }
}

/** In the form, as documented, or by HTTP Basic, which RFC 6749 demands of every server. */
function credentialsOf(request: Request, form: URLSearchParams): [string | null, string | null] {
  const [, coded] = /^Basic (\S+)$/.exec(request.headers.get('authorization') ?? '') ?? []
  if (coded === undefined) return [form.get('client_id'), form.get('client_secret')]
  const [id = '', secret = ''] = Buffer.from(coded, 'base64').toString().split(':').map(decodeURIComponent)
  return [id, secret]
}

function refuse(status: number, error: string, description: string): Response {
  return Response.json({ error, error_description: description }, { status })
}
