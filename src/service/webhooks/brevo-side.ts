/** Brevo's subscriptions for self-care: one of the type marketing (https://developers.brevo.com/reference/createwebhook). */
import { isJsonObject } from '../../base/json.ts'
import type { BrevoClient, BrevoWebhook, BrevoWebhookChange } from '../../brevo/index.ts'
import type { WebhookCredentials } from '../clients.ts'
import { type Identity, placeOf } from './address.ts'
import type { Fault, Found, Side } from './side.ts'

/** https://developers.brevo.com/docs/how-to-use-webhooks: forty per account, of all types together. */
const MOST = 40
const SUBJECT = 'marketing'
const DESCRIPTION = 'Tajo'

export type BrevoSideOptions = {
  readonly client: BrevoClient
  /** In Brevo's spelling; empty: no subscription is needed. */
  readonly events: readonly string[]
  readonly identity: Identity
  /** Null: this connection never registered any. */
  readonly credentials: WebhookCredentials | null
  readonly signal?: AbortSignal | undefined
}

export function createBrevoSide(options: BrevoSideOptions): Side {
  const { client, events, identity, credentials, signal } = options
  const settings = () => {
    if (identity.url === null || credentials === null) throw new Error('No address or credentials to give.')
    return {
      url: identity.url,
      description: DESCRIPTION,
      events,
      auth: { type: 'bearer', token: credentials.brevoToken },
    } satisfies BrevoWebhookChange
  }
  return {
    vendor: 'brevo',
    wanted: events.length === 0 ? [] : [SUBJECT],
    url: identity.url,
    events,
    most: MOST,
    secrets: credentials === null ? [] : [credentials.brevoToken],
    list: async () => {
      const webhooks = await client.webhooks.list(SUBJECT, { signal })
      return webhooks.map((webhook) => toFound(webhook, options))
    },
    async create() {
      const { id } = await client.webhooks.create({ type: SUBJECT, ...settings() }, { signal })
      return { id, owner: null }
    },
    change: (id) => client.webhooks.update(id, { ...settings(), batched: false }, { signal }),
    remove: (id) => client.webhooks.delete(id, { signal }),
  }
}

function toFound(webhook: BrevoWebhook, options: BrevoSideOptions): Found {
  const { identity, credentials } = options
  const url = webhook.url ?? null
  const token = tokenOf(webhook)
  const marks =
    token === null ? 'none' : token === credentials?.brevoToken ? ('ours' as const) : ('others' as const)
  const isNamed = webhook.description === DESCRIPTION
  const place = placeOf({ url, isNamed, credentials: marks }, identity)
  const isOurs = place !== 'foreign'
  return {
    id: webhook.id,
    subject: webhook.type ?? SUBJECT,
    events: webhook.events ?? [],
    url,
    owner: null,
    isActive: true,
    isOurs,
    fault: isOurs ? faultOf(webhook, place, marks, options.events) : null,
    note: null,
  }
}

function faultOf(
  webhook: BrevoWebhook,
  place: 'here' | 'former',
  credentials: 'ours' | 'others' | 'none',
  wanted: readonly string[],
): Fault | null {
  if (credentials !== 'ours')
    return { kind: 'credentials', message: 'other credentials than this server expects' }
  const has = new Set((webhook.events ?? []).map(plainName))
  const lacks = wanted.filter((event) => !has.has(plainName(event)))
  if (lacks.length > 0) return { kind: 'events', message: `without ${lacks.join(', ')}` }
  if (has.size > wanted.length) return { kind: 'events', message: 'more events than the configuration needs' }
  if (webhook.batched === true) return { kind: 'events', message: 'events held back and sent in batches' }
  return place === 'former' ? { kind: 'address', message: 'an earlier public address' } : null
}

/** The reference shows it in listings (https://developers.brevo.com/reference/getwebhooks). */
function tokenOf(webhook: BrevoWebhook): string | null {
  const auth = (webhook as Readonly<Record<string, unknown>>).auth
  return isJsonObject(auth) && typeof auth.token === 'string' ? auth.token : null
}

/** The examples of the reference name the events of a listing in other spellings than those of a request (`hardBounces`). */
function plainName(event: string): string {
  return event
    .toLowerCase()
    .replace(/[^a-z]/g, '')
    .replace(/s$/, '')
}
