/**
 * Takes one person out of the store (rule R11): rows about the person go, rows that only mention an address keep the
 * rest. It touches no service, and not the rows of `erased`, which keep the address away afterwards.
 */
import { type RawBuilder, sql } from 'kysely'
import { emailsIn, plainEmail, withoutEmails } from '../base/email-text.ts'
import { fingerprint } from '../base/fingerprint.ts'
import { isJsonObject, type JsonObject } from '../base/json.ts'
import { anyOf, type Db, rowsAs } from './db.ts'
import { noteHints } from './hint-table.ts'
import type { Store } from './open.ts'
import { namesSubject, type Subject } from './subject.ts'

export type StoreTable = {
  readonly schema: string
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
}

/** Rows that begin with these letters around an address are looked at closer: hosts can be spelled in several ways. */
export function mentionsAny(row: RawBuilder<unknown>, emails: readonly string[]): RawBuilder<unknown> {
  const needles = emails.flatMap((email) => {
    const local = plainEmail(email).split('@')[0] ?? ''
    return [`${local}@`, `${local}%40`]
  })
  return sql`exists (select 1 from unnest(${needles}::text[]) needle where position(needle in lower(${row})) > 0)`
}

/** All tables of the store and of the job engine, without the migrator's own. */
export async function storeTables(db: Db): Promise<readonly StoreTable[]> {
  const { rows } = await sql<{ schema: string; table: string; name: string; type: string }>`
    select n.nspname as schema, c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where n.nspname in (current_schema(), 'jobs') and c.relkind = 'r' and c.relname not like 'kysely\\_%'
    order by 1, 2, a.attnum`.execute(db)
  const tables = Map.groupBy(rows, (row) => `${row.schema}.${row.table}`)
  return [...tables.values()].map((columns) => ({
    schema: columns[0]?.schema ?? '',
    name: columns[0]?.table ?? '',
    columns: columns.map(({ name, type }) => ({ name, type })),
  }))
}

/** Puts these documents in the place of the ones that are there; of persons nothing else stays. */
export async function replaceDocuments(
  db: Db,
  connection: string,
  rows: readonly { entity: string; id: string; doc: JsonObject; fingerprint: string }[],
): Promise<void> {
  if (rows.length === 0) return
  const shape = 'entity text, id text, doc jsonb, fingerprint text'
  await sql`update records m set doc = r.doc, fingerprint = r.fingerprint,
      org_id = case when m.entity = 'person' then null else m.org_id end,
      identity = case when m.entity = 'person' then null else m.identity end,
      problem = case when m.entity = 'person' then 'erased' else m.problem end
    from ${rowsAs(rows, shape)} where m.connection = ${connection} and m.entity = r.entity and m.id = r.id`.execute(
    db,
  )
}

/** Every row that is about the person goes; the mirror's own are the caller's (`replaceDocuments`). Call it in a transaction. */
export async function purgeSubject(db: Db, connection: string, subject: Subject, now: Date): Promise<void> {
  const persons = anyOf(subject.personIds, 'bigint')
  const contacts = anyOf(subject.contactIds, 'bigint')
  const emails = anyOf([...new Set(subject.emails.map(plainEmail))], 'text')
  const personTexts = anyOf(subject.personIds.map(String), 'text')
  const here = sql`connection = ${connection}`
  await sql`with gone as (delete from events where ${here} and (person_id = ${persons} or contact_id = ${contacts}
      or (entity = 'person' and record_id = ${personTexts})) returning key)
    delete from failures f using gone where f.${here} and f.entity = 'event' and f.record_id = gone.key`.execute(
    db,
  )
  await sql`with gone as (delete from skill_runs where ${here} and (person_id = ${persons} or contact_id = ${contacts})
      returning skill, id)
    delete from failures f using gone where f.${here} and f.entity = 'skill run'
      and f.record_id = gone.skill || ':' || gone.id`.execute(db)
  const either = sql`(person_id = ${persons} or contact_id = ${contacts})`
  const rows: Readonly<Record<string, RawBuilder<unknown>>> = {
    wanted: sql`(person_id = ${persons} or identity = ${emails})`,
    warnings: sql`person_id = ${persons}`,
    known: sql`(contact_id = ${contacts} or email = ${emails})`,
    links: either,
    outbox: sql`(person_id = ${persons} or contact_id = ${contacts} or email = ${emails})`,
    dirty: sql`identity = ${emails}`,
    hints: sql`entity = 'contact' and id = ${emails}`,
    // Of a person to be created, also for a contact that is gone.
    person_edits: sql`(${either} or person_id is null and fingerprint = ${emails})`,
    edit_outcomes: sql`contact_id = ${contacts}`,
    field_writes: sql`contact_id = ${contacts}`,
    stopped_fields: sql`contact_id = ${contacts}`,
    touches: sql`(contact_id = ${contacts} or email = ${emails})`,
    touch_readings: sql`contact_id = ${contacts}`,
    person_merges: sql`(loser_id = ${persons} or survivor_id = ${persons})`,
    failures: namesSubject('entity', 'record_id', subject),
  }
  for (const [table, condition] of Object.entries(rows))
    await sql`delete from ${sql.id(table)} where ${here} and ${condition}`.execute(db)
  await forgetInCompanies(db, connection, subject)
  await forgetInMoves(db, connection, subject)
  await forgetInInbox(db, connection, subject, now)
  await forgetInRuns(db, connection, subject)
  await redactTexts(db, connection, subject.emails)
}

