/**
 * Pipedrive's webhook bodies, of both versions, as notices. A body is a hint and the proof of a move, never the record
 * itself: fields that it lacks (https://pipedrive.readme.io/docs/guide-for-webhooks-v2) make it unfit for that.
 */
import { createHash } from 'node:crypto'
import { isJsonObject, type JsonObject } from '../../base/json.ts'
import type { Deal, DealPlace, DealStatus, Entity, Notice, RecordHint } from '../model/index.ts'
import { toIsoTime } from './from-pipedrive.ts'
import { readTopic } from './from-topic.ts'

const entities: Readonly<Record<string, Entity>> = {
  person: 'person',
  organization: 'organization',
  deal: 'deal',
  activity: 'activity',
  lead: 'lead',
}

const nothing: Notice = { hints: [], moves: [], merges: [] }

/** The same for every repetition of a delivery. Version 2 names its deliveries; version 1 does not. */
export function pipedriveDeliveryId(body: unknown): string {
  const meta = isJsonObject(body) && isJsonObject(body.meta) ? body.meta : null
  // Events of users carry the id of the user there.
  if (typeof meta?.id === 'string' && /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(meta.id)) return meta.id
  const told = isJsonObject(body) ? { ...body, retry: null, meta: meta && { ...meta, attempt: null } } : body
  return createHash('sha256').update(JSON.stringify(told)).digest('base64url')
}

/** Throws an error that says what it does not understand. */
export function fromPipedriveWebhook(body: unknown, delivery: string): Notice {
  if (!isJsonObject(body)) throw new Error('it is not an object')
  if ('topic' in body) return readTopic(body)
  const { meta } = body
  if (!isJsonObject(meta)) throw new Error('it has no meta')
  return 'entity' in meta || meta.version === '2.0'
    ? fromVersion2(body, meta, delivery)
    : fromVersion1(body, meta, delivery)
}

function fromVersion2(body: JsonObject, meta: JsonObject, delivery: string): Notice {
  const entity = kindOf(meta.entity)
  if (entity === null) return nothing
  const { action } = meta
  if (action !== 'create' && action !== 'change' && action !== 'delete')
    throw new Error(`meta.action is ${JSON.stringify(action ?? null)}, not create, change or delete`)
  const data = isJsonObject(body.data) ? body.data : null
  const previous = isJsonObject(body.previous) ? body.previous : null
  const id = idOf(meta.entity_id ?? data?.id ?? previous?.id, 'meta.entity_id')
  const at = timeOf(meta.timestamp, 'meta.timestamp')
  const hints: RecordHint[] = [{ entity, id, version: action === 'delete' ? null : versionOf(data) }]
  const loser = meta.merged_from_id
  const survivor = meta.merged_to_id
  if (survivor != null) hints.push({ entity, id: idOf(survivor, 'meta.merged_to_id'), version: null })
  // The loser's own delivery may get lost.
  if (loser != null) hints.push({ entity, id: idOf(loser, 'meta.merged_from_id'), version: null })
  const merge =
    survivor != null
      ? { entity, loserId: id, survivorId: idOf(survivor, 'meta.merged_to_id'), at }
      : loser != null
        ? { entity, loserId: idOf(loser, 'meta.merged_from_id'), survivorId: id, at }
        : null
  const moves =
    entity === 'deal' && data && action !== 'delete'
      ? moveOf(data, action === 'create' ? null : (previous ?? {}), delivery, at)
      : []
  return { hints, moves, merges: merge ? [merge] : [] }
}

/** `current` and `previous` are whole records here. */
function fromVersion1(body: JsonObject, meta: JsonObject, delivery: string): Notice {
  const entity = kindOf(meta.object)
  if (entity === null) return nothing
  const { action } = meta
  if (typeof action !== 'string' || !['added', 'updated', 'deleted', 'merged'].includes(action))
    throw new Error(`meta.action is ${JSON.stringify(action ?? null)}, not added, updated, deleted or merged`)
  const current = isJsonObject(body.current) ? body.current : null
  const previous = isJsonObject(body.previous) ? body.previous : null
  const id = idOf(meta.id ?? current?.id ?? previous?.id, 'meta.id')
  const micros = meta.timestamp_micro
  const at =
    typeof micros === 'number'
      ? timeOf(micros / 1_000_000, 'meta.timestamp_micro')
      : timeOf(meta.timestamp, 'meta.timestamp')
  const gone = action === 'deleted' || action === 'merged'
  const hints: RecordHint[] = [{ entity, id, version: gone ? null : versionOf(current) }]
  const moves =
    entity === 'deal' && current && !gone
      ? moveOf(current, action === 'added' ? null : (previous ?? {}), delivery, at)
      : []
  return { hints, moves, merges: [] }
}

