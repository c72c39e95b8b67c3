/**
 * When the vendor stops delivering to a webhook: a ban after ten failed first attempts, deletion after three days without
 * success (https://pipedrive.readme.io/docs/guide-for-webhooks-v2). Keeps what the stored webhook shows of it; sends nothing.
 */
import type { Clock } from '../../base/clock.ts'
import type { Webhook, WebhookStore } from './webhook-store.ts'

const FAILURES_TO_BAN = 10
const BAN_MS = 30 * 60_000
const DAYS_TO_DELETION_MS = 3 * 86_400_000

type Health = {
  /** Failed first attempts since the last ban; success does not take them back. */
  failures: number
  bannedUntilMs: number
  /** The first failure after the last success. */
  failingSinceMs: number | null
}

export class WebhookHealth {
  readonly #store: WebhookStore
  readonly #clock: Clock
  readonly #healths = new Map<number, Health>()

  constructor(store: WebhookStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  isBanned(webhookId: number): boolean {
    return this.#clock.now().getTime() < (this.#healths.get(webhookId)?.bannedUntilMs ?? 0)
  }

  /** Notes an answer, or that none came; says whether it was a success. A webhook that is gone is left alone. */
  note(webhookId: number, status: number | null, isFirstAttempt: boolean): boolean {
    const isSuccess = status !== null && status >= 200 && status < 300
    const now = this.#clock.now()
    this.#show(webhookId, { last_delivery_time: now.toISOString(), last_http_status: status })
    const health = this.#of(webhookId)
    if (isSuccess) {
      health.failingSinceMs = null
      return true
    }
    health.failingSinceMs ??= now.getTime()
    if (isFirstAttempt && !this.isBanned(webhookId)) health.failures += 1
    if (health.failures >= FAILURES_TO_BAN) {
      health.bannedUntilMs = now.getTime() + BAN_MS
      health.failures = 0
    }
    this.expire(webhookId)
    return false
  }

  /** Deletes the webhook if its time has come: it turns inactive and says why. The words are not documented. */
  expire(webhookId: number): void {
    const since = this.#healths.get(webhookId)?.failingSinceMs ?? null
    const now = this.#clock.now()
    if (since === null || now.getTime() - since < DAYS_TO_DELETION_MS) return
    this.#healths.delete(webhookId)
    this.#show(webhookId, {
      is_active: 0,
      remove_time: now.toISOString(),
      remove_reason: 'No successful deliveries for 3 days',
    })
  }

  #of(webhookId: number): Health {
    const known = this.#healths.get(webhookId)
    if (known) return known
    const health = { failures: 0, bannedUntilMs: 0, failingSinceMs: null }
    this.#healths.set(webhookId, health)
    return health
  }

  #show(webhookId: number, shown: Partial<Webhook>): void {
    const webhook = this.#store.get(webhookId)
    if (webhook) this.#store.put({ ...webhook, ...shown })
  }
}
