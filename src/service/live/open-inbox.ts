/** The inbox of a connection, with the keys that its senders must show. */
import { type CredentialsContext, ensureWebhookCredentials } from '../webhooks/credentials.ts'
import { basicAuthorization, createInbox, type InboxOptions, type OpenInbox } from './inbox.ts'

/** The keys are made at the first opening, and stay: a webhook that is registered later finds them in use. */
export async function openInbox(
  context: CredentialsContext & Omit<InboxOptions, 'onArrived'>,
  onArrived: () => void,
): Promise<OpenInbox> {
  const keys = await ensureWebhookCredentials(context)
  const inbox = createInbox({ ...context, onArrived })
  inbox.use({
    pipedrive: basicAuthorization(keys.pipedriveUser, keys.pipedrivePassword),
    brevo: `Bearer ${keys.brevoToken}`,
  })
  return inbox
}
