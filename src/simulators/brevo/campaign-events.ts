/** What recipients do with a campaign's emails, as a test says it. There are no campaigns behind it. */
import { lookUp } from './contact-views.ts'
import { updateContact } from './contact-writes.ts'
import { type BrevoCampaignEvent, type BrevoCampaignEventName, campaignPayload } from './webhook-payloads.ts'
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

/** Sets off the event's webhooks, and blocklists the contact where the vendor does. Throws for an unknown contact. */
export function recordCampaignEvent(happened: BrevoCampaignEvent, world: BrevoWorld): void {
  const subscription = SUBSCRIPTION_OF[happened.event]
  if (subscription === undefined) throw new Error(`no campaign event is called ${happened.event}`)
  const contact = lookUp(world, happened.email, 'email_id')
  const from = { nowMs: world.nowMs(), listIds: [...contact.listIds], switches: world.switches }
  const about = { ...happened, email: contact.email ?? happened.email }
  world.delivery.publish(subscription, (webhookId) => campaignPayload(webhookId, about, from))
  if (BLOCKLISTING.includes(happened.event)) updateContact(contact, { emailBlacklisted: true }, world)
}
