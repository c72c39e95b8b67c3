/**
 * Decides when a request of one credential may leave. Every request passes it: priority lanes, rolling windows, a cap on
 * requests under way, the daily budget. After a 429 the window stands still, then one request probes it. Sends nothing.
 */
import type { Clock } from '../base/clock.ts'
import { TajoError } from '../base/error.ts'
import { DailyBudget, type DailyBudgetOptions } from './daily-budget.ts'
import { GovernedWindow } from './governed-window.ts'
import type { BudgetForecast, BudgetState, GovernorState } from './governor-state.ts'
import { LANES, type Lane } from './lane.ts'
import { type LimitNews, NO_NEWS } from './limit-news.ts'
import type { RollingWindowOptions, Slot } from './rolling-window.ts'

export type GovernorOptions = {
  /** Names the vendor in error codes: `pipedrive`, `brevo`. */
  vendor: string
  windows: readonly RollingWindowOptions[]
  /** Requests under way at once; lane `backfill` leaves two of them free. Default 10. */
  concurrency?: number | undefined
  budget?: Omit<DailyBudgetOptions, 'vendor'> | undefined
  /** A request that would surely have to wait longer is refused with `<vendor>_limited`. Default 60,000. */
  maxWaitMs?: number | undefined
  clock: Clock
}

export type Ask = {
  /** Names of the windows the request counts in. */
  windows: readonly string[]
  /** Daily tokens; 0 where there are none. */
  tokens: number
  lane: Lane
  signal?: AbortSignal | undefined
}

/** Leave to send one request. Exactly one of `settle` and `giveBack` ends it. */
export type Permit = {
  sent(): void
  /** The request is over; `news` is what its answer said about limits. */
  settle(news?: LimitNews): void
  /** The request never left. */
  giveBack(): void
}

export type Governor = {
  /** Throws `<vendor>_budget_reserved`, `<vendor>_budget_spent` (pause) or `<vendor>_limited` (retry). */
  acquire(ask: Ask): Promise<Permit>
  state(): GovernorState
  budget(): BudgetState | null
  forecast(tokens: number): BudgetForecast | null
}

type Waiting = {
  ask: Ask
  windows: readonly GovernedWindow[]
  start(permit: Permit): void
  fail(reason: unknown): void
}

export function createGovernor(options: GovernorOptions): Governor {
  return new GovernorLoop(options)
}

class GovernorLoop implements Governor {
  readonly #vendor: string
  readonly #clock: Clock
  readonly #concurrency: number
  readonly #maxWaitMs: number
  readonly #windows: ReadonlyMap<string, GovernedWindow>
  readonly #budget: DailyBudget | null
  readonly #queues: Readonly<Record<Lane, Waiting[]>> = { live: [], interactive: [], backfill: [] }
  #inFlight = 0
  #nap: AbortController | null = null

