/** Counts over several tables, for status pages. */
import { sql } from 'kysely'
import type { Db } from './db.ts'

export type Overview = {
  live: number
  with_contact: number
  in_step: number
  failed: number
  discarded: number
  dirty: number
  outbox: number
}

export async function readOverview(db: Db, connection: string): Promise<Overview> {
  const result = await sql<Overview>`select
    (select count(*) from records where connection = ${connection} and entity = 'person' and not deleted) as live,
    (select count(*) from wanted w join links l on l.connection = w.connection and l.person_id = w.person_id
      where w.connection = ${connection}) as with_contact,
    (select count(*) from wanted w join links l on l.connection = w.connection and l.person_id = w.person_id
      join known k on k.connection = l.connection and k.contact_id = l.contact_id
      where w.connection = ${connection}
        and k.in_step = w.fingerprint || case when w.sms_granted then '+' else '-' end) as in_step,
    (select count(*) from failures where connection = ${connection} and not discarded) as failed,
    (select count(*) from failures where connection = ${connection} and discarded) as discarded,
    (select count(*) from dirty where connection = ${connection}) as dirty,
    (select count(*) from outbox where connection = ${connection} and state in ('pending', 'sent')) as outbox`.execute(
    db,
  )
  return (
    result.rows[0] ?? { live: 0, with_contact: 0, in_step: 0, failed: 0, discarded: 0, dirty: 0, outbox: 0 }
  )
}

/** The persons of a cluster by its identity, newest data first; used to explain one record. */
export async function findPersonId(db: Db, connection: string, email: string): Promise<number | null> {
  const result = await sql<{ id: string }>`
    select id from (
      select w.person_id::text as id, 0 as rank from wanted w where w.connection = ${connection} and w.identity = ${email}
      union all
      select r.id, 1 from records r where r.connection = ${connection} and r.entity = 'person' and r.identity = ${email}
      union all
      select l.person_id::text, 2 from known k join links l on l.connection = k.connection and l.contact_id = k.contact_id
        where k.connection = ${connection} and k.email = ${email}
    ) t order by rank limit 1`.execute(db)
  const id = result.rows[0]?.id
  return id === undefined ? null : Number(id)
}
