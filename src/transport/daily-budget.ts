/**
 * The daily token budget of an account: what is left as far as headers and our own spending tell, and a reserve that
 * bulk reading may not touch. Refuses by throwing; keeps no timer.
 */
import { TajoError } from '../base/error.ts'
import type { BudgetForecast, BudgetState } from './governor-state.ts'
import type { Lane } from './lane.ts'
import type { LimitNews } from './limit-news.ts'

export type DailyBudgetOptions = {
  vendor: string
  /** Tokens a day; learnt from headers when left out. */
  dailyTokens?: number | undefined
  /** Share of the limit kept from lane `backfill`. Default 0.1. */
  reserve?: number | undefined
}

export class DailyBudget {
  readonly #vendor: string
  readonly #reserveShare: number
  #limit: number | null
  /** As of the last header, less what was spent since; null when no header came today. */
  #remaining: number | null = null
  #spentHere = 0
  #inFlightTokens = 0
  #resetsAtMs: number
  #spentUntil: Date | null = null

  constructor(options: DailyBudgetOptions, nowMs: number) {
    this.#vendor = options.vendor
    this.#limit = options.dailyTokens ?? null
    this.#reserveShare = options.reserve ?? 0.1
    this.#resetsAtMs = nextMidnightMs(nowMs)
  }

  /** Why a request of this lane may not leave now; undefined when it may. */
  refusal(lane: Lane, tokens: number, nowMs: number): TajoError | undefined {
    this.#turnDay(nowMs)
    if (this.#spentUntil) {
      return new TajoError({
        code: `${this.#vendor}_budget_spent`,
        message: `The account's API tokens of today are spent; work goes on by itself at ${this.#spentUntil.toISOString()}, or sooner if you add tokens or seats to the plan.`,
        disposition: 'pause',
        notBefore: this.#spentUntil,
      })
    }
    const remaining = this.#left()
    if (lane !== 'backfill' || remaining === null || remaining - tokens >= this.#reserve()) return undefined
    const resetsAt = new Date(this.#resetsAtMs)
    return new TajoError({
      code: `${this.#vendor}_budget_reserved`,
      message: `${remaining} API tokens are left today and ${this.#reserve()} are kept for live changes, so bulk reading waits until ${resetsAt.toISOString()}.`,
      disposition: 'pause',
      notBefore: resetsAt,
      details: { remaining, reserve: this.#reserve() },
    })
  }

  spend(tokens: number): void {
    this.#spentHere += tokens
    this.#inFlightTokens += tokens
    if (this.#remaining !== null) this.#remaining -= tokens
  }

  /** The request never left. */
  giveBack(tokens: number): void {
    this.#spentHere -= tokens
    this.#inFlightTokens -= tokens
    if (this.#remaining !== null) this.#remaining += tokens
  }

  /** The request is over. Headers are optional and beat our own count; requests still under way are not in them. */
  settle(tokens: number, news: LimitNews, nowMs: number): void {
    this.#turnDay(nowMs)
    this.#inFlightTokens -= tokens
    if (news.budget?.limit !== undefined) this.#limit = news.budget.limit
    if (news.budget?.remaining !== undefined) this.#remaining = news.budget.remaining - this.#inFlightTokens
    if (news.budgetSpentUntil) {
      this.#spentUntil = news.budgetSpentUntil
      this.#remaining = 0
    }
  }

  state(nowMs: number): BudgetState {
    this.#turnDay(nowMs)
    return {
      limit: this.#limit,
      remaining: this.#left(),
      reserve: this.#reserve(),
      spentHere: this.#spentHere,
      resetsAt: new Date(this.#resetsAtMs),
      spentUntil: this.#spentUntil,
    }
  }

  forecast(tokens: number, nowMs: number): BudgetForecast {
    const { remaining, reserve, resetsAt, limit } = this.state(nowMs)
    const today = remaining === null ? null : Math.max(0, remaining - reserve)
    const perDay = limit === null ? null : Math.max(1, limit - reserve)
    const days =
      today === null
        ? null
        : tokens <= today
          ? 0
          : perDay === null
            ? null
            : Math.ceil((tokens - today) / perDay)
    return { tokens, remaining, reserve, fits: today === null ? null : tokens <= today, days, resetsAt }
  }

  #left(): number | null {
    if (this.#remaining !== null) return Math.max(0, this.#remaining)
    return this.#limit === null ? null : Math.max(0, this.#limit - this.#spentHere)
  }

  #reserve(): number {
    return this.#limit === null ? 0 : Math.floor(this.#limit * this.#reserveShare)
  }

  #turnDay(nowMs: number): void {
    if (this.#spentUntil && nowMs >= this.#spentUntil.getTime()) {
      this.#spentUntil = null
      this.#remaining = null
      this.#spentHere = this.#inFlightTokens
    }
    if (nowMs < this.#resetsAtMs) return
    this.#resetsAtMs = nextMidnightMs(nowMs)
    this.#remaining = null
    this.#spentHere = this.#inFlightTokens
  }
}

function nextMidnightMs(nowMs: number): number {
  const now = new Date(nowMs)
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1)
}
