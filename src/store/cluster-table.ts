/** Reads clusters (persons that share an identity e-mail) with what surrounds them, a few hundred at a time. */
import { sql } from 'kysely'
import type { JsonObject } from '../base/json.ts'
import { anyOf, type Db, rowsAs, valuesAs } from './db.ts'

/** The next identities in order, for walking all clusters. */
export async function nextIdentities(
  db: Db,
  connection: string,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const result = await sql<{ identity: string }>`
    select distinct identity from records
    where connection = ${connection} and entity = 'person' and identity > ${after} and not deleted
    order by identity limit ${limit}`.execute(db)
  return result.rows.map((row) => row.identity)
}

/** Those whose persons were changed last, newest first. */
export async function newestIdentities(
  db: Db,
  connection: string,
  limit: number,
): Promise<readonly string[]> {
  const result = await sql<{ identity: string }>`
    select identity from records
    where connection = ${connection} and entity = 'person' and identity is not null and not deleted
    group by identity order by max(version) desc nulls last, identity limit ${limit}`.execute(db)
  return result.rows.map((row) => row.identity)
}

export type ClusterPerson = { identity: string; id: string; org_id: number | null; doc: JsonObject }

export async function readClusterPersons(
  db: Db,
  connection: string,
  identities: readonly string[],
): Promise<readonly ClusterPerson[]> {
  const result = await sql<ClusterPerson>`
    select r.identity, r.id, r.org_id, r.doc from records r
    where r.connection = ${connection} and r.entity = 'person' and r.identity = ${anyOf(identities, 'text')} and not r.deleted`.execute(
    db,
  )
  return result.rows
}

/** Deals of these persons, archived ones included, deleted ones not. */
export async function readDealsOf(
  db: Db,
  connection: string,
  personIds: readonly number[],
): Promise<readonly { person_id: number; doc: JsonObject }[]> {
  return readOf(db, connection, 'deal', personIds)
}

async function readOf(
  db: Db,
  connection: string,
  entity: string,
  personIds: readonly number[],
): Promise<readonly { person_id: number; doc: JsonObject }[]> {
  const result = await sql<{ person_id: number; doc: JsonObject }>`
    select r.person_id, r.doc from records r
    where r.connection = ${connection} and r.person_id = ${anyOf(personIds, 'bigint')} and r.entity = ${entity} and not r.deleted`.execute(
    db,
  )
  return result.rows
}

export async function countOpenLeadsOf(
  db: Db,
  connection: string,
  personIds: readonly number[],
): Promise<readonly { person_id: number; count: number }[]> {
  const result = await sql<{ person_id: number; count: number }>`
    select r.person_id, count(*) as count from records r
    where r.connection = ${connection} and r.person_id = ${anyOf(personIds, 'bigint')} and r.entity = 'lead' and not r.deleted
      and not coalesce((r.doc->>'archived')::boolean, false)
    group by r.person_id`.execute(db)
  return result.rows
}

export type ActivityDates = { person_id: number; next_date: string | null; last_date: string | null }

/** Summed up here, so that a person with a hundred thousand activities costs one row. */
export async function readActivityDatesOf(
  db: Db,
  connection: string,
  personIds: readonly number[],
): Promise<readonly ActivityDates[]> {
  const result = await sql<ActivityDates>`
    select r.person_id,
      min(r.doc->>'dueDate') filter (where not (r.doc->>'done')::boolean) as next_date,
      max(coalesce(r.doc->>'dueDate', left(r.doc->>'doneAt', 10))) filter (where (r.doc->>'done')::boolean) as last_date
    from records r
    where r.connection = ${connection} and r.person_id = ${anyOf(personIds, 'bigint')} and r.entity = 'activity' and not r.deleted
    group by r.person_id`.execute(db)
  return result.rows
}

export type DirtyMark = { readonly identity: string; readonly marked: number }

export async function takeDirty(db: Db, connection: string, limit: number): Promise<readonly DirtyMark[]> {
  return db
    .selectFrom('dirty')
    .select(['identity', 'marked'])
    .where('connection', '=', connection)
    .orderBy('identity')
    .limit(limit)
    .execute()
}

/** Clears these marks, and not the ones that were made since on the same clusters. */
export async function clearDirty(db: Db, connection: string, marks: readonly DirtyMark[]): Promise<void> {
  if (marks.length === 0) return
  await sql`delete from dirty d using ${rowsAs(marks, 'identity text, marked bigint')}
    where d.connection = ${connection} and d.identity = r.identity and d.marked = r.marked`.execute(db)
}

/** The newest mark; 0 when there is none. */
export async function lastDirtyMark(db: Db, connection: string): Promise<number> {
  const result = await sql<{ marked: number }>`
    select coalesce(max(marked), 0)::bigint as marked from dirty where connection = ${connection}`.execute(db)
  return result.rows[0]?.marked ?? 0
}

/** After everything was projected: clears what had been marked before it began. */
export async function clearDirtyUntil(db: Db, connection: string, mark: number): Promise<void> {
  await sql`delete from dirty where connection = ${connection} and marked <= ${mark}`.execute(db)
}

const markAgain = sql`on conflict (connection, identity) do update set marked = nextval('marks')`

export async function markDirty(db: Db, connection: string, identities: readonly string[]): Promise<void> {
  if (identities.length === 0) return
  await sql`insert into dirty (connection, identity) select distinct ${connection}, v from ${valuesAs(identities, 'text')}
    ${markAgain}`.execute(db)
}

/** The clusters of these persons, and of every person of these organizations, are out of date. */
export async function markDirtyAround(
  db: Db,
  connection: string,
  around: { personIds?: readonly number[]; organizationIds?: readonly number[] },
): Promise<void> {
  const { personIds = [], organizationIds = [] } = around
  if (personIds.length > 0) {
    await sql`insert into dirty (connection, identity)
      select distinct r.connection, r.identity from records r where r.connection = ${connection} and r.entity = 'person'
        and r.id = ${anyOf(personIds.map(String), 'text')} and r.identity is not null
      ${markAgain}`.execute(db)
  }
  if (organizationIds.length > 0) {
    await sql`insert into dirty (connection, identity)
      select distinct r.connection, r.identity from records r where r.connection = ${connection} and r.entity = 'person'
        and r.org_id = ${anyOf(organizationIds, 'bigint')} and r.identity is not null
      ${markAgain}`.execute(db)
  }
}
