/**
 * `/webhooks/pipedrive` and `/webhooks/brevo`: authenticate, store, answer; nothing else happens while the sender
 * waits. It does not read what a webhook says. Brevo never gets a 5xx, since it would not send the webhook again
 * (https://developers.brevo.com/docs/retry-mechanism); what cannot be stored is a 429 for both.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { asError, TajoError } from '../base/error.ts'
import type { InboxSource, Live, LiveNews } from '../service/index.ts'
import type { Metrics } from './metrics.ts'
import { methodProblem, type Problem } from './problem.ts'
import { type BodyMemory, readBody } from './read-body.ts'
import { createRefusalNews } from './refusal-news.ts'
import { sendEmpty, sendProblem } from './send-answer.ts'

/** Null stands for the default connection. */
export type WebhookTarget = { readonly source: InboxSource; readonly connection: string | null }

export type WebhookRouteOptions = {
  /** Null while Tajo is still starting. */
  readonly live: () => Live | null
  readonly metrics: Metrics
  readonly onNews: (news: LiveNews) => void
  /** The most one body may have, bytes. */
  readonly bodyBytes: number
  readonly memory: BodyMemory
}

export type WebhookRoute = (
  request: IncomingMessage,
  response: ServerResponse,
  target: WebhookTarget,
) => Promise<void>

/** What comes of a request: kept, refused, a look whether somebody is there, or a sender that went away. */
type Outcome = 'stored' | 'reachable' | 'gone' | Problem

const PATH = /^\/webhooks\/(pipedrive|brevo)(?:\/([^/?#]+))?\/?(?:[?#]|$)/
const METHODS = 'GET, HEAD, POST'
const STARTING_SECONDS = 5
const CROWDED_SECONDS = 10
const NOT_STORED_SECONDS = 60

/** Null: not a webhook's address. */
export function toWebhookTarget(url: string): WebhookTarget | null {
  const [, source, name] = PATH.exec(url) ?? []
  if (source !== 'pipedrive' && source !== 'brevo') return null
  if (name === undefined) return { source, connection: null }
  try {
    return { source, connection: decodeURIComponent(name) }
  } catch (error) {
    if (error instanceof URIError) return null
    throw error
  }
}

export function createWebhookRoute(options: WebhookRouteOptions): WebhookRoute {
  const { metrics, onNews } = options
  const tellRefusal = createRefusalNews(onNews)
  return async (request, response, target) => {
    const startedAtMs = performance.now()
    // A connection that breaks off is seen by whoever reads it; unheard it would end the process.
    request.on('error', () => {})
    response.on('error', () => {})
    const outcome = await settle(options, request, response, target)
    if (outcome === 'reachable') {
      sendEmpty(response)
      return
    }
    if (outcome === 'stored') sendEmpty(response)
    else if (outcome !== 'gone') {
      sendProblem(request, response, outcome)
      tellRefusal(target.source, outcome.status, outcome.code)
    }
    const status = outcome === 'stored' ? '200' : outcome === 'gone' ? 'none' : String(outcome.status)
    metrics.webhook(target.source, status, (performance.now() - startedAtMs) / 1_000)
  }
}

async function settle(
  options: WebhookRouteOptions,
  request: IncomingMessage,
  response: ServerResponse,
  target: WebhookTarget,
): Promise<Outcome> {
  try {
    return await accept(options, request, response, target)
  } catch (thrown) {
    const problem = toProblem(thrown)
    if (!(thrown instanceof TajoError)) options.onNews(unforeseenNews(target, thrown))
    return problem
  }
}

async function accept(
  { live: current, bodyBytes, memory }: WebhookRouteOptions,
  request: IncomingMessage,
  response: ServerResponse,
  { source, connection }: WebhookTarget,
): Promise<Outcome> {
  const { method, headers } = request
  if (method === 'GET' || method === 'HEAD') return 'reachable'
  if (method !== 'POST') return methodProblem(String(method), METHODS)
  const live = current()
  if (live === null) return tryLater('Tajo is starting; send it again.', STARTING_SECONDS)
  if (!live.inbox.authenticate(source, connection, headers.authorization ?? null)) return unauthorized(source)
  if (Number(headers['content-length'] ?? 0) > bodyBytes) return tooLarge(bodyBytes)
  if (headers.expect?.toLowerCase() === '100-continue') response.writeContinue()
  const body = await readBody(request, bodyBytes, memory)
  switch (body.kind) {
    case 'cut':
      return 'gone'
    case 'too_large':
      return tooLarge(bodyBytes)
    case 'crowded':
      return tryLater('Too much arrives at once; send it again.', CROWDED_SECONDS)
  }
  try {
    await live.inbox.store(source, connection, body.text)
    return 'stored'
  } finally {
    memory.usedBytes -= body.bytes
  }
}

/** The challenge that RFC 9110 (11.6.1) asks for with every 401. */
function unauthorized(source: InboxSource): Problem {
  const challenge = source === 'pipedrive' ? 'Basic realm="Tajo", charset="UTF-8"' : 'Bearer realm="Tajo"'
  return {
    status: 401,
    code: 'webhook_unauthorized',
    detail: 'These are not the credentials that Tajo registered this webhook with.',
    headers: { 'www-authenticate': challenge },
  }
}

function tooLarge(bodyBytes: number): Problem {
  return {
    status: 413,
    code: 'webhook_too_large',
    detail: `A webhook may have ${bodyBytes} bytes at most.`,
  }
}

function tryLater(detail: string, seconds: number): Problem {
  return { status: 429, code: 'webhook_not_stored', detail, headers: { 'retry-after': String(seconds) } }
}

function toProblem(thrown: unknown): Problem {
  if (thrown instanceof TajoError && thrown.code === 'webhook_not_json') {
    return {
      status: 400,
      code: 'webhook_not_json',
      detail: 'The body is neither a JSON object nor an array of them.',
    }
  }
  const notBefore = thrown instanceof TajoError ? thrown.notBefore : undefined
  const seconds = notBefore === undefined ? NOT_STORED_SECONDS : (notBefore.getTime() - Date.now()) / 1_000
  return tryLater('It could not be stored; send it again.', Math.max(1, Math.ceil(seconds)))
}

/** Words of a foreign error may quote the body, so only its kind and place are told. */
function unforeseenNews({ source }: WebhookTarget, thrown: unknown): LiveNews {
  const error = asError(thrown)
  const place = /^\s+at .*$/m.exec(error.stack ?? '')?.[0].trim() ?? null
  return {
    level: 'error',
    event: 'webhook.failed',
    message: `A webhook for ${source} met something Tajo does not know; the sender is asked to send it again.`,
    details: { source, kind: error.name, place },
  }
}
