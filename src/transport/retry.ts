/** The only place that repeats a request, for a few seconds at most. Longer waits belong to the caller's outbox. */
import type { Clock } from '../base/clock.ts'
import type { ApiError } from './api-error.ts'
import { DEFAULT_RETRY, type RetryPolicy, retryDelayMs } from './retry-timing.ts'

export type Attempted<T> =
  | { ok: true; value: T }
  | { ok: false; error: ApiError /** No repeat could help. */; final?: boolean }

/** Runs `attempt` (1, 2, ...) until it succeeds or its failure must not be repeated; then throws that failure. */
export async function withRetries<T>(
  attempt: (number: number) => Promise<Attempted<T>>,
  facts: {
    idempotent: boolean
    clock: Clock
    random: () => number
    policy?: RetryPolicy
    signal?: AbortSignal | undefined
  },
): Promise<T> {
  const policy = facts.policy ?? DEFAULT_RETRY
  for (let number = 1; ; number++) {
    const outcome = await attempt(number)
    if (outcome.ok) return outcome.value
    if (outcome.final) throw outcome.error
    const delayMs = retryDelayMs(
      outcome.error,
      {
        attempt: number,
        idempotent: facts.idempotent,
        nowMs: facts.clock.now().getTime(),
        random: facts.random,
      },
      policy,
    )
    if (delayMs === null) throw outcome.error
    await facts.clock.sleep(delayMs, facts.signal)
  }
}
