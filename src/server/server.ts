/**
 * The HTTP server of `tajo serve`: webhooks and the API straight on Node's server, so that a refused body is never read,
 * everything else through hono. It speaks plain HTTP (TLS is a proxy's work) and starts nothing but itself.
 */
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { TajoError } from '../base/error.ts'
import type { Live, LiveNews, LiveReadings, OAuthBrowser } from '../service/index.ts'
import { type ApiOptions, type ApiRoute, createApiRoute } from './api/api-route.ts'
import { toApiTarget } from './api/api-target.ts'
import { createDocument } from './document.ts'
import { failureNews } from './failure-news.ts'
import { createHostGuard } from './host-guard.ts'
import { createMetrics } from './metrics.ts'
import { OPENAPI_DOCUMENT } from './openapi.ts'
import { createOperationRoutes } from './operation-routes.ts'
import { createPage } from './page.ts'
import type { BodyMemory } from './read-body.ts'
import { sendProblem } from './send-answer.ts'
import { createWebhookRoute, toWebhookTarget } from './webhook-routes.ts'

export type ServerOptions = {
  /** A promise: the port is taken at once, and webhooks are answered with 429 until it is fulfilled. */
  readonly live: Live | Promise<Live>
  /** 0: a free one. */
  readonly port: number
  /** The address to listen on; default: all of this machine. */
  readonly host?: string | undefined
  readonly onNews: (news: LiveNews) => void
  /** What answers under `/api`; absent: nothing does. */
  readonly api?: ApiOptions | undefined
  /** Under which address others reach this server; default: none but its own. */
  readonly publicUrl?: string | null | undefined
  /** Whether one reverse proxy stands in front and says who asks (X-Forwarded-For); default false. */
  readonly behindProxy?: boolean | undefined
  /** What browsers that connect an account are answered by; absent: they are not. */
  readonly oauth?: OAuthBrowser | undefined
  readonly limits?: Partial<ServerLimits> | undefined
}

export type ServerLimits = {
  /** The most one body may have; default 1 MiB. */
  readonly bodyBytes: number
  /** The most all bodies in memory may have together; default 64 MiB. */
  readonly memoryBytes: number
  /** How long the head of a request may take; default 10 s. */
  readonly headersTimeoutMs: number
  /** How long a whole request may take to arrive; default 30 s. */
  readonly requestTimeoutMs: number
}

export type RunningServer = {
  /** Without a trailing slash. */
  readonly url: string
  readonly port: number
  /** For those who look on (`/api/activity`); nothing without an API. */
  tell(news: LiveNews): void
  /** An address that logs a browser in once, within ten minutes; null without an API. */
  createLoginUrl(): string | null
  /** Takes no new requests, answers those under way, and after `graceMs` cuts off what is left. */
  close(graceMs: number): Promise<void>
}

const MEBIBYTE = 1024 * 1024
const LIMITS: ServerLimits = {
  bodyBytes: MEBIBYTE,
  memoryBytes: 64 * MEBIBYTE,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
}
/** Longer than the minute for which common proxies keep an idle connection: the proxy closes first, not in mid-request. */
const KEEP_ALIVE_MS = 65_000
const TIMEOUT_CHECKS = 4
const IDLE_LOOK_MS = 20

