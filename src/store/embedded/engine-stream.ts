/**
 * What `pg` takes for a socket: a connection to the engine in the other thread. So the embedded store and a
 * server are used through one driver, with the same types, errors and pool. It speaks no network.
 */
import { Duplex } from 'node:stream'
import type { EngineHost } from './engine-host.ts'
import { type ClientFrame, createFrameSplitter, startupAnswer } from './wire-frames.ts'

/** @param urgent - The statements of this connection go before those of others that wait. */
export function createEngineStream(host: EngineHost, urgent: boolean): EngineStream {
  return new EngineStream(host, urgent)
}

export class EngineStream extends Duplex {
  readonly #host: EngineHost
  readonly #urgent: boolean
  readonly #split = createFrameSplitter()
  #client: number | undefined

  constructor(host: EngineHost, urgent: boolean) {
    super()
    this.#host = host
    this.#urgent = urgent
  }

  /** Called by `pg` in the place of a socket's connect; port and host mean nothing here. */
  connect(): void {
    this.#host.join({ answered: (bytes) => this.push(bytes), lost: (error) => this.destroy(error) }).then(
      (client) => {
        this.#client = client
        if (this.destroyed) this.#host.leave(client)
        else this.emit('connect')
      },
      (error: Error) => this.destroy(error),
    )
  }

  setNoDelay(): void {}
  setKeepAlive(): void {}
  ref(): void {}
  unref(): void {}

  override _read(): void {}

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    for (const frame of this.#split(chunk)) this.#pass(frame)
    done()
  }

  override _final(done: () => void): void {
    this.push(null)
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.#client !== undefined) this.#host.leave(this.#client)
    this.#client = undefined
    done(error)
  }

  #pass(frame: ClientFrame): void {
    if (frame.kind === 'startup') this.push(startupAnswer())
    else if (frame.kind === 'frame' && this.#client !== undefined)
      this.#host.send(this.#client, this.#urgent, frame.bytes)
  }
}
