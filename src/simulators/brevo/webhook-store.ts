/** The webhooks of the account, at most 40 of all types together. Sends nothing: webhook-delivery.ts does. */
import { invalidParameter, notFound } from './refusal.ts'

/** https://developers.brevo.com/docs/how-to-use-webhooks */
const MOST_WEBHOOKS = 40

export type WebhookType = 'marketing' | 'transactional' | 'inbound'
export type WebhookChannel = 'email' | 'sms'

export type WebhookSettings = {
  url: string
  type: WebhookType
  channel: WebhookChannel
  /** Subscription names, camelCase: `hardBounce`, `contactUpdated`. */
  events: string[]
  description: string
  batched: boolean
  auth: { type: 'bearer'; token: string } | null
  headers: { key: string; value: string }[]
  domain: string | null
}

export type Webhook = WebhookSettings & {
  readonly id: number
  readonly createdAtMs: number
  modifiedAtMs: number
}

export class WebhookStore {
  readonly #webhooks = new Map<number, Webhook>()
  #nextId = 1

  /** In order of creation. */
  all(): Webhook[] {
    return [...this.#webhooks.values()]
  }

  /** Those that want this marketing event of the email channel. */
  wanting(subscription: string): Webhook[] {
    return this.all().filter(
      ({ type, channel, events }) =>
        type === 'marketing' && channel === 'email' && events.includes(subscription),
    )
  }

  find(id: number): Webhook | undefined {
    return this.#webhooks.get(id)
  }

  get(id: number): Webhook {
    const webhook = this.#webhooks.get(id)
    if (!webhook) throw notFound('Webhook ID does not exist')
    return webhook
  }

  create(settings: WebhookSettings, atMs: number): Webhook {
    if (this.#webhooks.size >= MOST_WEBHOOKS) throw invalidParameter('Maximum number of webhooks reached')
    const webhook = { id: this.#nextId++, ...settings, createdAtMs: atMs, modifiedAtMs: atMs }
    this.#webhooks.set(webhook.id, webhook)
    return webhook
  }

  update(id: number, settings: Partial<WebhookSettings>, atMs: number): void {
    Object.assign(this.get(id), settings, { modifiedAtMs: atMs })
  }

  delete(id: number): void {
    this.get(id)
    this.#webhooks.delete(id)
  }
}

export type WebhookView = {
  id: number
  url: string
  description: string
  events: string[]
  type: WebhookType
  createdAt: string
  modifiedAt: string
  batched: boolean
  auth?: { type: 'bearer'; token: string }
  headers?: { key: string; value: string }[]
}

/** As https://developers.brevo.com/reference/get-webhook answers it, which no longer tells the channel. */
export function presentWebhook(webhook: Webhook): WebhookView {
  return {
    url: webhook.url,
    id: webhook.id,
    description: webhook.description,
    events: [...webhook.events],
    type: webhook.type,
    createdAt: new Date(webhook.createdAtMs).toISOString(),
    modifiedAt: new Date(webhook.modifiedAtMs).toISOString(),
    batched: webhook.batched,
    ...(webhook.auth === null ? {} : { auth: webhook.auth }),
    ...(webhook.headers.length === 0 ? {} : { headers: webhook.headers }),
  }
}
