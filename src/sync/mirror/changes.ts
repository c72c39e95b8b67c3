/** What became of a record between two looks at it, as events to be told. Pure: the same two looks give the same events. */
import type { JsonObject } from '../../base/json.ts'
import type { NewEvent, RecordChange, Swept } from '../../store/index.ts'
import {
  type ChangeAction,
  type Entity,
  type EventWatch,
  type SourceRecord,
  watchKey,
} from '../model/index.ts'

/** The events that follow from what a write to the mirror changed. `now` stands in where the source gave no time. */
export function eventsOfChanges(
  watch: EventWatch,
  records: ReadonlyMap<string, SourceRecord>,
  changes: readonly RecordChange[],
  now: Date,
): readonly NewEvent[] {
  return changes.flatMap((change) => {
    const record = records.get(change.id)
    const action = record && actionOf(watch, record, change)
    if (!record || !action || !watch.watched.has(watchKey(record.entity, action))) return []
    const at = (action === 'added' ? record.addedAt : null) ?? record.updatedAt ?? now.toISOString()
    // The version is part of it: noticed twice, a change has the same key.
    const version = action === 'added' ? '' : (record.updatedAt ?? now.toISOString())
    return [toEvent(record, action, version, at)]
  })
}

/** Records that a listing no longer shows, or that the source said are gone. */
export function eventsOfDeletions(
  watch: EventWatch,
  entity: Entity,
  gone: readonly Swept[],
  now: Date,
): readonly NewEvent[] {
  if (!watch.watched.has(watchKey(entity, 'deleted'))) return []
  return gone.map((row) => {
    const record = row.doc as unknown as SourceRecord
    return toEvent(record, 'deleted', record.updatedAt ?? '', now.toISOString())
  })
}

function actionOf(watch: EventWatch, record: SourceRecord, change: RecordChange): ChangeAction | null {
  const existed = change.existed && change.old_deleted === false
  if (record.deleted) return existed ? 'deleted' : null
  if (!change.existed) {
    const isNew = record.addedAt !== null && Date.parse(record.addedAt) >= watch.since.getTime()
    // Seen only now, yet older than the first sync: it became visible, or readable.
    return isNew ? 'added' : null
  }
  const before = change.old_doc as unknown as SourceRecord | null
  // Our own reading of the same version may differ after an upgrade: nothing happened at the source.
  const same = before !== null && before.updatedAt === record.updatedAt && record.updatedAt !== null
  return same ? null : 'updated'
}

function toEvent(record: SourceRecord, action: ChangeAction, version: string, at: string): NewEvent {
  return {
    key: `${record.entity}:${record.id}:${action}:${version}`,
    entity: record.entity,
    record_id: String(record.id),
    action,
    person_id: personOf(record),
    occurred_at: at,
    facts: { record: record as unknown as JsonObject },
  }
}

/** Whose contact hears of it (rule R5.4). */
export function personOf(record: SourceRecord): number | null {
  if (record.entity === 'person') return record.id
  return 'personId' in record ? record.personId : null
}
