/** The readings of the source: one stream is one list endpoint, paged to its end. */
import type { Entity } from './records.ts'

/** In the order in which a complete listing may rely on them: archived deals come after the deals. */
export const streams = ['persons', 'organizations', 'deals', 'archived_deals', 'activities', 'leads'] as const
export type Stream = (typeof streams)[number]

export const entityOf: Readonly<Record<Stream, Entity>> = {
  persons: 'person',
  organizations: 'organization',
  deals: 'deal',
  archived_deals: 'deal',
  activities: 'activity',
  leads: 'lead',
}

/** A record that could not be read: kept and shown, never dropped. */
export type Unreadable = { readonly id: string | null; readonly problem: string }
