/** Which persons a comparison is about: all, or those that something was learnt about, so that an edit costs what it changed. */
import { type RawBuilder, sql } from 'kysely'
import { anyOf, type Db } from './db.ts'
import { retryAt } from './retry-time.ts'

/** Null means everybody. */
export type Scope = readonly number[] | null

/** ` and <column> = any(…)`, or nothing. */
export function within(column: string, scope: Scope): RawBuilder<unknown> {
  return scope === null ? sql`` : sql`and ${sql.raw(column)} = ${anyOf(scope, 'bigint')}`
}

/**
 * Everybody whose contact may have to change because of these addresses: who has or had one of them, whose contact has
 * one, who shares or wants a number with any of those, and whose failure is due again.
 */
export async function personsAround(
  db: Db,
  connection: string,
  addresses: readonly string[],
  now: Date,
): Promise<readonly number[]> {
  const named = anyOf(addresses, 'text')
  const result = await sql<{ person_id: number }>`
    with near as materialized (
      select person_id from wanted where connection = ${connection} and identity = ${named}
      union select id::bigint from records where connection = ${connection} and entity = 'person' and identity = ${named}
      union select l.person_id from known k join links l on l.connection = k.connection and l.contact_id = k.contact_id
        where k.connection = ${connection} and k.email = ${named}
      union select f.record_id::bigint from failures f where f.connection = ${connection} and f.entity = 'person'
        and f.disposition = 'retry' and not f.discarded and ${retryAt} <= ${now}
    ), numbers as materialized (
      select w.sms from near n join wanted w on w.connection = ${connection} and w.person_id = n.person_id where w.sms is not null
      union select k.sms from near n join links l on l.connection = ${connection} and l.person_id = n.person_id
        join known k on k.connection = l.connection and k.contact_id = l.contact_id where k.sms is not null
    )
    select person_id from near
    union select w.person_id from numbers n join wanted w on w.connection = ${connection} and w.sms = n.sms
    union select l.person_id from numbers n join known k on k.connection = ${connection} and k.sms = n.sms
      join links l on l.connection = k.connection and l.contact_id = k.contact_id`.execute(db)
  return result.rows.map((row) => row.person_id)
}
