/** The part of `BrevoState` that has to do with webhooks and with recipients' deeds; also reached under `/__sandbox`. */
import { recordCampaignEvent } from './campaign-events.ts'
import type { BrevoWebhookAttempt } from './webhook-delivery.ts'
import type { BrevoCampaignEvent } from './webhook-payloads.ts'
import { presentWebhook, type WebhookView } from './webhook-store.ts'
import type { BrevoWorld } from './world.ts'

export type WebhookState = {
  /** In order of creation, whatever their type, as the API would answer them. */
  webhooks(): WebhookView[]
  /** Every attempt so far, in the order in which they ended. */
  webhookDeliveries(): readonly BrevoWebhookAttempt[]
  /** Resolves once no delivery is under way; those that wait on the clock (retries, batches, pauses) do not count. */
  webhooksQuiet(): Promise<void>
  /** As the recipient of a campaign (default: 1, `Newsletter`), which is `unsubscribed` and `contact_updated`. */
  unsubscribe(email: string, campaign?: { campaignId: number; campaignName: string }): void
  /** Spam and hard bounces blocklist the contact, as unsubscribing does. Throws when there is no such contact. */
  emitCampaignEvent(event: BrevoCampaignEvent): void
}

export function createWebhookState(world: BrevoWorld): WebhookState {
  const emit = (event: BrevoCampaignEvent): void => {
    world.processes.settle(world.nowMs())
    recordCampaignEvent(event, world)
  }
  return {
    webhooks: () => world.webhooks.all().map(presentWebhook),
    webhookDeliveries: () => world.delivery.attempts,
    webhooksQuiet: () => world.delivery.quiet(),
    unsubscribe: (email, { campaignId, campaignName } = { campaignId: 1, campaignName: 'Newsletter' }) =>
      emit({ event: 'unsubscribed', email, campaignId, campaignName }),
    emitCampaignEvent: emit,
  }
}

/** `POST /__sandbox/<name>` with the named members in a JSON body. */
export function webhookControls(state: WebhookState): Record<string, (body: unknown) => unknown> {
  return {
    'webhook-deliveries': () => state.webhookDeliveries(),
    'campaign-event': (body) => state.emitCampaignEvent(body as BrevoCampaignEvent),
    unsubscribe: (body) => {
      const { email, ...campaign } = body as Omit<BrevoCampaignEvent, 'event'>
      if (campaign.campaignId === undefined) state.unsubscribe(email)
      else state.unsubscribe(email, campaign)
    },
  }
}
