/**
 * What requests cost and how many may come: the company's daily tokens, a burst window and a search window per token
 * (https://pipedrive.readme.io/docs/core-api-concepts-rate-limiting), and the ban that ignoring 429s brings.
 */
import type { Random } from '../kit/random.ts'
import { type Allowance, endOfUtcDay, PeriodBudget, RollingWindow } from '../kit/rate-window.ts'
import { burstExceeded, cloudflarePage, dailyBudgetExceeded } from './refusal.ts'
import type { PipedriveSwitches } from './switches.ts'

export const PLANS = ['lite', 'growth', 'premium', 'ultimate'] as const
export type PipedrivePlan = (typeof PLANS)[number]

type PlanLimits = { multiplier: number; burst: number; customFields: number; dealsPerSeat: number }

/** Caps of fields and deals: https://support.pipedrive.com/en/article/usage-limits-in-pipedrive */
const PLAN_LIMITS: Readonly<Record<PipedrivePlan, PlanLimits>> = {
  lite: { multiplier: 1, burst: 20, customFields: 30, dealsPerSeat: 2500 },
  growth: { multiplier: 2, burst: 40, customFields: 100, dealsPerSeat: 5000 },
  premium: { multiplier: 5, burst: 100, customFields: 300, dealsPerSeat: 15_000 },
  ultimate: { multiplier: 7, burst: 120, customFields: 500, dealsPerSeat: 20_000 },
}
const BASE_TOKENS = 30_000
const WINDOW_MS = 2000
/** Access tokens may do four times as much as API tokens, on every plan. */
const OAUTH_BURST = 4
const DAILY_WRITES = 10_000

export type PipedriveLimits = {
  /** Requests per 2 s and API token. */
  burst: number
  /** Requests per 2 s and OAuth access token. */
  oauthBurst: number
  /** Searches per 2 s and token. */
  search: number
  dailyTokens: number
  customFields: number
  /** Deals and leads of the company. */
  deals: number
}

export function limitsOf(
  plan: PipedrivePlan,
  seats: number,
  overrides: Partial<PipedriveLimits>,
): PipedriveLimits {
  const { multiplier, burst, customFields, dealsPerSeat } = PLAN_LIMITS[plan]
  return {
    burst,
    oauthBurst: burst * OAUTH_BURST,
    search: 10,
    dailyTokens: BASE_TOKENS * multiplier * seats,
    customFields,
    deals: Math.min(300_000, dealsPerSeat * seats),
    ...overrides,
  }
}

type MeteredCall = { cost: number; isSearch: boolean; isOAuth: boolean }

type Windows = {
  burst: RollingWindow
  search: RollingWindow
  /** POST and PUT of the day; counted, never refused. */
  writes: PeriodBudget
  refusedAt: number[]
  bannedUntil: number
}

export class Meter {
  readonly limits: PipedriveLimits
  readonly #daily: PeriodBudget
  readonly #switches: PipedriveSwitches
  readonly #random: Random
  readonly #windows = new Map<string, Windows>()

  constructor(limits: PipedriveLimits, switches: PipedriveSwitches, random: Random) {
    this.limits = limits
    this.#daily = new PeriodBudget(limits.dailyTokens, endOfUtcDay)
    this.#switches = switches
    this.#random = random
  }

  today(now: Date): { limit: number; used: number } {
    const { limit, remaining } = this.#daily.take(0, now.getTime())
    return { limit, used: limit - remaining }
  }

  spend(tokens: number, now: Date): void {
    // Opens the day first: a budget that no request has touched yet would forget what is spent here.
    this.#daily.take(0, now.getTime())
    this.#daily.spend(tokens)
  }

  /**
   * Lets one request in or throws the refusal. Returns the headers its answer carries; nothing is spent yet.
   */
  admit(token: string, call: MeteredCall, now: Date): Record<string, string> {
    const at = now.getTime()
    const windows = this.#of(token, call.isOAuth)
    if (at < windows.bannedUntil) throw cloudflarePage()
    const burst = this.#take(windows, call.isSearch, at)
    const headers = burstHeaders(burst)
    if (!burst.allowed) {
      this.#refused(windows, call.isOAuth, at)
      const seconds = String(Math.max(1, Math.ceil(burst.resetMs / 1000)))
      throw burstExceeded(this.#switches.burstRetryAfter ? { ...headers, 'retry-after': seconds } : headers)
    }
    const daily = this.#daily.take(0, at)
    if (daily.remaining < call.cost) {
      this.#refused(windows, call.isOAuth, at)
      throw dailyBudgetExceeded({ ...headers, 'retry-after': String(Math.ceil(daily.resetMs / 1000)) })
    }
    return headers
  }

  /** Spends what an answered request costs and returns the headers about the day. */
  settle(
    token: string,
    { cost, method, isOAuth }: { cost: number; method: string; isOAuth: boolean },
    now: Date,
  ): Record<string, string> {
    const daily = this.#daily.take(cost, now.getTime())
    const { dailyHeaders } = this.#switches
    const shown = dailyHeaders === 'always' || (dailyHeaders === 'sometimes' && this.#random.chance(0.7))
    return {
      ...(shown
        ? {
            'x-daily-ratelimit-token-limit': String(daily.limit),
            'x-daily-ratelimit-token-remaining': String(daily.remaining),
          }
        : {}),
      ...(!isOAuth && (method === 'POST' || method === 'PUT')
        ? { 'x-daily-requests-left': String(this.#of(token, false).writes.take(1, now.getTime()).remaining) }
        : {}),
    }
  }

  /** A search counts in its own window and, by switch, in the general one; the tighter one is reported. */
  #take(windows: Windows, isSearch: boolean, at: number): Allowance {
    if (!isSearch) return windows.burst.take(at)
    const search = windows.search.take(at)
    if (!search.allowed || !this.#switches.searchInBurstWindow) return search
    const burst = windows.burst.take(at)
    return burst.allowed && search.remaining <= burst.remaining ? search : burst
  }

  /** The ban that hammering on brings is one of API tokens only. */
  #refused(windows: Windows, isOAuth: boolean, at: number): void {
    if (isOAuth) return
    const { refusals, withinMs, banMs } = this.#switches.abuse
    windows.refusedAt = [...windows.refusedAt.filter((time) => time > at - withinMs), at]
    if (windows.refusedAt.length <= refusals) return
    windows.bannedUntil = at + banMs
    windows.refusedAt = []
  }

  #of(token: string, isOAuth: boolean): Windows {
    let windows = this.#windows.get(token)
    if (!windows) {
      windows = {
        burst: new RollingWindow(isOAuth ? this.limits.oauthBurst : this.limits.burst, WINDOW_MS),
        search: new RollingWindow(this.limits.search, WINDOW_MS),
        refusedAt: [],
        bannedUntil: 0,
        writes: new PeriodBudget(DAILY_WRITES, endOfUtcDay),
      }
      this.#windows.set(token, windows)
    }
    return windows
  }
}

function burstHeaders(burst: Allowance): Record<string, string> {
  return {
    'x-ratelimit-limit': String(burst.limit),
    'x-ratelimit-remaining': String(burst.remaining),
    'x-ratelimit-reset': String(Math.ceil(burst.resetMs / 1000)),
  }
}
