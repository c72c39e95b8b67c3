/** The credentials that the services must show at our door: random, made once per connection, stored encrypted. */
import { randomBytes } from 'node:crypto'
import type { Store } from '../../store/index.ts'
import type { SecretBox } from '../secrets.ts'
import { changeStored, type WebhookCredentials } from '../stored-credentials.ts'

export type CredentialsContext = {
  readonly store: Store
  readonly connection: string
  readonly box: SecretBox
}

/** Those that are stored; new ones where there are none, stored before anybody is told of them. */
export async function ensureWebhookCredentials(context: CredentialsContext): Promise<WebhookCredentials> {
  const made = createWebhookCredentials()
  // Another process may do the same at the same moment: what is stored is what the door asks for.
  const { webhooks } = await changeStored(context, (stored) =>
    stored.webhooks === undefined ? { ...stored, webhooks: made } : null,
  )
  return webhooks ?? made
}

export function createWebhookCredentials(): WebhookCredentials {
  return {
    pipedriveUser: `tajo-${randomBytes(4).toString('hex')}`,
    pipedrivePassword: randomBytes(32).toString('base64url'),
    brevoToken: randomBytes(32).toString('base64url'),
  }
}
