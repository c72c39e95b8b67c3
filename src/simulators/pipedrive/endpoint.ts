/**
 * One endpoint as data (method, path, cost, scopes, handler), and the way every request takes before and after its
 * handler: who asks, may they, can they afford it; then headers. Knows no entity.
 */
import { Hono } from 'hono'
import type { Values } from './records.ts'
import {
  accessTokenInvalid,
  invalidV1,
  invalidV2,
  methodNotAllowed,
  noPermission,
  notFound,
  paymentRequired,
  Refusal,
  scopeMismatch,
  unauthorized,
  unknownPage,
} from './refusal.ts'
import type { SeedUser } from './seed.ts'
import type { Actor, PipedriveState } from './state.ts'

export type ApiCall = {
  state: PipedriveState
  user: SeedUser
  /** For changes made by this call. */
  actor: Actor
  query: URLSearchParams
  /** A part of the path; '' where the path has none of that name. */
  param(name: string): string
  /** The parsed body; `undefined` when there is none. */
  body: unknown
}

export type Answer = { status?: number; body: object }

export type Endpoint = {
  version: 'v1' | 'v2'
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Hono's syntax: `/persons/:id`. */
  path: string
  cost: number
  /** Counts in the search window. */
  isSearch?: boolean
  /** OAuth scopes, any of which is enough. */
  scopes?: readonly string[]
  /** Only for users who are admins. */
  adminOnly?: boolean
  handle: (call: ApiCall) => Answer | Promise<Answer>
}

/** The vendor's whole surface as one fetch handler. */
export function createApi(state: PipedriveState, endpoints: readonly Endpoint[]): Hono {
  const app = new Hono()
  const prefixes = { v1: ['/v1', '/api/v1'], v2: ['/api/v2'] }
  for (const endpoint of endpoints) {
    for (const prefix of prefixes[endpoint.version]) {
      app.on(endpoint.method, prefix + endpoint.path, async (c) => {
        const text = endpoint.method === 'GET' ? '' : await c.req.text()
        const params = c.req.param() as Record<string, string>
        return serve(state, endpoint, { request: c.req.raw, text, params })
      })
    }
  }
  for (const { version, path } of endpoints) {
    for (const prefix of prefixes[version]) app.all(prefix + path, () => refuse(state, methodNotAllowed()))
  }
  app.notFound((c) =>
    refuse(state, /^\/(api\/)?v1\//.test(c.req.path) ? notFound('Unknown method .') : unknownPage()),
  )
  return app
}

type Incoming = { request: Request; text: string; params: Record<string, string> }

async function serve(state: PipedriveState, endpoint: Endpoint, incoming: Incoming): Promise<Response> {
  const now = state.clock.now()
  const url = new URL(incoming.request.url)
  let headers: Record<string, string> = {}
  let token: string | null = null
  let isOAuth = false
  try {
    const given = credential(incoming.request, url)
    if (given === null) throw unauthorized()
    token = given.token
    isOAuth = given.isOAuth
    const holder = isOAuth ? state.oauth.holderOf(token) : state.holderOf(token)
    if (!holder) throw isOAuth ? accessTokenInvalid() : unauthorized()
    if (!state.switches.companyOpen) throw paymentRequired()
    const call = { cost: endpoint.cost, isSearch: endpoint.isSearch === true, isOAuth }
    headers = state.meter.admit(token, call, now)
    const refusal = permission(endpoint, holder.user, holder.scopes)
    if (refusal) throw refusal
    const answer = await endpoint.handle({
      state,
      user: holder.user,
      actor: { userId: holder.user.id, source: 'api' },
      query: url.searchParams,
      param: (name) => incoming.params[name] ?? '',
      body: parseBody(endpoint, incoming),
    })
    const daily = state.meter.settle(token, { ...endpoint, isOAuth }, now)
    return json(state, answer.status ?? 200, answer.body, { ...headers, ...daily }, endpoint.cost)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const cost = state.switches.failedCallsCost && costsAnyway(error) ? endpoint.cost : 0
    const daily =
      token !== null && costsAnyway(error)
        ? state.meter.settle(token, { cost, method: endpoint.method, isOAuth }, now)
        : {}
    return refuse(state, error, { ...headers, ...daily }, cost)
  }
}

/** What the gateway turns away costs nothing. */
function costsAnyway({ status, body }: Refusal): boolean {
  return ![401, 402, 429].includes(status) && typeof body !== 'string'
}

/** `x-api-token`, the old `api_token` in the query, or an access token as bearer, in this order. */
function credential(request: Request, url: URL): { token: string; isOAuth: boolean } | null {
  const authorization = request.headers.get('authorization')
  if (authorization && !/^Bearer \S+$/.test(authorization))
    throw invalidV1('Invalid request: malformed authorization header')
  const apiToken = request.headers.get('x-api-token') ?? url.searchParams.get('api_token')
  if (apiToken !== null) return { token: apiToken, isOAuth: false }
  return authorization ? { token: authorization.slice(7), isOAuth: true } : null
}

function permission(endpoint: Endpoint, user: SeedUser, scopes: readonly string[] | null): Refusal | null {
  if (scopes && endpoint.scopes && !endpoint.scopes.some((scope) => scopes.includes(scope)))
    return scopeMismatch()
  return endpoint.adminOnly && !user.is_admin ? noPermission() : null
}

/** JSON for both versions; forms for v1 only. */
function parseBody({ version }: Endpoint, { request, text }: Incoming): unknown {
  if (text === '') return undefined
  const type = request.headers.get('content-type') ?? ''
  const isForm = type.startsWith('application/x-www-form-urlencoded')
  if (version === 'v1' && isForm) return Object.fromEntries(new URLSearchParams(text)) as Values
  const refused = version === 'v2' ? invalidV2 : invalidV1
  if (version === 'v2' && !type.startsWith('application/json')) throw refused('body must be application/json')
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw refused('body is not valid JSON')
  }
}

function json(
  state: PipedriveState,
  status: number,
  body: object,
  headers: Record<string, string>,
  tokens: number,
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      date: state.clock.now().toUTCString(),
      'x-sandbox-tokens': String(tokens),
      ...headers,
    },
  })
}

function refuse(
  state: PipedriveState,
  refusal: Refusal,
  headers: Record<string, string> = {},
  tokens = 0,
): Response {
  const all = { ...headers, ...refusal.headers }
  if (typeof refusal.body !== 'string') return json(state, refusal.status, refusal.body, all, tokens)
  return new Response(refusal.body, {
    status: refusal.status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      date: state.clock.now().toUTCString(),
      'x-sandbox-tokens': String(tokens),
      ...all,
    },
  })
}
