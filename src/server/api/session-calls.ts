/** `/api/session` and `/login/<ticket>`: beginning, looking at and ending a session of the page. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { KeyHolder } from '../../service/index.ts'
import { COMMON_HEADERS, methodProblem } from '../problem.ts'
import type { Outcome } from './carry-out.ts'
import { cookieOf, foreignRefusal, noCookie, tokenOf } from './cookies.ts'
import { type GateOptions, holderOf, holderOfKey, isProblem } from './gate.ts'
import type { JsonRead } from './read-json.ts'

export type SessionHouse = GateOptions & {
  /** The names of all connections. */
  readonly names: () => { readonly all: readonly string[] }
}

const METHODS = 'GET, POST, DELETE'

export async function answerSession(
  house: SessionHouse,
  request: IncomingMessage,
  response: ServerResponse,
  readBody: () => Promise<JsonRead>,
): Promise<Outcome> {
  switch (request.method) {
    case 'GET':
    case 'HEAD': {
      const holder = await holderOf(house, request)
      return isProblem(holder) ? holder : { result: toView(house, holder) }
    }
    case 'POST':
      return logIn(house, request, response, readBody)
    case 'DELETE': {
      const holder = await holderOf(house, request)
      if (isProblem(holder)) return holder
      house.sessions.end(tokenOf(request) ?? '')
      response.setHeader('set-cookie', noCookie(request, house))
      return { result: null }
    }
    default:
      return methodProblem(String(request.method), METHODS)
  }
}

async function logIn(
  house: SessionHouse,
  request: IncomingMessage,
  response: ServerResponse,
  readBody: () => Promise<JsonRead>,
): Promise<Outcome> {
  const refusal = foreignRefusal(request, house)
  if (refusal !== null) return refusal
  const read = await readBody()
  if (read === 'gone' || isProblem(read)) return read
  const { apiKey, ...rest } = read.body
  if (typeof apiKey !== 'string' || Object.keys(rest).length > 0) {
    return {
      status: 400,
      code: 'request_invalid',
      detail: 'The body has to be {"apiKey": "…"} and nothing else.',
    }
  }
  const holder = await holderOfKey(house, request, apiKey)
  if (isProblem(holder)) return holder
  response.setHeader('set-cookie', cookieOf(request, house, house.sessions.open(holder)))
  return { result: toView(house, holder) }
}

function toView({ names }: SessionHouse, { name, scope, connection }: KeyHolder) {
  return { name, scope, connection, connections: connection === null ? names().all : [connection] }
}

/** Logs in whoever opens it first, and leads to the page. */
export function answerLogin(
  house: SessionHouse,
  request: IncomingMessage,
  response: ServerResponse,
  ticket: string,
): void {
  // Programs that look where a link leads do so with HEAD.
  const opened = request.method === 'GET' ? house.sessions.redeem(ticket) : null
  if (opened !== null) response.setHeader('set-cookie', cookieOf(request, house, opened))
  const location = opened === null ? '/?link=used' : '/'
  const headers = { location, 'referrer-policy': 'no-referrer', 'content-length': '0' }
  response.writeHead(303, { ...COMMON_HEADERS, ...headers }).end()
}
