/** A rolling window with its standing still after a 429 and the single probe that follows. Keeps no timer. */
import type { WindowState } from './governor-state.ts'
import type { LimitNews } from './limit-news.ts'
import { RollingWindow, type RollingWindowOptions, type Slot } from './rolling-window.ts'

export class GovernedWindow {
  readonly #window: RollingWindow
  #blockedUntilMs = 0
  /** After a standstill one request goes ahead alone. */
  #probe: 'none' | 'due' | Slot = 'none'
  /** Places that waiting requests of higher rank have booked in this round. */
  #booked = 0

  constructor(options: RollingWindowOptions) {
    this.#window = new RollingWindow(options)
  }

  beginRound(nowMs: number): void {
    this.#booked = 0
    if (this.#window.takeRestart(nowMs) && this.#probe === 'none') this.#probe = 'due'
  }

  hasRoom(nowMs: number): boolean {
    if (nowMs < this.#blockedUntilMs) return false
    if (this.#probe !== 'none') return this.#probe === 'due' && this.#booked === 0
    return this.#window.used(nowMs) + this.#booked < this.#window.limit
  }

  book(): void {
    this.#booked += 1
  }

  take(nowMs: number): Slot {
    const slot = this.#window.take()
    if (this.#probe === 'due' && nowMs >= this.#blockedUntilMs) this.#probe = slot
    return slot
  }

  sent(slot: Slot, nowMs: number): void {
    this.#window.sent(slot, nowMs)
  }

  giveBack(slot: Slot): void {
    this.#window.giveBack(slot)
    if (this.#probe === slot) this.#probe = 'due'
  }

  settle(slot: Slot, news: LimitNews, nowMs: number): void {
    this.#window.answered(slot, nowMs)
    if (this.#probe === slot) this.#probe = 'none'
    for (const item of news.windows) {
      if (item.window === this.#window.name) this.#window.learn(slot, item, nowMs)
    }
  }

  block(untilMs: number): void {
    this.#blockedUntilMs = Math.max(this.#blockedUntilMs, untilMs)
    this.#probe = 'due'
    this.#window.surprised()
  }

  /** When a request behind those that have booked may leave; a guess that is never too late by intent. */
  readyAtMs(nowMs: number): number {
    return Math.max(this.#blockedUntilMs, this.#window.roomAtMs(nowMs, Math.max(1, this.#booked)))
  }

  nextChangeMs(nowMs: number): number {
    const unblock = nowMs < this.#blockedUntilMs ? this.#blockedUntilMs : Infinity
    return Math.min(unblock, this.#window.nextChangeMs(nowMs))
  }

  state(nowMs: number): WindowState {
    return {
      name: this.#window.name,
      limit: this.#window.limit,
      windowMs: this.#window.windowMs,
      used: Math.max(0, this.#window.used(nowMs)),
      renewedAt: this.#window.renewedAt(nowMs),
      blockedUntil: nowMs < this.#blockedUntilMs ? new Date(this.#blockedUntilMs) : null,
    }
  }
}
