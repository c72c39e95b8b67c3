/** One after the other within this process: the lease keeps out other processes only. It drops nobody who waits. */

import type { RunProgress } from '../sync/index.ts'

export type Turns = {
  /** Runs `work` once all that came before have ended. Throws the signal's reason when it is aborted while waiting. */
  take<T>(request: TurnRequest, work: () => Promise<T>): Promise<T>
  /** Whether whoever comes now has to wait. */
  busy(): boolean
  /** How far the one whose turn it is has come, for those who wait. */
  tell(progress: RunProgress): void
}

export type TurnRequest = {
  readonly signal?: AbortSignal | undefined
  /** Called once when it has to wait. */
  readonly onWait?: (() => void) | undefined
  /** Told, while it waits, how far the one before it has come. */
  readonly onProgress?: ((progress: RunProgress) => void) | undefined
}

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  const listeners = new Set<(progress: RunProgress) => void>()
  return {
    busy: () => waiting > 0,
    tell(progress) {
      for (const listener of listeners) listener(progress)
    },
    async take({ signal, onWait, onProgress }, work) {
      signal?.throwIfAborted()
      const before = last
      const { promise: over, resolve: end } = Promise.withResolvers<void>()
      // Whoever comes next waits for all before, also when this one gives up in between.
      last = Promise.all([before, over])
      if (waiting++ > 0) onWait?.()
      try {
        await whileHeard(listeners, onProgress, () => untilAborted(before, signal))
        return await work()
      } finally {
        waiting--
        end()
      }
    },
  }
}

async function whileHeard<T>(
  listeners: Set<T>,
  listener: T | undefined,
  wait: () => Promise<void>,
): Promise<void> {
  if (listener !== undefined) listeners.add(listener)
  try {
    await wait()
  } finally {
    if (listener !== undefined) listeners.delete(listener)
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
