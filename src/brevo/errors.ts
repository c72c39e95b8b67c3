/**
 * Turns what Brevo answered, or failed to answer, into a verdict: code, remedy, and what should happen next. The table is
 * written out in NOTES.md. Never throws.
 */
import { isJsonObject } from '../base/json.ts'
import {
  ApiError,
  type HttpAnswer,
  readRetryAfter,
  type SendFault,
  type Verdict,
} from '../transport/index.ts'
import { answersBareList } from './endpoints.ts'
import { limitEnds } from './limits.ts'

type CallFacts = { method: string; shownPath: string; windows: readonly string[] }

/** How long we stay away after a firewall's page when nothing says when it ends. */
const BLOCKED_MS = 10 * 60_000

/** Undefined when the answer is a good one. */
export function judgeBrevoAnswer(answer: HttpAnswer, call: CallFacts, now: Date): Verdict | undefined {
  const { status } = answer
  if (status >= 200 && status < 300) return judgeSuccess(answer, call)
  const words = vendorWords(answer)
  const facts = { vendorCode: words.code, vendorMessage: words.message, metadata: words.metadata }
  const said = `Brevo answered ${call.method} ${call.shownPath} with ${status}${words.message ? ` (${words.message})` : ''}`
  const make = (
    code: string,
    disposition: Verdict['disposition'],
    remedy: string,
    more: Partial<Verdict> = {},
  ) =>
    ({
      code: `brevo_${code}`,
      disposition,
      message: `${said}: ${remedy}`,
      ...facts,
      ...more,
    }) satisfies Verdict
  const retryAfter = readRetryAfter(answer.headers['retry-after'], now)

  if (status >= 500 && status !== 501) {
    return make('unavailable', 'retry', 'Brevo has trouble; the call is repeated later.', {
      notBefore: retryAfter,
    })
  }
  if (status >= 300 && status < 400)
    return make('wrong_address', 'pause', 'check the address of the Brevo API.')
  switch (status) {
    case 401:
      return judgeUnauthorized(make, words.message ?? '')
    case 402:
      return make('plan_lapsed', 'pause', 'the Brevo account has no credits or no plan for this; renew it.')
    case 403:
      return judgeForbidden(answer, make, retryAfter ?? new Date(now.getTime() + BLOCKED_MS))
    case 404:
      return answer.body.kind === 'html'
        ? make('wrong_address', 'pause', 'there is no API under this address; check it in the settings.')
        : make('not_found', 'reject', 'it was deleted, or never existed in this account.')
    case 405:
      return make('rejected', 'reject', notAllowed(call))
    case 408:
    case 425:
      return make('busy', 'retry', 'Brevo is still busy with this contact; the call is repeated.', {
        notBefore: retryAfter,
        applied: 'no',
      })
    case 429: {
      const notBefore = limitEnds(answer, call.windows, now)
      const remedy = `the request limit is used up; repeated after ${notBefore.toISOString()}.`
      return make('limited', 'retry', remedy, { notBefore, applied: 'no' })
    }
    default:
      return make('rejected', 'reject', 'correct the values it names and send it again.')
  }
}

/** Brevo keeps the contact whose address it knows the account by. */
function notAllowed({ method, shownPath }: CallFacts): string {
  return method === 'DELETE' && shownPath.startsWith('/contacts/')
    ? 'it keeps the contact with the address that the Brevo account itself is registered with; give the account another address in Brevo, or leave this contact.'
    : 'Brevo does not do this; leave it out.'
}

export function judgeBrevoFault(fault: SendFault, address: string, call: CallFacts): Verdict {
  const said = `${call.method} ${call.shownPath} to ${address} failed (${fault.message})`
  switch (fault.kind) {
    case 'name':
    case 'refused':
    case 'unreachable':
    case 'tls':
      return {
        code: 'brevo_unreachable',
        disposition: 'retry',
        message: `${said}: check the address ${address} and this machine's network.`,
      }
    case 'too_large':
      return {
        code: 'brevo_answer_too_large',
        disposition: 'reject',
        message: `${said}: ask for smaller pages.`,
      }
    case 'closed':
    case 'timeout':
    case 'cut':
      return {
        code: 'brevo_no_answer',
        disposition: 'retry',
        message: `${said}: the call is repeated later where that is harmless.`,
      }
  }
}

