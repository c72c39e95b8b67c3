/**
 * The token endpoint of an OAuth 2.0 server: codes, refresh tokens and a machine's own credentials against access tokens,
 * and revoking. Every call is made once: whether a lost answer may be asked for again is for the caller to know.
 */
import * as oauth from 'oauth4webapi'
import type { Clock } from '../base/clock.ts'
import type { ApiCall, Verdict } from './api-caller.ts'
import { ApiError } from './api-error.ts'
import { createRedactor, redactDeep } from './redact.ts'
import { createSender, type HttpAnswer, type HttpMethod } from './send.ts'
import { SendFault } from './send-fault.ts'

type CallFacts = Pick<ApiCall, 'method' | 'shownPath'>

export type TokenEndpointOptions = {
  readonly vendor: string
  readonly tokenUrl: string
  readonly revokeUrl?: string | undefined
  readonly clientId: string
  readonly clientSecret: string
  /** Where the credentials of the app go: HTTP Basic, or the form. */
  readonly clientAuth: 'basic' | 'form'
  /** Of every answer but 200. */
  readonly judgeAnswer: (answer: HttpAnswer, call: CallFacts, now: Date) => Verdict
  readonly judgeFault: (fault: SendFault, call: CallFacts) => Verdict
  /** Of a 200 that is no token answer; `reason` has no values in it. */
  readonly judgeUnusable: (reason: string, call: CallFacts) => Verdict
  readonly clock: Clock
  readonly timeoutMs: number
}

export type TokenAnswer = {
  readonly accessToken: string
  readonly refreshToken: string | null
  /** Null where the server says nothing; it is then told by 401. */
  readonly lifetimeMs: number | null
  /** Null where the server says nothing. */
  readonly scopes: readonly string[] | null
  /** What the server adds, such as an address. */
  readonly more: Readonly<Record<string, unknown>>
}

export type TokenEndpoint = {
  exchange(code: string, redirectUri: string): Promise<TokenAnswer>
  refresh(refreshToken: string): Promise<TokenAnswer>
  clientCredentials(scope: string | null): Promise<TokenAnswer>
  /** Resolves when the server took it, which it does for unknown tokens too. */
  revoke(token: string): Promise<void>
  close(): Promise<void>
}

export function createTokenEndpoint(options: TokenEndpointOptions): TokenEndpoint {
  const url = new URL(options.tokenUrl)
  const server: oauth.AuthorizationServer = {
    issuer: url.origin,
    token_endpoint: options.tokenUrl,
    ...(options.revokeUrl === undefined ? {} : { revocation_endpoint: options.revokeUrl }),
  }
  const client: oauth.Client = { client_id: options.clientId }
  const authentication =
    options.clientAuth === 'basic'
      ? oauth.ClientSecretBasic(options.clientSecret)
      : oauth.ClientSecretPost(options.clientSecret)
  const sender = createSender({ origin: url.origin, connections: 2, maxBodyBytes: 1024 * 1024 })

  /** `secrets` may be echoed, and never reach an error. */
  const through = (secrets: readonly string[]) => ({
    // Addresses were checked where they were configured: only loopback may be plain http.
    [oauth.allowInsecureRequests]: url.protocol === 'http:',
    [oauth.customFetch]: (address: string, init: FetchInit) =>
      send(options, sender, address, init, [options.clientSecret, ...secrets]),
  })
  const asked = async (
    request: Promise<Response>,
    read: (response: Response) => Promise<oauth.TokenEndpointResponse>,
  ): Promise<TokenAnswer> => {
    const response = await request
    try {
      return toTokenAnswer(await read(response))
    } catch (error) {
      if (!(error instanceof oauth.OperationProcessingError || error instanceof oauth.ResponseBodyError))
        throw error
      const call = { method: 'POST', shownPath: url.pathname } as const
      throw toError(options, call, options.judgeUnusable(error.message, call), 200, (text) => text)
    }
  }
  return {
    async exchange(code, redirectUri) {
      const parameters = oauth.validateAuthResponse(
        server,
        client,
        new URLSearchParams({ code }),
        oauth.skipStateCheck,
      )
      return asked(
        oauth.authorizationCodeGrantRequest(
          server,
          client,
          authentication,
          parameters,
          redirectUri,
          oauth.nopkce,
          through([code]),
        ),
        (response) => oauth.processAuthorizationCodeResponse(server, client, response),
      )
    },
    refresh: (refreshToken) =>
      asked(
        oauth.refreshTokenGrantRequest(server, client, authentication, refreshToken, through([refreshToken])),
        (response) => oauth.processRefreshTokenResponse(server, client, response),
      ),
    clientCredentials: (scope) =>
      asked(
        oauth.clientCredentialsGrantRequest(
          server,
          client,
          authentication,
          scope === null ? {} : { scope },
          through([]),
        ),
        (response) => oauth.processClientCredentialsResponse(server, client, response),
      ),
    async revoke(token) {
      await oauth.revocationRequest(server, client, authentication, token, {
        ...through([token]),
        additionalParameters: { token_type_hint: 'refresh_token' },
      })
    },
    close: () => sender.close(),
  }
}

type FetchInit = { body?: unknown; headers: Record<string, string>; method: string }

/** Oauth4webapi's fetch over our own sender: its limits hold here too, and every failure is judged in one place. */
async function send(
  options: TokenEndpointOptions,
  sender: ReturnType<typeof createSender>,
  address: string,
  { body, headers, method }: FetchInit,
  secrets: readonly string[],
): Promise<Response> {
  const { pathname, search } = new URL(address)
  const call: CallFacts = { method: method as HttpMethod, shownPath: pathname }
  const redact = createRedactor([...secrets, headers.authorization ?? ''])
  try {
    const answer = await sender.send({
      method: call.method,
      target: pathname + search,
      headers,
      body: body instanceof URLSearchParams ? body.toString() : undefined,
      timeoutMs: options.timeoutMs,
    })
    if (answer.status !== 200) {
      const clean = { ...answer, body: redactDeep(answer.body, redact) }
      const verdict = options.judgeAnswer(clean, call, options.clock.now())
      throw toError(options, call, verdict, answer.status, redact)
    }
    const value = answer.body.kind === 'json' ? answer.body.value : null
    return Response.json(value)
  } catch (error) {
    if (!(error instanceof SendFault)) throw error
    throw toError(options, call, options.judgeFault(error, call), 0, redact)
  }
}

function toError(
  { vendor }: TokenEndpointOptions,
  call: CallFacts,
  verdict: Verdict,
  status: number,
  redact: (text: string) => string,
): ApiError {
  return new ApiError({
    ...verdict,
    vendor,
    message: redact(verdict.message),
    method: call.method,
    path: call.shownPath,
    status,
    applied: verdict.applied ?? 'maybe',
  })
}

function toTokenAnswer({
  access_token,
  refresh_token,
  expires_in,
  scope,
  token_type: _,
  id_token: __,
  ...more
}: oauth.TokenEndpointResponse): TokenAnswer {
  return {
    accessToken: access_token,
    refreshToken: refresh_token ?? null,
    lifetimeMs: expires_in === undefined ? null : expires_in * 1000,
    // The standard divides by spaces, Pipedrive by commas.
    scopes: scope === undefined ? null : scope.split(/[\s,]+/).filter((part) => part !== ''),
    more,
  }
}
