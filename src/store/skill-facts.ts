/** What skills ask of the tables of others. It writes nothing. */
import { sql } from 'kysely'
import type { JsonObject } from '../base/json.ts'
import type { Db } from './db.ts'

/** The last change of the person, or of its deals, activities and leads; null when there is none. */
export async function lastTouched(db: Db, connection: string, personId: number): Promise<Date | null> {
  const rows = await sql<{ at: Date | null }>`select max((doc->>'updatedAt')::timestamptz) as at from records
    where connection = ${connection} and not deleted
      and (person_id = ${personId} or (entity = 'person' and id = ${String(personId)}))`.execute(db)
  return rows.rows[0]?.at ?? null
}

/** Brevo's id of the organization's company; null while there is none. */
export async function companyOf(db: Db, connection: string, organizationId: number): Promise<string | null> {
  const row = await db
    .selectFrom('companies')
    .select('company_id')
    .where('connection', '=', connection)
    .where('org_id', '=', organizationId)
    .executeTakeFirst()
  return row?.company_id ?? null
}

export type ContactFacts = {
  readonly id: number
  readonly email: string | null
  readonly attributes: JsonObject
}

/** The contact as Brevo was last seen to hold it. */
export async function contactFacts(
  db: Db,
  connection: string,
  contactId: number,
): Promise<ContactFacts | null> {
  const row = await db
    .selectFrom('known')
    .select(['email', 'attributes'])
    .where('connection', '=', connection)
    .where('contact_id', '=', contactId)
    .executeTakeFirst()
  return row === undefined ? null : { id: contactId, ...row }
}
