/** How often to ask whether webhooks have lost anything: seldom while they prove healthy, often when they do not. Pure. */

/** Polls stretch to an hour at most. */
const longestMs = 3_600_000

export function nextPollMs(last: {
  /** The configured interval. */
  readonly baseMs: number
  readonly lastMs: number
  /** Webhooks are registered, and told everything that the poll found. */
  readonly healthy: boolean
}): number {
  if (!last.healthy) return last.baseMs
  return Math.max(last.baseMs, Math.min(longestMs, last.lastMs * 2))
}
