/**
 * Turns what Pipedrive answered, or failed to answer, into a verdict: code, remedy, and what should happen next. The
 * table is written out in NOTES.md. Never throws.
 */
import { isJsonObject, type JsonObject } from '../base/json.ts'
import type { HttpAnswer, SendFault, Verdict } from '../transport/index.ts'
import { headerNumber, readRetryAfter } from '../transport/index.ts'
import { scopeOf } from './scopes.ts'

type CallFacts = { method: string; shownPath: string }

/** How long we stay away after Cloudflare's 403 page when nothing says when it ends: nobody documents it. */
const BLOCKED_MS = 10 * 60_000
const BURST_WINDOW_MS = 2_000

/** Undefined when the answer is a good one. */
export function judgePipedriveAnswer(answer: HttpAnswer, call: CallFacts, now: Date): Verdict | undefined {
  const { status, body } = answer
  if (status >= 200 && status < 300) return judgeSuccess(answer, call)
  const words = vendorWords(answer)
  const facts = { vendorCode: words.code, vendorMessage: words.message }
  const said = `Pipedrive answered ${call.method} ${call.shownPath} with ${status}${words.message ? ` (${words.message})` : ''}`
  const make = (
    code: string,
    disposition: Verdict['disposition'],
    remedy: string,
    more: Partial<Verdict> = {},
  ) =>
    ({
      code: `pipedrive_${code}`,
      disposition,
      message: `${said}: ${remedy}`,
      ...facts,
      ...more,
    }) satisfies Verdict
  const retryAfter = readRetryAfter(answer.headers['retry-after'], now)

  if (status === 429) return judgeLimit(answer, said, facts, now)
  if (status >= 500 && status !== 501) {
    return make('unavailable', 'retry', 'Pipedrive has trouble; the call is repeated later.', {
      notBefore: retryAfter,
    })
  }
  if (status === 408 || status === 425) {
    return make('unavailable', 'retry', 'the call is repeated later.', {
      notBefore: retryAfter,
      applied: 'no',
    })
  }
  if (status >= 300 && status < 400)
    return make('wrong_address', 'pause', 'check the company domain in the settings.')
  switch (status) {
    case 401:
      return make('unauthorized', 'pause', 'enter a valid API token, or connect the account again.')
    case 402:
      return make('plan_lapsed', 'pause', 'the Pipedrive account is not open; renew its plan.')
    case 403:
      return judgeForbidden(
        answer,
        scopeOf(call.method, call.shownPath),
        make,
        words,
        retryAfter ?? new Date(now.getTime() + BLOCKED_MS),
      )
    case 404:
      if (body.kind !== 'json') {
        return make('wrong_address', 'pause', 'there is no API under this address; check the company domain.')
      }
      return make('not_found', 'reject', 'it was deleted, or this user may not see it.')
    case 410:
      return make('gone', 'reject', 'Pipedrive has withdrawn this; if apiVersion is v1, use v2.')
    case 415:
      return make(
        'feature_missing',
        'reject',
        'switch the feature on in Pipedrive, or leave it out of the settings.',
      )
    default:
      return make('rejected', 'reject', 'correct the values it names and send it again.')
  }
}

export function judgePipedriveFault(fault: SendFault, address: string, call: CallFacts): Verdict {
  const said = `${call.method} ${call.shownPath} to ${address} failed (${fault.message})`
  switch (fault.kind) {
    case 'name':
    case 'refused':
    case 'unreachable':
    case 'tls':
      return {
        code: 'pipedrive_unreachable',
        disposition: 'retry',
        message: `${said}: check the address ${address} and this machine's network.`,
      }
    case 'too_large':
      return {
        code: 'pipedrive_answer_too_large',
        disposition: 'reject',
        message: `${said}: ask for fewer records per page.`,
      }
    case 'closed':
    case 'timeout':
    case 'cut':
      return {
        code: 'pipedrive_no_answer',
        disposition: 'retry',
        message: `${said}: the call is repeated later where that is harmless.`,
      }
  }
}

/** Whether a 429 means the day's tokens (true) or the 2-second limit (false). */
export function isDailyLimit(answer: HttpAnswer): boolean {
  const { message } = vendorWords(answer)
  if (message && /daily|budget/i.test(message)) return true
  if (message && /over limit/i.test(message)) return false
  return (headerNumber(answer.headers['x-ratelimit-remaining']) ?? 0) >= 1
}

