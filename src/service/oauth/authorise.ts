/**
 * The way of one authorisation: a ticket that only whoever may connect accounts gets, a state that only the browser that
 * used the ticket can bring back, once, and a code against tokens. Until the last step nothing is stored but hashes.
 */
import { createHash, randomBytes } from 'node:crypto'
import { type Clock, systemClock } from '../../base/clock.ts'
import { asError, TajoError } from '../../base/error.ts'
import { type Config, isSecureUrl } from '../../config/index.ts'
import { createPipedriveClient, type PipedriveTokens } from '../../pipedrive/index.ts'
import {
  addAuthorisation,
  endAuthorisation,
  findAuthorisation,
  readAuthorisation,
  startAuthorisation,
  takeAuthorisation,
} from '../../store/index.ts'
import { describePipedrive } from '../describe-account.ts'
import type { ConnectorView } from '../service-face.ts'
import { changeStored, type PipedriveAuthorisation, type Vault } from '../stored-credentials.ts'
import { tellServer } from '../tell-server.ts'
import {
  addressUnusable,
  appMissing,
  consentDenied,
  noCallback,
  stateExpired,
  stateForeign,
  stateUnknown,
  ticketInvalid,
  wrongCompany,
} from './oauth-errors.ts'
import type { OAuth, OAuthBrowser } from './oauth-face.ts'
import { missingScopes, scopesText } from './scopes.ts'
import { openPipedriveApp, type PipedriveApp, toStoredAccess } from './stored-tokens.ts'
import { uninstall } from './uninstall.ts'

export type OAuthContext = Vault & {
  readonly config: Config
  readonly clock: Clock
  /** Where a browser on this machine finds the running server; null: none runs in this process. */
  readonly servedAt: () => string | null
  readonly onConnected: () => Promise<void>
  /** The connection has lost its account; the error says why. */
  readonly onLost: (error: TajoError) => Promise<void>
}

const TICKET_MS = 10 * 60_000
const LOOK_MS = 300

export function createOAuth(context: OAuthContext): OAuth {
  const { store, config, clock, connection, servedAt } = context
  return {
    async begin({ localUrl } = {}) {
      if (config.pipedrive.oauth === null) throw appMissing()
      const served = servedAt()
      const base = config.server.publicUrl ?? served ?? localUrl
      // Without a public address only this machine may be called back: a code must not travel in plain text.
      if (base === undefined || !isSecureUrl(base)) throw noCallback()
      const ticket = randomText()
      const redirectUri = `${base}/oauth/pipedrive/callback`
      const expiresAt = new Date(clock.now().getTime() + TICKET_MS)
      const id = hashOf(ticket)
      await addAuthorisation(store.db, { id, connection, redirect_uri: redirectUri, expires_at: expiresAt })
      return {
        id,
        url: `${base}/oauth/pipedrive/start?ticket=${ticket}`,
        redirectUri,
        expiresAt: expiresAt.toISOString(),
        served: served !== null,
      }
    },
    async wait(id, { signal } = {}) {
      for (;;) {
        const row = await readAuthorisation(store.db, id)
        if (row?.outcome === 'connected') return JSON.parse(row.message ?? '') as ConnectorView
        if (row?.outcome === 'failed') throw notConnected(row.message ?? '')
        if (row === undefined || row.expires_at <= clock.now())
          throw notConnected('nobody gave the consent within ten minutes')
        // A person acts meanwhile, in his own time.
        await systemClock.sleep(LOOK_MS, signal)
      }
    },
    browser: {
      start: (ticket) => start(context, ticket),
      finish: (answer) => finish(context, answer),
      uninstall: (notice) => uninstall(context, notice),
    },
  }
}

async function start(
  { store, config, clock }: OAuthContext,
  ticket: string,
): ReturnType<OAuthBrowser['start']> {
  const app = openPipedriveApp(config, clock)
  try {
    const [state, cookie] = [randomText(), randomText()]
    const hashes = { state: hashOf(state), browser: hashOf(cookie) }
    const row = await startAuthorisation(store.db, hashOf(ticket), hashes, clock.now())
    if (row === undefined) throw ticketInvalid()
    return {
      location: app.oauth.consentUrl({ redirectUri: row.redirect_uri, state }),
      cookie,
      secure: row.redirect_uri.startsWith('https:'),
      maxAgeSeconds: TICKET_MS / 1000,
    }
  } finally {
    await app.oauth.close()
  }
}