/**
 * A deal's edit, if it was one of stage or status. `previous` null: the deal was made. Absent in `previous` means
 * unchanged, in version 2.
 */
function moveOf(
  data: JsonObject,
  previous: JsonObject | null,
  delivery: string,
  at: string,
): Notice['moves'] {
  const deal = dealOf(data, at)
  if (deal === null) return []
  const was = <T>(name: string, now: T, read: (value: unknown) => T): T =>
    previous && name in previous ? read(previous[name]) : now
  const from: DealPlace = {
    stageId: was('stage_id', deal.stageId, numberOf),
    pipelineId: was('pipeline_id', deal.pipelineId, numberOf),
    status:
      previous === null ? 'open' : was('status', deal.status, (value) => statusOf(value) ?? deal.status),
  }
  // The creation of a deal tells where it began, which nobody may have seen when it has moved on.
  const moved = previous === null || from.stageId !== deal.stageId || from.status !== deal.status
  if (!moved) return []
  return [{ dealId: deal.id, delivery, at, version: deal.updatedAt ?? at, from, deal }]
}

/** The part of a deal that a move speaks of; null when the body has no such deal. */
function dealOf(data: JsonObject, at: string): Deal | null {
  const id = numberOf(data.id)
  const status = statusOf(data.status)
  if (id === null || status === null) return null
  const time = (name: string): string | null =>
    typeof data[name] === 'string' ? toIsoTime(toUtc(data[name])) : null
  return {
    entity: 'deal',
    id,
    // A new deal may come without one; its own moment is that of the delivery, in whole seconds as all of them are.
    updatedAt: time('update_time') ?? `${at.slice(0, 19)}.000Z`,
    addedAt: time('add_time'),
    deleted: false,
    title: typeof data.title === 'string' ? data.title : '',
    status,
    value: numberOf(data.value) ?? 0,
    currency: typeof data.currency === 'string' ? data.currency : null,
    personId: numberOf(data.person_id),
    organizationId: numberOf(data.org_id),
    stageId: numberOf(data.stage_id),
    pipelineId: numberOf(data.pipeline_id),
    ownerId: numberOf(data.owner_id ?? data.user_id),
    wonAt: time('won_time'),
    lostAt: time('lost_time'),
    stageChangedAt: time('stage_change_time'),
    archived: data.is_archived === true,
    fields: {},
  }
}

/** Null for records that Tajo does not keep. */
function kindOf(name: unknown): Entity | null {
  if (typeof name !== 'string') throw new Error('it does not say which kind of record it is about')
  return Object.hasOwn(entities, name) ? (entities[name] ?? null) : null
}

function idOf(value: unknown, where: string): string {
  if (typeof value === 'number' || (typeof value === 'string' && value !== '')) return String(value)
  throw new Error(`${where} is no id`)
}

function numberOf(value: unknown): number | null {
  // Version 1 may nest a reference as {value: 12, name: ...}.
  const plain = isJsonObject(value) ? (value.value ?? value.id) : value
  if (plain === null || plain === undefined || plain === '') return null
  const number = Number(plain)
  return Number.isFinite(number) ? number : null
}

function statusOf(value: unknown): DealStatus | null {
  return value === 'open' || value === 'won' || value === 'lost' ? value : null
}

function versionOf(data: JsonObject | null): string | null {
  const time = data?.update_time
  return typeof time === 'string' ? toIsoTime(toUtc(time)) : null
}

/** Version 1 writes UTC as `2024-02-12 09:10:12`. */
function toUtc(time: string): string {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(time) ? `${time.replace(' ', 'T')}Z` : time
}

function timeOf(value: unknown, where: string): string {
  const date = new Date(typeof value === 'number' ? value * 1000 : String(value ?? ''))
  if (Number.isNaN(date.getTime())) throw new Error(`${where} is no time`)
  return date.toISOString()
}