/** When requests may leave again after a 429 of either kind. */
export function limitEnds(answer: HttpAnswer, now: Date): Date {
  const retryAfter = readRetryAfter(answer.headers['retry-after'], now)
  if (isDailyLimit(answer)) {
    const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1)
    return retryAfter ?? new Date(midnight)
  }
  const resetSeconds = headerNumber(answer.headers['x-ratelimit-reset'])
  const waitMs = resetSeconds === undefined ? BURST_WINDOW_MS : Math.min(resetSeconds * 1000, 60_000)
  return retryAfter ?? new Date(now.getTime() + Math.max(250, waitMs))
}

function judgeLimit(answer: HttpAnswer, said: string, facts: Partial<Verdict>, now: Date): Verdict {
  const notBefore = limitEnds(answer, now)
  const at = notBefore.toISOString()
  return isDailyLimit(answer)
    ? {
        ...facts,
        code: 'pipedrive_budget_spent',
        disposition: 'pause',
        message: `${said}: the account's API tokens of today are spent; work goes on at ${at}, or sooner if you add tokens or seats.`,
        notBefore,
        applied: 'no',
      }
    : {
        ...facts,
        code: 'pipedrive_limited',
        disposition: 'retry',
        message: `${said}: too many requests within 2 seconds, perhaps from another program with the same token; repeated after ${at}.`,
        notBefore,
        applied: 'no',
      }
}

type Make = (
  code: string,
  disposition: Verdict['disposition'],
  remedy: string,
  more?: Partial<Verdict>,
) => Verdict

/** `scope`: which the call needs, where that is known. */
function judgeForbidden(
  answer: HttpAnswer,
  scope: string | null,
  make: Make,
  words: VendorWords,
  notBefore: Date,
): Verdict {
  if (answer.body.kind !== 'json') {
    const remedy = `Pipedrive's firewall refuses this machine after too many requests; nothing is sent before ${notBefore.toISOString()}.`
    return make('blocked', 'pause', remedy, { notBefore })
  }
  if (words.code?.startsWith('feature_capping')) {
    return make('plan_limit', 'reject', 'the plan allows no more of these; delete some or upgrade the plan.')
  }
  if (/scope/i.test(words.message ?? '')) {
    return make(
      'scope_missing',
      'pause',
      `add the ${scope === null ? 'missing scope' : `scope ${scope}`} to the app in the Developer Hub and connect again.`,
    )
  }
  return make('forbidden', 'reject', 'give the user of this token the permission in Pipedrive.')
}

function judgeSuccess(answer: HttpAnswer, call: CallFacts): Verdict | undefined {
  const { body } = answer
  if (body.kind === 'empty' && call.method === 'DELETE') return undefined
  if (body.kind === 'json' && isJsonObject(body.value) && body.value.success !== false) return undefined
  const words = vendorWords(answer)
  const found =
    body.kind === 'broken' ? body.reason : body.kind === 'html' ? 'a web page' : (words.message ?? body.kind)
  return {
    code: 'pipedrive_answer_invalid',
    disposition: 'retry',
    message: `Pipedrive answered ${call.method} ${call.shownPath} with ${answer.status}, but not with usable JSON (${found}): it is asked again later; check for a proxy in between if this stays.`,
    vendorCode: words.code,
    vendorMessage: words.message,
  }
}

type VendorWords = { code: string | null; message: string | null }

/** Pipedrive has four error shapes; webhooks use `errors` or `message`, the rest `error`. */
function vendorWords(answer: HttpAnswer): VendorWords {
  const { body } = answer
  if (body.kind === 'html') return { code: null, message: body.title.slice(0, 120) || null }
  if (body.kind !== 'json' || !isJsonObject(body.value)) return { code: null, message: null }
  const { value } = body
  const code = value.code ?? value.errorCode
  return {
    code: typeof code === 'string' || typeof code === 'number' ? String(code) : null,
    message: firstText(value)?.trim().slice(0, 500) ?? null,
  }
}

function firstText(value: JsonObject): string | undefined {
  for (const candidate of [value.error, value.message]) {
    if (typeof candidate === 'string' && candidate.trim() !== '') return candidate
    if (isJsonObject(candidate) && typeof candidate.message === 'string') return candidate.message
  }
  return value.errors === undefined || value.errors === null ? undefined : JSON.stringify(value.errors)
}
