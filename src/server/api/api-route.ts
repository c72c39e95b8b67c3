/**
 * `/api`: every operation of the table, for the default connection and below `/api/connections/<name>` for a named one;
 * and what the page needs besides: sessions, and what happens. It looks who asks before it reads what is asked.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { KeyCheck, LiveNews, Service } from '../../service/index.ts'
import { isOfInstallation, operations } from '../../wire/index.ts'
import { failureNews } from '../failure-news.ts'
import { methodProblem, type Problem } from '../problem.ts'
import { sendJson, sendProblem } from '../send-answer.ts'
import { type Activity, createActivity } from './activity.ts'
import { type ApiTarget, toActivityTarget } from './api-target.ts'
import { createAttemptLimit } from './attempt-limit.ts'
import { carryOut, type Outcome } from './carry-out.ts'
import { toProblem } from './error-problem.ts'
import { findOperation } from './find-operation.ts'
import { type GateOptions, holderOf, isProblem, refusalOf } from './gate.ts'
import { type JsonLimits, readJson } from './read-json.ts'
import { readTextParams } from './read-params.ts'
import { answerLogin, answerSession } from './session-calls.ts'
import { createSessions } from './sessions.ts'

export type ConnectionNames = { readonly default: string | null; readonly all: readonly string[] }

export type ApiOptions = {
  readonly keys: KeyCheck
  /** Null stands for the default connection; null is returned where there is none of this name. */
  readonly serviceOf: (connection: string | null) => Service | null
  /** The name of the default connection, null where none is; and all of them. */
  readonly names: () => ConnectionNames
  /** The version that agents are told. */
  readonly version: string
  /** Whether agents with a key that may operate are offered tools that do something. */
  readonly mcpWrites: boolean
}

export type ApiRouteOptions = ApiOptions &
  JsonLimits & {
    readonly onNews: (news: LiveNews) => void
    /** Under which address others reach this server. */
    readonly publicUrl: string | null
    /** Whether one reverse proxy stands in front and says who asks (X-Forwarded-For). */
    readonly behindProxy: boolean
  }

export type ApiRoute = {
  answer(request: IncomingMessage, response: ServerResponse, target: ApiTarget): Promise<void>
  /** For those who look on. */
  tell(news: LiveNews): void
  /** Part of an address that logs in whoever opens it first: `/login/…`. */
  createLoginPath(): string
  /** Ends what would never end by itself. */
  endStreams(): void
  /** Stops what is under way and waits for its end. To be called before the store is closed. */
  close(): Promise<void>
}

type House = GateOptions &
  JsonLimits & {
    readonly serviceOf: ApiOptions['serviceOf']
    readonly names: ApiOptions['names']
    readonly version: string
    readonly mcpWrites: boolean
    readonly onNews: (news: LiveNews) => void
    readonly activity: Activity
    /** Aborted when the server stops. */
    readonly stop: AbortController
  }

const NO_QUERY = new URLSearchParams()

export function createApiRoute(options: ApiRouteOptions): ApiRoute {
  const house: House = {
    ...options,
    attempts: createAttemptLimit(),
    sessions: createSessions({ keys: options.keys }),
    activity: createActivity(),
    stop: new AbortController(),
  }
  const calls = new Set<Promise<void>>()
  return {
    async answer(request, response, target) {
      // A connection that breaks off is seen by whoever reads it; unheard it would end the process.
      request.on('error', () => {})
      response.on('error', () => {})
      const call = answer(house, request, response, target).finally(() => calls.delete(call))
      calls.add(call)
      await call
    },
    tell: house.activity.tell,
    createLoginPath: () => `/login/${house.sessions.createTicket()}`,
    endStreams: house.activity.close,
    async close() {
      house.stop.abort(new DOMException('The server stops', 'AbortError'))
      await Promise.allSettled(calls)
    },
  }
}

