/**
 * Our copy of the source. A page and the place where its reading stands are written together, so that a killed
 * run goes on with the next page; what a page changed marks the clusters around it as out of date.
 */
import {
  type CursorRow,
  clearListed,
  type Db,
  hasErased,
  hasRecords,
  markDeleted,
  noteHints,
  noteListed,
  readCursors,
  recordFailures,
  type Store,
  saveCursor,
  sweepUnlisted,
  unlistedRecords,
} from '../../store/index.ts'
import {
  type Entity,
  type EventWatch,
  entityOf,
  type SourceRecord,
  type Stream,
  type Unreadable,
} from '../model/index.ts'
import { type Applying, applyDeletions, applyRecords } from './apply.ts'

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
  /** Writes records that were read again one by one; `gone` are ids that the source no longer has. Returns how many changed. */
  applyRead(entity: Entity, read: RecordsRead): Promise<number>
  /** The source was asked for everything that changed, up to this moment of its clock: the next windows begin there. */
  readUntil(streams: readonly Stream[], moment: Date): Promise<void>
  /** How many changes the pages brought that were not just made: webhooks should have told them. */
  late(): number
}

export type RecordsRead = {
  readonly records: readonly SourceRecord[]
  readonly unreadable: readonly Unreadable[]
  readonly gone: readonly string[]
}

/** So many records that a listing misses are asked for one by one before they count as deleted. */
const askForAtMost = 100

/** A webhook takes its time, and its first repetitions. */
const justMadeMs = 60_000

/** A reading before its first page. */
const untouched = { cursor: null, finished: false, started_at: null, rows_read: 0 }

/** `watch`: which changes become events; null while there are none to tell. */
export function createMirror(
  store: Store,
  connection: string,
  now: () => Date,
  watch: EventWatch | null = null,
): Mirror {
  // Nobody is erased while a pass is under way: once asked is asked often enough.
  let erasures: boolean | null = null
  const anyErased = async (): Promise<boolean> => {
    erasures ??= await hasErased(store.db, connection)
    return erasures
  }
  const applying = async (mark: boolean, complete = false): Promise<Applying> => ({
    connection,
    batchSize: store.batchSize,
    now: now(),
    watch: mark ? watch : null,
    mark,
    complete,
    erasures: await anyErased(),
  })
  let late = 0
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
    async applyPage(stream, progress, page) {
      // Before a stream has been read once, everything is going to be projected anyway.
      const readBefore = progress.mode === 'window' || progress.sweep || progress.watermark !== null
      const how = await applying(readBefore, progress.mode === 'listing')
      return store.transaction(async (trx) => {
        const applied = await applyPage(trx, stream, progress, page, how)
        late += applied.late
        return applied.progress
      })
    },
    async sweep(entity) {
      const how = await applying(true)
      return store.transaction((trx) => sweep(trx, entity, how))
    },
    async applyRead(entity, read) {
      const how = await applying(true)
      return store.transaction((trx) => applyRead(trx, entity, read, how))
    },
    readUntil: (streams, moment) =>
      store.transaction(async (trx) => {
        for (const row of await readCursors(trx, connection)) {
          const reads = streams.includes(row.stream as Stream) && row.finished
          if (reads && (row.watermark === null || row.watermark < moment))
            await saveCursor(trx, connection, { ...row, watermark: moment })
        }
      }),
    late: () => late,
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
  stream: Stream,
  progress: Progress,
  page: MirrorPage,
  applying: Applying,
): Promise<{ progress: Progress; late: number }> {
  const { connection } = applying
  const entity = entityOf[stream]
  const { rows, changes } = await applyRecords(trx, entity, page.records, applying)
  const unreadableIds = page.unreadable.flatMap((item) => (item.id === null ? [] : [item.id]))
  if (progress.sweep)
    await noteListed(trx, connection, entity, [...rows.map((row) => row.id), ...unreadableIds])
  await keepUnreadable(trx, connection, entity, page.unreadable, applying.now)
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
  const changed = new Set(changes.map((change) => change.id))
  const before = new Date(page.serverTime.getTime() - justMadeMs).toISOString()
  const late = rows.filter(({ id, version }) => changed.has(id) && version !== null && version < before)
  return { progress: next, late: late.length }
}

async function sweep(trx: Db, entity: Entity, applying: Applying): Promise<number> {
  const { connection } = applying
  const listings = (await readCursors(trx, connection)).filter(
    (row) => entityOf[row.stream as Stream] === entity && row.sweep,
  )
  if (listings.length === 0 || listings.some((row) => !row.finished)) return 0
  const gone = await takeUnlisted(trx, entity, applying)
  await clearListed(trx, connection, entity)
  // Done with: a second sweep would find nothing listed and delete everything.
  for (const row of listings) await saveCursor(trx, connection, { ...row, sweep: false })
  return gone
}

/** An archived lead leaves the list like a deleted one: unless there are too many, each is asked for. */
async function takeUnlisted(trx: Db, entity: Entity, applying: Applying): Promise<number> {
  const { connection, now } = applying
  if (entity === 'lead') {
    const missing = await unlistedRecords(trx, connection, entity)
    if (missing.length <= askForAtMost) {
      await noteHints(
        trx,
        connection,
        missing.map((id) => ({ entity, id, version: null })),
        now,
      )
      return missing.length
    }
  }
  const gone = await sweepUnlisted(trx, connection, entity)
  await applyDeletions(trx, entity, gone, applying)
  return gone.length
}

async function applyRead(trx: Db, entity: Entity, read: RecordsRead, applying: Applying): Promise<number> {
  const { connection } = applying
  const { rows, changes } = await applyRecords(trx, entity, read.records, applying)
  const gone = await markDeleted(trx, connection, entity, read.gone)
  await applyDeletions(trx, entity, gone, applying)
  await keepUnreadable(trx, connection, entity, read.unreadable, applying.now)
  // A listing that is under way may have passed their place: it must not take them for deleted.
  const listing = (await readCursors(trx, connection)).some(
    (row) => entityOf[row.stream as Stream] === entity && row.sweep,
  )
  if (listing)
    await noteListed(
      trx,
      connection,
      entity,
      rows.map((row) => row.id),
    )
  return changes.length + gone.length
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
