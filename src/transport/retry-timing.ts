/** When a failed request may be repeated, as a pure function. Knows nothing of vendors. */
import type { ApiError } from './api-error.ts'

export type RetryPolicy = {
  /** Sendings in all, the first included. Default 4. */
  attempts: number
  /** First pause; doubles each time. Default 500. */
  baseMs: number
  /** Longest pause inside a call; a longer one is left to the caller. Default 30,000. */
  capMs: number
}

export const DEFAULT_RETRY: RetryPolicy = { attempts: 4, baseMs: 500, capMs: 30_000 }

/** Status codes by which a server says that it did not act on the request. */
const NOT_APPLIED = new Set([425, 429])

/**
 * Milliseconds to wait before sending again; null when the failure has to be reported.
 * A time the server names is kept exactly: jitter is only for pauses we chose ourselves.
 */
export function retryDelayMs(
  error: ApiError,
  facts: { attempt: number; idempotent: boolean; nowMs: number; random: () => number },
  policy: RetryPolicy = DEFAULT_RETRY,
): number | null {
  if (facts.attempt >= policy.attempts) return null
  if (error.disposition !== 'retry') return null
  const repeatable = facts.idempotent || error.applied === 'no' || NOT_APPLIED.has(error.status)
  if (!repeatable) return null
  if (error.notBefore) {
    const waitMs = Math.max(0, error.notBefore.getTime() - facts.nowMs)
    if (waitMs > policy.capMs) return null
    // After a 429 the governor holds everything back until then, in lane order.
    return error.status === 429 ? 0 : waitMs
  }
  const fullMs = Math.min(policy.capMs, policy.baseMs * 2 ** (facts.attempt - 1))
  return Math.round(fullMs * (0.5 + facts.random() / 2))
}

/** `Retry-After` as a time: seconds or an HTTP date; undefined when absent or senseless. */
export function readRetryAfter(value: string | undefined, now: Date): Date | undefined {
  if (value === undefined) return undefined
  const text = value.trim()
  if (/^\d+(\.\d+)?$/.test(text)) return new Date(now.getTime() + Number(text) * 1000)
  const date = Date.parse(text)
  return Number.isNaN(date) || date < now.getTime() ? undefined : new Date(date)
}