/** Brevo forgot the links with the contact. */
async function forgetInCompanies(db: Db, connection: string, { contactIds }: Subject): Promise<void> {
  const gone = sql`${[...contactIds]}::bigint[]`
  const names = ['contacts', 'linked', 'asked', 'others']
  const sets = names.map(
    (name) => sql`${sql.id(name)} = array(select v from unnest(${sql.id(name)}) v where v <> all(${gone}))`,
  )
  const touched = names.map((name) => sql`${sql.id(name)} && ${gone}`)
  await sql`update companies set ${sql.join(sets)} where connection = ${connection}
    and (${sql.join(touched, sql` or `)})`.execute(db)
}

/** Where the deal stood and stands stays; its words go. */
async function forgetInMoves(db: Db, connection: string, { personIds }: Subject): Promise<void> {
  await sql`update moves m set facts = jsonb_set(jsonb_set(m.facts, '{deal,title}', '""'), '{deal,fields}', '{}')
    from records d where m.connection = ${connection} and d.connection = m.connection and d.entity = 'deal'
      and d.id = m.deal_id::text and d.person_id = ${anyOf(personIds, 'bigint')} and m.facts ? 'deal'`.execute(
    db,
  )
}

/** Deliveries that nobody has understood yet: gone, and the record they name is read again instead. */
async function forgetInInbox(db: Db, connection: string, subject: Subject, now: Date): Promise<void> {
  const ids = subject.personIds.length === 0 ? '0' : subject.personIds.join('|')
  const phones = subject.phones.filter((phone) => phone.trim() !== '')
  const { rows } = await sql<{ id: number; body: string }>`select id, body from inbox
    where connection = ${connection} and body is not null and (${mentionsAny(sql`body`, subject.emails)}
      or body ~ ${`\\y(${ids})\\y`} or exists (select 1 from unnest(${phones}::text[]) p where position(p in body) > 0))`.execute(
    db,
  )
  const about = rows.map(({ id, body }) => ({ id, about: aboutOf(body, subject, phones) }))
  const gone = about.filter((row) => row.about !== null)
  await noteHints(
    db,
    connection,
    gone.flatMap((row) => row.about ?? []).map((hint) => ({ ...hint, version: null })),
    now,
  )
  const deleted = gone.map((row) => row.id)
  await sql`delete from inbox where id = ${anyOf(deleted, 'bigint')}`.execute(db)
  await sql`delete from failures where connection = ${connection} and entity = 'webhook'
    and record_id = ${anyOf(deleted.map(String), 'text')}`.execute(db)
}

