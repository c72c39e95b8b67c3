/** One after the other within this process: the lease keeps out other processes only. It drops nobody who waits. */

export type Turns = {
  /** Runs `work` once all that came before have ended. Throws the signal's reason when it is aborted while waiting. */
  take<T>(request: TurnRequest, work: () => Promise<T>): Promise<T>
  /** Whether whoever comes now has to wait. */
  busy(): boolean
}

export type TurnRequest = {
  readonly signal?: AbortSignal | undefined
  /** Called once when it has to wait. */
  readonly onWait?: (() => void) | undefined
}

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return {
    busy: () => waiting > 0,
    async take({ signal, onWait }, work) {
      signal?.throwIfAborted()
      const before = last
      const { promise: over, resolve: end } = Promise.withResolvers<void>()
      // Whoever comes next waits for all before, also when this one gives up in between.
      last = Promise.all([before, over])
      if (waiting++ > 0) onWait?.()
      try {
        await untilAborted(before, signal)
        return await work()
      } finally {
        waiting--
        end()
      }
    },
  }
}

async function untilAborted(promise: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) {
    await promise
    return
  }
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
