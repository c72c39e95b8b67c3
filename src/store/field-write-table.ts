/** What Tajo wrote to a field lately, in either direction, and which fields were stopped for it (rule R9.3). */
import { sql } from 'kysely'
import { anyOf, type Db, rowsAs } from './db.ts'

export type FieldWriteRow = {
  contact_id: number
  attribute: string
  direction: 'to_brevo' | 'to_pipedrive'
  value: unknown
  at: Date
}

export async function recentWrites(
  db: Db,
  connection: string,
  contactIds: readonly number[],
  since: Date,
): Promise<readonly FieldWriteRow[]> {
  if (contactIds.length === 0) return []
  const result = await sql<FieldWriteRow>`select contact_id, attribute, direction, value, at from field_writes
    where connection = ${connection} and contact_id = ${anyOf(contactIds, 'bigint')} and at > ${since} order by at`.execute(
    db,
  )
  return result.rows
}

/** Older ones of the same contacts are forgotten on the way. */
export async function noteWrites(
  db: Db,
  connection: string,
  rows: readonly FieldWriteRow[],
  forgetBefore: Date,
): Promise<void> {
  if (rows.length === 0) return
  const contacts = anyOf([...new Set(rows.map((row) => row.contact_id))], 'bigint')
  await sql`delete from field_writes where connection = ${connection} and contact_id = ${contacts} and at < ${forgetBefore}`.execute(
    db,
  )
  await sql`insert into field_writes (connection, contact_id, attribute, direction, value, at)
    select ${connection}, contact_id, attribute, direction, value, at
    from ${rowsAs(rows, 'contact_id bigint, attribute text, direction text, value jsonb, at timestamptz')}`.execute(
    db,
  )
}

export type StoppedField = { contact_id: number; attribute: string }

export async function stoppedFields(
  db: Db,
  connection: string,
  contactIds: readonly number[],
): Promise<readonly StoppedField[]> {
  if (contactIds.length === 0) return []
  return db
    .selectFrom('stopped_fields')
    .select(['contact_id', 'attribute'])
    .where('connection', '=', connection)
    .where('contact_id', 'in', [...contactIds])
    .execute()
}

export async function stopFields(
  db: Db,
  connection: string,
  rows: readonly StoppedField[],
  at: Date,
): Promise<void> {
  if (rows.length === 0) return
  await sql`insert into stopped_fields (connection, contact_id, attribute, stopped_at)
    select ${connection}, contact_id, attribute, ${at}::timestamptz from ${rowsAs(rows, 'contact_id bigint, attribute text')}
    on conflict do nothing`.execute(db)
}
