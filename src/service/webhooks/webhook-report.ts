/** What self-care of the webhooks found and did, as everybody outside sees it. Holds no credential and no foreign path. */

export type WebhookVendor = 'pipedrive' | 'brevo'

export type WebhookState =
  /** Ours, and as it should be. */
  | 'ok'
  /** Registered just now. */
  | 'created'
  /** Ours, put right in place just now. */
  | 'updated'
  /** Taken away just now. */
  | 'removed'
  /** Needed, and not there. */
  | 'missing'
  /** Ours, and a second one for the same thing. */
  | 'duplicate'
  /** Ours, and switched off or deleted by the service. */
  | 'disabled'
  /** Ours, and not (or no longer) as it should be. */
  | 'outdated'
  /** Somebody else's: listed, never touched. */
  | 'foreign'
  /** The service did not do what was asked of it. */
  | 'refused'

export type WebhookItem = {
  readonly vendor: WebhookVendor
  /** Null when there is none: `missing`, refused creations, and refused listings. */
  readonly id: number | null
  /** `person`, ... at Pipedrive; `marketing` at Brevo; null when the listing was refused. */
  readonly object: string | null
  /** `*` at Pipedrive; the names of the events at Brevo. */
  readonly events: readonly string[]
  /** Of foreign ones the origin only: such addresses often are secrets. */
  readonly url: string | null
  readonly state: WebhookState
  /** Of refusals and of what no registration can mend; see docs/errors.md. */
  readonly code: string | null
  readonly message: string
  readonly remedy: string | null
}

export type WebhookWarning = {
  readonly vendor: WebhookVendor
  readonly code: string
  readonly message: string
  readonly remedy: string
}

export type WebhookReport = {
  /** `look` changes nothing. */
  readonly mode: 'register' | 'look' | 'remove'
  /** `incomplete` when something was refused, or (`look`) something is not as it should be. */
  readonly status: 'complete' | 'incomplete'
  readonly publicUrl: string | null
  /** Pipedrive's first; within a service: ours, then foreign ones. */
  readonly items: readonly WebhookItem[]
  readonly warnings: readonly WebhookWarning[]
}

/** Fine, or fine by now, or none of our business. */
export function isSettled({ state }: WebhookItem): boolean {
  return ['ok', 'created', 'updated', 'removed', 'foreign'].includes(state)
}
