/** The credentials that the services must show at our door: random, made once per connection, stored encrypted. */
import { randomBytes } from 'node:crypto'
import type { Store } from '../../store/index.ts'
import { readStored, type WebhookCredentials, writeStored } from '../clients.ts'
import type { SecretBox } from '../secrets.ts'

export type CredentialsContext = {
  readonly store: Store
  readonly connection: string
  readonly box: SecretBox
}

/** Those that are stored; new ones where there are none, stored before anybody is told of them. */
export async function ensureWebhookCredentials(context: CredentialsContext): Promise<WebhookCredentials> {
  const { store, connection, box } = context
  const stored = await readStored(store, connection, box)
  if (stored.webhooks !== undefined) return stored.webhooks
  await writeStored(store, connection, box, { ...stored, webhooks: createWebhookCredentials() })
  // Another process may have done the same at the same moment: what is stored is what the door asks for.
  const { webhooks } = await readStored(store, connection, box)
  return webhooks ?? ensureWebhookCredentials(context)
}

export function createWebhookCredentials(): WebhookCredentials {
  return {
    pipedriveUser: `tajo-${randomBytes(4).toString('hex')}`,
    pipedrivePassword: randomBytes(32).toString('base64url'),
    brevoToken: randomBytes(32).toString('base64url'),
  }
}
