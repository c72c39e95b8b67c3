/**
 * The stored credentials of a connection: one sealed text, changed by comparing, so that of two who change it at the same
 * moment neither undoes the other. Asks no service.
 */
import type { JsonObject } from '../base/json.ts'
import type { BrevoMachine } from '../brevo/index.ts'
import { readConnection, replaceCredentials, type Store } from '../store/index.ts'
import type { SecretBox } from './secrets.ts'

/** What the services must show when they deliver a webhook. */
export type WebhookCredentials = {
  readonly pipedriveUser: string
  readonly pipedrivePassword: string
  readonly brevoToken: string
}

export type PipedriveToken = {
  readonly apiToken: string
  readonly companyDomain: string | null
  readonly apiUrl: string
}

/** What a user of Pipedrive has consented to. Times are ISO 8601. */
export type PipedriveAuthorisation = {
  readonly refreshToken: string
  readonly access: { readonly token: string; readonly renewAt: string; readonly expiresAt: string }
  readonly scopes: readonly string[] | null
  /** `api_domain` of the token answer. */
  readonly apiUrl: string
  /** Of the app: another app cannot use these tokens. */
  readonly clientId: string
  readonly companyId: number | null
  readonly userId: number
  readonly since: string
}

export type BrevoCredentials =
  | { readonly apiKey: string; readonly apiUrl: string }
  | (BrevoMachine & { readonly apiUrl: string; readonly oauthUrl: string })

export type StoredCredentials = {
  readonly pipedrive?: PipedriveToken | PipedriveAuthorisation
  readonly brevo?: BrevoCredentials
  readonly webhooks?: WebhookCredentials
  /** The app was uninstalled in Pipedrive; until the account is connected again. ISO 8601. */
  readonly uninstalledAt?: string
}

/** Where they are kept: tokens that change go back there. */
export type Vault = { readonly store: Store; readonly connection: string; readonly box: SecretBox }

export type Stored = StoredCredentials & { readonly vault: Vault }

export function isAuthorised(pipedrive: StoredCredentials['pipedrive']): pipedrive is PipedriveAuthorisation {
  return pipedrive !== undefined && 'refreshToken' in pipedrive
}

export async function readStored(store: Store, connection: string, box: SecretBox): Promise<Stored> {
  const vault = { store, connection, box }
  const { credentials } = await readConnection(store.db, connection)
  return { ...(await unseal(vault, credentials)), vault }
}

/** `change` may be asked several times; null leaves everything as it is. Resolves with what is stored then. */
export async function changeStored(
  vault: Vault,
  change: (stored: StoredCredentials) => StoredCredentials | null,
): Promise<StoredCredentials> {
  const { store, connection } = vault
  for (;;) {
    const { credentials } = await readConnection(store.db, connection)
    const former = await unseal(vault, credentials)
    const next = change(former)
    if (next === null) return former
    if (await replaceCredentials(store.db, connection, credentials, await seal(vault, next))) return next
  }
}

async function unseal({ connection, box }: Vault, { sealed }: JsonObject): Promise<StoredCredentials> {
  return typeof sealed === 'string'
    ? (JSON.parse(await box.open(sealed, connection)) as StoredCredentials)
    : {}
}

async function seal({ connection, box }: Vault, next: StoredCredentials): Promise<JsonObject> {
  if (Object.keys(next).length === 0) return {}
  return { sealed: await box.seal(JSON.stringify(next), connection) }
}
