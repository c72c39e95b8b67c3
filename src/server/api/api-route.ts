/**
 * `/api`: every operation of the table, for the default connection and below `/api/connections/<name>` for a named one.
 * It looks who asks before it reads what is asked, and does nothing but call the operation.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { KeyCheck, KeyHolder, LiveNews, Service } from '../../service/index.ts'
import { isOfInstallation, operations } from '../../wire/index.ts'
import { failureNews } from '../failure-news.ts'
import { methodProblem, type Problem } from '../problem.ts'
import { type BodyMemory, readBody } from '../read-body.ts'
import { sendJson, sendProblem } from '../send-answer.ts'
import { type AttemptLimit, createAttemptLimit } from './attempt-limit.ts'
import { carryOut, type Outcome } from './carry-out.ts'
import { toProblem } from './error-problem.ts'
import { findOperation } from './find-operation.ts'
import { holderOfBearer, isProblem, NO_KEY, refusalOf, unauthorized } from './gate.ts'
import { readTextParams } from './read-params.ts'

export type ApiOptions = {
  readonly keys: KeyCheck
  /** Null stands for the default connection; null is returned where there is none of this name. */
  readonly serviceOf: (connection: string | null) => Service | null
  /** The name of the default connection, null where none is; and all of them. */
  readonly names: () => { readonly default: string | null; readonly all: readonly string[] }
  /** Whether one reverse proxy stands in front and says who asks (X-Forwarded-For); default false. */
  readonly behindProxy?: boolean | undefined
  readonly attempts?: AttemptLimit | undefined
}

export type ApiRouteOptions = ApiOptions & {
  readonly onNews: (news: LiveNews) => void
  /** The most one body may have, bytes. */
  readonly bodyBytes: number
  readonly memory: BodyMemory
}

export type ApiRoute = {
  answer(request: IncomingMessage, response: ServerResponse, target: ApiTarget): Promise<void>
  /** Stops what is under way and waits for its end. To be called before the store is closed. */
  close(): Promise<void>
}

export type ApiTarget = { readonly segments: readonly string[]; readonly query: URLSearchParams }

const CROWDED_SECONDS = 10
const NO_QUERY = new URLSearchParams()
const JSON_TYPE = /^application\/json\s*(;|$)/i

/** Null: not an address of the API. Also null where it is not written as an address has to be. */
export function toApiTarget(url: string): ApiTarget | null {
  const [path = '', query = ''] = url.split('#')[0]?.split(/\?(.*)/s) ?? []
  if (path !== '/api' && !path.startsWith('/api/')) return null
  try {
    const segments = path.split('/').slice(2).map(decodeURIComponent)
    if (segments.at(-1) === '') segments.pop()
    return { segments, query: new URLSearchParams(query) }
  } catch (error) {
    if (error instanceof URIError) return { segments: [''], query: new URLSearchParams() }
    throw error
  }
}

export function createApiRoute(given: ApiRouteOptions): ApiRoute {
  const options: House = {
    ...given,
    attempts: given.attempts ?? createAttemptLimit(),
    behindProxy: given.behindProxy ?? false,
    stop: new AbortController(),
  }
  const calls = new Set<Promise<void>>()
  return {
    async answer(request, response, target) {
      // A connection that breaks off is seen by whoever reads it; unheard it would end the process.
      request.on('error', () => {})
      response.on('error', () => {})
      const call = answer(options, request, response, target).finally(() => calls.delete(call))
      calls.add(call)
      await call
    },
    async close() {
      options.stop.abort(new DOMException('The server stops', 'AbortError'))
      await Promise.allSettled(calls)
    },
  }
}

type House = Required<ApiOptions> &
  ApiRouteOptions & {
    readonly attempts: AttemptLimit
    readonly behindProxy: boolean
    /** Aborted when the server stops. */
    readonly stop: AbortController
  }

async function answer(
  house: House,
  request: IncomingMessage,
  response: ServerResponse,
  target: ApiTarget,
): Promise<void> {
  let outcome: Outcome
  try {
    outcome = await settle(house, request, response, target)
  } catch (thrown) {
    outcome = toProblem(thrown)
    if (outcome.status === 500) tellFault(house, thrown)
  }
  if (outcome === 'gone' || outcome === 'sent' || response.destroyed) return
  if ('result' in outcome) sendJson(response, 200, outcome.result)
  else sendProblem(request, response, outcome)
}

async function settle(
  house: House,
  request: IncomingMessage,
  response: ServerResponse,
  { segments, query }: ApiTarget,
): Promise<Outcome> {
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '')
  const found = findOperation(method, segments)
  if (found === null) return noRoute()
  if (Array.isArray(found)) return methodProblem(String(request.method), found.join(', '))
  const holder = await holderOf(house, request)
  if (isProblem(holder)) return holder
  const operation = operations[found.name]
  const whole = isOfInstallation(found.name)
  const names = house.names()
  const connection = found.connection ?? names.default
  const refusal = refusalOf(holder, operation.scope, whole ? null : (connection ?? ''))
  if (refusal !== null) return refusal
  // What concerns all connections is the same through each.
  const service = house.serviceOf(connection ?? (whole ? (names.all[0] ?? null) : null))
  if (service === null) return noConnection()
  let params = readTextParams(operation.params, found.pathParams, query)
  if (method === 'POST' || method === 'PUT') {
    const body = await readJson(house, request, response)
    if (body === 'gone' || isProblem(body)) return body
    // What the path says cannot be said otherwise.
    params = { ...params, ...body, ...readTextParams(operation.params, found.pathParams, NO_QUERY) }
  }
  return carryOut(request, response, {
    name: found.name,
    service,
    params,
    stop: house.stop.signal,
    onFault: (thrown) => tellFault(house, thrown),
  })
}

async function holderOf(house: House, request: IncomingMessage): Promise<KeyHolder | Problem> {
  return (await holderOfBearer(house, request)) ?? unauthorized('key_missing', NO_KEY)
}

function tellFault({ onNews }: House, thrown: unknown): void {
  onNews(failureNews('http.failed', 'A request met something Tajo does not know.', thrown))
}

async function readJson(
  { bodyBytes, memory }: House,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Record<string, unknown> | Problem | 'gone'> {
  const { headers } = request
  if (Number(headers['content-length'] ?? 0) > bodyBytes) return tooLarge(bodyBytes)
  const empty = headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0
  if (empty) return {}
  if (!JSON_TYPE.test(headers['content-type'] ?? '')) return wrongType()
  if (headers.expect?.toLowerCase() === '100-continue') response.writeContinue()
  const body = await readBody(request, bodyBytes, memory)
  switch (body.kind) {
    case 'cut':
      return 'gone'
    case 'too_large':
      return tooLarge(bodyBytes)
    case 'crowded':
      return crowded()
  }
  memory.usedBytes -= body.bytes
  return toParams(body.text)
}

function toParams(text: string): Record<string, unknown> | Problem {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  return { status: 400, code: 'body_not_json', detail: 'The body is no JSON object with the parameters.' }
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

function wrongType(): Problem {
  return {
    status: 415,
    code: 'content_type_wrong',
    detail: 'The body has to be JSON: "Content-Type: application/json".',
    headers: { accept: 'application/json' },
  }
}

function tooLarge(bodyBytes: number): Problem {
  return { status: 413, code: 'body_too_large', detail: `A body may have ${bodyBytes} bytes at most.` }
}

function crowded(): Problem {
  return {
    status: 429,
    code: 'server_crowded',
    detail: 'Too much arrives at once; ask again.',
    headers: { 'retry-after': String(CROWDED_SECONDS) },
  }
}
