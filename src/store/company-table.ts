/** What every organization's company is wanted to be, and which organizations are to be looked at again. */
import { sql } from 'kysely'
import type { JsonObject } from '../base/json.ts'
import { anyOf, type Db, rowsAs, valuesAs } from './db.ts'

/** What a company is projected from. `doc` is null for an organization that is gone or never was read. */
export type OrganizationFacts = {
  org_id: number
  doc: JsonObject | null
  source: string | null
  /** Contacts of its live persons, ascending. */
  contacts: number[]
}

/** The wanted company; `fingerprint` is null when none is wanted. */
export type ProjectedCompany = {
  org_id: number
  source: string | null
  plan: string
  name: string | null
  attributes: JsonObject | null
  keep: readonly string[]
  fingerprint: string | null
  contacts: readonly number[]
  problem: string | null
  warnings: readonly { code: string; subject: string; detail: string }[]
}

export type OrganizationMark = { readonly org_id: number; readonly marked: number }

const markAgain = sql`on conflict (connection, org_id) do update set marked = nextval('marks')`

/** These organizations changed, came, or went. */
export async function markOrganizations(
  db: Db,
  connection: string,
  organizationIds: readonly number[],
): Promise<void> {
  if (organizationIds.length === 0) return
  await sql`insert into dirty_organizations (connection, org_id)
    select distinct ${connection}, v from ${valuesAs(organizationIds, 'bigint')} ${markAgain}`.execute(db)
}

/**
 * The organizations these persons belong to now, and those whose companies their contacts are wanted with: to be called
 * after the records or ties of the persons were written.
 */
export async function markOrganizationsOfPersons(
  db: Db,
  connection: string,
  personIds: readonly number[],
): Promise<void> {
  if (personIds.length === 0) return
  await sql`insert into dirty_organizations (connection, org_id)
    select connection, org_id from records where connection = ${connection} and entity = 'person' and org_id is not null
      and id = ${anyOf(personIds.map(String), 'text')}
    union select c.connection, c.org_id from companies c where c.connection = ${connection} and c.contacts &&
      array(select l.contact_id from links l where l.connection = ${connection} and l.person_id = ${anyOf(personIds, 'bigint')})
    ${markAgain}`.execute(db)
}

/**
 * Compares every organization with what its company was projected from, and marks those that differ: whatever was
 * missed is found. Returns how many were marked.
 */
export async function markAllOrganizations(db: Db, connection: string, plan: string): Promise<number> {
  const result = await sql<{ org_id: number }>`
    with should as (
      select p.org_id, o.fingerprint as source, array_agg(l.contact_id order by l.contact_id) as contacts
      from links l
      join records p on p.connection = l.connection and p.entity = 'person' and p.id = l.person_id::text
      join records o on o.connection = l.connection and o.entity = 'organization' and o.id = p.org_id::text
      where l.connection = ${connection} and not p.deleted and not o.deleted
      group by p.org_id, o.fingerprint)
    insert into dirty_organizations (connection, org_id)
    select ${connection}, coalesce(s.org_id, c.org_id)
    from should s full join (select * from companies where connection = ${connection}) c on c.org_id = s.org_id
    where c.org_id is null or (s.org_id is null and (c.fingerprint is not null or c.contacts <> '{}'))
      or (s.org_id is not null and (c.source, c.plan, c.contacts) is distinct from (s.source, ${plan}, s.contacts))
    ${markAgain} returning org_id`.execute(db)
  return result.rows.length
}

/** Whether any organization is marked. */
export async function hasDirtyOrganizations(db: Db, connection: string): Promise<boolean> {
  const row = await db
    .selectFrom('dirty_organizations')
    .select('org_id')
    .where('connection', '=', connection)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export async function takeDirtyOrganizations(
  db: Db,
  connection: string,
  limit: number,
): Promise<readonly OrganizationMark[]> {
  return db
    .selectFrom('dirty_organizations')
    .select(['org_id', 'marked'])
    .where('connection', '=', connection)
    .orderBy('marked')
    .limit(limit)
    .execute()
}

/** Clears these marks, and not the ones that were made since on the same organizations. */
export async function clearDirtyOrganizations(
  db: Db,
  connection: string,
  marks: readonly OrganizationMark[],
): Promise<void> {
  if (marks.length === 0) return
  await sql`delete from dirty_organizations d using ${rowsAs(marks, 'org_id bigint, marked bigint')}
    where d.connection = ${connection} and d.org_id = r.org_id and d.marked = r.marked`.execute(db)
}

/** Everything that the companies of these organizations are projected from, one row for each id. */
export async function readOrganizationFacts(
  db: Db,
  connection: string,
  organizationIds: readonly number[],
): Promise<readonly OrganizationFacts[]> {
  const result = await sql<OrganizationFacts>`
    select v as org_id, o.doc, o.fingerprint as source, array(
      select l.contact_id from records p join links l on l.connection = p.connection and l.person_id = p.id::bigint
      where p.connection = ${connection} and p.entity = 'person' and p.org_id = v and not p.deleted
      order by l.contact_id) as contacts
    from ${valuesAs(organizationIds, 'bigint')}
    left join records o on o.connection = ${connection} and o.entity = 'organization' and o.id = v::text and not o.deleted`.execute(
    db,
  )
  return result.rows
}

const columns =
  'org_id bigint, source text, plan text, name text, attributes jsonb, keep jsonb, fingerprint text, contacts jsonb, problem text, warnings jsonb'
const remaining = (column: string) =>
  sql.raw(`array(select v from unnest(c.${column}) v where exists (
      select 1 from known k where k.connection = c.connection and k.contact_id = v) order by v)`)

/**
 * Writes companies as projected. Links of contacts that Brevo no longer has are forgotten: they went with the contact.
 * An organization that neither wants a company nor ever had one leaves no row.
 */
export async function replaceProjected(
  db: Db,
  connection: string,
  rows: readonly ProjectedCompany[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into companies as c (connection, org_id, source, plan, name, attributes, keep, fingerprint, contacts, problem, warnings)
    select ${connection}, r.org_id, r.source, r.plan, r.name, r.attributes, array(select jsonb_array_elements_text(r.keep)),
      r.fingerprint, array(select v::bigint from jsonb_array_elements_text(r.contacts) v), r.problem, r.warnings
    from ${rowsAs(rows, columns)}
    where r.fingerprint is not null or r.problem is not null
      or exists (select 1 from companies e where e.connection = ${connection} and e.org_id = r.org_id)
    on conflict (connection, org_id) do update set
      source = excluded.source, plan = excluded.plan, name = excluded.name, attributes = excluded.attributes,
      keep = excluded.keep, fingerprint = excluded.fingerprint, contacts = excluded.contacts, problem = excluded.problem,
      warnings = excluded.warnings,
      linked = ${remaining('linked')}, asked = ${remaining('asked')}, others = ${remaining('others')}`.execute(
    db,
  )
  await sql`delete from companies where connection = ${connection} and fingerprint is null and problem is null
    and company_id is null and creating_at is null and org_id = ${anyOf(
      rows.map((row) => row.org_id),
      'bigint',
    )}`.execute(db)
}

/** Addresses of contacts; those without one are left out. */
export async function readContactEmails(
  db: Db,
  connection: string,
  contactIds: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const result = await sql<{ contact_id: number; email: string }>`select contact_id, email from known
    where connection = ${connection} and email is not null and contact_id = ${anyOf(contactIds, 'bigint')}`.execute(
    db,
  )
  return new Map(result.rows.map((row) => [row.contact_id, row.email]))
}
