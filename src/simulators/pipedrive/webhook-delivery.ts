/**
 * Tells subscribers what happens in the company: one event per change and matching webhook, posted at once, repeated
 * after 3, 30 and 150 seconds (https://pipedrive.readme.io/docs/guide-for-webhooks-v2), or lost. Changes no record.
 */
import type { DeliveryChannel } from '../kit/delivery-channel.ts'
import type { Random } from '../kit/random.ts'
import { isVisible, type Values } from './records.ts'
import type { SeedPerson } from './seed.ts'
import type { Occurrence, PipedriveState } from './state.ts'
import { createV1Body, toV1Action } from './webhook-body-v1.ts'
import { createV2Body } from './webhook-body-v2.ts'
import { WebhookHealth } from './webhook-health.ts'
import type { Webhook } from './webhook-store.ts'

/** One attempt, or an event that was lost without one. */
export type WebhookDelivery = {
  webhookId: number
  /** `meta.id` in version 2.0, except for users; the same in every attempt and in a duplicate. */
  eventId: string
  object: string
  /** In the words of the webhook's version. */
  action: string
  /** 1 to 4; 0 when none was made. */
  attempt: number
  /** Null when no answer came in time, or no attempt was made. */
  status: number | null
  /** Milliseconds since 1970, on the simulator's clock: when the answer came or the event was lost. */
  at: number
  outcome: 'delivered' | 'failed' | 'dropped' | 'banned'
}

const RETRY_AFTER_MS = [3_000, 30_000, 150_000]

type WebhookEvent = {
  webhookId: number
  eventId: string
  object: string
  action: string
  body: (attempt: number) => Values
}

export class WebhookDeliverer {
  readonly #state: PipedriveState
  readonly #channel: DeliveryChannel
  readonly #random: Random
  readonly #health: WebhookHealth
  readonly #stop: (() => void)[]
  #log: WebhookDelivery[] = []
  #toDrop = 0

  constructor(options: { state: PipedriveState; channel: DeliveryChannel; random: Random }) {
    this.#state = options.state
    this.#channel = options.channel
    this.#random = options.random
    this.#health = new WebhookHealth(options.state.webhooks, options.state.clock)
    const announce = (occurrence: Occurrence): void => this.#announce(occurrence)
    this.#stop = [options.state.subscribe(announce), options.state.subscribeToUsers(announce)]
  }

  /** In the order in which attempts ended. */
  deliveries(): readonly WebhookDelivery[] {
    return this.#log
  }

  clearDeliveries(): void {
    this.#log = []
  }

  /** The next `count` events that somebody subscribed to reach nobody. */
  dropNext(count: number): void {
    this.#toDrop = count
  }

