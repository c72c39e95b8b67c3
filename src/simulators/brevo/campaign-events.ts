/** What recipients do with a campaign's emails, as a test says it. There are no campaigns behind it. */
import { applyChange, emptyChange } from './contact-change.ts'
import { watchContact } from './contact-events.ts'
import { lookUp } from './contact-views.ts'
import {
  type BrevoCampaignEvent,
  type BrevoCampaignEventName,
  campaignPayload,
  DEFAULT_CLICK_URL,
} from './webhook-payloads.ts'
import type { BrevoWorld } from './world.ts'

const SUBSCRIPTION_OF: Record<BrevoCampaignEventName, string> = {
  delivered: 'delivered',
  opened: 'opened',
  click: 'click',
  unsubscribed: 'unsubscribed',
  hard_bounce: 'hardBounce',
  soft_bounce: 'softBounce',
  spam: 'spam',
}

/** https://help.brevo.com/hc/en-us/articles/209458705-What-are-the-different-types-of-blocklisted-contacts */
const BLOCKLISTING: readonly BrevoCampaignEventName[] = ['unsubscribed', 'hard_bounce', 'spam']

/** Sets off the event's webhooks, remembers it for the statistics, and blocklists the contact where the vendor does. Throws for an unknown contact. */
export function recordCampaignEvent(happened: BrevoCampaignEvent, world: BrevoWorld): void {
  const subscription = SUBSCRIPTION_OF[happened.event]
  if (subscription === undefined) throw new Error(`no campaign event is called ${happened.event}`)
  const contact = lookUp(world, happened.email, 'email_id')
  const from = { nowMs: world.nowMs(), listIds: [...contact.listIds], switches: world.switches }
  const about = { ...happened, email: contact.email ?? happened.email }
  world.delivery.publish(subscription, (webhookId) => campaignPayload(webhookId, about, from))
  const { event, campaignId, url = DEFAULT_CLICK_URL } = happened
  if (!world.campaigns.has(campaignId)) {
    const sentAt = new Date(world.nowMs()).toISOString()
    world.campaigns.set(campaignId, { id: campaignId, name: happened.campaignName, sentAt })
  }
  contact.history.push({ event, campaignId, url, atMs: world.nowMs() })
  if (!BLOCKLISTING.includes(event)) return
  const announce = watchContact(contact, world)
  applyChange(contact, { ...emptyChange(), emailBlacklisted: true, by: 'recipient' }, world, world.nowMs())
  announce(contact)
}
