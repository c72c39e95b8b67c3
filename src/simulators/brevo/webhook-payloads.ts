/**
 * What a webhook carries, member by member as in the vendor's samples (https://developers.brevo.com/docs/marketing-webhooks)
 * or as accounts received it (https://github.com/sendinblue/APIv3-php-library/issues/175). Sends nothing.
 */
import type { BrevoAttributeValue } from './seed.ts'
import type { BrevoSwitches } from './switches.ts'

export type BrevoCampaignEventName =
  | 'delivered'
  | 'opened'
  | 'click'
  | 'unsubscribed'
  | 'hard_bounce'
  | 'soft_bounce'
  | 'spam'

/** What a recipient, or the recipient's mail server, does with a campaign's email. */
export type BrevoCampaignEvent = {
  event: BrevoCampaignEventName
  email: string
  campaignId: number
  campaignName: string
  /** Of the clicked link; only for `click`. Default `https://example.com/`. */
  url?: string
}

/** One body, or one element of a batched one. */
export type WebhookPayload = { id: number; event: string } & Record<string, unknown>

/** What one write changed of one contact. */
export type ContactDifference = {
  /** The address afterwards. */
  email: string | undefined
  /** Changed ones with their new values; emptied ones are ''. */
  attributes: Record<string, BrevoAttributeValue>
  joined: number[]
  left: number[]
  emailBlacklisted?: boolean
  smsBlacklisted?: boolean
}

export const DEFAULT_CLICK_URL = 'https://example.com/'
const SENDING_IP = '1.179.112.7'
const KEY = 'sandboxwebhookkey0'

const PARIS = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Paris',
  dateStyle: 'short',
  timeStyle: 'medium',
})
/** `YYYY-MM-DD HH:MM:SS` in CET or CEST, which is also this account's own time zone. */
const parisTime = (ms: number): string => PARIS.format(ms)
const seconds = (ms: number): number => Math.floor(ms / 1000)

/** `listIds`: the contact's, told when it unsubscribes. */
export function campaignPayload(
  webhookId: number,
  happened: BrevoCampaignEvent,
  { nowMs, listIds, switches }: { nowMs: number; listIds: number[]; switches: BrevoSwitches },
): WebhookPayload {
  const isBounce = happened.event === 'hard_bounce' || happened.event === 'soft_bounce'
  const suffix = isBounce && switches.bounceEvents === 'bounced' ? 'd' : ''
  return {
    id: webhookId,
    camp_id: happened.campaignId,
    email: happened.email,
    'campaign name': happened.campaignName,
    date_sent: parisTime(nowMs),
    date_event: parisTime(nowMs),
    event: `${happened.event}${suffix}`,
    tag: '',
    ts_sent: seconds(nowMs),
    ts_event: seconds(nowMs),
    // In the vendor's sample `ts` is ahead of `ts_event` by the offset of CET: local time read as UTC.
    ts: seconds(Date.parse(`${parisTime(nowMs).replace(' ', 'T')}Z`)),
    ...extrasOf(happened, listIds),
  }
}

function extrasOf({ event, url }: BrevoCampaignEvent, listIds: number[]): object {
  switch (event) {
    case 'click':
      return { URL: url ?? DEFAULT_CLICK_URL }
    case 'delivered':
      return { sending_ip: SENDING_IP }
    case 'hard_bounce':
    case 'soft_bounce':
      return { reason: 'deferred', sending_ip: SENDING_IP }
    case 'spam':
      return { reason: 'undesired' }
    case 'unsubscribed':
      return { list_id: listIds, sending_ip: SENDING_IP }
    case 'opened':
      return {}
  }
}

/** `contact_deleted` and `list_addition`. Without `apiKeyName` the member is left out. */
export function contactPayload(
  webhookId: number,
  event: 'contact_deleted' | 'list_addition',
  contact: { email: string | undefined; listIds: number[]; apiKeyName?: string },
  nowMs: number,
): WebhookPayload {
  return {
    id: webhookId,
    ...(contact.email === undefined ? {} : { email: contact.email }),
    event,
    key: KEY,
    list_id: contact.listIds,
    date: parisTime(nowMs),
    ts: seconds(nowMs),
    ...(contact.apiKeyName === undefined ? {} : { api_key_name: contact.apiKeyName }),
  }
}

/** `api_key_name` stands at the top level; where exactly is not documented (https://developers.brevo.com/changelog/2026/11/1). */
export function contactUpdatedPayload(
  webhookId: number,
  difference: ContactDifference,
  { nowMs, apiKeyName, switches }: { nowMs: number; apiKeyName: string; switches: BrevoSwitches },
): WebhookPayload {
  const head = { id: webhookId, event: 'contact_updated' }
  if (switches.contactWebhooks === 'documented') {
    return {
      ...head,
      ...(difference.email === undefined ? {} : { email: difference.email }),
      key: KEY,
      content: [{ ...difference.attributes, ...blacklistsOf(difference) }],
      date: parisTime(nowMs),
      ts: seconds(nowMs),
      api_key_name: apiKeyName,
    }
  }
  const content = observedContent(difference)
  // Changes of attributes were seen with an ISO date, all others with local time.
  const date = 'attributes' in content ? new Date(nowMs).toISOString() : parisTime(nowMs)
  return { ...head, date, ts: seconds(nowMs), content: [content], api_key_name: apiKeyName }
}

/** The three observed forms, put together where one write changed several things. `deletion` is a guess from `addition`. */
function observedContent(difference: ContactDifference): object {
  const { email, attributes, joined, left } = difference
  const blacklists = blacklistsOf(difference)
  const hasLists = joined.length > 0 || left.length > 0
  const hasOther = hasLists || Object.keys(blacklists).length > 0
  const hasAttributes = Object.keys(attributes).length > 0 || !hasOther
  const list = {
    ...(joined.length > 0 ? { addition: joined } : {}),
    ...(left.length > 0 ? { deletion: left } : {}),
  }
  return {
    ...(email === undefined ? {} : { email }),
    ...(hasLists || hasAttributes ? { list } : {}),
    ...(hasAttributes ? { attributes } : {}),
    ...blacklists,
  }
}

/** Without the -ed that the API's own members have. */
function blacklistsOf({ emailBlacklisted, smsBlacklisted }: ContactDifference): object {
  return {
    ...(emailBlacklisted === undefined ? {} : { emailBlacklist: emailBlacklisted }),
    ...(smsBlacklisted === undefined ? {} : { smsBlacklist: smsBlacklisted }),
  }
}
