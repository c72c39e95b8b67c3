/**
 * Pipedrive's OAuth server as a client meets it: the address of its consent page, codes and refresh tokens against grants,
 * and revoking. It keeps nothing and repeats nothing; {@link https://pipedrive.readme.io/docs/marketplace-oauth-authorization}
 */
import { type Clock, systemClock } from '../base/clock.ts'
import { TajoError } from '../base/error.ts'
import { isJsonObject } from '../base/json.ts'
import {
  type AccessToken,
  createTokenEndpoint,
  type HttpAnswer,
  lifeOf,
  type TokenAnswer,
  type Verdict,
} from '../transport/index.ts'
import { judgePipedriveAnswer, judgePipedriveFault } from './errors.ts'

export type PipedriveTokens = {
  readonly access: AccessToken
  readonly refreshToken: string
  /** What the user has consented to; null where Pipedrive does not say. */
  readonly scopes: readonly string[] | null
  /** Where the company's data is; null where Pipedrive does not say. */
  readonly apiDomain: string | null
}

export type PipedriveOAuth = {
  /** Where a browser asks the user for consent. The scopes are those of the app's registration. */
  consentUrl(request: { redirectUri: string; state: string }): string
  /** A code works once, for five minutes, with the redirect URI that it was asked for with. */
  exchange(code: string, redirectUri: string): Promise<PipedriveTokens>
  /** Keep the new refresh token before the access token is used: the old one may be worth nothing from now on. */
  refresh(refreshToken: string): Promise<PipedriveTokens>
  /** Takes the app out of the user's account. */
  revoke(refreshToken: string): Promise<void>
  close(): Promise<void>
}

export type PipedriveOAuthOptions = {
  /** `https://oauth.pipedrive.com`, without path. */
  oauthUrl: string
  clientId: string
  clientSecret: string
  clock?: Clock | undefined
  /** Default 15,000. */
  timeoutMs?: number | undefined
}

/** Of an access token; Pipedrive always tells, this is for an answer that does not. */
const LIFETIME_MS = 60 * 60_000

export function createPipedriveOAuth(options: PipedriveOAuthOptions): PipedriveOAuth {
  const clock = options.clock ?? systemClock
  const base = options.oauthUrl.replace(/\/+$/, '')
  const endpoint = createTokenEndpoint({
    vendor: 'pipedrive',
    tokenUrl: `${base}/oauth/token`,
    revokeUrl: `${base}/oauth/revoke`,
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    clientAuth: 'basic',
    judgeAnswer: judgeTokenAnswer,
    judgeFault: (fault, call) => judgePipedriveFault(fault, base, call),
    judgeUnusable: (reason) => unusable(reason),
    clock,
    timeoutMs: options.timeoutMs ?? 15_000,
  })
  return {
    consentUrl({ redirectUri, state }) {
      const url = new URL(`${base}/oauth/authorize`)
      url.searchParams.set('client_id', options.clientId)
      url.searchParams.set('redirect_uri', redirectUri)
      url.searchParams.set('state', state)
      return url.href
    },
    exchange: async (code, redirectUri) => toGrant(await endpoint.exchange(code, redirectUri), null, clock),
    refresh: async (token) => toGrant(await endpoint.refresh(token), token, clock),
    revoke: (token) => endpoint.revoke(token),
    close: () => endpoint.close(),
  }
}

/** An answer without a refresh token leaves the one that was spent in force. */
function toGrant(answer: TokenAnswer, spent: string | null, clock: Clock): PipedriveTokens {
  const refreshToken = answer.refreshToken ?? spent
  if (refreshToken === null) throw new TajoError(unusable('no refresh token'))
  const { api_domain: apiDomain } = answer.more
  return {
    access: lifeOf(answer.accessToken, answer.lifetimeMs ?? LIFETIME_MS, clock.now()),
    refreshToken,
    scopes: answer.scopes,
    apiDomain: typeof apiDomain === 'string' ? apiDomain : null,
  }
}

function unusable(reason: string) {
  return {
    code: 'pipedrive_answer_invalid',
    disposition: 'retry',
    message: `Pipedrive's OAuth server did not answer with usable tokens (${reason}): it is asked again later; check for a proxy in between if this stays.`,
  } satisfies Verdict
}

/** Every refusal is a 400; the words tell them apart, and where they stand is not documented. */
function judgeTokenAnswer(
  answer: HttpAnswer,
  call: { method: string; shownPath: string },
  now: Date,
): Verdict {
  const { code: vendorCode, message: vendorMessage } = refusalWords(answer)
  const text = `${vendorCode} ${vendorMessage}`
  const said = `Pipedrive's OAuth server refused (${vendorMessage ?? answer.status})`
  const make = (code: string, remedy: string): Verdict => ({
    code: `pipedrive_${code}`,
    disposition: 'pause',
    message: `${said}: ${remedy}`,
    vendorCode,
    vendorMessage,
    applied: 'no',
  })
  const isRefusal = [400, 401, 403].includes(answer.status) && answer.body.kind === 'json'
  if (!isRefusal) {
    const verdict = judgePipedriveAnswer(answer, call, now)
    return verdict ?? unusable(`status ${answer.status}`)
  }
  if (/invalid.client/i.test(text)) {
    return make(
      'app_refused',
      'client id and secret are not those of an app; copy both anew from the Developer Hub.',
    )
  }
  if (/redirect/i.test(text)) {
    return make(
      'redirect_refused',
      "the callback URL is not the one in the Developer Hub; make the app's callback URL and server.public_url agree.",
    )
  }
  if (/authorization_code/i.test(text))
    return make('code_refused', 'the code was used before or is too old; start the authorisation again.')
  if (/invalid.grant/i.test(text)) {
    return make(
      'grant_refused',
      'the consent has ended: it was withdrawn, was not used for sixty days, or its tokens were used by another installation; run `tajo connectors connect pipedrive --oauth` again.',
    )
  }
  return make('token_refused', 'run `tajo connectors connect pipedrive --oauth` again.')
}

/** `error` is a code or the words themselves; the words then stand in `message` or `error_description`. */
function refusalWords({ body }: HttpAnswer): { code: string | null; message: string | null } {
  const value = body.kind === 'json' && isJsonObject(body.value) ? body.value : {}
  const texts = [value.message, value.error_description, value.error].filter(
    (text): text is string => typeof text === 'string' && text !== '',
  )
  return {
    code: typeof value.error === 'string' ? value.error.slice(0, 100) : null,
    message: texts[0]?.slice(0, 500) ?? null,
  }
}
