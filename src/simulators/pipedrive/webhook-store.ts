/** The webhook subscriptions of a company. Keeps and finds them; delivering is not its work. */

export type Webhook = {
  id: number
  company_id: number
  owner_id: number
  user_id: number
  event_action: string
  event_object: string
  subscription_url: string
  version: string
  is_active: 0 | 1
  add_time: string
  remove_time: string | null
  type: 'general' | 'application' | 'automation'
  http_auth_user: string | null
  http_auth_password: string | null
  remove_reason: string | null
  last_delivery_time: string | null
  last_http_status: number | null
  admin_id: number
  name: string
}

export class WebhookStore {
  readonly #webhooks = new Map<number, Webhook>()
  #lastId = 0

  add(webhook: Omit<Webhook, 'id'>): Webhook {
    const added = { id: ++this.#lastId, ...webhook }
    this.#webhooks.set(added.id, added)
    return added
  }

  get(id: number): Webhook | undefined {
    return this.#webhooks.get(id)
  }

  /** Records a delivery, a ban or the like. */
  put(webhook: Webhook): void {
    this.#webhooks.set(webhook.id, webhook)
  }

  remove(id: number): boolean {
    return this.#webhooks.delete(id)
  }

  all(): Webhook[] {
    return [...this.#webhooks.values()]
  }
}
