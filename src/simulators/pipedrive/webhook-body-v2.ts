/**
 * The body of a webhook of version 2.0: `data`, `previous`, `meta` (https://pipedrive.readme.io/docs/guide-for-webhooks-v2).
 * Decides nothing about whether or when it is sent.
 */
import { isDeepStrictEqual } from 'node:util'
import { isVisible, type Values } from './records.ts'
import type { SeedPerson } from './seed.ts'
import type { Occurrence, PipedriveState } from './state.ts'
import { toWebhookRecord } from './webhook-records.ts'
import type { Webhook } from './webhook-store.ts'

export type WebhookEventIds = { eventId: string; correlationId: string }

/** The body as it was when the thing happened; only the number of the attempt (1 to 4) is still open. */
export function createV2Body(
  state: PipedriveState,
  webhook: Webhook,
  occurrence: Occurrence,
  ids: WebhookEventIds,
): (attempt: number) => Values {
  const { data, previous } = contents(state, occurrence)
  const meta = metaOf(state, webhook, occurrence, ids)
  return (attempt) => ({ data, previous, meta: { ...meta, attempt } })
}

function contents(
  state: PipedriveState,
  occurrence: Occurrence,
): { data: Values | null; previous: Values | null } {
  const { entity, action, before, after, actor } = occurrence
  if (action === 'delete') return { data: null, previous: toWebhookRecord(state, entity, before ?? after) }
  const now = toWebhookRecord(state, entity, after)
  if (action === 'create') return { data: asCreated(state, entity, now), previous: null }
  const previous = before ? changedFields(toWebhookRecord(state, entity, before), now) : {}
  const data = entity === 'activity' ? { ...now, update_user_id: actor.userId } : now
  return { data, previous }
}

/** A new record was seen without its custom fields and without `update_time`. */
function asCreated(state: PipedriveState, entity: Occurrence['entity'], data: Values): Values {
  const created = entity === 'activity' ? { ...data, update_user_id: null } : data
  if (!state.switches.webhookSparseCreate || entity === 'user') return created
  return {
    ...created,
    ...('custom_fields' in created ? { custom_fields: {} } : {}),
    update_time: null,
  }
}

/** Times that follow from another change are not told as changes. */
const UNTOLD = ['update_time', 'stage_change_time']

/** What the changed fields held before; a field that is absent did not change. */
function changedFields(before: Values, now: Values): Values {
  const changed: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(before)) {
    if (UNTOLD.includes(key) || isDeepStrictEqual(value, now[key])) continue
    changed[key] = key === 'custom_fields' ? changedValues(value as Values, now[key] as Values) : value
  }
  return changed
}

function changedValues(before: Values, now: Values): Values {
  const codes = [...new Set([...Object.keys(before), ...Object.keys(now)])]
  const changed = codes.filter((code) => !isDeepStrictEqual(before[code], now[code]))
  return Object.fromEntries(changed.map((code) => [code, before[code] ?? null]))
}

/** All ids are strings. An event of a user has the user's id and its time in seconds. */
function metaOf(
  state: PipedriveState,
  webhook: Webhook,
  occurrence: Occurrence,
  { eventId, correlationId }: WebhookEventIds,
): Values {
  const { entity, id, at, actor } = occurrence
  const isUser = entity === 'user'
  return {
    action: occurrence.action,
    company_id: String(state.seed.company.id),
    correlation_id: correlationId,
    entity_id: String(id),
    entity,
    id: isUser ? String(id) : eventId,
    is_bulk_edit: false,
    timestamp: isUser ? Math.floor(at.getTime() / 1000) : at.toISOString(),
    type: webhook.type,
    user_id: String(actor.userId),
    version: '2.0',
    webhook_id: String(webhook.id),
    webhook_owner_id: String(webhook.owner_id),
    change_source: actor.source,
    permitted_user_ids: permittedUserIds(state, occurrence).map(String),
    host: `${state.seed.company.domain}.pipedrive.com`,
    ...(occurrence.mergedTo === undefined ? {} : { merged_to_id: String(occurrence.mergedTo) }),
    ...(occurrence.mergedFrom === undefined ? {} : { merged_from_id: String(occurrence.mergedFrom) }),
  }
}

/** The users who may see the record. */
export function permittedUserIds(state: PipedriveState, { after }: Occurrence): number[] {
  return [...state.users.values()]
    .filter((user) => isVisible(after as SeedPerson, user))
    .map((user) => user.id)
}
