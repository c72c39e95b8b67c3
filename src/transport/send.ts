/**
 * One HTTP request over a bounded keep-alive pool. Covers connecting, headers and body by one time limit, bounds the
 * answer's size, and knows whether a failed request had left. Never repeats a request, never follows a redirect.
 */
import { type Dispatcher, Pool } from 'undici'
import { type AnswerBody, readAnswerBody } from './answer-body.ts'
import { SendFault, toSendFault } from './send-fault.ts'

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export type HttpRequest = {
  method: HttpMethod
  /** Path and query. */
  target: string
  headers: Readonly<Record<string, string>>
  body?: string | undefined
  signal?: AbortSignal | undefined
  timeoutMs: number
  /** The request is being written to a connection: from here on it may be applied. */
  onSent?: () => void
}

export type HttpAnswer = {
  readonly status: number
  /** Names in lower case; repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: AnswerBody
  /** The `Date` header. */
  readonly serverTime: Date | null
}

export type Sender = {
  /** Rejects with a `SendFault`, or with the signal's own reason. */
  send(request: HttpRequest): Promise<HttpAnswer>
  close(): Promise<void>
}

export type SenderOptions = {
  /** `https://host[:port]`. */
  origin: string
  /** Connections at most. */
  connections: number
  /** Default 64 MiB, compressed or not. */
  maxBodyBytes?: number
}

const MAX_BODY_BYTES = 64 * 1024 * 1024

export function createSender(options: SenderOptions): Sender {
  const maxBodyBytes = Math.min(options.maxBodyBytes ?? MAX_BODY_BYTES, MAX_BODY_BYTES)
  const pool = new Pool(options.origin, {
    connections: options.connections,
    pipelining: 1,
    allowH2: false,
    connect: { timeout: 10_000 },
    // Our own limit covers the whole exchange; these two would only report the same thing differently.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  let closed = false
  return {
    async send(request) {
      const raw = await exchange(pool, request, maxBodyBytes, () => closed)
      const date = raw.headers.date === undefined ? Number.NaN : Date.parse(raw.headers.date)
      return {
        status: raw.status,
        headers: raw.headers,
        serverTime: Number.isNaN(date) ? null : new Date(date),
        body: await readAnswerBody(raw.bytes, raw.headers, maxBodyBytes),
      }
    },
    async close() {
      closed = true
      await pool.destroy()
    },
  }
}

type RawAnswer = { status: number; headers: Record<string, string>; bytes: Buffer }

type ExchangeTerms = {
  request: HttpRequest
  maxBodyBytes: number
  isClosed: () => boolean
  resolve: (answer: RawAnswer) => void
  reject: (reason: unknown) => void
}

/** Undici's dispatcher rather than its `request`: only the dispatcher tells the moment a request leaves. */
function exchange(
  pool: Pool,
  request: HttpRequest,
  maxBodyBytes: number,
  isClosed: () => boolean,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    if (request.signal?.aborted) return reject(request.signal.reason)
    pool.dispatch(
      {
        path: request.target,
        method: request.method,
        headers: { 'accept-encoding': 'gzip', ...request.headers },
        body: request.body ?? null,
      },
      new Exchange({ request, maxBodyBytes, isClosed, resolve, reject }),
    )
  })
}

/** Follows one request from waiting for a connection to the last byte of its answer; settles exactly once. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #terms: ExchangeTerms
  readonly #timer: NodeJS.Timeout
  readonly #chunks: Buffer[] = []
  #size = 0
  #sent = false
  #settled = false
  #controller: Dispatcher.DispatchController | undefined
  #status = 0
  #headers: Record<string, string> = {}

  constructor(terms: ExchangeTerms) {
    this.#terms = terms
    const { timeoutMs, signal } = terms.request
    this.#timer = setTimeout(() => {
      const words = `no complete answer within ${timeoutMs} ms`
      this.#stop(new SendFault('timeout', this.#sent ? 'maybe' : 'no', words))
    }, timeoutMs)
    signal?.addEventListener('abort', this.#onAbort, { once: true })
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#settled) {
      controller.abort(new Error('stopped'))
      return
    }
    this.#sent = true
    this.#terms.request.onSent?.()
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: ReceivedHeaders,
  ): void {
    // 1xx answers announce another one.
    if (status < 200) return
    this.#status = status
    this.#headers = flatHeaders(headers)
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { maxBodyBytes } = this.#terms
    this.#size += chunk.length
    if (this.#size <= maxBodyBytes) this.#chunks.push(chunk)
    else this.#stop(new SendFault('too_large', 'maybe', `the answer is larger than ${maxBodyBytes} bytes`))
  }

  onResponseEnd(): void {
    this.#settle(() =>
      this.#terms.resolve({
        status: this.#status,
        headers: this.#headers,
        bytes: Buffer.concat(this.#chunks),
      }),
    )
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#settle(() => this.#terms.reject(toSendFault(error, this.#sent, this.#terms.isClosed())))
  }

  readonly #onAbort = () => this.#stop(this.#terms.request.signal?.reason)

  #stop(reason: unknown): void {
    this.#settle(() => this.#terms.reject(reason))
    this.#controller?.abort(new Error('stopped'))
  }

  #settle(act: () => void): void {
    if (this.#settled) return
    this.#settled = true
    clearTimeout(this.#timer)
    this.#terms.request.signal?.removeEventListener('abort', this.#onAbort)
    act()
  }
}

type ReceivedHeaders = Readonly<Record<string, string | string[] | undefined>>

function flatHeaders(received: ReceivedHeaders): Record<string, string> {
  const flat: Record<string, string> = {}
  for (const [name, value] of Object.entries(received)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value
  }
  return flat
}
