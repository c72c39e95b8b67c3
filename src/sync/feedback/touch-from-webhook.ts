/**
 * What recipients did with a campaign, from Brevo's marketing webhooks
 * (https://developers.brevo.com/docs/marketing-webhooks). Everything else is no touch; nothing is read from Brevo.
 */
import { isJsonObject, type JsonObject } from '../../base/json.ts'
import { normaliseEmail } from '../model/index.ts'

export type TouchNotice = {
  readonly email: string
  readonly campaignId: number
  readonly campaign: string | null
  readonly kind: 'delivered' | 'opened' | 'clicked'
  /** Of the clicked link; else ''. */
  readonly url: string
  /** ISO 8601, whole seconds. */
  readonly at: string
  /** Opened by a mail program or proxy, as Apple's and Google's do: nobody need have seen it. */
  readonly machine: boolean
}

/** As documented, and as seen in newer deliveries. */
const kinds: Readonly<Record<string, TouchNotice['kind']>> = {
  delivered: 'delivered',
  opened: 'opened',
  unique_opened: 'opened',
  proxy_open: 'opened',
  unique_proxy_open: 'opened',
  click: 'clicked',
  clicked: 'clicked',
}

const longestUrl = 2_000

/** Null for what is no touch of a campaign. Throws an error that says what it does not understand. */
export function touchFromWebhook(body: unknown): TouchNotice | null {
  if (!isJsonObject(body) || typeof body.event !== 'string' || !Object.hasOwn(kinds, body.event)) return null
  const kind = kinds[body.event]
  const campaignId = Number(body.camp_id)
  // Transactional e-mails are told with the same words, and belong to no campaign.
  if (kind === undefined || !Number.isSafeInteger(campaignId) || campaignId <= 0) return null
  const email = typeof body.email === 'string' ? body.email : ''
  if (email.trim() === '') throw new Error(`the event ${body.event} names no e-mail address`)
  const name = body['campaign name']
  return {
    email: normaliseEmail(email) ?? email.trim().toLowerCase(),
    campaignId,
    campaign: typeof name === 'string' && name.trim() !== '' ? name : null,
    kind,
    url: kind === 'clicked' ? urlOf(body) : '',
    at: timeOf(body),
    machine: body.event.includes('proxy'),
  }
}

/** Marketing webhooks spell it `URL`, transactional ones `link`. */
function urlOf(body: JsonObject): string {
  const url = [body.URL, body.url, body.link].find((value) => typeof value === 'string')
  return typeof url === 'string' ? url.slice(0, longestUrl) : ''
}

/** Seconds of UTC. `ts` comes last: it was seen to be local time read as UTC. */
function timeOf(body: JsonObject): string {
  for (const seconds of [body.ts_event, body.ts_sent, body.ts]) {
    const time = new Date(Math.floor(Number(seconds)) * 1000)
    if (time.getTime() > 0) return time.toISOString()
  }
  throw new Error(`the event ${String(body.event)} has no time`)
}
