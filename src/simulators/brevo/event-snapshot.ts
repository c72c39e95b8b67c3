/** The events that the account accepted, as a test sees them: those too that no request can read back. */
import { presentDate } from './event-routes.ts'
import type { BrevoWorld } from './world.ts'

export type BrevoEventSnapshot = {
  /** Null: accepted and lost, since nobody was found who it belongs to. */
  contact_id: number | null
  event_name: string
  /** ISO 8601 in UTC, as exactly as the account keeps it. */
  event_date: string
  event_properties: Record<string, unknown>
  contact_properties: Record<string, unknown>
  receivedAt: string
}

/** In order of arrival. */
export function eventSnapshots(world: BrevoWorld): BrevoEventSnapshot[] {
  return world.events.all().map((event) => ({
    contact_id: event.contactId,
    event_name: event.name,
    event_date: presentDate(event.dateMs, world),
    event_properties: event.eventProperties,
    contact_properties: event.contactProperties,
    receivedAt: new Date(event.receivedAtMs).toISOString(),
  }))
}