async function finish(
  context: OAuthContext,
  { state, code, error, cookie }: Parameters<OAuthBrowser['finish']>[0],
): Promise<ConnectorView> {
  const { store, clock } = context
  const row = state === null ? undefined : await findAuthorisation(store.db, hashOf(state))
  if (row === undefined || state === null || row.taken_at !== null) throw stateUnknown()
  if (cookie === null || row.browser !== hashOf(cookie)) throw stateForeign()
  if (row.expires_at <= clock.now()) throw stateExpired()
  // The one step that decides: of two that come with the same state, one gets past it.
  const taken = await takeAuthorisation(
    store.db,
    { state: hashOf(state), browser: hashOf(cookie) },
    clock.now(),
  )
  if (!taken) throw stateUnknown()
  let view: ConnectorView
  try {
    if (error !== null || code === null) throw consentDenied()
    view = await connect(context, code, row.redirect_uri)
    await endAuthorisation(store.db, row.id, 'connected', JSON.stringify(view))
  } catch (thrown) {
    await endAuthorisation(store.db, row.id, 'failed', asError(thrown).message)
    throw thrown
  }
  return tellServer(context.onConnected, view)
}

async function connect(context: OAuthContext, code: string, redirectUri: string): Promise<ConnectorView> {
  const { config, clock } = context
  const app = openPipedriveApp(config, clock)
  try {
    const tokens = await app.oauth.exchange(code, redirectUri)
    const { authorisation, detail } = await look(context, app, tokens)
    await changeStored(context, ({ uninstalledAt: _, ...stored }) => ({
      ...stored,
      pipedrive: authorisation,
    }))
    const missing = missingScopes(config, tokens.scopes)
    const notes = [
      ...(missing.length === 0
        ? []
        : [`the app lacks ${scopesText(missing)}: add it in the Developer Hub and connect again`]),
      ...(config.pipedrive.apiToken === null
        ? []
        : ['the API token of the configuration is used as long as it stands there']),
    ]
    return {
      name: 'pipedrive',
      credentials: 'stored',
      apiUrl: authorisation.apiUrl,
      state: 'ok',
      detail: [detail, ...notes].join('; '),
    }
  } finally {
    await app.oauth.close()
  }
}

/** Whose account it is. What belongs to another company than the configured one is given back at once. */
async function look(
  { config, clock }: OAuthContext,
  { oauth, clientId }: PipedriveApp,
  { access, refreshToken, scopes, apiDomain }: PipedriveTokens,
): Promise<{ authorisation: PipedriveAuthorisation; detail: string }> {
  const { companyDomain, apiUrl: configuredUrl, apiVersion } = config.pipedrive
  const apiUrl = apiDomain !== null && isSecureUrl(apiDomain) ? apiDomain : configuredUrl
  if (apiUrl === null) throw addressUnusable()
  const client = createPipedriveClient({
    apiUrl,
    credential: { accessToken: async () => access.token },
    apiVersion,
    clock,
  })
  try {
    const me = await client.users.me({ lane: 'interactive' })
    const found = me.company_domain?.toLowerCase() ?? null
    if (companyDomain !== null && found !== null && found !== companyDomain) {
      await oauth.revoke(refreshToken).catch(() => {})
      throw wrongCompany(companyDomain, found)
    }
    return {
      detail: describePipedrive(me, client.budget()),
      authorisation: {
        refreshToken,
        access: toStoredAccess(access),
        scopes,
        apiUrl,
        clientId,
        companyId: me.company_id ?? null,
        userId: me.id,
        since: clock.now().toISOString(),
      },
    }
  } finally {
    await client.close()
  }
}

function notConnected(why: string): TajoError {
  return new TajoError({ code: 'oauth_not_connected', message: `Pipedrive was not connected: ${why}` })
}

/** 256 bits: nobody guesses it. */
function randomText(): string {
  return randomBytes(32).toString('base64url')
}

/** What is kept of a ticket, a state or a cookie. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
