/**
 * `/mcp` and `/mcp/<connection>`: tools for agents over HTTP, for whoever has a key, as far as its scope goes. A session of
 * the page opens nothing here: an agent is no browser.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { createMcpHandler } from '@modelcontextprotocol/server'
import { createMcpServer } from '../../mcp/index.ts'
import { callOperation, type LiveNews } from '../../service/index.ts'
import { failureNews } from '../failure-news.ts'
import { methodProblem, type Problem } from '../problem.ts'
import { sendProblem } from '../send-answer.ts'
import { type GateOptions, holderOf, isProblem, mayUse, refusalOf, unauthorized } from './gate.ts'

export type McpRouteOptions = GateOptions & {
  readonly serviceOf: (connection: string | null) => import('../../service/index.ts').Service | null
  readonly defaultName: () => string | null
  readonly version: string
  /** Whether keys of the scope `operate` are offered tools that do something. */
  readonly allowWrite: boolean
  readonly onNews: (news: LiveNews) => void
  /** Aborted when the server stops. */
  readonly stop: AbortSignal
}

export async function answerMcp(
  options: McpRouteOptions,
  request: IncomingMessage,
  response: ServerResponse,
  named: string | null,
): Promise<void> {
  const problem = await settle(options, request, response, named)
  if (problem !== null) sendProblem(request, response, problem)
}

async function settle(
  options: McpRouteOptions,
  request: IncomingMessage,
  response: ServerResponse,
  named: string | null,
): Promise<Problem | null> {
  if (request.method !== 'POST') return methodProblem(String(request.method), 'POST')
  if (request.headers.authorization === undefined)
    return unauthorized('key_missing', 'Agents need a key: Authorization: Bearer <key>.')
  const holder = await holderOf(options, request)
  if (isProblem(holder)) return holder
  const connection = named ?? options.defaultName()
  const refusal = refusalOf(holder, 'read', connection ?? '')
  if (refusal !== null) return refusal
  const service = options.serviceOf(connection)
  if (service === null)
    return { status: 404, code: 'connection_unknown', detail: 'This server has no connection of this name.' }
  const handler = createMcpHandler(
    () =>
      createMcpServer({
        version: options.version,
        allowWrite: options.allowWrite,
        mayUse: (scope) => mayUse(holder, scope),
        ask: (name, params, { signal, onProgress }) =>
          callOperation(service, name, params, {
            signal: AbortSignal.any([signal, options.stop]),
            onProgress,
            onNotice: () => {},
          }),
      }),
    { onerror: (error) => options.onNews(failureNews('mcp.failed', 'A call of an agent failed.', error)) },
  )
  await getRequestListener((web) => handler.fetch(web), { overrideGlobalObjects: false })(request, response)
  return null
}
