/** Records that failed: kept with the service's own words until they succeed, change, or are discarded (rule R6.2). */
import { sql } from 'kysely'
import { type Db, rowsAs } from './db.ts'
import { wantedFingerprint } from './wanted-table.ts'

export type Failure = {
  entity: string
  record_id: string
  code: string
  /** `reject`: not tried again as it is. `retry`: tried again by the next sync. */
  disposition: string
  message: string
  vendor_message: string | null
  remedy: string
  /** The wanted state that failed; null to try whatever it is. */
  fingerprint: string | null
}

export type FailureEntry = Failure & { attempts: number; discarded: boolean; first_at: Date; last_at: Date }

const columns =
  'entity text, record_id text, code text, disposition text, message text, vendor_message text, remedy text, fingerprint text'

export async function recordFailures(
  db: Db,
  connection: string,
  failures: readonly Failure[],
  at: Date,
): Promise<void> {
  if (failures.length === 0) return
  await sql`
    insert into failures as f (connection, entity, record_id, code, disposition, message, vendor_message, remedy, fingerprint, first_at, last_at)
    select ${connection}, entity, record_id, code, disposition, message, vendor_message, remedy, fingerprint, ${at}::timestamptz, ${at}::timestamptz
    from ${rowsAs(failures, columns)}
    on conflict (connection, entity, record_id) do update set
      code = excluded.code, disposition = excluded.disposition, message = excluded.message,
      vendor_message = excluded.vendor_message, remedy = excluded.remedy, fingerprint = excluded.fingerprint,
      attempts = f.attempts + 1, discarded = false, last_at = excluded.last_at`.execute(db)
}

export async function clearFailures(
  db: Db,
  connection: string,
  entity: string,
  recordIds: readonly (string | number)[],
): Promise<void> {
  if (recordIds.length === 0) return
  await db
    .deleteFrom('failures')
    .where('connection', '=', connection)
    .where('entity', '=', entity)
    .where('record_id', 'in', recordIds.map(String))
    .execute()
}

/**
 * Failures of persons who are no longer wanted, or whose contact is as wanted by now, say nothing; nor do failures to
 * let a contact go that this run has not met again; without a run, those stay.
 */
export async function clearStaleFailures(
  db: Db,
  connection: string,
  runStartedAt: Date | null,
): Promise<void> {
  await sql`delete from failures f where f.connection = ${connection} and f.entity = 'person' and not exists (
    select 1 from wanted w
    left join links l on l.connection = w.connection and l.person_id = w.person_id
    left join known k on k.connection = l.connection and k.contact_id = l.contact_id
    where w.connection = f.connection and w.person_id::text = f.record_id
      and w.held is distinct from w.fingerprint and k.in_step is distinct from ${wantedFingerprint})`.execute(
    db,
  )
  if (runStartedAt === null) return
  await sql`delete from failures where connection = ${connection} and entity = 'contact' and last_at < ${runStartedAt}`.execute(
    db,
  )
}

export async function listFailures(db: Db, connection: string): Promise<readonly FailureEntry[]> {
  return db
    .selectFrom('failures')
    .selectAll()
    .where('connection', '=', connection)
    .orderBy('last_at', 'desc')
    .orderBy('entity')
    .orderBy('record_id')
    .execute()
}

/** What is wrong with one person, in either direction, the newest first. */
export async function failuresOfPerson(
  db: Db,
  connection: string,
  personId: number,
): Promise<readonly FailureEntry[]> {
  return db
    .selectFrom('failures')
    .selectAll()
    .where('connection', '=', connection)
    .where('entity', 'in', ['person', 'unreadable person', 'person edit'])
    .where('record_id', '=', String(personId))
    .orderBy('last_at', 'desc')
    .orderBy('entity')
    .execute()
}

export type FailurePage = {
  code?: string | undefined
  /** Discarded ones as well; default: only those that are not. */
  withDiscarded: boolean
  offset: number
  limit: number
}

