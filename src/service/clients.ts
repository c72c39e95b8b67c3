/** Makes the two API clients from the configuration, or from credentials stored by `tajo connectors connect`. */

import type { Clock } from '../base/clock.ts'
import { TajoError } from '../base/error.ts'
import { type BrevoClient, createBrevoClient, createBrevoMachineTokens } from '../brevo/index.ts'
import type { Config } from '../config/index.ts'
import { createPipedriveClient, type PipedriveClient } from '../pipedrive/index.ts'
import type { Store } from '../store/index.ts'
import { notAuthorised } from './oauth/oauth-errors.ts'
import { createStoredTokens, openPipedriveApp } from './oauth/stored-tokens.ts'
import type { SecretBox } from './secrets.ts'
import {
  type BrevoCredentials,
  isAuthorised,
  readStored,
  type Stored,
  type StoredCredentials,
  type WebhookCredentials,
} from './stored-credentials.ts'

// What reads credentials mostly makes clients of them as well.
export { readStored, type Stored, type StoredCredentials, type WebhookCredentials }

export type Access<T> = {
  readonly from: 'configuration' | 'stored'
  readonly apiUrl: string
  readonly make: () => T
}

/** Null when there is no token anywhere. The configuration wins over what is stored. `timeoutMs` default: the client's. */
export function pipedriveAccess(
  config: Config,
  stored: Stored,
  clock: Clock,
  timeoutMs?: number,
): Access<PipedriveClient> | null {
  const { apiToken, apiUrl, apiVersion } = config.pipedrive
  const common = { apiVersion, clock, timeoutMs }
  const kept = stored.pipedrive
  if (apiToken === null && isAuthorised(kept)) {
    return {
      from: 'stored',
      apiUrl: kept.apiUrl,
      make() {
        const app = openPipedriveApp(config, clock)
        const tokens = createStoredTokens({ stored, app, clock })
        const credential = { accessToken: tokens.current, onRefused: tokens.refuse }
        const client = createPipedriveClient({ apiUrl: kept.apiUrl, credential, ...common })
        const close = async (): Promise<void> => {
          await Promise.all([client.close(), app.oauth.close()])
        }
        return { ...client, close }
      },
    }
  }
  const token = apiToken ?? (isAuthorised(kept) ? undefined : kept?.apiToken)
  if (token === undefined) return null
  const url = apiUrl ?? kept?.apiUrl ?? 'https://api.pipedrive.com'
  return {
    from: apiToken === null ? 'stored' : 'configuration',
    apiUrl: url,
    make: () => createPipedriveClient({ apiUrl: url, credential: { apiToken: token }, ...common }),
  }
}

export function brevoAccess(
  config: Config,
  stored: Stored,
  clock: Clock,
  timeoutMs?: number,
): Access<BrevoClient> | null {
  const { apiKey, oauth, apiUrl, oauthUrl } = config.brevo
  const configured =
    apiKey !== null ? { apiKey, apiUrl } : oauth === null ? undefined : { ...oauth, apiUrl, oauthUrl }
  const given = configured ?? stored.brevo
  if (given === undefined) return null
  return {
    from: configured === undefined ? 'stored' : 'configuration',
    apiUrl: given.apiUrl,
    make: () => makeBrevoClient(given, clock, timeoutMs),
  }
}

export function makeBrevoClient(given: BrevoCredentials, clock: Clock, timeoutMs?: number): BrevoClient {
  const { apiUrl } = given
  if ('apiKey' in given)
    return createBrevoClient({ apiUrl, credential: { apiKey: given.apiKey }, clock, timeoutMs })
  const tokens = createBrevoMachineTokens({ ...given, clock })
  const credential = { accessToken: tokens.current, onRefused: tokens.refuse }
  return createBrevoClient({ apiUrl, credential, clock, timeoutMs })
}

export type Clients = { readonly pipedrive: PipedriveClient; readonly brevo: BrevoClient }

export type ClientsContext = {
  readonly config: Config
  readonly store: Store
  readonly connection: string
  readonly clock: Clock
  readonly box: SecretBox
  /** How long one request to a service may take; default: the clients'. */
  readonly timeoutMs?: number | undefined
}

/** Both. Throws `config_not_connected`, `pipedrive_uninstalled`. */
export async function openClients(context: ClientsContext): Promise<Clients> {
  const { config, store, connection, clock, box, timeoutMs } = context
  const stored = await readStored(store, connection, box)
  const pipedrive = pipedriveAccess(config, stored, clock, timeoutMs)
  const brevo = brevoAccess(config, stored, clock, timeoutMs)
  if (pipedrive === null) throw notConnected('pipedrive', stored)
  if (brevo === null) throw notConnected('brevo', stored)
  return { pipedrive: pipedrive.make(), brevo: brevo.make() }
}

/** Closes them afterwards. Throws as `openClients`, and what `work` throws. */
export async function withClients<T>(
  context: ClientsContext,
  work: (clients: Clients) => Promise<T>,
): Promise<T> {
  const clients = await openClients(context)
  try {
    return await work(clients)
  } finally {
    await Promise.all([clients.pipedrive.close(), clients.brevo.close()])
  }
}

/** `stored`: what is known of why. */
export function notConnected(name: 'pipedrive' | 'brevo', stored: StoredCredentials): TajoError {
  if (name === 'pipedrive' && stored.uninstalledAt !== undefined) return notAuthorised(stored, null)
  return new TajoError({
    code: 'config_not_connected',
    disposition: 'pause',
    message:
      name === 'pipedrive'
        ? 'No Pipedrive token: set PIPEDRIVE_API_TOKEN or connectors.pipedrive.api_token, or run `tajo connectors connect pipedrive --api-token … --company-domain …` (or `--oauth`).'
        : 'No Brevo key: set BREVO_API_KEY or brevo.api_key, or run `tajo connectors connect brevo --api-key …`.',
  })
}
