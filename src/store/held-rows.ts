/** Every row of the store that concerns one person, table by table (rule R11). Credentials are never among them. */
import { type RawBuilder, sql } from 'kysely'
import { emailsIn, plainEmail } from '../base/email-text.ts'
import type { JsonObject } from '../base/json.ts'
import { anyOf, type Db } from './db.ts'
import { mentionsAny, type StoreTable, storeTables } from './erasure.ts'
import { namesSubject, type Subject } from './subject.ts'

export type HeldRows = Readonly<Record<string, readonly JsonObject[]>>

/** By name of the table, those of the job engine as `jobs.…`; tables without such a row are left out. */
export async function readHeldRows(db: Db, connection: string, subject: Subject): Promise<HeldRows> {
  const emails = new Set(subject.emails.map(plainEmail))
  const held: Record<string, readonly JsonObject[]> = {}
  for (const table of await storeTables(db)) {
    if (table.name === 'erased') continue
    const rows = await readTable(db, connection, table, subject)
    const kept = rows.filter(
      ({ named, row }) => named || [...emailsIn(row)].some((email) => emails.has(email)),
    )
    const name = table.schema === 'jobs' ? `jobs.${table.name}` : table.name
    if (kept.length > 0) held[name] = kept.map(({ row }) => row)
  }
  return held
}

async function readTable(
  db: Db,
  connection: string,
  { schema, name, columns }: StoreTable,
  subject: Subject,
): Promise<readonly { named: boolean; row: JsonObject }[]> {
  const names = new Set(columns.map((column) => column.name))
  const byId = conditions(name, names, connection, subject)
  const named = byId.length === 0 ? sql`false` : sql`coalesce(${sql.join(byId, sql` or `)}, false)`
  const here = names.has('connection') ? sql`t.connection = ${connection}` : sql`true`
  const result = await sql<{ named: boolean; row: JsonObject }>`
    select ${named} as named, to_jsonb(t) - '{credentials,erasure_salt}'::text[] as row
    from ${sql.id(schema, name)} t where ${here} and (${named} or ${mentionsAny(sql`t::text`, subject.emails)})`.execute(
    db,
  )
  return result.rows
}

/** How a row names a person, a contact, or a deal of the person. */
function conditions(
  table: string,
  names: ReadonlySet<string>,
  connection: string,
  subject: Subject,
): RawBuilder<unknown>[] {
  const { personIds, contactIds } = subject
  const persons = anyOf(personIds, 'bigint')
  const contacts = anyOf(contactIds, 'bigint')
  const found: RawBuilder<unknown>[] = []
  for (const name of ['person_id', 'loser_id', 'survivor_id'])
    if (names.has(name)) found.push(sql`t.${sql.id(name)} = ${persons}`)
  if (names.has('contact_id')) found.push(sql`t.contact_id = ${contacts}`)
  if (names.has('deal_id'))
    found.push(sql`t.deal_id::text in (select d.id from records d where d.connection = ${connection}
      and d.entity = 'deal' and d.person_id = ${persons})`)
  const id = names.has('record_id') ? 'record_id' : names.has('id') ? 'id' : null
  if (names.has('entity') && id !== null) found.push(namesSubject('t.entity', `t.${id}`, subject))
  if (table === 'companies')
    for (const name of ['contacts', 'linked', 'asked', 'others'])
      found.push(sql`t.${sql.id(name)} && ${[...contactIds]}::bigint[]`)
  return found
}
