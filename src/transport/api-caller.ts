/**
 * Sends one vendor call through governor, sender and retries, and turns every failure into an `ApiError` in one place,
 * freed of credentials. Knows no vendor: a `VendorRules` tells what an answer means.
 */
import type { Clock } from '../base/clock.ts'
import { type Disposition, type ErrorDetails, TajoError } from '../base/error.ts'
import { ApiError, type Applied } from './api-error.ts'
import type { Governor, Permit } from './governor.ts'
import type { Lane } from './lane.ts'
import { type LimitNews, NO_NEWS } from './limit-news.ts'
import { createRedactor, redactDeep } from './redact.ts'
import { type Attempted, withRetries } from './retry.ts'
import type { HttpAnswer, HttpMethod, Sender } from './send.ts'
import { SendFault } from './send-fault.ts'

export type ApiCall = {
  method: HttpMethod
  /** Filled in, with query: what goes over the wire. */
  target: string
  /** For errors: no query, no personal data. */
  shownPath: string
  /** JSON text. */
  body?: string | undefined
  idempotent: boolean
  windows: readonly string[]
  tokens: number
  lane?: Lane | undefined
  signal?: AbortSignal | undefined
  timeoutMs?: number | undefined
}

/** What a vendor makes of a failed call; the caller adds the facts of the call. */
export type Verdict = {
  code: string
  message: string
  disposition: Disposition
  vendorCode?: string | null
  vendorMessage?: string | null
  metadata?: unknown
  notBefore?: Date | undefined
  /** Default: `maybe` for a write that was answered with 5xx or whose answer is unreadable, else `no`. */
  applied?: Applied
  details?: ErrorDetails
}

export type VendorRules = {
  vendor: string
  /** Asked anew for every sending, because tokens expire. */
  credentialHeaders(): Promise<Readonly<Record<string, string>>>
  /** After a 401 to these headers: whether the next ones will be others. Left out: they never are. */
  renewCredential?(refused: Readonly<Record<string, string>>): boolean
  /** Undefined when the answer is good. Must not throw. */
  judgeAnswer(answer: HttpAnswer, call: ApiCall, now: Date): Verdict | undefined
  judgeFault(fault: SendFault, call: ApiCall): Verdict
  limitNews(answer: HttpAnswer, call: ApiCall, now: Date): LimitNews
  /** The header that names a request in the vendor's logs. */
  requestIdHeader?: string
}

export type ApiCallerOptions = {
  rules: VendorRules
  sender: Sender
  governor: Governor
  clock: Clock
  random: () => number
  timeoutMs: number
  userAgent: string
  /** Called for each request that left. */
  onSent?: (call: ApiCall) => void
  /** Called for each answer with its status, and with 0 where none came to a request that left. */
  onAnswer?: (status: number) => void
}

export type ApiCaller = { call(call: ApiCall): Promise<HttpAnswer> }

export function createApiCaller(options: ApiCallerOptions): ApiCaller {
  return {
    call(call) {
      let renewed = false
      const attempt = async (number: number): Promise<Attempted<HttpAnswer>> => {
        const { credential, ...outcome } = await attemptOnce(options, call, number)
        if (outcome.ok || renewed || outcome.error.status !== 401) return outcome
        // What was refused for its credential was not applied, so any call may go again; once, with another one.
        if (!options.rules.renewCredential?.(credential)) return outcome
        renewed = true
        return attempt(number + 1)
      }
      return withRetries(attempt, {
        idempotent: call.idempotent,
        clock: options.clock,
        random: options.random,
        signal: call.signal,
      })
    },
  }
}

async function attemptOnce(
  options: ApiCallerOptions,
  call: ApiCall,
  attempts: number,
): Promise<Attempted<HttpAnswer> & { credential: Readonly<Record<string, string>> }> {
  const permit = await options.governor.acquire({
    windows: call.windows,
    tokens: call.tokens,
    lane: call.lane ?? 'interactive',
    signal: call.signal,
  })
  const { answer, fault, redact, credential } = await sendWithPermit(options, call, permit)
  if (answer || fault.sent === 'maybe') options.onAnswer?.(answer?.status ?? 0)
  const { rules } = options
  const now = options.clock.now()
  if (answer && !rules.judgeAnswer(answer, call, now)) return { ok: true, value: answer, credential }
  // Judged again without credentials that the server may have echoed, so that none reaches the error.
  const verdict = answer
    ? rules.judgeAnswer(withoutCredentials(answer, redact), call, now)
    : rules.judgeFault(fault, call)
  const problem = verdict ?? unjudged(rules.vendor)
  return {
    ok: false,
    credential,
    final: fault?.kind === 'closed',
    error: new ApiError({
      ...problem,
      vendor: rules.vendor,
      message: redact(problem.message),
      method: call.method,
      path: call.shownPath,
      status: answer?.status ?? 0,
      requestId: redact((rules.requestIdHeader && answer?.headers[rules.requestIdHeader]) || '') || null,
      attempts,
      applied: call.method === 'GET' ? 'no' : (problem.applied ?? presumedApplied(answer, fault)),
      // The fault's own words name hosts and ports, never headers.
      ...(fault ? { cause: new Error(redact(fault.message)) } : {}),
    }),
  }
}

type Sent = { redact: (text: string) => string; credential: Readonly<Record<string, string>> } & (
  | { answer: HttpAnswer; fault?: undefined }
  | { answer?: undefined; fault: SendFault }
)

async function sendWithPermit(options: ApiCallerOptions, call: ApiCall, permit: Permit): Promise<Sent> {
  let sent = false
  try {
    const credential = await options.rules.credentialHeaders()
    const redact = createRedactor(Object.values(credential))
    try {
      const answer = await options.sender.send({
        method: call.method,
        target: call.target,
        headers: {
          accept: 'application/json',
          'user-agent': options.userAgent,
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...credential,
        },
        body: call.body,
        signal: call.signal,
        timeoutMs: call.timeoutMs ?? options.timeoutMs,
        onSent: () => {
          sent = true
          permit.sent()
          options.onSent?.(call)
        },
      })
      permit.settle(options.rules.limitNews(answer, call, options.clock.now()))
      return { answer, redact, credential }
    } catch (error) {
      if (error instanceof SendFault) return { fault: error, redact, credential }
      throw error
    }
  } finally {
    // Both do nothing when the permit is settled already.
    if (sent) permit.settle(NO_NEWS)
    else permit.giveBack()
  }
}

function presumedApplied(answer: HttpAnswer | undefined, fault: SendFault | undefined): Applied {
  if (fault) return fault.sent
  const status = answer?.status ?? 0
  return status >= 500 || (status >= 200 && status < 300) ? 'maybe' : 'no'
}

function withoutCredentials(answer: HttpAnswer, redact: (text: string) => string): HttpAnswer {
  return { ...answer, body: redactDeep(answer.body, redact) }
}

function unjudged(vendor: string): never {
  throw new TajoError({
    code: `${vendor}_unjudged`,
    message: `A failed ${vendor} call was left without a verdict; please report this.`,
  })
}