async function answer(
  house: House,
  request: IncomingMessage,
  response: ServerResponse,
  target: ApiTarget,
): Promise<void> {
  if (target.kind === 'login') {
    answerLogin(house, request, response, target.ticket)
    return
  }
  let outcome: Outcome
  try {
    outcome =
      target.kind === 'mcp'
        ? await answerAgent(house, request, response, target)
        : await settle(house, request, response, target)
  } catch (thrown) {
    outcome = toProblem(thrown)
    if (outcome.status === 500) tellFault(house, thrown)
  }
  if (outcome === 'gone' || outcome === 'sent' || response.headersSent || response.destroyed) return
  if ('result' in outcome) sendJson(response, 200, outcome.result)
  else sendProblem(request, response, outcome)
}

async function answerAgent(
  house: House,
  request: IncomingMessage,
  response: ServerResponse,
  { connection }: Extract<ApiTarget, { kind: 'mcp' }>,
): Promise<'sent'> {
  const { version, mcpWrites: allowWrite } = house
  const mcp = {
    ...house,
    version,
    allowWrite,
    defaultName: () => house.names().default,
    stop: house.stop.signal,
  }
  // Loaded when the first agent comes.
  const { answerMcp } = await import('./mcp-route.ts')
  await answerMcp(mcp, request, response, connection)
  return 'sent'
}

async function settle(
  house: House,
  request: IncomingMessage,
  response: ServerResponse,
  { segments, query }: Extract<ApiTarget, { kind: 'api' }>,
): Promise<Outcome> {
  const readBody = () => readJson(house, request, response)
  if (segments.length === 1 && segments[0] === 'session') {
    return answerSession(house, request, response, readBody)
  }
  const activity = toActivityTarget(segments)
  if (activity !== null) return follow(house, request, response, activity.connection)
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '')
  const found = findOperation(method, segments)
  if (found === null) return noRoute()
  if (Array.isArray(found)) return methodProblem(String(request.method), found.join(', '))
  const holder = await holderOf(house, request)
  if (isProblem(holder)) return holder
  const { params: shape, scope } = operations[found.name]
  const whole = isOfInstallation(found.name)
  const names = house.names()
  const connection = found.connection ?? names.default
  const refusal = refusalOf(holder, scope, whole ? null : (connection ?? ''))
  if (refusal !== null) return refusal
  // What concerns all connections is the same through each.
  const service = house.serviceOf(connection ?? (whole ? (names.all[0] ?? null) : null))
  if (service === null) return noConnection()
  let params = readTextParams(shape, found.pathParams, query)
  if (method === 'POST' || method === 'PUT') {
    const read = await readBody()
    if (read === 'gone' || isProblem(read)) return read
    // What the path says cannot be said otherwise.
    params = { ...params, ...read.body, ...readTextParams(shape, found.pathParams, NO_QUERY) }
  }
  return carryOut(request, response, {
    name: found.name,
    service,
    params,
    stop: house.stop.signal,
    onFault: (thrown) => tellFault(house, thrown),
  })
}

/** What happens, on all connections or on one. */
async function follow(
  house: House,
  request: IncomingMessage,
  response: ServerResponse,
  connection: string | null,
): Promise<Outcome> {
  if (request.method !== 'GET') return methodProblem(String(request.method), 'GET')
  const holder = await holderOf(house, request)
  if (isProblem(holder)) return holder
  const refusal = refusalOf(holder, 'read', connection)
  if (refusal !== null) return refusal
  if (connection !== null && !house.names().all.includes(connection)) return noConnection()
  house.activity.follow(response, connection, String(request.headers['last-event-id'] ?? ''))
  return 'sent'
}

function tellFault({ onNews }: House, thrown: unknown): void {
  onNews(failureNews('http.failed', 'A request met something Tajo does not know.', thrown))
}

function noRoute(): Problem {
  return {
    status: 404,
    code: 'route_not_found',
    detail: 'The API has nothing under this path; /openapi.json lists what it has.',
  }
}

function noConnection(): Problem {
  return {
    status: 404,
    code: 'connection_unknown',
    detail: 'This server has no connection of this name.',
  }
}
