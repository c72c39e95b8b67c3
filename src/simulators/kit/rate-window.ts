/** The two kinds of limit the vendors keep: a rolling window of requests, and an amount per fixed period. */

export type Allowance = { allowed: boolean; limit: number; remaining: number; resetMs: number }

/** At most `limit` requests in any span of `windowMs`; refused requests do not count. */
export class RollingWindow {
  #taken: number[] = []
  readonly limit: number
  readonly windowMs: number

  constructor(limit: number, windowMs: number) {
    this.limit = limit
    this.windowMs = windowMs
  }

  take(nowMs: number): Allowance {
    while (this.#taken[0] !== undefined && this.#taken[0] <= nowMs - this.windowMs) this.#taken.shift()
    const allowed = this.#taken.length < this.limit
    if (allowed) this.#taken.push(nowMs)
    const oldest = this.#taken[0] ?? nowMs
    return {
      allowed,
      limit: this.limit,
      remaining: Math.max(0, this.limit - this.#taken.length),
      resetMs: Math.max(0, oldest + this.windowMs - nowMs),
    }
  }
}

/** At most `limit` units per period; `periodEnd` tells when the period that contains a moment ends. */
export class PeriodBudget {
  #used = 0
  #endsMs = 0
  readonly limit: number
  readonly #periodEnd: (nowMs: number) => number

  constructor(limit: number, periodEnd: (nowMs: number) => number) {
    this.limit = limit
    this.#periodEnd = periodEnd
  }

  get used(): number {
    return this.#used
  }

  take(units: number, nowMs: number): Allowance {
    if (nowMs >= this.#endsMs) {
      this.#used = 0
      this.#endsMs = this.#periodEnd(nowMs)
    }
    const allowed = this.#used + units <= this.limit
    if (allowed) this.#used += units
    return { allowed, limit: this.limit, remaining: this.limit - this.#used, resetMs: this.#endsMs - nowMs }
  }

  /** For tests and demos: so many units are gone already. */
  spend(units: number): void {
    this.#used = Math.min(this.limit, this.#used + units)
  }
}

/** The end of the UTC day / hour that contains a moment. */
export const endOfUtcDay = (nowMs: number): number => (Math.floor(nowMs / 86_400_000) + 1) * 86_400_000
export const endOfHour = (nowMs: number): number => (Math.floor(nowMs / 3_600_000) + 1) * 3_600_000
