/** Persons of the mirror by a piece of their name or address. Reads every person: for people who ask now and then. */
import { sql } from 'kysely'
import type { Db } from './db.ts'

export type FoundPerson = {
  readonly person_id: number
  readonly name: string
  readonly email: string | null
  /** Null: there is none in Brevo yet. */
  readonly contact_id: number | null
}

/** Capitals do not matter. By name; those whose name begins with the text first. */
export async function findPersons(
  db: Db,
  connection: string,
  text: string,
  limit: number,
): Promise<readonly FoundPerson[]> {
  const result = await sql<FoundPerson>`
    select p.id::bigint as person_id, p.name, p.email, l.contact_id from (
      select id, coalesce(doc->'fields'->'name'->>'text', '') as name,
        coalesce(identity, doc->'emails'->0->>'value') as email, identity
      from records where connection = ${connection} and entity = 'person' and not deleted
    ) p
    left join wanted w on w.connection = ${connection} and w.identity = p.identity
    left join links l on l.connection = ${connection} and l.person_id = coalesce(w.person_id, p.id::bigint)
    where position(lower(${text}) in lower(p.name)) > 0 or position(lower(${text}) in lower(coalesce(p.email, ''))) > 0
    order by position(lower(${text}) in lower(p.name)) <> 1, p.name, p.id::bigint limit ${limit}`.execute(db)
  return result.rows
}
