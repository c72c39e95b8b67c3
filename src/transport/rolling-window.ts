/**
 * Counts requests against "N per rolling W ms" as a server would that counts arrivals, without knowing the arrivals.
 *
 * A request arrived at the latest when its answer came, so a slot is held from the moment it is granted until W after the
 * answer. Waiting for slow answers would waste the limit, so a slot is held at most until W + allowance after sending;
 * the allowance covers how unevenly requests travel: 5 % of W, or the spread of recent answer times when that is larger.
 * It never sends anything and keeps no timer.
 */
import type { WindowNews } from './limit-news.ts'

export type Slot = {
  /** Null until the request is written. */
  sentAtMs: number | null
  /** Own slots held when this one was sent, itself included, and its place in the order of sending. */
  usedAtSend: number
  sequence: number
}

export type RollingWindowOptions = { name: string; limit: number; windowMs: number }

const RECENT_ANSWERS = 100
/** From this length on the server's own count is trusted over ours: hours are counted from a start we do not know. */
const LONG_WINDOW_MS = 60_000

export class RollingWindow {
  readonly name: string
  readonly windowMs: number
  limit: number
  readonly #open = new Set<Slot>()
  /** Ends of the slots whose requests were answered, ascending. */
  #ended: number[] = []
  #sequence = 0
  #recentMs: number[] = []
  #spreadMs = 0
  #leastAllowanceMs: number
  #foreign = { count: 0, untilMs: 0 }
  #counted: { remaining: number; sequence: number; untilMs: number } | null = null

  constructor(options: RollingWindowOptions) {
    this.name = options.name
    this.limit = options.limit
    this.windowMs = options.windowMs
    this.#leastAllowanceMs = options.windowMs * 0.05
  }

  take(): Slot {
    const slot: Slot = { sentAtMs: null, usedAtSend: 0, sequence: 0 }
    this.#open.add(slot)
    return slot
  }

  /** For a request that never left. */
  giveBack(slot: Slot): void {
    this.#open.delete(slot)
  }

  sent(slot: Slot, nowMs: number): void {
    this.#sequence += 1
    slot.sentAtMs = nowMs
    slot.sequence = this.#sequence
    slot.usedAtSend = this.#ownUsed(nowMs)
  }

  /** The answer came (or will never come: then the time it was given up). */
  answered(slot: Slot, nowMs: number): void {
    if (!this.#open.delete(slot)) return
    this.#recentMs.push(nowMs - (slot.sentAtMs ?? nowMs))
    if (this.#recentMs.length > RECENT_ANSWERS) this.#recentMs.shift()
    this.#spreadMs = Math.max(...this.#recentMs) - Math.min(...this.#recentMs)
    insertAscending(this.#ended, Math.min(this.#heldUntilMs(slot), nowMs + this.windowMs))
  }

  used(nowMs: number): number {
    const foreign = nowMs < this.#foreign.untilMs ? this.#foreign.count : 0
    if (this.#counted && nowMs < this.#counted.untilMs) {
      const notSent = [...this.#open].filter((slot) => slot.sentAtMs === null).length
      const sentSince = this.#sequence - this.#counted.sequence
      return this.limit - this.#counted.remaining + sentSince + notSent
    }
    return this.#ownUsed(nowMs) + foreign
  }

  /** As the server counts; null where it did not say. */
  renewedAt(nowMs: number): Date | null {
    return this.#counted && nowMs < this.#counted.untilMs ? new Date(this.#counted.untilMs) : null
  }

  /** When `slots` more requests will fit, as far as can be told; `nowMs` when they fit now. */
  roomAtMs(nowMs: number, slots: number): number {
    const missing = this.used(nowMs) + slots - this.limit
    if (missing <= 0) return nowMs
    if (this.#counted && nowMs < this.#counted.untilMs) return this.#counted.untilMs
    const ends = [
      ...this.#ended,
      ...[...this.#open].map((slot) => Math.min(this.#heldUntilMs(slot), nowMs + this.windowMs)),
    ]
    if (nowMs < this.#foreign.untilMs) ends.push(...Array(this.#foreign.count).fill(this.#foreign.untilMs))
    ends.sort((a, b) => a - b)
    return Math.max(nowMs + 1, ends[Math.min(missing, ends.length) - 1] ?? nowMs + this.windowMs)
  }

  /** The next moment at which `used` may fall by itself; Infinity when only an answer can change it. */
  nextChangeMs(nowMs: number): number {
    const open = [...this.#open].map((slot) => this.#heldUntilMs(slot)).filter((end) => end > nowMs)
    const foreign = nowMs < this.#foreign.untilMs ? this.#foreign.untilMs : Infinity
    const counted = this.#counted && nowMs < this.#counted.untilMs ? this.#counted.untilMs : Infinity
    return Math.min(this.#ended.find((end) => end > nowMs) ?? Infinity, foreign, counted, ...open)
  }

  /** What the headers of the answer to `slot` said. */
  learn(slot: Slot, news: WindowNews, nowMs: number): void {
    if (news.limit !== undefined && news.limit >= 1) this.limit = news.limit
    if (news.remaining === undefined) return
    if (this.windowMs >= LONG_WINDOW_MS) {
      if (news.resetMs === undefined || slot.sequence < (this.#counted?.sequence ?? 0)) return
      this.#counted = {
        remaining: news.remaining,
        sequence: slot.sequence,
        untilMs: nowMs + Math.min(news.resetMs, this.windowMs),
      }
      return
    }
    const oursAtMost = slot.usedAtSend + (this.#sequence - slot.sequence)
    const foreign = Math.max(0, this.limit - news.remaining - oursAtMost)
    if (foreign >= this.#foreign.count || nowMs >= this.#foreign.untilMs) {
      this.#foreign = { count: foreign, untilMs: nowMs + this.windowMs }
    }
  }

  /** The server counted otherwise than we did: leave more room for uneven travel from now on. */
  surprised(): void {
    this.#leastAllowanceMs = Math.min(this.windowMs, this.#leastAllowanceMs * 2)
  }

  /** True once when the period a long window's server spoke of has ended: its count starts again. */
  takeRestart(nowMs: number): boolean {
    if (!this.#counted || nowMs < this.#counted.untilMs) return false
    this.#counted = null
    this.#ended = []
    return true
  }

  #ownUsed(nowMs: number): number {
    const firstLive = this.#ended.findIndex((end) => end > nowMs)
    if (firstLive === -1) this.#ended.length = 0
    else if (firstLive > 0) this.#ended.splice(0, firstLive)
    let open = 0
    for (const slot of this.#open) if (this.#heldUntilMs(slot) > nowMs) open += 1
    return this.#ended.length + open
  }

  /** Judged anew each time: the allowance may have grown since the request left. */
  #heldUntilMs(slot: Slot): number {
    return slot.sentAtMs === null ? Infinity : slot.sentAtMs + this.windowMs + this.#allowanceMs()
  }

  #allowanceMs(): number {
    return Math.min(this.windowMs, Math.max(this.#leastAllowanceMs, this.#spreadMs))
  }
}

/** Ends come almost in order, so the place is near the end. */
function insertAscending(ends: number[], end: number): void {
  let at = ends.length
  while (at > 0 && (ends[at - 1] ?? 0) > end) at -= 1
  ends.splice(at, 0, end)
}
