/**
 * Our copy of the source. A page and the place where its reading stands are written together, so that a killed
 * run goes on with the next page; what a page changed marks the clusters around it as out of date.
 */
import {
  type CursorRow,
  clearFailures,
  clearListed,
  type Db,
  hasRecords,
  markDirty,
  markDirtyAround,
  noteListed,
  type RecordChange,
  type RecordRow,
  readCursors,
  recordFailures,
  type Store,
  saveCursor,
  sweepUnlisted,
  upsertRecords,
} from '../../store/index.ts'
import { type Entity, entityOf, type SourceRecord, type Stream, type Unreadable } from '../model/index.ts'
import { toRecordRow } from './record-row.ts'

export type MirrorPage = {
  readonly records: readonly SourceRecord[]
  readonly unreadable: readonly Unreadable[]
  readonly nextCursor: string | null
  /** The source's clock when it answered. */
  readonly serverTime: Date
}

/** `listing` reads everything; `window` what changed since `since`. */
export type Reading = { readonly mode: 'listing' } | { readonly mode: 'window'; readonly since: Date }

export type Progress = CursorRow

export type Mirror = {
  /** Where each stream stands. */
  progress(): Promise<ReadonlyMap<Stream, Progress>>
  /** Begins a reading afresh; or returns the one that is under way, or that this run has finished. */
  begin(run: string, stream: Stream, reading: Reading): Promise<Progress>
  /** Begins the same reading again from its first page: the source no longer takes the place where it stood. */
  restart(stream: Stream, progress: Progress): Promise<Progress>
  /** After a reading that an earlier process began: begins a window over what changed meanwhile. What was listed stays noted. */
  catchUp(progress: Progress, since: Date): Promise<Progress>
  /** Writes one page and moves the cursor. Returns the new progress. */
  applyPage(stream: Stream, progress: Progress, page: MirrorPage): Promise<Progress>
  /** After complete listings, once: what they did not show is deleted. Returns how many records of the entity went. */
  sweep(entity: Entity): Promise<number>
}

/** A reading before its first page. */
const untouched = { cursor: null, finished: false, started_at: null, rows_read: 0 }

export function createMirror(store: Store, connection: string, now: () => Date): Mirror {
  return {
    async progress() {
      const rows = await readCursors(store.db, connection)
      return new Map(rows.map((row) => [row.stream as Stream, row]))
    },
    begin: (run, stream, reading) => begin(store, connection, run, stream, reading),
    restart: (stream, progress) => startFresh(store, connection, stream, { ...progress, ...untouched }),
    async catchUp(progress, since) {
      const window: Progress = { ...progress, ...untouched, mode: 'window', since }
      await saveCursor(store.db, connection, window)
      return window
    },
    applyPage: (stream, progress, page) =>
      store.transaction((trx) => applyPage(trx, connection, stream, progress, page, store.batchSize, now())),
    sweep: (entity) => store.transaction((trx) => sweep(trx, connection, entity)),
  }
}

async function begin(
  store: Store,
  connection: string,
  run: string,
  stream: Stream,
  reading: Reading,
): Promise<Progress> {
  const cursors = await readCursors(store.db, connection)
  const current = cursors.find((row) => row.stream === stream)
  if (current && (current.run === run || (current.mode === reading.mode && !current.finished))) {
    return { ...current, run }
  }
  const deals = cursors.find((row) => row.stream === 'deals')
  const entity = entityOf[stream]
  const fresh: Progress = {
    stream,
    run,
    mode: reading.mode,
    cursor: null,
    finished: false,
    since: reading.mode === 'window' ? reading.since : null,
    started_at: null,
    watermark: current?.watermark ?? null,
    rows_read: 0,
    // The first listing of an entity has nothing to sweep; archived deals belong to the sweep that the deals began.
    sweep:
      reading.mode === 'listing' &&
      (stream === 'archived_deals' ? deals?.sweep === true : await hasRecords(store.db, connection, entity)),
  }
  return startFresh(store, connection, stream, fresh)
}

async function startFresh(
  store: Store,
  connection: string,
  stream: Stream,
  fresh: Progress,
): Promise<Progress> {
  await store.transaction(async (trx) => {
    if (fresh.sweep && stream !== 'archived_deals') await clearListed(trx, connection, entityOf[stream])
    await saveCursor(trx, connection, fresh)
    if (stream !== 'deals') return
    // What an earlier reading of the archive had listed is no longer noted: it must not go on from its middle.
    const archived = (await readCursors(trx, connection)).find((row) => row.stream === 'archived_deals')
    if (archived && !archived.finished)
      await saveCursor(trx, connection, { ...archived, run: '', cursor: null, finished: true, sweep: false })
  })
  return fresh
}

async function applyPage(
  trx: Db,
  connection: string,
  stream: Stream,
  progress: Progress,
  page: MirrorPage,
  batchSize: number,
  now: Date,
): Promise<Progress> {
  const entity = entityOf[stream]
  const rows = page.records.map(toRecordRow)
  const changes: RecordChange[] = []
  for (let start = 0; start < rows.length; start += batchSize) {
    changes.push(...(await upsertRecords(trx, connection, entity, rows.slice(start, start + batchSize))))
  }
  const unreadableIds = page.unreadable.flatMap((item) => (item.id === null ? [] : [item.id]))
  if (progress.sweep)
    await noteListed(trx, connection, entity, [...rows.map((row) => row.id), ...unreadableIds])
  // Before a stream has been read once, everything is going to be projected anyway.
  const readBefore = progress.mode === 'window' || progress.sweep || progress.watermark !== null
  if (readBefore) await markAround(trx, connection, entity, rows, changes)
  await clearFailures(
    trx,
    connection,
    `unreadable ${entity}`,
    rows.map((row) => row.id),
  )
  await keepUnreadable(trx, connection, entity, page.unreadable, now)
  const finished = page.nextCursor === null
  const startedAt = progress.started_at ?? page.serverTime
  const next: Progress = {
    ...progress,
    cursor: page.nextCursor,
    finished,
    started_at: startedAt,
    watermark: finished ? startedAt : progress.watermark,
    rows_read: progress.rows_read + rows.length + page.unreadable.length,
  }
  await saveCursor(trx, connection, next)
  return next
}

async function sweep(trx: Db, connection: string, entity: Entity): Promise<number> {
  const listings = (await readCursors(trx, connection)).filter(
    (row) => entityOf[row.stream as Stream] === entity && row.sweep,
  )
  if (listings.length === 0 || listings.some((row) => !row.finished)) return 0
  const gone = await sweepUnlisted(trx, connection, entity)
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
  await clearListed(trx, connection, entity)
  // Done with: a second sweep would find nothing listed and delete everything.
  for (const row of listings) await saveCursor(trx, connection, { ...row, sweep: false })
  return gone.length
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

async function keepUnreadable(
  trx: Db,
  connection: string,
  entity: Entity,
  unreadable: readonly Unreadable[],
  now: Date,
): Promise<void> {
  const failures = unreadable.map((item) => ({
    entity: `unreadable ${entity}`,
    record_id: item.id ?? 'without id',
    code: 'record_unreadable',
    disposition: 'retry',
    message: `The ${entity} ${item.id ?? 'without an id'} as Pipedrive answered it cannot be read: ${item.problem}`,
    vendor_message: null,
    remedy: 'Open the record in Pipedrive and correct the field, or report this as a defect of Tajo.',
    fingerprint: null,
  }))
  await recordFailures(trx, connection, failures, now)
}