  constructor(options: GovernorOptions) {
    this.#vendor = options.vendor
    this.#clock = options.clock
    this.#concurrency = options.concurrency ?? 10
    this.#maxWaitMs = options.maxWaitMs ?? 60_000
    this.#windows = new Map(options.windows.map((window) => [window.name, new GovernedWindow(window)]))
    this.#budget = options.budget
      ? new DailyBudget({ ...options.budget, vendor: options.vendor }, this.#nowMs())
      : null
  }

  acquire(ask: Ask): Promise<Permit> {
    if (ask.signal?.aborted) return Promise.reject(ask.signal.reason)
    const windows = ask.windows.map((name) => this.#window(name))
    return new Promise((resolve, reject) => {
      const queue = this.#queues[ask.lane]
      const onAbort = () => {
        const at = queue.indexOf(waiting)
        if (at !== -1) queue.splice(at, 1)
        reject(ask.signal?.reason)
        this.#pump()
      }
      const leave = () => ask.signal?.removeEventListener('abort', onAbort)
      const waiting: Waiting = {
        ask,
        windows,
        start: (permit) => {
          leave()
          resolve(permit)
        },
        fail: (reason) => {
          leave()
          reject(reason)
        },
      }
      ask.signal?.addEventListener('abort', onAbort, { once: true })
      queue.push(waiting)
      this.#pump()
    })
  }

  state(): GovernorState {
    const nowMs = this.#nowMs()
    return {
      windows: [...this.#windows.values()].map((window) => window.state(nowMs)),
      inFlight: this.#inFlight,
      waiting: {
        live: this.#queues.live.length,
        interactive: this.#queues.interactive.length,
        backfill: this.#queues.backfill.length,
      },
      budget: this.budget(),
    }
  }

  budget(): BudgetState | null {
    return this.#budget?.state(this.#nowMs()) ?? null
  }

  forecast(tokens: number): BudgetForecast | null {
    return this.#budget?.forecast(tokens, this.#nowMs()) ?? null
  }

  /** Starts whatever may start now, in lane order, and sets the alarm for the rest. */
  #pump(): void {
    const nowMs = this.#nowMs()
    for (const window of this.#windows.values()) window.beginRound(nowMs)
    let everyoneWaits = false
    for (const lane of LANES) {
      const queue = this.#queues[lane]
      const stay: Waiting[] = []
      for (const waiting of queue.splice(0)) {
        if (everyoneWaits || !this.#tryStart(waiting, nowMs)) stay.push(waiting)
        if (this.#inFlight >= this.#concurrency) everyoneWaits = true
      }
      queue.push(...stay)
    }
    this.#setAlarm(nowMs)
  }

  /**
   * True when the request needs no more waiting: it started or was refused. One that has to wait books a place in each
   * of its windows, so that nobody of lower rank takes it.
   */
  #tryStart(waiting: Waiting, nowMs: number): boolean {
    const { ask, windows } = waiting
    const refusal = this.#budget?.refusal(ask.lane, ask.tokens, nowMs)
    if (refusal) {
      waiting.fail(refusal)
      return true
    }
    const cap = ask.lane === 'backfill' && this.#concurrency >= 4 ? this.#concurrency - 2 : this.#concurrency
    if (this.#inFlight >= cap) return false
    if (!windows.every((window) => window.hasRoom(nowMs))) {
      for (const window of windows) window.book()
      return this.#refuse(waiting, nowMs)
    }
    this.#inFlight += 1
    this.#budget?.spend(ask.tokens)
    waiting.start(this.#permit(waiting, nowMs))
    return true
  }

  /** Fails a waiting request whose turn is surely too far away. */
  #refuse(waiting: Waiting, nowMs: number): boolean {
    const readyMs = Math.max(nowMs, ...waiting.windows.map((window) => window.readyAtMs(nowMs)))
    if (readyMs - nowMs <= this.#maxWaitMs) return false
    const notBefore = new Date(readyMs)
    const names = waiting.ask.windows.join(', ')
    waiting.fail(
      new TajoError({
        code: `${this.#vendor}_limited`,
        message: `The request limit (${names}) is used up until ${notBefore.toISOString()}; the call is repeated after that.`,
        disposition: 'retry',
        notBefore,
        details: { windows: [...waiting.ask.windows] },
      }),
    )
    return true
  }

  #permit(waiting: Waiting, nowMs: number): Permit {
    const { ask, windows } = waiting
    const slots = new Map<GovernedWindow, Slot>(windows.map((window) => [window, window.take(nowMs)]))
    let state: 'granted' | 'sent' | 'over' = 'granted'
    const end = (act: (nowMs: number) => void) => {
      if (state === 'over') return
      state = 'over'
      this.#inFlight -= 1
      act(this.#nowMs())
      this.#pump()
    }
    return {
      sent: () => {
        if (state !== 'granted') return
        state = 'sent'
        for (const [window, slot] of slots) window.sent(slot, this.#nowMs())
      },
      settle: (news = NO_NEWS) =>
        end((endMs) => {
          for (const [window, slot] of slots) window.settle(slot, news, endMs)
          for (const name of news.blocked?.windows ?? []) {
            this.#window(name).block(news.blocked?.until.getTime() ?? endMs)
          }
          this.#budget?.settle(ask.tokens, news, endMs)
        }),
      giveBack: () =>
        end(() => {
          for (const [window, slot] of slots) window.giveBack(slot)
          this.#budget?.giveBack(ask.tokens)
        }),
    }
  }

  #setAlarm(nowMs: number): void {
    this.#nap?.abort()
    this.#nap = null
    if (LANES.every((lane) => this.#queues[lane].length === 0)) return
    const atMs = Math.min(...[...this.#windows.values()].map((window) => window.nextChangeMs(nowMs)))
    if (atMs === Infinity) return
    const nap = new AbortController()
    this.#nap = nap
    void this.#clock.sleep(Math.max(1, Math.ceil(atMs - nowMs)), nap.signal).then(
      () => {
        if (this.#nap === nap) this.#pump()
      },
      // Only an aborted nap rejects: a newer alarm has taken its place.
      () => undefined,
    )
  }

  #window(name: string): GovernedWindow {
    const window = this.#windows.get(name)
    if (!window) throw new Error(`The governor of ${this.#vendor} has no window called ${name}`)
    return window
  }

  #nowMs(): number {
    return this.#clock.now().getTime()
  }
}
