/**
 * What a simulator does behind its answers: deliveries, things that fall due. All of it waits on the injected clock and
 * ends with `close`. Knows no vendor.
 */
import { setMaxListeners } from 'node:events'
import type { Clock } from '../../base/clock.ts'

export class BackgroundWork {
  readonly #clock: Clock
  readonly #stop = new AbortController()
  readonly #running = new Set<Promise<void>>()

  constructor(clock: Clock) {
    this.#clock = clock
    // One listener per thing that waits; thousands of them are no leak.
    setMaxListeners(0, this.#stop.signal)
  }

  /** Starts at once; after `close` nothing starts any more. The work ends when its signal is aborted. */
  start(work: (signal: AbortSignal) => Promise<void>): void {
    if (this.#stop.signal.aborted) return
    const run = this.#run(work).finally(() => this.#running.delete(run))
    this.#running.add(run)
  }

  /** Starts after so many milliseconds of the clock; at once for 0 and less. */
  startAfter(delayMs: number, work: (signal: AbortSignal) => Promise<void> | void): void {
    this.start(async (signal) => {
      await this.#clock.sleep(delayMs, signal)
      await work(signal)
    })
  }

  /** Ends everything and waits until it has ended. */
  async close(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#running)
  }

  async #run(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    try {
      await work(this.#stop.signal)
    } catch (error) {
      // Work that `close` cut short has failed as it should; anything else is a fault of the simulator and is loud.
      if (!this.#stop.signal.aborted) throw error
    }
  }
}
