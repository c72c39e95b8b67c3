/**
 * What Pipedrive's OAuth server remembers: apps, codes, grants and access tokens, on the account's clock
 * (https://pipedrive.readme.io/docs/marketplace-oauth-authorization). Knows no HTTP; refuses with the vendor's words.
 */
import type { Clock } from '../../base/clock.ts'
import { type Random, seededRandom } from '../kit/random.ts'
import type { SeedUser } from './seed.ts'
import type { PipedriveSwitches } from './switches.ts'

export type PipedriveApp = {
  clientId: string
  clientSecret: string
  name: string
  /** The callback URL of the Developer Hub; null: any address on loopback, for the sandbox. */
  redirectUri: string | null
  /** `base` belongs to all. */
  scopes: readonly string[]
}

export const SANDBOX_APP: PipedriveApp = {
  clientId: 'sandbox-client',
  clientSecret: 'sandbox-client-secret',
  name: 'Sandbox app',
  redirectUri: null,
  scopes: [
    'deals:full',
    'contacts:full',
    'activities:full',
    'leads:full',
    'users:read',
    'recents:read',
    'search:read',
    'webhooks:full',
    'contact-fields:full',
    'deal-fields:full',
    'admin',
  ],
}

export type OAuthRefusal = { error: string; message: string }

export type TokenAnswer = { accessToken: string; refreshToken: string; scope: string; expiresIn: number }

type Grant = {
  app: PipedriveApp
  userId: number
  scopes: readonly string[]
  redirectUri: string
  refreshToken: string
  /** The refresh token is good until then; every use moves it on. */
  refreshUntil: number
}
type Code = { app: PipedriveApp; userId: number; redirectUri: string; until: number; isUsed: boolean }
type Access = { grant: Grant; until: number }

const CODE_MS = 5 * 60_000
const ACCESS_MS = 60 * 60_000
const REFRESH_MS = 60 * 86_400_000

export class OAuthServer {
  readonly #clock: Clock
  readonly #switches: PipedriveSwitches
  readonly #users: ReadonlyMap<number, SeedUser>
  readonly #random: Random
  readonly #apps = new Map<string, PipedriveApp>()
  readonly #codes = new Map<string, Code>()
  readonly #grants = new Set<Grant>()
  readonly #access = new Map<string, Access>()

  constructor(parts: {
    clock: Clock
    switches: PipedriveSwitches
    users: ReadonlyMap<number, SeedUser>
    randomSeed: number
  }) {
    this.#clock = parts.clock
    this.#switches = parts.switches
    this.#users = parts.users
    this.#random = seededRandom(parts.randomSeed + 7)
  }

  /** Registers an app, or changes one: its scopes count from the next authorisation on. */
  putApp(app: PipedriveApp): void {
    this.#apps.set(app.clientId, { ...app, scopes: [...app.scopes] })
  }

  app(clientId: string): PipedriveApp | undefined {
    return this.#apps.get(clientId)
  }

  /** A code for an app that a user has consented to; scopes that only administrators can give are left out for others. */
  grantCode(app: PipedriveApp, userId: number, redirectUri: string): string {
    const code = this.#text(40)
    this.#codes.set(code, { app, userId, redirectUri, until: this.#now() + CODE_MS, isUsed: false })
    return code
  }

  exchangeCode(app: PipedriveApp, text: string, redirectUri: string): TokenAnswer | OAuthRefusal {
    const code = this.#codes.get(text)
    if (code === undefined || code.isUsed || code.app.clientId !== app.clientId)
      return invalidGrant('authorization_code is invalid')
    if (code.until <= this.#now()) return invalidGrant('authorization_code has expired')
    if (code.redirectUri !== redirectUri)
      return { error: 'invalid_request', message: 'Invalid request: redirect_uri is invalid' }
    code.isUsed = true
    const isAdmin = this.#users.get(code.userId)?.is_admin === true
    const scopes = ['base', ...app.scopes].filter((scope) => isAdmin || scope !== 'admin')
    // One app has one grant of one user: a second authorisation takes the place of the first.
    this.#dropGrants((grant) => grant.app.clientId === app.clientId && grant.userId === code.userId)
    const grant: Grant = {
      app,
      userId: code.userId,
      scopes: [...new Set(scopes)],
      redirectUri: code.redirectUri,
      refreshToken: this.#refreshToken(code.userId),
      refreshUntil: this.#now() + REFRESH_MS,
    }
    this.#grants.add(grant)
    return this.#answer(grant)
  }

  refresh(app: PipedriveApp, refreshToken: string): TokenAnswer | OAuthRefusal {
    const grant = [...this.#grants].find((each) => each.refreshToken === refreshToken)
    const isGood = grant?.app.clientId === app.clientId && grant.refreshUntil > this.#now()
    if (!grant || !isGood) return invalidGrant('refresh_token is invalid')
    grant.refreshUntil = this.#now() + REFRESH_MS
    if (this.#switches.refreshTokens === 'rotate') grant.refreshToken = this.#refreshToken(grant.userId)
    return this.#answer(grant)
  }

  /** Of an access token only that one ends; of a refresh token the app is uninstalled. Unknown ones change nothing. */
  revoke(app: PipedriveApp, token: string): void {
    this.#access.delete(token)
    this.#dropGrants((grant) => grant.app.clientId === app.clientId && grant.refreshToken === token)
  }

  /** Where an app that this user installed is called back; null when he has not. */
  callbackOf(clientId: string, userId: number): string | null {
    const installed = [...this.#grants].find(
      (grant) => grant.app.clientId === clientId && grant.userId === userId,
    )
    return installed?.redirectUri ?? null
  }

  /** A user takes an app out of his account; true when he had it. */
  uninstall(clientId: string, userId: number): boolean {
    return this.#dropGrants((grant) => grant.app.clientId === clientId && grant.userId === userId) > 0
  }

  /** Every access token ends now, as after a change of the user's password; refresh tokens stay. */
  endAccess(): void {
    this.#access.clear()
  }

  /** Whom an access token speaks for; undefined once it has expired. */
  holderOf(token: string): { user: SeedUser; scopes: readonly string[] } | undefined {
    const access = this.#access.get(token)
    const user = access && access.until > this.#now() ? this.#users.get(access.grant.userId) : undefined
    return access && user ? { user, scopes: access.grant.scopes } : undefined
  }

  #answer(grant: Grant): TokenAnswer {
    const accessToken = `v1u:${this.#text(240)}`
    this.#access.set(accessToken, { grant, until: this.#now() + ACCESS_MS })
    return {
      accessToken,
      refreshToken: grant.refreshToken,
      scope: grant.scopes.join(','),
      expiresIn: ACCESS_MS / 1000 - 1,
    }
  }

  #dropGrants(isMeant: (grant: Grant) => boolean): number {
    const dropped = [...this.#grants].filter(isMeant)
    for (const grant of dropped) this.#grants.delete(grant)
    for (const [token, access] of this.#access) if (dropped.includes(access.grant)) this.#access.delete(token)
    return dropped.length
  }

  #refreshToken(userId: number): string {
    return `1:${userId}:${this.#text(40)}`
  }

  #text(length: number): string {
    return Array.from({ length }, () => this.#random.int(0, 15).toString(16)).join('')
  }

  #now(): number {
    return this.#clock.now().getTime()
  }
}

function invalidGrant(what: string): OAuthRefusal {
  return { error: 'invalid_grant', message: `Invalid grant: ${what}` }
}
