/** What can be read from a governor, as plain data for reports and the dashboard. */
import type { Lane } from './lane.ts'

export type WindowState = {
  readonly name: string
  /** Requests allowed per `windowMs`. */
  readonly limit: number
  readonly windowMs: number
  /** Requests that count against the limit now, ours and (as far as headers tell) others'. */
  readonly used: number
  /** When the server said that its count of a long window starts again; null where it said nothing. */
  readonly renewedAt: Date | null
  /** Set after a 429: nothing in this window leaves before. */
  readonly blockedUntil: Date | null
}

/** `null` where neither a header nor a setting has told the number yet. */
export type BudgetState = {
  readonly limit: number | null
  readonly remaining: number | null
  /** Tokens that lane `backfill` may not touch. */
  readonly reserve: number
  /** Tokens this client has spent since the last reset. */
  readonly spentHere: number
  /** Next midnight in UTC. */
  readonly resetsAt: Date
  /** Set after the vendor said the budget is gone. */
  readonly spentUntil: Date | null
}

export type BudgetForecast = {
  readonly tokens: number
  readonly remaining: number | null
  readonly reserve: number
  /** Whether `tokens` fit without touching the reserve; null when the budget is not known. */
  readonly fits: boolean | null
  /** Resets needed before all of it is spent: 0 when it fits today; null when the budget is not known. */
  readonly days: number | null
  readonly resetsAt: Date
}

export type GovernorState = {
  readonly windows: readonly WindowState[]
  readonly inFlight: number
  readonly waiting: Readonly<Record<Lane, number>>
  readonly budget: BudgetState | null
}
