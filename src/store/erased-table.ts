/**
 * Whom Tajo was told to forget (rule R11): addresses as hashes with a salt of the connection. It never keeps an address,
 * and cannot say which ones were erased: only whether this one was.
 */
import { randomBytes } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { emailsIn, plainEmail, withoutEmails } from '../base/email-text.ts'
import type { JsonObject } from '../base/json.ts'
import { anyOf, type Db, valuesAs } from './db.ts'

/** The salt (alias `c`) before the address, as PostgreSQL hashes it; null while nobody was erased. */
const hashOf = (email: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`encode(sha256(convert_to(c.erasure_salt || ${email}, 'UTF8')), 'hex')`

/** ` and not …`: rows whose column holds an erased address are left out. Costs nothing while nobody was erased. */
export function notErased(connection: string, column: string): RawBuilder<unknown> {
  return sql`and not exists (select 1 from connections c join erased e on e.connection = c.id
    where c.id = ${connection} and c.erasure_salt is not null and e.hash = ${hashOf(sql.raw(column))})`
}

/**
 * From now on these addresses are nobody's. What else names a person for good, such as the id as `ext_id` has it, is noted
 * likewise. Returns how many were not before.
 */
export async function noteErased(
  db: Db,
  connection: string,
  emails: readonly string[],
  at: Date,
): Promise<number> {
  if (emails.length === 0) return 0
  await sql`update connections set erasure_salt = ${randomBytes(32).toString('hex')}
    where id = ${connection} and erasure_salt is null`.execute(db)
  const noted = await sql<{ hash: string }>`
    insert into erased (connection, hash, erased_at)
    select c.id, ${hashOf(sql`v`)}, ${at}::timestamptz from connections c, ${valuesAs(spelled(emails), 'text')}
    where c.id = ${connection} on conflict do nothing returning hash`.execute(db)
  return noted.rows.length
}

/** The addresses may be kept again. Returns how many had been erased. */
export async function removeErased(db: Db, connection: string, emails: readonly string[]): Promise<number> {
  const removed = await sql<{ hash: string }>`
    delete from erased e using connections c, ${valuesAs(spelled(emails), 'text')}
    where c.id = ${connection} and e.connection = c.id and e.hash = ${hashOf(sql`v`)} returning e.hash`.execute(
    db,
  )
  return removed.rows.length
}

/** Whether anybody was ever erased: while nobody was, there is nothing to look for. */
export async function hasErased(db: Db, connection: string): Promise<boolean> {
  const row = await db
    .selectFrom('connections')
    .select('erasure_salt')
    .where('id', '=', connection)
    .executeTakeFirst()
  return typeof row?.erasure_salt === 'string'
}

/** Those of them that were erased, as `plainEmail` spells them; ids as they were noted. */
export async function erasedAmong(
  db: Db,
  connection: string,
  emails: Iterable<string>,
): Promise<ReadonlySet<string>> {
  const asked = spelled(emails)
  if (asked.length === 0) return new Set()
  const found = await sql<{ v: string }>`
    select v from connections c, ${valuesAs(asked, 'text')}, erased e
    where c.id = ${connection} and c.erasure_salt is not null and e.connection = c.id
      and e.hash = ${hashOf(sql`v`)}`.execute(db)
  return new Set(found.rows.map((row) => row.v))
}

export async function isErased(db: Db, connection: string, email: string): Promise<boolean> {
  return (await erasedAmong(db, connection, [email])).size > 0
}

/** The same values with `[erased]` for every erased address in their texts. Without an address in them it asks nothing. */
export async function withoutErasedTexts<T>(
  db: Db,
  connection: string,
  values: readonly T[],
): Promise<readonly T[]> {
  const gone = await erasedAmong(db, connection, emailsIn(values))
  return gone.size === 0 ? values : values.map((value) => withoutEmails(value, (email) => gone.has(email)))
}

/** Those of the persons of whom the mirror keeps nothing but that they are there. */
export async function erasedPersons(
  db: Db,
  connection: string,
  personIds: readonly number[],
): Promise<ReadonlySet<number>> {
  if (personIds.length === 0) return new Set()
  const found = await sql<{ id: string }>`select id from records where connection = ${connection}
    and entity = 'person' and id = ${anyOf(personIds.map(String), 'text')} and problem = 'erased'`.execute(db)
  return new Set(found.rows.map((row) => Number(row.id)))
}

/** Everybody of whom the mirror keeps nothing but that they are there. */
export async function allErasedPersons(db: Db, connection: string): Promise<readonly number[]> {
  const found = await sql<{ id: string }>`select id from records where connection = ${connection}
    and entity = 'person' and problem = 'erased' order by id`.execute(db)
  return found.rows.map((row) => Number(row.id))
}

/** What is kept of these persons is out of date; their deals may have words again. */
export async function endErasure(db: Db, connection: string, personIds: readonly number[]): Promise<void> {
  await sql`update records set problem = 'no_email', fingerprint = '' where connection = ${connection}
    and entity = 'person' and problem = 'erased' and id = ${anyOf(personIds.map(String), 'text')}`.execute(db)
}

/** Those of the deals whose person is such a one. */
export async function erasedDeals(
  db: Db,
  connection: string,
  dealIds: readonly number[],
): Promise<ReadonlySet<number>> {
  if (dealIds.length === 0) return new Set()
  const found = await sql<{ id: string }>`select d.id from records d
    join records p on p.connection = d.connection and p.entity = 'person' and p.id = d.person_id::text
    where d.connection = ${connection} and d.entity = 'deal' and d.id = ${anyOf(dealIds.map(String), 'text')}
      and p.problem = 'erased'`.execute(db)
  return new Set(found.rows.map((row) => Number(row.id)))
}

export type RecordOfPerson = { readonly entity: string; readonly id: string; readonly doc: JsonObject }

/** The persons and their deals, activities and leads, and the activities of those deals; deleted ones too. */
export async function recordsOfPersons(
  db: Db,
  connection: string,
  personIds: readonly number[],
): Promise<readonly RecordOfPerson[]> {
  if (personIds.length === 0) return []
  const result = await sql<RecordOfPerson>`
    with own as materialized (
      select entity, id from records where connection = ${connection} and person_id = ${anyOf(personIds, 'bigint')}
      union select entity, id from records where connection = ${connection} and entity = 'person'
        and id = ${anyOf(personIds.map(String), 'text')}
    ), near as (
      select entity, id from own
      union select a.entity, a.id from records a join own o on o.entity = 'deal' and o.id = a.doc->>'dealId'
        where a.connection = ${connection} and a.entity = 'activity'
    )
    select r.entity, r.id, r.doc from near n
    join records r on r.connection = ${connection} and r.entity = n.entity and r.id = n.id`.execute(db)
  return result.rows
}

function spelled(emails: Iterable<string>): string[] {
  return [...new Set([...emails].map(plainEmail))].filter((email) => email !== '')
}
