/** The inbox of one connection alone, and the keys that senders must show. */
import { basicAuthorization } from '../basic-authorization.ts'
import { type CredentialsContext, ensureWebhookCredentials } from '../webhooks/credentials.ts'
import { createInbox, type InboxKeys, type InboxOptions, type OpenInbox } from './inbox.ts'

/** They are made at the first asking, and stay: a webhook that is registered later finds them in use. */
export async function doorKeys(context: CredentialsContext): Promise<InboxKeys> {
  const { pipedriveUser, pipedrivePassword, brevoToken } = await ensureWebhookCredentials(context)
  return {
    pipedrive: basicAuthorization(pipedriveUser, pipedrivePassword),
    brevo: `Bearer ${brevoToken}`,
  }
}

export async function openInbox(
  context: CredentialsContext & Pick<InboxOptions, 'store' | 'clock'>,
): Promise<OpenInbox> {
  const { connection } = context
  const inbox = createInbox({ ...context, defaultConnection: () => connection, onArrived: () => {} })
  inbox.use(connection, await doorKeys(context))
  return inbox
}