/** The newest first, and how many there are in all. */
export async function pageFailures(
  db: Db,
  connection: string,
  { code, withDiscarded, offset, limit }: FailurePage,
): Promise<{ total: number; entries: readonly FailureEntry[] }> {
  let query = db.selectFrom('failures').where('connection', '=', connection)
  if (code !== undefined) query = query.where('code', '=', code)
  if (!withDiscarded) query = query.where('discarded', '=', false)
  const [entries, { total }] = await Promise.all([
    query
      .selectAll()
      .orderBy('last_at', 'desc')
      .orderBy('entity')
      .orderBy('record_id')
      .offset(offset)
      .limit(limit)
      .execute(),
    query.select((build) => build.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ])
  return { total: Number(total), entries }
}

export type FailureCause = {
  /** The newest of them, those not discarded first. */
  example: FailureEntry
  open: number
  discarded: number
  /** When the oldest of them failed first. */
  since: Date
}

/** By code; what most records have first. */
export async function groupFailures(db: Db, connection: string): Promise<readonly FailureCause[]> {
  // Counted without their words, and of each cause only the example read: there may be a hundred thousand.
  const result = await sql<FailureEntry & { open: number; dropped: number; since: Date }>`
    select f.*, c.open, c.dropped, c.since
    from (select code, (count(*) filter (where not discarded))::int as open,
        (count(*) filter (where discarded))::int as dropped, min(first_at) as since
      from failures where connection = ${connection} group by code) c
    cross join lateral (select * from failures where connection = ${connection} and code = c.code
      order by discarded, last_at desc, entity, record_id limit 1) f
    order by c.code`.execute(db)
  return result.rows
    .map(({ open, dropped, since, ...example }) => ({ example, open, discarded: dropped, since }))
    .sort((a, b) => b.open - a.open || b.discarded - a.discarded)
}

export async function countOpenFailures(db: Db, connection: string): Promise<number> {
  const { open } = await db
    .selectFrom('failures')
    .where('connection', '=', connection)
    .where('discarded', '=', false)
    .select((build) => build.fn.countAll<number>().as('open'))
    .executeTakeFirstOrThrow()
  return Number(open)
}

export type FailureSelection = { ids?: readonly string[]; code?: string }

/** Lets the next sync try these again whatever they are; what was discarded where it is named by its id, or when asked to. Returns which. */
export async function reopenFailures(
  db: Db,
  connection: string,
  selection: FailureSelection & { withDiscarded?: boolean },
): Promise<readonly { entity: string; record_id: string }[]> {
  const update = db.updateTable('failures').set({ fingerprint: null, discarded: false })
  const all = select(update, connection, selection)
  const isOpenOnly = selection.ids === undefined && selection.withDiscarded !== true
  const meant = isOpenOnly ? all.where('discarded', '=', false) : all
  return meant.returning(['entity', 'record_id']).execute()
}

/** Stops counting these as failed until their record changes. Returns how many. */
export async function discardFailures(
  db: Db,
  connection: string,
  selection: FailureSelection,
): Promise<number> {
  const rows = await select(db.updateTable('failures').set({ discarded: true }), connection, selection)
    .returning('record_id')
    .execute()
  return rows.length
}

type Filterable<Q> = {
  where(column: 'connection' | 'code', operator: '=', value: string): Q
  where(column: 'record_id', operator: 'in', value: string[]): Q
}

function select<Q extends Filterable<Q>>(query: Q, connection: string, { ids, code }: FailureSelection): Q {
  let filtered = query.where('connection', '=', connection)
  if (ids) filtered = filtered.where('record_id', 'in', [...ids])
  if (code !== undefined) filtered = filtered.where('code', '=', code)
  return filtered
}

export type FailureCounts = { failed: number; discarded: number; unreadable: number; other: number }

/** Persons that are failed, discarded or unreadable now; `other`: failures that are not of a live person. Bodies that nobody understood are shown, and keep no run from being complete: it has read everything. */
export async function countFailures(db: Db, connection: string): Promise<FailureCounts> {
  const result = await sql<FailureCounts>`
    select count(*) filter (where entity = 'person' and not discarded) as failed,
      count(*) filter (where entity = 'person' and discarded) as discarded,
      count(*) filter (where entity = 'unreadable person') as unreadable,
      count(*) filter (where entity not in ('person', 'unreadable person', 'webhook') and not discarded) as other
    from failures where connection = ${connection}`.execute(db)
  return result.rows[0] ?? { failed: 0, discarded: 0, unreadable: 0, other: 0 }
}
