/** Makes the two API clients from the configuration, or from credentials stored by `tajo connectors connect`. */

import type { Clock } from '../base/clock.ts'
import { TajoError } from '../base/error.ts'
import { type BrevoClient, createBrevoClient } from '../brevo/index.ts'
import type { Config } from '../config/index.ts'
import { createPipedriveClient, type PipedriveClient } from '../pipedrive/index.ts'
import { readConnection, type Store, updateConnection } from '../store/index.ts'
import type { SecretBox } from './secrets.ts'

/** What the services must show when they deliver a webhook. */
export type WebhookCredentials = {
  readonly pipedriveUser: string
  readonly pipedrivePassword: string
  readonly brevoToken: string
}

export type StoredCredentials = {
  readonly pipedrive?: {
    readonly apiToken: string
    readonly companyDomain: string | null
    readonly apiUrl: string
  }
  readonly brevo?: { readonly apiKey: string; readonly apiUrl: string }
  readonly webhooks?: WebhookCredentials
}

export type Access<T> = {
  readonly from: 'configuration' | 'stored'
  readonly apiUrl: string
  readonly make: () => T
}

export async function readStored(
  store: Store,
  connection: string,
  box: SecretBox,
): Promise<StoredCredentials> {
  const { credentials } = await readConnection(store.db, connection)
  const sealed = credentials.sealed
  return typeof sealed === 'string'
    ? (JSON.parse(await box.open(sealed, connection)) as StoredCredentials)
    : {}
}

export async function writeStored(
  store: Store,
  connection: string,
  box: SecretBox,
  stored: StoredCredentials,
): Promise<void> {
  const empty = Object.keys(stored).length === 0
  await updateConnection(store.db, connection, {
    credentials: empty ? {} : { sealed: await box.seal(JSON.stringify(stored), connection) },
  })
}

/** Null when there is no token anywhere. The configuration wins over what is stored. `timeoutMs` default: the client's. */
export function pipedriveAccess(
  config: Config,
  stored: StoredCredentials,
  clock: Clock,
  timeoutMs?: number,
): Access<PipedriveClient> | null {
  const { apiToken, apiUrl, apiVersion } = config.pipedrive
  const token = apiToken ?? stored.pipedrive?.apiToken
  if (token === undefined) return null
  const url = apiUrl ?? stored.pipedrive?.apiUrl ?? 'https://api.pipedrive.com'
  return {
    from: apiToken === null ? 'stored' : 'configuration',
    apiUrl: url,
    make: () =>
      createPipedriveClient({ apiUrl: url, credential: { apiToken: token }, apiVersion, clock, timeoutMs }),
  }
}

export function brevoAccess(
  config: Config,
  stored: StoredCredentials,
  clock: Clock,
  timeoutMs?: number,
): Access<BrevoClient> | null {
  const key = config.brevo.apiKey ?? stored.brevo?.apiKey
  if (key === undefined) return null
  const apiUrl =
    config.brevo.apiKey === null ? (stored.brevo?.apiUrl ?? config.brevo.apiUrl) : config.brevo.apiUrl
  return {
    from: config.brevo.apiKey === null ? 'stored' : 'configuration',
    apiUrl,
    make: () => createBrevoClient({ apiUrl, credential: { apiKey: key }, clock, timeoutMs }),
  }
}

export function notConnected(name: 'pipedrive' | 'brevo'): TajoError {
  return new TajoError({
    code: 'config_not_connected',
    disposition: 'pause',
    message:
      name === 'pipedrive'
        ? 'No Pipedrive token: set PIPEDRIVE_API_TOKEN or connectors.pipedrive.api_token, or run `tajo connectors connect pipedrive --api-token … --company-domain …`.'
        : 'No Brevo key: set BREVO_API_KEY or brevo.api_key, or run `tajo connectors connect brevo --api-key …`.',
  })
}
