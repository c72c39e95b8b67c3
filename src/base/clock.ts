/** Time as a thing that is passed in, so that tests and simulators can hold it. */
import { setTimeout as timer } from 'node:timers/promises'

export type Clock = {
  now(): Date
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** How many of its seconds pass in one of the machine's; default 1. For what keeps the machine's time: a job engine. */
  readonly speed?: number
}

export const systemClock: Clock = {
  now: () => new Date(),
  async sleep(ms, signal) {
    signal?.throwIfAborted()
    if (ms <= 0) return
    try {
      await timer(ms, undefined, signal ? { signal } : {})
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    }
  },
}

/** A clock that starts at the present and goes `speed` times as fast as the machine's, so that long waits are short. */
export function fastClock(speed: number): Clock {
  const startMs = Date.now()
  return {
    speed,
    now: () => new Date(startMs + (Date.now() - startMs) * speed),
    sleep: (ms, signal) => systemClock.sleep(ms / speed, signal),
  }
}

export type ManualClock = Clock & {
  /** Moves time forward and wakes every sleeper whose time has come, in order. */
  advance(ms: number): Promise<void>
}

/** A clock that stands still until it is told to move. */
export function manualClock(start: Date = new Date('2026-01-01T00:00:00Z')): ManualClock {
  let nowMs = start.getTime()
  const sleepers = new Set<{ at: number; wake: () => void }>()
  return {
    now: () => new Date(nowMs),
    sleep(ms, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason)
      if (ms <= 0) return Promise.resolve()
      return new Promise((resolve, reject) => {
        const sleeper = { at: nowMs + ms, wake: resolve }
        sleepers.add(sleeper)
        signal?.addEventListener(
          'abort',
          () => {
            if (sleepers.delete(sleeper)) reject(signal.reason)
          },
          { once: true },
        )
      })
    },
    async advance(ms) {
      const target = nowMs + ms
      for (;;) {
        const due = [...sleepers].filter((s) => s.at <= target).sort((a, b) => a.at - b.at)[0]
        if (!due) break
        nowMs = Math.max(nowMs, due.at)
        sleepers.delete(due)
        due.wake()
        await new Promise(setImmediate)
      }
      nowMs = target
    },
  }
}
