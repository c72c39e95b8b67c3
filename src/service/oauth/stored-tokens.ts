/**
 * Access tokens out of a stored authorisation. However many processes use it, one of them spends the refresh token: it
 * claims that in the store, asks Pipedrive, keeps what came back, and only then hands the access token out. The others wait
 * for what it keeps. Why so: docs/decisions/0010-oauth-tokens.md.
 */
import { randomUUID } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import { TajoError } from '../../base/error.ts'
import type { Config } from '../../config/index.ts'
import {
  type AccessToken,
  createPipedriveOAuth,
  createTokenSource,
  type PipedriveOAuth,
  type PipedriveTokens,
  type TokenSource,
} from '../../pipedrive/index.ts'
import { claimTokens, dropTokenClaim } from '../../store/index.ts'
import {
  changeStored,
  isAuthorised,
  type PipedriveAuthorisation,
  readStored,
  type StoredCredentials,
  type Vault,
} from '../stored-credentials.ts'
import { appMissing, notAuthorised } from './oauth-errors.ts'

/** Far longer than a token request may take: who holds a claim for so long is dead. */
const CLAIM_SECONDS = 60
const LOOK_MS = 100

export type PipedriveApp = { readonly oauth: PipedriveOAuth; readonly clientId: string }

/** The app of the configuration; close its `oauth`. Throws `oauth_app_missing`. */
export function openPipedriveApp({ pipedrive }: Config, clock: Clock): PipedriveApp {
  if (pipedrive.oauth === null) throw appMissing()
  const { clientId } = pipedrive.oauth
  return {
    clientId,
    oauth: createPipedriveOAuth({ ...pipedrive.oauth, oauthUrl: pipedrive.oauthUrl, clock }),
  }
}

export type StoredTokensOptions = {
  readonly stored: { readonly vault: Vault }
  readonly app: PipedriveApp
  readonly clock: Clock
}

/** Throws `pipedrive_uninstalled` and `config_not_connected` when the authorisation has gone, and what Pipedrive refuses. */
export function createStoredTokens({ stored: { vault }, app, clock }: StoredTokensOptions): TokenSource {
  const claim = { connection: vault.connection, connector: 'pipedrive', holder: randomUUID() }
  /** What Pipedrive gave and the store would not take: the old refresh token may be worth nothing by now. */
  let unkept: { spent: string; tokens: PipedriveTokens } | null = null

  const keep = async (): Promise<void> => {
    if (unkept === null) return
    const { spent, tokens } = unkept
    await changeStored(vault, (stored) => withTokens(stored, spent, tokens))
    unkept = null
  }
  const spend = async (current: PipedriveAuthorisation): Promise<void> => {
    try {
      unkept = { spent: current.refreshToken, tokens: await app.oauth.refresh(current.refreshToken) }
    } catch (error) {
      // Another installation of the same store may have been faster in spite of all claims: then there are newer ones.
      const isRefused = error instanceof TajoError && error.code === 'pipedrive_grant_refused'
      const kept = isRefused ? await readAuthorised(vault, app) : current
      if (kept.refreshToken === current.refreshToken) throw error
      return
    }
    await keep()
  }
  return createTokenSource({
    clock,
    async renew(refused) {
      for (;;) {
        await keep()
        const kept = fresh(await readAuthorised(vault, app), refused, clock)
        if (kept !== null) return kept
        if (!(await claimTokens(vault.store.db, claim, CLAIM_SECONDS))) {
          await clock.sleep(LOOK_MS)
          continue
        }
        try {
          // Between the look and the claim somebody may have ended his.
          const current = await readAuthorised(vault, app)
          if (fresh(current, refused, clock) === null) await spend(current)
        } finally {
          await dropTokenClaim(vault.store.db, claim)
        }
      }
    },
  })
}

/** Null while another authorisation, or none, has taken its place. */
function withTokens(
  stored: StoredCredentials,
  spent: string,
  { refreshToken, access, scopes, apiDomain }: PipedriveTokens,
): StoredCredentials | null {
  const { pipedrive } = stored
  if (!isAuthorised(pipedrive) || pipedrive.refreshToken !== spent) return null
  const kept = {
    refreshToken,
    access: toStoredAccess(access),
    scopes: scopes ?? pipedrive.scopes,
    apiUrl: apiDomain ?? pipedrive.apiUrl,
  }
  return { ...stored, pipedrive: { ...pipedrive, ...kept } }
}

export function toStoredAccess({ token, renewAt, expiresAt }: AccessToken): PipedriveAuthorisation['access'] {
  return { token, renewAt: renewAt.toISOString(), expiresAt: expiresAt.toISOString() }
}

function fresh({ access }: PipedriveAuthorisation, refused: string | null, clock: Clock): AccessToken | null {
  const [renewAt, expiresAt] = [new Date(access.renewAt), new Date(access.expiresAt)]
  return access.token !== refused && renewAt > clock.now()
    ? { token: access.token, renewAt, expiresAt }
    : null
}

async function readAuthorised(
  { store, connection, box }: Vault,
  app: PipedriveApp,
): Promise<PipedriveAuthorisation> {
  const stored = await readStored(store, connection, box)
  if (!isAuthorised(stored.pipedrive) || stored.pipedrive.clientId !== app.clientId)
    throw notAuthorised(stored, app.clientId)
  return stored.pipedrive
}
