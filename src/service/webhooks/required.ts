/** Which subscriptions a configuration needs, and no more. It knows no account and registers nothing. */
import type { Config, EventObject } from '../../config/index.ts'

export type RequiredWebhooks = {
  /** One subscription each, for every action: the limit counts subscriptions, not events. */
  readonly pipedrive: readonly EventObject[]
  /** Events of the one marketing subscription, in Brevo's spelling; empty: none is needed. */
  readonly brevo: readonly string[]
}

/**
 * Batch mode and a connector that is switched off need none. Users, pipelines and stages need none either: every
 * listing reads them anyway.
 */
export function requiredWebhooks(config: Config): RequiredWebhooks {
  const { enabled, syncMode, sync } = config.pipedrive
  if (!enabled || syncMode === 'batch') return { pipedrive: [], brevo: [] }
  const mapsOrganization = config.personMapping.some(({ source }) => source.startsWith('org_id.'))
  const synced: Readonly<Record<EventObject, boolean>> = {
    person: sync.persons,
    organization: sync.organizations || (sync.persons && mapsOrganization),
    deal: sync.deals,
    activity: sync.activities,
    lead: sync.leads,
  }
  const named = new Set(config.webhooks.map(({ object }) => object))
  const objects = Object.keys(synced) as EventObject[]
  return {
    pipedrive: objects.filter((object) => synced[object] || named.has(object)),
    brevo: brevoEvents(config),
  }
}

/** Brevo tells of no new contact as such: `listAddition` is the nearest there is. */
function brevoEvents({ reverseSync, pipedrive }: Config): readonly string[] {
  const contacts = ['contactUpdated', 'contactDeleted', 'unsubscribed', 'spam', 'hardBounce']
  // Touches are for the deals that they may have won (rule R10.2).
  const events = pipedrive.sync.deals ? [...contacts, 'delivered', 'opened', 'click'] : contacts
  const takesContacts = reverseSync.enabled && reverseSync.createPersons !== 'never'
  return takesContacts ? [...events, 'listAddition'] : events
}
