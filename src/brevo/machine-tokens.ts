/**
 * Access tokens for machines: a private app's own credentials against a token for about an hour, kept in memory only
 * ({@link https://developers.brevo.com/docs/oauth-m2m-authentication}). There is no refresh token and no user.
 */
import { type Clock, systemClock } from '../base/clock.ts'
import {
  createTokenEndpoint,
  createTokenSource,
  type HttpAnswer,
  lifeOf,
  type TokenSource,
  type Verdict,
} from '../transport/index.ts'
import { judgeBrevoAnswer, judgeBrevoFault } from './errors.ts'

export type BrevoMachine = {
  readonly clientId: string
  readonly clientSecret: string
  /** Scopes to ask for, divided by spaces; null: all that the app has. */
  readonly scope: string | null
}

export type BrevoMachineOptions = BrevoMachine & {
  /** `https://api.brevo.com`, without path. */
  oauthUrl: string
  clock?: Clock | undefined
  /** Default 15,000. */
  timeoutMs?: number | undefined
}

const TOKEN_PATH = '/realms/partner/oauth/token'
/** Of a token; Brevo tells, this is for an answer that does not. */
const LIFETIME_MS = 60 * 60_000
const REMEDY = 'copy client id and secret anew from the app (`brevo app create --m2m`), and connect again.'

export function createBrevoMachineTokens(options: BrevoMachineOptions): TokenSource {
  const { clock = systemClock, scope } = options
  const base = options.oauthUrl.replace(/\/+$/, '')
  const facts = (call: { method: string; shownPath: string }) => ({ ...call, windows: [] })
  return createTokenSource({
    clock,
    // A connection once in an hour is not worth keeping: nobody has to close the source.
    async renew() {
      const endpoint = createTokenEndpoint({
        vendor: 'brevo',
        tokenUrl: base + TOKEN_PATH,
        clientId: options.clientId,
        clientSecret: options.clientSecret,
        clientAuth: 'form',
        judgeAnswer: (answer, call, now) => judgeTokenAnswer(answer, facts(call), now),
        judgeFault: (fault, call) => judgeBrevoFault(fault, base, facts(call)),
        judgeUnusable: (reason) => unusable(reason),
        clock,
        timeoutMs: options.timeoutMs ?? 15_000,
      })
      try {
        const { accessToken, lifetimeMs } = await endpoint.clientCredentials(scope)
        return lifeOf(accessToken, lifetimeMs ?? LIFETIME_MS, clock.now())
      } finally {
        await endpoint.close()
      }
    },
  })
}

function judgeTokenAnswer(
  answer: HttpAnswer,
  call: { method: string; shownPath: string; windows: readonly string[] },
  now: Date,
): Verdict {
  const value = answer.body.kind === 'json' ? (answer.body.value as Record<string, unknown> | null) : null
  const read = (name: string): string | null => {
    const text = value?.[name]
    return typeof text === 'string' ? text.slice(0, 500) : null
  }
  const code = read('error')
  const isRefusal = [400, 401, 403].includes(answer.status) && code !== null
  if (!isRefusal) return judgeBrevoAnswer(answer, call, now) ?? unusable(`status ${answer.status}`)
  const words = read('error_description') ?? read('message') ?? code
  return {
    code: code === 'invalid_scope' ? 'brevo_scope_refused' : 'brevo_app_refused',
    disposition: 'pause',
    message: `Brevo's token endpoint refused (${words}): ${
      code === 'invalid_scope'
        ? 'give the app these scopes in Brevo, or take them out of brevo.oauth.scope.'
        : REMEDY
    }`,
    vendorCode: code,
    vendorMessage: words,
    applied: 'no',
  }
}

function unusable(reason: string): Verdict {
  return {
    code: 'brevo_answer_invalid',
    disposition: 'retry',
    message: `Brevo's token endpoint did not answer with a usable token (${reason}): it is asked again later; check for a proxy in between if this stays.`,
  }
}
