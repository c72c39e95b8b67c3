/** One service as self-care sees it: subscriptions of any shape in one form. Types only. */
import type { WebhookVendor } from './webhook-report.ts'

/**
 * Why one of ours is not as it should be. `gone`: the service deleted it and still shows it. The last three deliver
 * something all the same, so they stay until their successor is there.
 */
export type Fault = {
  readonly kind: 'gone' | 'disabled' | 'credentials' | 'version' | 'events' | 'address'
  /** As a noun phrase: `version 1.0 instead of 2.0`. */
  readonly message: string
}

export type Found = {
  readonly id: number
  /** `person`, ...; `marketing`. */
  readonly subject: string
  readonly events: readonly string[]
  readonly url: string | null
  /** Whose limit it counts against; null: the account's. */
  readonly owner: number | null
  readonly isActive: boolean
  readonly isOurs: boolean
  /** Only of ours. */
  readonly fault: Fault | null
  /** Worth saying, and no reason to act. */
  readonly note: string | null
}

export type Side = {
  readonly vendor: WebhookVendor
  /** Subjects that the configuration needs. */
  readonly wanted: readonly string[]
  /** Where they deliver; null: nobody knows. */
  readonly url: string | null
  readonly events: readonly string[]
  /** Most subscriptions that one owner may have. */
  readonly most: number
  /** Never to be repeated in a message. */
  readonly secrets: readonly string[]
  /** One request. */
  list(): Promise<readonly Found[]>
  create(subject: string): Promise<{ id: number; owner: number | null }>
  /** Puts everything about one right; null where the service has no such request. */
  readonly change: ((id: number) => Promise<void>) | null
  remove(id: number): Promise<void>
}
