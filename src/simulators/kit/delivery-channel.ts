/**
 * A simulator's outgoing HTTP: many requests at a time, sent in the order they are asked for, each under a timeout of
 * the injected clock, and a way to know when nothing is under way. Follows no redirect, judges no status, repeats nothing.
 */
import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Clock } from '../../base/clock.ts'

export type OutgoingRequest = {
  method: 'POST' | 'GET' | 'DELETE'
  url: string
  headers?: Record<string, string>
  body?: string
  timeoutMs: number
}

/** Connections to one receiver at a time; what is more waits its turn, first come, first served. */
const MAX_SOCKETS = 64

export class DeliveryChannel {
  readonly #clock: Clock
  readonly #agents = {
    http: new HttpAgent({ keepAlive: true, maxSockets: MAX_SOCKETS }),
    https: new HttpsAgent({ keepAlive: true, maxSockets: MAX_SOCKETS }),
  }
  readonly #tasks = new Set<Promise<void>>()
  readonly #sleeps = new Set<AbortController>()
  readonly #requests = new Set<ClientRequest>()
  readonly #onChange = new Set<() => void>()
  #underWay = 0
  #isClosed = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Starts a piece of work at once. It is under way until it ends, except while it is in `wait`. */
  run(work: () => Promise<void>): void {
    if (this.#isClosed) return
    this.#underWay += 1
    const task = work()
      .catch((error: unknown) => {
        // Work that was cut short by closing has nobody left to tell.
        if (!this.#isClosed) throw error
      })
      .finally(() => {
        this.#tasks.delete(task)
        this.#count(-1)
      })
    this.#tasks.add(task)
  }

  /** Sleeps on the clock, inside `run`. Rejects when the channel is closed meanwhile. */
  async wait(ms: number): Promise<void> {
    this.#count(-1)
    try {
      await this.#sleep(ms, new AbortController())
    } finally {
      this.#count(1)
    }
  }

  /**
   * The status of the answer, or null when there is none: no connection, or none within `timeoutMs` of the clock
   * (counted from the moment a connection is there for it). The request leaves in the same tick.
   */
  send(outgoing: OutgoingRequest): Promise<number | null> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(closedError())
      const isHttps = outgoing.url.startsWith('https:')
      const request = (isHttps ? httpsRequest : httpRequest)(outgoing.url, {
        method: outgoing.method,
        agent: isHttps ? this.#agents.https : this.#agents.http,
        headers: {
          ...outgoing.headers,
          ...(outgoing.body === undefined ? {} : { 'content-length': Buffer.byteLength(outgoing.body) }),
        },
      })
      const timeout = new AbortController()
      const finish = (status: number | null): void => {
        this.#requests.delete(request)
        timeout.abort()
        if (this.#isClosed) reject(closedError())
        else resolve(status)
      }
      this.#requests.add(request)
      request.once('socket', () => {
        const expire = (): void => {
          request.destroy()
          finish(null)
        }
        this.#sleep(outgoing.timeoutMs, timeout).then(expire, () => {})
      })
      request.once('response', (response) => {
        response.on('error', () => {})
        response.resume()
        finish(response.statusCode ?? null)
      })
      request.on('error', (error: NodeJS.ErrnoException) => {
        // The receiver closed an idle connection just as it was taken: no fault of the receiver's.
        if (request.reusedSocket && error.code === 'ECONNRESET' && this.#requests.has(request)) {
          this.#requests.delete(request)
          timeout.abort()
          this.send(outgoing).then(resolve, reject)
        } else finish(null)
      })
      request.end(outgoing.body)
    })
  }

  /** Resolves when no work is under way; with `waits` only when what waits on the clock has ended too. */
  settled({ waits = false }: { waits?: boolean } = {}): Promise<void> {
    const isSettled = (): boolean => (waits ? this.#tasks.size === 0 : this.#underWay === 0)
    if (isSettled()) return Promise.resolve()
    return new Promise((resolve) => {
      const look = (): void => {
        if (!isSettled()) return
        this.#onChange.delete(look)
        resolve()
      }
      this.#onChange.add(look)
    })
  }

  /** Cuts off everything that is under way or waits; nothing is sent any more. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const sleep of this.#sleeps) sleep.abort(closedError())
    for (const request of this.#requests) request.destroy()
    await Promise.allSettled(this.#tasks)
    this.#agents.http.destroy()
    this.#agents.https.destroy()
  }

  async #sleep(ms: number, controller: AbortController): Promise<void> {
    this.#sleeps.add(controller)
    try {
      await this.#clock.sleep(ms, controller.signal)
    } finally {
      this.#sleeps.delete(controller)
    }
  }

  #count(change: 1 | -1): void {
    this.#underWay += change
    for (const look of [...this.#onChange]) look()
  }
}

const closedError = (): Error => new Error('The simulator was closed; it delivers nothing any more.')