/** Resolves when it listens. Throws `port_in_use` and `address_unusable`. */
export async function createServer(options: ServerOptions): Promise<RunningServer> {
  const limits = { ...LIMITS, ...options.limits }
  const server = createHttpServer({
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: Math.ceil(limits.headersTimeoutMs / TIMEOUT_CHECKS),
    keepAliveTimeout: KEEP_ALIVE_MS,
  })
  const memory: BodyMemory = { usedBytes: 0, mostBytes: limits.memoryBytes }
  const { bodyBytes } = limits
  const { publicUrl = null, behindProxy = false, onNews } = options
  const api =
    options.api && createApiRoute({ ...options.api, onNews, bodyBytes, memory, publicUrl, behindProxy })
  const handle = createHandler(options, { bodyBytes, memory, api })
  // With `Expect: 100-continue` the sender waits before it sends the body: it is refused before.
  server.on('request', handle).on('checkContinue', handle)
  await listen(server, options)
  const { port } = server.address() as AddressInfo
  server.on('error', (error) =>
    options.onNews(failureNews('server.failed', 'The HTTP server failed.', error)),
  )
  let closed: Promise<void> | null = null
  const url = `http://${toUrlHost(options.host)}:${port}`
  return {
    url,
    port,
    tell: (news) => api?.tell(news),
    createLoginUrl: () => (api === undefined ? null : `${url}${api.createLoginPath()}`),
    close: (graceMs) => {
      api?.endStreams()
      closed ??= close(server, graceMs).then(() => api?.close())
      return closed
    },
  }
}

/** A connection that waits for its credentials has none. */
async function readAll(live: Live): Promise<ReadonlyMap<string, LiveReadings>> {
  const all = new Map<string, LiveReadings>()
  for (const name of live.connections()) all.set(name, await live.readings(name))
  return all
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void

type Parts = {
  readonly bodyBytes: number
  readonly memory: BodyMemory
  readonly api: ApiRoute | undefined
}

function createHandler(
  { live: given, onNews, oauth, publicUrl = null, host }: ServerOptions,
  { bodyBytes, memory, api }: Parts,
): Handler {
  let live: Live | null = null
  if (given instanceof Promise) {
    given.then(
      (started) => {
        live = started
      },
      // Whoever starts Tajo hears of it; here it only stays unready.
      () => {},
    )
  } else live = given
  const current = (): Live | null => live
  const metrics = createMetrics({
    readings: () => live && readAll(live),
    onFault: (thrown) => onNews(failureNews('metrics.failed', 'The readings could not be taken.', thrown)),
  })
  const receive = createWebhookRoute({
    live: current,
    metrics,
    onNews,
    bodyBytes,
    memory,
  })
  const { fetch } = createOperationRoutes({
    live: current,
    metrics,
    onNews,
    oauth,
    page: createPage(),
    document: () => (api === undefined ? OPENAPI_DOCUMENT : createDocument()),
  })
  const operate = getRequestListener(fetch, { overrideGlobalObjects: false })
  const guard = createHostGuard({ publicUrl, host })
  return (request, response) => {
    const webhook = toWebhookTarget(request.url ?? '')
    if (webhook !== null) {
      void receive(request, response, webhook)
      return
    }
    const refusal = guard(request)
    const asked = api === undefined ? null : toApiTarget(request.url ?? '')
    if (refusal !== null) sendProblem(request, response, refusal)
    else if (api !== undefined && asked !== null) void api.answer(request, response, asked)
    else void operate(request, response)
  }
}

function listen(server: Server, { port, host }: ServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => reject(toListenError(error, port, host))
    server.once('error', refuse)
    server.listen({ port, host }, () => {
      server.off('error', refuse)
      resolve()
    })
  })
}

function toListenError(error: NodeJS.ErrnoException, port: number, host = 'any address'): TajoError {
  if (error.code === 'EADDRINUSE') {
    return new TajoError({
      code: 'port_in_use',
      message: `Port ${port} is in use by another program. Stop it, or choose another port with --port or server.port in tajo.yaml.`,
      details: { port },
      cause: error,
    })
  }
  return new TajoError({
    code: 'address_unusable',
    message: `Tajo may not listen on ${host}, port ${port} (${error.code ?? error.message}). Choose a port from 1024 and an address of this machine.`,
    details: { port },
    cause: error,
  })
}

function toUrlHost(host: string | undefined): string {
  if (host === undefined || host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

async function close(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // A connection that was busy when it began is kept alive after its answer, so it is looked for again.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_LOOK_MS)
  const cut = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearInterval(idle)
  clearTimeout(cut)
}
