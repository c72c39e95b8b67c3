/**
 * Brings events to webhooks by the vendor's rules: one at a time per webhook or batched, four retries, a pause when nobody
 * answers (https://developers.brevo.com/docs/retry-mechanism, https://developers.brevo.com/docs/batch-webhooks). Duplicates,
 * drops and delays only by switch. Knows no contacts.
 */
import type { Clock } from '../../base/clock.ts'
import type { BackgroundWork } from '../kit/background-work.ts'
import type { Random } from '../kit/random.ts'
import type { BrevoSwitches } from './switches.ts'
import type { WebhookPayload } from './webhook-payloads.ts'
import { postWebhook } from './webhook-post.ts'
import type { WebhookStore } from './webhook-store.ts'

const MINUTE_MS = 60_000
/** After the first attempt, the second and so on. */
const RETRY_AFTER_MS = [10 * MINUTE_MS, 60 * MINUTE_MS, 120 * MINUTE_MS, 480 * MINUTE_MS]
const BATCH_WINDOW_MS = 5 * MINUTE_MS
const MOST_IN_BATCH = 500

export type BrevoWebhookAttempt = {
  webhookId: number
  /** As in the payload; of a batch its first. */
  event: string
  /** Payloads in this POST. */
  count: number
  /** Counted from 1. */
  attempt: number
  /** Null: no connection, or no answer in time; or dropped by switch. */
  status: number | null
  outcome: 'accepted' | 'retrying' | 'discarded' | 'dropped'
  /** When the attempt began. */
  at: Date
}

type Post = { payloads: WebhookPayload[]; isBatch: boolean; attempt: number }
/** One webhook's queue. */
type Lane = { waiting: Post[]; isSending: boolean; pausedUntilMs: number; window: WebhookPayload[] | null }

type Parts = {
  webhooks: WebhookStore
  switches: BrevoSwitches
  clock: Clock
  random: Random
  background: BackgroundWork
}

export class WebhookDelivery {
  readonly #parts: Parts
  readonly #lanes = new Map<number, Lane>()
  readonly #attempts: BrevoWebhookAttempt[] = []
  #underWay = 0
  #quietWaiters: (() => void)[] = []

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** In the order in which they ended. */
  get attempts(): readonly BrevoWebhookAttempt[] {
    return this.#attempts
  }

  isWanted(subscription: string): boolean {
    return this.#parts.webhooks.wanting(subscription).length > 0
  }

  /** Something has happened: every webhook that subscribed to it gets its own payload. */
  publish(subscription: string, toPayload: (webhookId: number) => WebhookPayload): void {
    for (const { id } of this.#parts.webhooks.wanting(subscription)) this.#offer(id, toPayload(id))
  }

  /** Resolves once no POST is under way; what waits on the clock (retries, batches, pauses, delays) does not count. */
  quiet(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve()
    return new Promise((resolve) => this.#quietWaiters.push(resolve))
  }

  /** Chance and delay, where the switches want them. */
  #offer(webhookId: number, payload: WebhookPayload): void {
    const { random, switches, background } = this.#parts
    const { webhookDropRate, webhookDuplicateRate, webhookDelayMs } = switches
    if (webhookDropRate > 0 && random.chance(webhookDropRate)) {
      const post: Post = { payloads: [payload], isBatch: false, attempt: 1 }
      this.#record(webhookId, post, null, 'dropped', this.#parts.clock.now())
      return
    }
    const copies = webhookDuplicateRate > 0 && random.chance(webhookDuplicateRate) ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      const delayMs = webhookDelayMs > 0 ? random.int(0, webhookDelayMs) : 0
      if (delayMs === 0) this.#accept(webhookId, payload)
      else background.startAfter(delayMs, () => this.#accept(webhookId, payload))
    }
  }

  #accept(webhookId: number, payload: WebhookPayload): void {
    const webhook = this.#parts.webhooks.find(webhookId)
    if (!webhook) return
    const lane = this.#lane(webhookId)
    if (!webhook.batched) {
      this.#enqueue(webhookId, { payloads: [payload], isBatch: false, attempt: 1 })
    } else if (lane.window) {
      lane.window.push(payload)
    } else {
      lane.window = [payload]
      this.#parts.background.startAfter(BATCH_WINDOW_MS, () => this.#endWindow(webhookId, lane))
    }
  }

  #endWindow(webhookId: number, lane: Lane): void {
    const payloads = lane.window ?? []
    lane.window = null
    for (let from = 0; from < payloads.length; from += MOST_IN_BATCH) {
      const part = payloads.slice(from, from + MOST_IN_BATCH)
      this.#enqueue(webhookId, { payloads: part, isBatch: true, attempt: 1 })
    }
  }

  #enqueue(webhookId: number, post: Post): void {
    const lane = this.#lane(webhookId)
    lane.waiting.push(post)
    if (lane.isSending) return
    lane.isSending = true
    this.#parts.background.start((signal) => this.#drain(webhookId, lane, signal))
  }

  /** Sends what waits, one after the other, until nothing waits any more. */
  async #drain(webhookId: number, lane: Lane, signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts
    this.#underWay++
    try {
      for (;;) {
        const pauseMs = lane.pausedUntilMs - clock.now().getTime()
        if (pauseMs > 0) {
          this.#ended()
          try {
            await clock.sleep(pauseMs, signal)
          } finally {
            this.#underWay++
          }
        }
        const post = lane.waiting.shift()
        if (!post) return
        await this.#send(webhookId, lane, post, signal)
      }
    } finally {
      lane.isSending = false
      this.#ended()
    }
  }

  async #send(webhookId: number, lane: Lane, post: Post, signal: AbortSignal): Promise<void> {
    const { webhooks, clock, switches, background } = this.#parts
    const webhook = webhooks.find(webhookId)
    if (!webhook) return
    const at = clock.now()
    const body = post.isBatch ? post.payloads : post.payloads[0]
    const status = await postWebhook(webhook, body, { clock, timeoutMs: switches.webhookTimeoutMs, signal })
    if (status === null) lane.pausedUntilMs = clock.now().getTime() + switches.webhookPauseMs
    const retryAfterMs = status === null || status === 429 ? RETRY_AFTER_MS[post.attempt - 1] : undefined
    if (retryAfterMs !== undefined) {
      this.#record(webhookId, post, status, 'retrying', at)
      const next = { ...post, attempt: post.attempt + 1 }
      background.startAfter(retryAfterMs, () => this.#enqueue(webhookId, next))
      return
    }
    const isAccepted = status !== null && status >= 200 && status < 300
    this.#record(webhookId, post, status, isAccepted ? 'accepted' : 'discarded', at)
  }

  #record(
    webhookId: number,
    post: Post,
    status: number | null,
    outcome: BrevoWebhookAttempt['outcome'],
    at: Date,
  ): void {
    const { payloads, attempt } = post
    const event = payloads[0]?.event ?? ''
    this.#attempts.push({ webhookId, event, count: payloads.length, attempt, status, outcome, at })
  }

  #lane(webhookId: number): Lane {
    const known = this.#lanes.get(webhookId)
    if (known) return known
    const lane: Lane = { waiting: [], isSending: false, pausedUntilMs: 0, window: null }
    this.#lanes.set(webhookId, lane)
    return lane
  }

  #ended(): void {
    this.#underWay--
    if (this.#underWay > 0) return
    for (const resolve of this.#quietWaiters.splice(0)) resolve()
  }
}
