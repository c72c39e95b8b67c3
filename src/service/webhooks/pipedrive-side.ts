/** Pipedrive's subscriptions for self-care. There is no request to change one (https://developers.pipedrive.com/docs/api/v1/Webhooks). */
import type { EventObject } from '../../config/index.ts'
import type { PipedriveClient, PipedriveWebhook } from '../../pipedrive/index.ts'
import type { WebhookCredentials } from '../clients.ts'
import { type Identity, placeOf } from './address.ts'
import type { Fault, Found, Side } from './side.ts'

/** https://pipedrive.readme.io/docs/guide-for-webhooks-v2: forty per user. */
const MOST = 40
const NAME = 'Tajo: '
const EVERY_ACTION = '*'

export type PipedriveSideOptions = {
  readonly client: PipedriveClient
  readonly wanted: readonly EventObject[]
  readonly identity: Identity
  /** Null: this connection never registered any. */
  readonly credentials: WebhookCredentials | null
  readonly signal?: AbortSignal | undefined
}

export function createPipedriveSide(options: PipedriveSideOptions): Side {
  const { client, wanted, identity, credentials, signal } = options
  return {
    vendor: 'pipedrive',
    wanted,
    url: identity.url,
    events: [EVERY_ACTION],
    most: MOST,
    secrets: credentials === null ? [] : [credentials.pipedrivePassword],
    list: async () => {
      const webhooks = await client.webhooks.list({ signal })
      return webhooks.map((webhook) => toFound(webhook, identity, credentials))
    },
    async create(subject) {
      if (identity.url === null || credentials === null) throw new Error('No address or credentials to give.')
      const made = await client.webhooks.create(
        {
          subscription_url: identity.url,
          event_action: EVERY_ACTION,
          event_object: subject as EventObject,
          name: `${NAME}${subject}`,
          http_auth_user: credentials.pipedriveUser,
          http_auth_password: credentials.pipedrivePassword,
        },
        { signal },
      )
      return { id: made.id, owner: made.user_id ?? null }
    },
    change: null,
    remove: (id) => client.webhooks.delete(id, { signal }),
  }
}

function toFound(
  webhook: PipedriveWebhook,
  identity: Identity,
  credentials: WebhookCredentials | null,
): Found {
  const url = webhook.subscription_url ?? null
  const user = webhook.http_auth_user || null
  const place = placeOf(
    {
      url,
      isNamed: webhook.name?.startsWith(NAME) === true,
      credentials: user === null ? 'none' : user === credentials?.pipedriveUser ? 'ours' : 'others',
    },
    identity,
  )
  const isOurs = place !== 'foreign'
  const status = webhook.last_http_status ?? 0
  return {
    id: webhook.id,
    subject: webhook.event_object ?? '?',
    events: [webhook.event_action ?? '?'],
    url,
    owner: webhook.user_id ?? null,
    isActive: isActive(webhook),
    isOurs,
    fault: isOurs ? faultOf(webhook, place, credentials?.pipedriveUser) : null,
    note: status >= 400 ? `the last delivery was answered with ${status}` : null,
  }
}

/** The password does not come back through the client; who has our random user has our password. */
function faultOf(
  webhook: PipedriveWebhook,
  place: 'here' | 'former',
  user: string | undefined,
): Fault | null {
  if (webhook.remove_time || webhook.remove_reason) {
    const reason = webhook.remove_reason ? `: ${webhook.remove_reason}` : ''
    return { kind: 'gone', message: `deleted by Pipedrive${reason}` }
  }
  if (!isActive(webhook)) return { kind: 'disabled', message: 'switched off' }
  if (user === undefined || webhook.http_auth_user !== user)
    return { kind: 'credentials', message: 'other credentials than this server expects' }
  if (webhook.last_http_status === 401)
    return { kind: 'credentials', message: 'refused at its last delivery with 401' }
  if (!/^v?2(\.0)?$/.test(webhook.version ?? ''))
    return { kind: 'version', message: `version ${webhook.version ?? 'unknown'} instead of 2.0` }
  if (webhook.event_action !== EVERY_ACTION)
    return { kind: 'events', message: `only the action ${webhook.event_action}` }
  return place === 'former' ? { kind: 'address', message: 'an earlier public address' } : null
}

/** 0, 1 or a flag; absent in no answer that was seen. */
function isActive({ is_active }: PipedriveWebhook): boolean {
  return is_active !== 0 && is_active !== false
}
