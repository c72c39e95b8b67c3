/** The webhooks of one connection, with its clients and its stored credentials. Keeps no state of its own. */
import type { Clock } from '../../base/clock.ts'
import type { BrevoClient } from '../../brevo/index.ts'
import type { Config } from '../../config/index.ts'
import type { PipedriveClient } from '../../pipedrive/index.ts'
import { brevoAccess, notConnected, pipedriveAccess, readStored, type Stored } from '../clients.ts'
import type { ConnectorName, Service } from '../service-face.ts'
import { requirePublicUrl } from './address.ts'
import { type CareOptions, careForWebhooks } from './care.ts'
import { type CredentialsContext, ensureWebhookCredentials } from './credentials.ts'
import { requiredWebhooks } from './required.ts'
import type { WebhookReport } from './webhook-report.ts'

export type WebhooksContext = CredentialsContext & { readonly config: Config; readonly clock: Clock }

export type RegisterOptions = {
  /** Default: `server.public_url`; null: there is none. */
  readonly publicUrl?: string | null | undefined
  readonly signal?: AbortSignal | undefined
}

export function createWebhooks(context: WebhooksContext): Omit<Service['webhooks'], 'verify' | 'receive'> {
  return {
    register: (options = {}) =>
      withClients(context, async ({ pipedrive, brevo }, stored) => {
        if (pipedrive === null) throw notConnected('pipedrive', stored)
        if (brevo === null) throw notConnected('brevo', stored)
        return registerWebhooks(context, { pipedrive, brevo }, options)
      }),
    list: (options = {}) => withClients(context, (clients) => look(context, clients, 'look', options.signal)),
    remove: (options = {}) =>
      withClients(context, (clients) => look(context, clients, 'remove', options.signal)),
  }
}

/**
 * Makes what is registered what the configuration needs; a second call changes nothing. Credentials are stored before
 * anything is registered with them. Throws `webhook_no_public_url`, `webhook_url_insecure` and `secret_unreadable`;
 * what a service refuses is in the report.
 */
export async function registerWebhooks(
  context: Omit<WebhooksContext, 'clock'>,
  clients: { readonly pipedrive: PipedriveClient; readonly brevo: BrevoClient },
  { publicUrl = context.config.server.publicUrl, signal }: RegisterOptions = {},
): Promise<WebhookReport> {
  const { config, connection, store, box } = context
  const needed = requiredWebhooks(config)
  const isNeeded = needed.pipedrive.length + needed.brevo.length > 0
  if (isNeeded) requirePublicUrl(publicUrl)
  const credentials = isNeeded
    ? await ensureWebhookCredentials(context)
    : ((await readStored(store, connection, box)).webhooks ?? null)
  return careForWebhooks({
    ...clients,
    config,
    connection,
    publicUrl,
    credentials,
    mode: 'register',
    signal,
  })
}

/**
 * Takes the webhooks of a service away that is about to be disconnected. Null where there can be none: this connection
 * never registered any, or the service stays connected through the configuration.
 */
export async function removeWebhooksOf(
  context: WebhooksContext,
  name: ConnectorName,
): Promise<WebhookReport | null> {
  const stored = await readStored(context.store, context.connection, context.box)
  const { pipedrive, brevo } = context.config
  const configured = { pipedrive: pipedrive.apiToken, brevo: brevo.apiKey ?? brevo.oauth }
  if (stored.webhooks === undefined || stored[name] === undefined || configured[name] !== null) return null
  return withClients(context, async (clients) => {
    const only = { pipedrive: null, brevo: null, [name]: clients[name] }
    return look(context, only, 'remove', undefined)
  })
}

/** For `tajo check`: with `fix` registers what is missing, else only looks. */
export function lookAfterWebhooks(
  context: Omit<WebhooksContext, 'clock'>,
  clients: { readonly pipedrive: PipedriveClient; readonly brevo: BrevoClient },
  { fix, signal }: { readonly fix: boolean; readonly signal?: AbortSignal | undefined },
): Promise<WebhookReport> {
  return fix ? registerWebhooks(context, clients, { signal }) : look(context, clients, 'look', signal)
}

type Clients = Pick<CareOptions, 'pipedrive' | 'brevo'>

/** What is not connected is left out; at least one has to be. */
async function look(
  { store, connection, box, config }: Omit<WebhooksContext, 'clock'>,
  clients: Clients,
  mode: 'look' | 'remove',
  signal: AbortSignal | undefined,
): Promise<WebhookReport> {
  const stored = await readStored(store, connection, box)
  if (clients.pipedrive === null && clients.brevo === null) throw notConnected('pipedrive', stored)
  const credentials = stored.webhooks ?? null
  const { publicUrl } = config.server
  return careForWebhooks({ ...clients, config, connection, publicUrl, credentials, mode, signal })
}

async function withClients<T>(
  { store, connection, box, config, clock }: WebhooksContext,
  work: (clients: Clients, stored: Stored) => Promise<T>,
): Promise<T> {
  const stored = await readStored(store, connection, box)
  const pipedrive = pipedriveAccess(config, stored, clock)?.make() ?? null
  const brevo = brevoAccess(config, stored, clock)?.make() ?? null
  try {
    return await work({ pipedrive, brevo }, stored)
  } finally {
    await Promise.all([pipedrive?.close(), brevo?.close()])
  }
}
