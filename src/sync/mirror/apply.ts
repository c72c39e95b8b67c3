/** Writes records to the mirror inside the caller's transaction, and marks everything that follows from what changed. */
import {
  addEvents,
  clearFailures,
  type Db,
  markDirty,
  markDirtyAround,
  markOrganizations,
  markOrganizationsOfPersons,
  markUntold,
  type RecordChange,
  type RecordRow,
  type Swept,
  upsertRecords,
} from '../../store/index.ts'
import { type Entity, type EventWatch, type SourceRecord, watchKey } from '../model/index.ts'
import { eventsOfChanges, eventsOfDeletions } from './changes.ts'
import { forgetInMirror, type Kept, keepUnerased } from './erased.ts'
import { toRecordRow } from './record-row.ts'

export type Applying = {
  readonly connection: string
  /** Rows per statement. */
  readonly batchSize: number
  readonly now: Date
  /** Null before the first complete sync: nothing is told, and everything is going to be projected anyway. */
  readonly watch: EventWatch | null
  /** Whether what is projected from these records is marked as out of date. */
  readonly mark: boolean
  /** The records come from a listing of everything. */
  readonly complete: boolean
  /** Somebody was erased: records are looked through before they are kept (rule R11). */
  readonly erasures: boolean
}

/** Returns the rows as they were handed to the store, and those that changed. */
export async function applyRecords(
  trx: Db,
  entity: Entity,
  records: readonly SourceRecord[],
  applying: Applying,
): Promise<{ rows: readonly RecordRow[]; changes: readonly RecordChange[] }> {
  const { connection, batchSize, watch, now } = applying
  const kept: readonly Kept[] = applying.erasures
    ? await keepUnerased(trx, connection, records)
    : records.map((record) => ({ record, erased: false }))
  const rows = kept.map(({ record, erased }) => toRecordRow(record, erased))
  const changes: RecordChange[] = []
  const wantsOld = watch?.watched.has(watchKey(entity, 'updated')) ?? false
  for (let start = 0; start < rows.length; start += batchSize) {
    changes.push(
      ...(await upsertRecords(trx, connection, entity, rows.slice(start, start + batchSize), wantsOld)),
    )
  }
  if (applying.mark) {
    await markAround(trx, connection, entity, rows, changes)
    await markCompanies(
      trx,
      connection,
      entity,
      changes.map((change) => change.id),
    )
  }
  if (applying.erasures) await forgetNewStubs(trx, connection, kept, changes)
  if (watch) {
    const byId = new Map(kept.map(({ record }) => [String(record.id), record]))
    await addEvents(trx, connection, eventsOfChanges(watch, byId, changes, applying), now)
    if (entity === 'deal')
      await markUntold(
        trx,
        connection,
        changes.map((change) => Number(change.id)),
      )
  }
  await clearFailures(
    trx,
    connection,
    `unreadable ${entity}`,
    rows.map((row) => row.id),
  )
  return { rows, changes }
}

/** Their deals may have been kept before anybody knew whose they are. */
async function forgetNewStubs(
  trx: Db,
  connection: string,
  kept: readonly Kept[],
  changes: readonly RecordChange[],
): Promise<void> {
  const changed = new Set(changes.map((change) => change.id))
  const stubs = kept.filter(({ record, erased }) => erased && changed.has(String(record.id)))
  await forgetInMirror(
    trx,
    connection,
    stubs.map(({ record }) => Number(record.id)),
  )
}

/** What is projected from records that are gone. */
export async function applyDeletions(
  trx: Db,
  entity: Entity,
  gone: readonly Swept[],
  { connection, watch, now }: Applying,
): Promise<void> {
  if (entity === 'organization') {
    await markDirtyAround(trx, connection, { organizationIds: gone.map((row) => Number(row.id)) })
  } else {
    await markDirty(
      trx,
      connection,
      gone.flatMap((row) => (row.identity === null ? [] : [row.identity])),
    )
    const personIds = gone.flatMap((row) => (row.person_id === null ? [] : [row.person_id]))
    await markDirtyAround(trx, connection, { personIds })
  }
  await markCompanies(
    trx,
    connection,
    entity,
    gone.map((row) => row.id),
  )
  if (watch) await addEvents(trx, connection, eventsOfDeletions(watch, entity, gone, now), now)
}

/** A company follows its organization, and who belongs to it. */
async function markCompanies(
  trx: Db,
  connection: string,
  entity: Entity,
  ids: readonly string[],
): Promise<void> {
  if (entity === 'organization') await markOrganizations(trx, connection, ids.map(Number))
  if (entity === 'person') await markOrganizationsOfPersons(trx, connection, ids.map(Number))
}

/** Everything that is projected from a changed record, as it was and as it is now. */
async function markAround(
  trx: Db,
  connection: string,
  entity: Entity,
  rows: readonly RecordRow[],
  changes: readonly RecordChange[],
): Promise<void> {
  if (changes.length === 0) return
  const changed = new Set(changes.map((change) => change.id))
  const now = rows.filter((row) => changed.has(row.id))
  if (entity === 'person') {
    const identities = [...now.map((row) => row.identity), ...changes.map((change) => change.old_identity)]
    await markDirty(
      trx,
      connection,
      identities.filter((identity) => identity !== null),
    )
  } else if (entity === 'organization') {
    await markDirtyAround(trx, connection, { organizationIds: now.map((row) => Number(row.id)) })
  } else {
    const personIds = [...now.map((row) => row.person_id), ...changes.map((change) => change.old_person_id)]
    await markDirtyAround(trx, connection, { personIds: personIds.filter((id) => id !== null) })
  }
}