/** Which record the body is about; empty when it does not say; null when it has nothing to do with the person. */
function aboutOf(
  body: string,
  { emails, personIds }: Subject,
  phones: readonly string[],
): readonly { entity: string; id: string }[] | null {
  let parsed: unknown = null
  try {
    parsed = JSON.parse(body)
  } catch {
    // Text that is no JSON is judged as text.
  }
  const meta = isJsonObject(parsed) && isJsonObject(parsed.meta) ? parsed.meta : {}
  const [entity, id] = [meta.entity ?? meta.object, meta.entity_id ?? meta.id]
  const isPerson = entity === 'person' && personIds.includes(Number(id))
  const mentioned = emailsIn(parsed ?? body)
  const concerned =
    isPerson ||
    emails.some((email) => mentioned.has(plainEmail(email))) ||
    phones.some((phone) => body.includes(phone)) ||
    pointsTo(parsed, personIds)
  if (!concerned) return null
  const kept = ['person', 'organization', 'deal', 'activity', 'lead'].includes(String(entity))
  return kept && id != null ? [{ entity: String(entity), id: String(id) }] : []
}

/** `person_id` as a number, or as the object that old webhooks have. */
function pointsTo(value: unknown, personIds: readonly number[]): boolean {
  if (value === null || typeof value !== 'object') return false
  return Object.entries(value).some(([key, item]) => {
    const id = isJsonObject(item) ? (item.value ?? item.id) : item
    return (key === 'person_id' && personIds.includes(Number(id))) || pointsTo(item, personIds)
  })
}

/** Dry runs keep what they would have written. */
async function forgetInRuns(db: Db, connection: string, subject: Subject): Promise<void> {
  const runs = await sql<{ id: string; counters: JsonObject }>`select id, counters from runs
    where connection = ${connection} and counters::text like '%personId%'`.execute(db)
  const emails = new Set(subject.emails.map(plainEmail))
  const isAbout = (item: unknown): boolean =>
    isJsonObject(item) &&
    (subject.personIds.includes(Number(item.personId ?? Number.NaN)) ||
      (typeof item.email === 'string' && emails.has(plainEmail(item.email))))
  const prune = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.filter((item) => !isAbout(item)).map(prune)
    if (!isJsonObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, prune(item)]))
  }
  for (const { id, counters } of runs.rows) {
    const pruned = JSON.stringify(prune(counters))
    if (pruned !== JSON.stringify(counters))
      await sql`update runs set counters = ${pruned}::jsonb where id = ${id}`.execute(db)
  }
}

/** Whatever still mentions an address, in any table, says `[erased]` there instead. */
async function redactTexts(db: Db, connection: string, emails: readonly string[]): Promise<void> {
  const gone = new Set(emails.map(plainEmail))
  for (const table of await storeTables(db)) {
    const target = sql.id(table.schema, table.name)
    const scoped = table.columns.some(({ name }) => name === 'connection')
    const { rows } = await sql<{ place: string; row: JsonObject }>`
      select t.ctid::text as place, to_jsonb(t) as row from ${target} t
      where ${mentionsAny(sql`t::text`, emails)} ${scoped ? sql`and t.connection = ${connection}` : sql``}`.execute(
      db,
    )
    for (const { place, row } of rows) {
      const rest = withoutEmails(row, (email) => gone.has(email))
      const isRecord = table.name === 'records'
      const changed = table.columns.filter(
        ({ name }) => rest[name] !== row[name] && !(isRecord && name === 'fingerprint'),
      )
      if (changed.length === 0) continue
      const sets = changed.map(({ name, type }) => sql`${sql.id(name)} = ${asColumn(rest[name], type)}`)
      // As the mirror would have it: the next reading finds nothing new.
      if (isRecord) sets.push(sql`fingerprint = ${fingerprint(rest.doc)}`)
      await sql`update ${target} set ${sql.join(sets)} where ctid = ${place}::tid`.execute(db)
    }
  }
}

function asColumn(value: unknown, type: string): RawBuilder<unknown> {
  if (type.startsWith('json')) return sql`${JSON.stringify(value)}::jsonb`
  if (type.endsWith('[]'))
    return sql`array(select jsonb_array_elements_text(${JSON.stringify(value)}::jsonb))::${sql.raw(type)}`
  return sql`${value}::text::${sql.raw(type)}`
}

/** Deleted rows lose their place in the tables. What the log ahead and backups hold, they hold until they are recycled. */
export async function vacuumStore(store: Store): Promise<void> {
  if (store.kind === 'embedded') return store.maintain()
  for (const { schema, name } of await storeTables(store.db))
    await sql`vacuum ${sql.id(schema, name)}`.execute(store.db)
}
