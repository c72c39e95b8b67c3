/** The mirror's rows: Pipedrive's records as last read. */
import { sql } from 'kysely'
import type { JsonObject } from '../base/json.ts'
import { anyOf, type Db, rowsAs, valuesAs } from './db.ts'
import { dealNumbers, noteDealsDeleted } from './deal-table.ts'

export type RecordRow = {
  id: string
  doc: JsonObject
  /** ISO 8601; null when the source gave no update time. */
  version: string | null
  fingerprint: string
  deleted: boolean
  person_id: number | null
  org_id: number | null
  identity: string | null
  problem: string | null
}

/** What a changed row was before: null fields when it is new. */
export type RecordChange = {
  id: string
  existed: boolean
  old_person_id: number | null
  old_identity: string | null
  old_org_id: number | null
  old_deleted: boolean | null
  /** Only where it was asked for. */
  old_doc: JsonObject | null
}

const columns =
  'id text, doc jsonb, version timestamptz, fingerprint text, deleted boolean, person_id bigint, org_id bigint, identity text, problem text'

/** Writes what is new or different and not older than what is there; returns only the rows that changed. */
export async function upsertRecords(
  db: Db,
  connection: string,
  entity: string,
  rows: readonly RecordRow[],
  withOldDocs = false,
): Promise<readonly RecordChange[]> {
  if (rows.length === 0) return []
  const result = await sql<RecordChange>`
    with incoming as materialized (select * from ${rowsAs(rows, columns)}),
    before as (
      select r.id, r.person_id, r.identity, r.org_id, r.deleted, ${withOldDocs ? sql`r.doc` : sql`null::jsonb as doc`} from records r
      where r.connection = ${connection} and r.entity = ${entity} and r.id = ${anyOf(
        rows.map((row) => row.id),
        'text',
      )}
    ),
    written as (
      insert into records as m (connection, entity, id, doc, version, fingerprint, deleted, person_id, org_id, identity, problem)
      select ${connection}, ${entity}, id, doc, version, fingerprint, deleted, person_id, org_id, identity, problem from incoming
      on conflict (connection, entity, id) do update set
        doc = excluded.doc, version = excluded.version, fingerprint = excluded.fingerprint, deleted = excluded.deleted,
        person_id = excluded.person_id, org_id = excluded.org_id, identity = excluded.identity, problem = excluded.problem
      where (m.fingerprint <> excluded.fingerprint or m.deleted <> excluded.deleted)
        and (m.version is null or excluded.version is null or excluded.version >= m.version)
      returning m.id
    )${entity === 'deal' ? sql`, ${dealNumbers(connection)}` : sql``}
    select w.id, b.id is not null as existed, b.person_id as old_person_id, b.identity as old_identity,
      b.org_id as old_org_id, b.deleted as old_deleted, b.doc as old_doc
    from written w left join before b on b.id = w.id`.execute(db)
  return result.rows
}

/** Notes which ids a complete listing showed, so that the end of it can tell what is gone. */
export async function noteListed(
  db: Db,
  connection: string,
  entity: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  await sql`insert into listed (connection, entity, id) select ${connection}, ${entity}, v from ${valuesAs(ids, 'text')}
    on conflict do nothing`.execute(db)
}

export type Swept = {
  id: string
  person_id: number | null
  org_id: number | null
  identity: string | null
  doc: JsonObject
}

/** Marks as deleted every record of the entity that the listing did not show, and returns them. */
export async function sweepUnlisted(db: Db, connection: string, entity: string): Promise<readonly Swept[]> {
  const swept = await sql<Swept>`
    update records r set deleted = true where r.connection = ${connection} and r.entity = ${entity} and not r.deleted
      and not exists (select 1 from listed l where l.connection = r.connection and l.entity = r.entity and l.id = r.id)
    returning r.id, r.person_id, r.org_id, r.identity, r.doc`.execute(db)
  if (entity === 'deal') await noteDealsDeleted(db, connection, idsOf(swept.rows))
  return swept.rows
}

/** Marks these as deleted; returns those that were not before. */
export async function markDeleted(
  db: Db,
  connection: string,
  entity: string,
  ids: readonly string[],
): Promise<readonly Swept[]> {
  if (ids.length === 0) return []
  const gone = await sql<Swept>`update records r set deleted = true
    where r.connection = ${connection} and r.entity = ${entity} and r.id = ${anyOf(ids, 'text')} and not r.deleted
    returning r.id, r.person_id, r.org_id, r.identity, r.doc`.execute(db)
  if (entity === 'deal') await noteDealsDeleted(db, connection, idsOf(gone.rows))
  return gone.rows
}

function idsOf(rows: readonly Swept[]): readonly string[] {
  return rows.map((row) => row.id)
}

/** What a listing would mark as deleted at its end. */
export async function unlistedRecords(
  db: Db,
  connection: string,
  entity: string,
): Promise<readonly string[]> {
  const missing = await sql<{ id: string }>`select r.id from records r
    where r.connection = ${connection} and r.entity = ${entity} and not r.deleted
      and not exists (select 1 from listed l where l.connection = r.connection and l.entity = r.entity and l.id = r.id)`.execute(
    db,
  )
  return missing.rows.map((row) => row.id)
}

export async function clearListed(db: Db, connection: string, entity: string): Promise<void> {
  await db.deleteFrom('listed').where('connection', '=', connection).where('entity', '=', entity).execute()
}

export async function hasRecords(db: Db, connection: string, entity: string): Promise<boolean> {
  const row = await db
    .selectFrom('records')
    .select('id')
    .where('connection', '=', connection)
    .where('entity', '=', entity)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** One record, deleted or not. */
export async function readRecord(
  db: Db,
  connection: string,
  entity: string,
  id: string,
): Promise<
  { doc: JsonObject; deleted: boolean; identity: string | null; problem: string | null } | undefined
> {
  return db
    .selectFrom('records')
    .select(['doc', 'deleted', 'identity', 'problem'])
    .where('connection', '=', connection)
    .where('entity', '=', entity)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Records by id, deleted ones left out. */
export async function readRecords(
  db: Db,
  connection: string,
  entity: string,
  ids: readonly (string | number)[],
): Promise<readonly { id: string; doc: JsonObject }[]> {
  if (ids.length === 0) return []
  const result = await sql<{ id: string; doc: JsonObject }>`
    select r.id, r.doc from records r where r.connection = ${connection} and r.entity = ${entity}
      and r.id = ${anyOf(ids, 'text')} and not r.deleted`.execute(db)
  return result.rows
}

export type PersonCounts = {
  live: number
  no_email: number
  invalid_email: number
  /** Stubs of persons whom Tajo was told to forget. */
  erased: number
  /** Distinct identity e-mails: one contact each (rule R1.2). */
  clusters: number
}

/** How the live persons divide up (rule R6.1). */
export async function countPersons(db: Db, connection: string): Promise<PersonCounts> {
  const result = await sql<PersonCounts>`
    select count(*) as live,
      count(*) filter (where problem = 'no_email') as no_email,
      count(*) filter (where problem = 'invalid_email') as invalid_email,
      count(*) filter (where problem = 'erased') as erased,
      count(distinct identity) as clusters
    from records where connection = ${connection} and entity = 'person' and not deleted`.execute(db)
  return result.rows[0] ?? { live: 0, no_email: 0, invalid_email: 0, erased: 0, clusters: 0 }
}
