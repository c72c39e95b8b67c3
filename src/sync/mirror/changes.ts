/** What became of a record between two looks at it, as events to be told. Pure: the same two looks give the same events. */
import { fingerprint } from '../../base/fingerprint.ts'
import type { JsonObject } from '../../base/json.ts'
import type { NewEvent, RecordChange, Swept } from '../../store/index.ts'
import {
  type ChangeAction,
  type Entity,
  type EventWatch,
  type SourceRecord,
  watchKey,
} from '../model/index.ts'

/**
 * The events that follow from what a write to the mirror changed. `now` stands in where the source gave no time.
 * `complete`: the records come from a listing of everything, and not because somebody said that they had changed.
 */
export function eventsOfChanges(
  watch: EventWatch,
  records: ReadonlyMap<string, SourceRecord>,
  changes: readonly RecordChange[],
  { now, complete }: { now: Date; complete: boolean },
): readonly NewEvent[] {
  return changes.flatMap((change) => {
    const record = records.get(change.id)
    const action = record && actionOf(watch, record, change, complete)
    if (!record || !action || !watch.watched.has(watchKey(record.entity, action))) return []
    const at = (action === 'added' ? record.addedAt : null) ?? record.updatedAt ?? now.toISOString()
    return [toEvent(record, action, versionOf(record, action, now), at)]
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

/** Part of the key: noticed twice, a change has the same. Versions are seconds, in which a record may change twice. */
function versionOf(record: SourceRecord, action: ChangeAction, now: Date): string {
  if (action === 'added') return ''
  const version = record.updatedAt ?? now.toISOString()
  return action === 'updated' ? `${version}:${fingerprint(record).slice(0, 8)}` : version
}

function actionOf(
  watch: EventWatch,
  record: SourceRecord,
  change: RecordChange,
  complete: boolean,
): ChangeAction | null {
  const existed = change.existed && change.old_deleted === false
  if (record.deleted) return existed ? 'deleted' : null
  if (!change.existed) {
    const isNew = record.addedAt !== null && Date.parse(record.addedAt) >= watch.since.getTime()
    // Seen only now, yet older than the first sync: it became visible, or readable.
    return isNew ? 'added' : null
  }
  const before = change.old_doc as unknown as SourceRecord | null
  const same = before !== null && before.updatedAt === record.updatedAt && record.updatedAt !== null
  // Edited twice in a second, a record has the same version twice. In a complete listing our own reading of it may
  // differ after an upgrade, and nothing happened at the source.
  return same && complete ? null : 'updated'
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
