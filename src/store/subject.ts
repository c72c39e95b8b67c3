/** One person as both services and the store know it, and how to find who that is. It changes nothing. */
import { type RawBuilder, sql } from 'kysely'
import { plainEmail } from '../base/email-text.ts'
import { anyOf, type Db } from './db.ts'

export type Subject = {
  /** Every address, in any spelling. */
  readonly emails: readonly string[]
  readonly phones: readonly string[]
  readonly personIds: readonly number[]
  readonly contactIds: readonly number[]
}

/** Rows whose entity and id, in these columns, are one of the person's. A person that is to be created goes by its contact's id. */
export function namesSubject(
  entity: string,
  id: string,
  { personIds, contactIds }: Pick<Subject, 'personIds' | 'contactIds'>,
): RawBuilder<unknown> {
  const [kind, key] = [sql.ref(entity), sql.ref(id)]
  const ofContact = sql`(${kind} like '%contact%' or ${kind} = 'new person')`
  return sql`case when ${ofContact} then ${key} = ${anyOf(contactIds.map(String), 'text')}
    when ${kind} like '%person%' then ${key} = ${anyOf(personIds.map(String), 'text')} else false end`
}

/** Persons of the mirror that have one of these addresses, or whose contact has. */
export async function personsWithAddress(
  db: Db,
  connection: string,
  emails: readonly string[],
): Promise<readonly number[]> {
  const spelled = [...new Set(emails.flatMap((email) => [plainEmail(email), email.trim().toLowerCase()]))]
  const some = anyOf(spelled, 'text')
  const result = await sql<{ id: number }>`
    select r.id::bigint as id from records r where r.connection = ${connection} and r.entity = 'person'
      and (r.identity = ${some} or exists (select 1 from jsonb_array_elements(r.doc->'emails') e
        where lower(trim(e->>'value')) = ${some}))
    union select person_id from wanted where connection = ${connection} and identity = ${some}
    union select l.person_id from known k join links l on l.connection = k.connection and l.contact_id = k.contact_id
      where k.connection = ${connection} and k.email = ${some} order by id`.execute(db)
  return result.rows.map((row) => row.id)
}

/** Contacts with one of these addresses, and those of these persons, by tie or `ext_id`. */
export async function contactsAround(
  db: Db,
  connection: string,
  { emails, personIds }: Pick<Subject, 'emails' | 'personIds'>,
): Promise<readonly number[]> {
  const extIds = personIds.map((id) => `pipedrive-person-${id}`)
  const result = await sql<{ id: number }>`
    select contact_id as id from known where connection = ${connection}
      and (email = ${anyOf(emails.map(plainEmail), 'text')} or ext_id = ${anyOf(extIds, 'text')})
    union select contact_id from links where connection = ${connection} and person_id = ${anyOf(personIds, 'bigint')}
    order by id`.execute(db)
  return result.rows.map((row) => row.id)
}

/** Persons that these contacts are tied to. */
export async function personsOfContacts(
  db: Db,
  connection: string,
  contactIds: readonly number[],
): Promise<readonly number[]> {
  const result = await sql<{ person_id: number }>`select person_id from links
    where connection = ${connection} and contact_id = ${anyOf(contactIds, 'bigint')} order by person_id`.execute(
    db,
  )
  return result.rows.map((row) => row.person_id)
}