/**
 * The identifiers (`email`, `SMS`, `ext_id`, ...) that already belong to another contact, as Brevo writes them; empty
 * when the failure is another one. Judges metadata and words, because the vendor's code has changed over time.
 */
export function duplicateIdentifiers(error: unknown): string[] {
  if (!(error instanceof ApiError) || error.status !== 400) return []
  const listed = isJsonObject(error.metadata) ? error.metadata.duplicate_identifiers : undefined
  if (Array.isArray(listed)) {
    const names = listed.filter((name): name is string => typeof name === 'string')
    if (names.length > 0) return names
  }
  const words = (error.vendorMessage ?? '').replace(/^unable to \w+ contact,\s*/i, '')
  const named = /^([\w ,-]+?)\s+(?:is|are)\s+already\s+associated?\s+with/i.exec(words)?.[1]
  if (named) return named.split(/\s*,\s*|\s+and\s+/).filter((name) => name !== '')
  return /contact already exists?\b/i.test(words) ? ['email'] : []
}

/** The phone number is malformed for Brevo; the whole write was refused because of it. */
export function isInvalidPhone(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    error.status === 400 &&
    /invalid\s+(?:phone|sms|whatsapp|landline)\b|phone number is (?:not valid|invalid)/i.test(
      error.vendorMessage ?? '',
    )
  )
}

type Make = (
  code: string,
  disposition: Verdict['disposition'],
  remedy: string,
  more?: Partial<Verdict>,
) => Verdict

/** Status and code are the same for a bad key and a strange address: only the words differ. */
function judgeUnauthorized(make: Make, words: string): Verdict {
  return /ip address|authori[sz]ed_ips/i.test(words)
    ? make(
        'ip_refused',
        'pause',
        "add this machine's address to the authorised IPs in Brevo's security settings.",
      )
    : make('unauthorized', 'pause', 'the key is wrong, expired or deleted; enter a valid API key.')
}

function judgeForbidden(answer: HttpAnswer, make: Make, notBefore: Date): Verdict {
  return answer.body.kind === 'json'
    ? make('forbidden', 'pause', 'allow this in the settings of the API key or account.')
    : make('blocked', 'pause', 'something between here and Brevo refuses this machine.', { notBefore })
}

function judgeSuccess(answer: HttpAnswer, call: CallFacts): Verdict | undefined {
  const { body } = answer
  const isUsable = answersBareList(call) ? Array.isArray : isJsonObject
  if (body.kind === 'json' && isUsable(body.value)) return undefined
  if (body.kind === 'empty' && call.method !== 'GET') return undefined
  const found = body.kind === 'broken' ? body.reason : body.kind === 'html' ? 'a web page' : body.kind
  return {
    code: 'brevo_answer_invalid',
    disposition: 'retry',
    message: `Brevo answered ${call.method} ${call.shownPath} with ${answer.status}, but not with usable JSON (${found}): it is asked again later; check for a proxy in between if this stays.`,
  }
}

/** CRM answers often have only `message`; contact answers may add `metadata`. */
function vendorWords(answer: HttpAnswer): { code: string | null; message: string | null; metadata: unknown } {
  const { body } = answer
  if (body.kind === 'html') return { code: null, message: body.title.slice(0, 120) || null, metadata: null }
  if (body.kind !== 'json' || !isJsonObject(body.value)) return { code: null, message: null, metadata: null }
  const { code, message, error, metadata } = body.value
  const words = [message, error].find((text) => typeof text === 'string' && text.trim() !== '')
  return {
    code: typeof code === 'string' ? code : null,
    message: typeof words === 'string' ? words.trim().slice(0, 500) : null,
    metadata: metadata ?? null,
  }
}