  /** Announces nothing more. What is under way belongs to the channel. */
  close(): void {
    for (const stop of this.#stop) stop()
  }

  #announce(occurrence: Occurrence): void {
    const webhooks = this.#state.webhooks.all().flatMap((webhook) => {
      const action = actionFor(webhook, occurrence)
      return action !== null && this.#maySee(webhook, occurrence) ? [{ webhook, action }] : []
    })
    if (webhooks.length === 0) return
    const isDropped = this.#isDropped()
    const correlationId = this.#uuid()
    for (const { webhook, action } of webhooks) {
      const event = this.#event(webhook, occurrence, action, correlationId)
      if (isDropped) this.#lose(event, 'dropped')
      else this.#start(event)
    }
  }

  /** Events are checked against the permissions of the webhook's user. */
  #maySee(webhook: Webhook, occurrence: Occurrence): boolean {
    const user = this.#state.users.get(webhook.user_id)
    return user !== undefined && isVisible(occurrence.after as SeedPerson, user)
  }

  #isDropped(): boolean {
    if (this.#toDrop > 0) {
      this.#toDrop -= 1
      return true
    }
    return this.#random.chance(this.#state.switches.webhookDropRate)
  }

  #event(webhook: Webhook, occurrence: Occurrence, action: string, correlationId: string): WebhookEvent {
    const eventId = this.#uuid()
    const v1Action = webhook.version === '1.0' ? toV1Action(occurrence) : null
    const body = v1Action
      ? createV1Body(this.#state, webhook, occurrence, v1Action)
      : createV2Body(this.#state, webhook, occurrence, { eventId, correlationId })
    return { webhookId: webhook.id, eventId, object: occurrence.entity, action, body }
  }

  #start(event: WebhookEvent): void {
    const { webhookDelayMs, webhookReorderMs, webhookDuplicateRate } = this.#state.switches
    const delay = (): number => webhookDelayMs + this.#random.int(0, webhookReorderMs)
    const [delayMs, twinDelayMs] = [delay(), delay()]
    this.#channel.run(() => this.#deliver(event, delayMs))
    if (this.#random.chance(webhookDuplicateRate)) this.#channel.run(() => this.#repeat(event, twinDelayMs))
  }

  async #deliver(event: WebhookEvent, delayMs: number): Promise<void> {
    if (delayMs > 0) await this.#channel.wait(delayMs)
    for (let attempt = 1; ; attempt++) {
      const webhook = this.#target(event)
      if (!webhook) return
      if (this.#health.isBanned(webhook.id) && (attempt === 1 || !this.#state.switches.webhookRetriesInBan))
        return this.#lose(event, 'banned')
      const status = await this.#post(webhook, event, attempt)
      const isSuccess = this.#health.note(webhook.id, status, attempt === 1)
      this.#note(event, attempt, status, isSuccess ? 'delivered' : 'failed')
      const pauseMs = RETRY_AFTER_MS[attempt - 1]
      if (isSuccess || pauseMs === undefined) return
      await this.#channel.wait(pauseMs)
    }
  }

  /** The same event once more, as networks do; nobody counts it and nobody retries it. */
  async #repeat(event: WebhookEvent, delayMs: number): Promise<void> {
    if (delayMs > 0) await this.#channel.wait(delayMs)
    const webhook = this.#target(event)
    if (!webhook || this.#health.isBanned(webhook.id)) return
    const status = await this.#post(webhook, event, 1)
    const isSuccess = status !== null && status >= 200 && status < 300
    this.#note(event, 1, status, isSuccess ? 'delivered' : 'failed')
  }

  #target({ webhookId }: WebhookEvent): Webhook | undefined {
    const webhook = this.#state.webhooks.get(webhookId)
    return webhook?.is_active === 1 ? webhook : undefined
  }

  #post(webhook: Webhook, event: WebhookEvent, attempt: number): Promise<number | null> {
    const { http_auth_user: user, http_auth_password: password } = webhook
    const credentials = Buffer.from(`${user ?? ''}:${password ?? ''}`).toString('base64')
    return this.#channel.send({
      method: 'POST',
      url: webhook.subscription_url,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Pipedrive Webhooks',
        ...(user === null && password === null ? {} : { authorization: `Basic ${credentials}` }),
      },
      body: JSON.stringify(event.body(attempt)),
      timeoutMs: this.#state.switches.webhookTimeoutMs,
    })
  }

  #lose(event: WebhookEvent, outcome: 'dropped' | 'banned'): void {
    this.#health.expire(event.webhookId)
    this.#note(event, 0, null, outcome)
  }

  #note(
    { webhookId, eventId, object, action }: WebhookEvent,
    attempt: number,
    status: number | null,
    outcome: WebhookDelivery['outcome'],
  ): void {
    const at = this.#state.clock.now().getTime()
    this.#log.push({ webhookId, eventId, object, action, attempt, status, at, outcome })
  }

  #uuid(): string {
    const hex = Array.from({ length: 8 }, () =>
      this.#random.int(0, 0xffff).toString(16).padStart(4, '0'),
    ).join('')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
  }
}

/** The action in the webhook's own words if it subscribed to what happened, or null. */
function actionFor(webhook: Webhook, occurrence: Occurrence): string | null {
  if (webhook.is_active !== 1) return null
  const action = webhook.version === '1.0' ? toV1Action(occurrence) : occurrence.action
  const fits = (wanted: string, given: string): boolean => wanted === '*' || wanted === given
  return action !== null &&
    fits(webhook.event_action, action) &&
    fits(webhook.event_object, occurrence.entity)
    ? action
    : null
}
