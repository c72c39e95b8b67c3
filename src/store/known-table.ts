/** What Brevo is known to hold, and what of it is Tajo's own doing; and which person each contact belongs to. */
import { sql } from 'kysely'
import type { JsonObject } from '../base/json.ts'
import { anyOf, type Db, rowsAs } from './db.ts'
import { notErased, withoutErasedTexts } from './erased-table.ts'
import { dropEditsOfGone } from './person-edit-table.ts'
import { type Scope, within } from './scope.ts'
import { claimTouches, dropTouches } from './touch-table.ts'

export type KnownRow = {
  contact_id: number
  email: string | null
  ext_id: string | null
  sms: string | null
  attributes: JsonObject
  lists: readonly number[]
  email_blocked: boolean
  sms_blocked: boolean
  /** Why it is blocklisted, where Brevo said so; null says nothing. */
  blocked_by: string | null
  modified_at: string | null
}

/** A contact with what Tajo did to it. `in_step`: the fingerprint of the wanted state it was last found equal to. */
export type KnownContactRow = Omit<KnownRow, 'modified_at'> & {
  modified_at: Date | string | null
  written: string[]
  our_lists: number[]
  in_step: string | null
  /** Attribute to the last value both sides had in common. */
  agreed: JsonObject
}

const columns =
  'contact_id bigint, email text, ext_id text, sms text, attributes jsonb, lists jsonb, email_blocked boolean, sms_blocked boolean, blocked_by text, modified_at timestamptz'

/**
 * Writes contacts as just seen. Whatever looks different from before is no longer in step. Tajo's marks stay, but for
 * memberships that have ended: who makes them anew owns them. Contacts of erased persons are not kept (rule R11).
 */
export async function upsertKnown(db: Db, connection: string, seen: readonly KnownRow[]): Promise<void> {
  if (seen.length === 0) return
  const texts = await withoutErasedTexts(
    db,
    connection,
    seen.map((row) => row.attributes),
  )
  const rows = seen.map((row, index) => ({ ...row, attributes: texts[index] ?? row.attributes }))
  await sql`
    insert into known as k (connection, contact_id, email, ext_id, sms, attributes, lists, email_blocked, sms_blocked, blocked_by, modified_at)
    select ${connection}, contact_id, email, ext_id, sms, attributes,
      array(select v::integer from jsonb_array_elements_text(lists) v), email_blocked, sms_blocked, blocked_by, modified_at
    from ${rowsAs(rows, columns)} where true ${notErased(connection, 'r.email')} ${notErased(connection, 'r.ext_id')}
    on conflict (connection, contact_id) do update set
      email = excluded.email, ext_id = excluded.ext_id, sms = excluded.sms, attributes = excluded.attributes,
      lists = excluded.lists, email_blocked = excluded.email_blocked, sms_blocked = excluded.sms_blocked,
      blocked_by = case when excluded.email_blocked then coalesce(excluded.blocked_by, k.blocked_by) end,
      modified_at = excluded.modified_at, in_step = null,
      our_lists = array(select v from unnest(k.our_lists) v where v = any(excluded.lists) order by v)
    where (k.email, k.ext_id, k.sms, k.attributes, k.lists, k.email_blocked, k.sms_blocked)
      is distinct from (excluded.email, excluded.ext_id, excluded.sms, excluded.attributes, excluded.lists,
        excluded.email_blocked, excluded.sms_blocked)
      or (excluded.email_blocked and excluded.blocked_by is not null and k.blocked_by is distinct from excluded.blocked_by)`.execute(
    db,
  )
  await claimTouches(db, connection, rows)
}

export type Settled = {
  contact_id: number
  person_id: number
  in_step: string
  /** Added to what Tajo has written, minus `cleared`. */
  written: readonly string[]
  cleared: readonly string[]
  added_lists: readonly number[]
  removed_lists: readonly number[]
  /** What both sides agree on now, added to what they agreed on before. */
  agreed: JsonObject
  /** Fingerprint of the fields that go both ways; null: none do. */
  agreed_with: string | null
}

/** The contact is what was wanted: remember that, what Tajo did, and whose it is. */
export async function settleKnown(db: Db, connection: string, rows: readonly Settled[]): Promise<void> {
  if (rows.length === 0) return
  const settled =
    'contact_id bigint, person_id bigint, in_step text, written jsonb, cleared jsonb, added_lists jsonb, removed_lists jsonb, agreed jsonb, agreed_with text'
  await sql`
    with r as materialized (select * from ${rowsAs(rows, settled)})
    update known k set in_step = r.in_step, agreed = k.agreed || r.agreed, agreed_with = r.agreed_with,
      written = array(select v from (select unnest(k.written) union select jsonb_array_elements_text(r.written)) u(v)
        where not r.cleared ? v order by v),
      our_lists = array(select v from (select unnest(k.our_lists) union select t::integer from jsonb_array_elements_text(r.added_lists) t) u(v)
        where not r.removed_lists @> to_jsonb(v) order by v)
    from r where k.connection = ${connection} and k.contact_id = r.contact_id`.execute(db)
  await linkContacts(db, connection, rows)
  // Written since it was deleted in Brevo: a later return to the state it was deleted in is a change like any other.
  await sql`update wanted set held = null where connection = ${connection} and held is not null and person_id = ${anyOf(
    rows.map((row) => row.person_id),
    'bigint',
  )}`.execute(db)
}

/** The contact was let go: off these lists, and with this ext_id unless null. */
export async function releaseKnown(
  db: Db,
  connection: string,
  released: { contactId: number; lists: readonly number[]; extId: string | null },
): Promise<void> {
  const lists = anyOf(released.lists, 'integer')
  await sql`update known set in_step = null, ext_id = coalesce(${released.extId}::text, ext_id),
      lists = array(select v from unnest(lists) v where not (v = ${lists}) order by v),
      our_lists = array(select v from unnest(our_lists) v where not (v = ${lists}) order by v)
    where connection = ${connection} and contact_id = ${released.contactId}`.execute(db)
}

/** Person to contact, of those that are linked. */
export async function contactsOfPersons(
  db: Db,
  connection: string,
  personIds: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  if (personIds.length === 0) return new Map()
  const { rows } = await sql<{ person_id: number; contact_id: number }>`
    select person_id, contact_id from links
    where connection = ${connection} and person_id = ${anyOf(personIds, 'bigint')}`.execute(db)
  return new Map(rows.map(({ person_id, contact_id }) => [person_id, contact_id]))
}

/** Ties persons to contacts, unique both ways: an older tie of either gives way. */
export async function linkContacts(
  db: Db,
  connection: string,
  rows: readonly { contact_id: number; person_id: number }[],
): Promise<void> {
  const pairs = rows.map(({ contact_id, person_id }) => ({ contact_id, person_id }))
  const existing = await sql<{ contact_id: number; person_id: number }>`
    select contact_id, person_id from links where connection = ${connection} and person_id = ${anyOf(
      pairs.map((pair) => pair.person_id),
      'bigint',
    )}
    union select contact_id, person_id from links where connection = ${connection} and contact_id = ${anyOf(
      pairs.map((pair) => pair.contact_id),
      'bigint',
    )}`.execute(db)
  const contactOf = new Map(pairs.map((pair) => [pair.person_id, pair.contact_id]))
  const displaced = existing.rows.filter((row) => contactOf.get(row.person_id) !== row.contact_id)
  if (displaced.length > 0) {
    await sql`delete from links where connection = ${connection}
      and person_id = ${anyOf(
        displaced.map((row) => row.person_id),
        'bigint',
      )}`.execute(db)
  }
  await sql`insert into links (connection, person_id, contact_id) select ${connection}, person_id, contact_id
    from ${rowsAs(pairs, 'contact_id bigint, person_id bigint')} on conflict do nothing`.execute(db)
}

/** Finds again the ties that the store lost but Brevo kept: contacts whose `ext_id` names a lead person (rule R1.3). */
export async function linkByExtId(db: Db, connection: string, scope: Scope): Promise<void> {
  await sql`
    insert into links (connection, person_id, contact_id)
    select distinct on (w.person_id) w.connection, w.person_id, k.contact_id
    from wanted w join known k on k.connection = w.connection and k.ext_id = 'pipedrive-person-' || w.person_id
    where w.connection = ${connection} ${within('w.person_id', scope)}
      and not exists (select 1 from links l where l.connection = w.connection and l.person_id = w.person_id)
      and not exists (select 1 from links l where l.connection = w.connection and l.contact_id = k.contact_id)
    order by w.person_id, k.contact_id
    on conflict do nothing`.execute(db)
}

export async function readKnown(
  db: Db,
  connection: string,
  contactIds: readonly number[],
): Promise<readonly KnownContactRow[]> {
  if (contactIds.length === 0) return []
  const result =
    await sql<KnownContactRow>`select contact_id, email, ext_id, sms, attributes, lists, email_blocked, sms_blocked,
      blocked_by, modified_at, written, our_lists, in_step, agreed
    from known where connection = ${connection} and contact_id = ${anyOf(contactIds, 'bigint')}`.execute(db)
  return result.rows
}

export async function findKnown(
  db: Db,
  connection: string,
  by: { email: string } | { personId: number },
): Promise<KnownContactRow | undefined> {
  const condition =
    'email' in by
      ? sql`k.email = ${by.email}`
      : sql`k.contact_id = (select contact_id from links l where l.connection = k.connection and l.person_id = ${by.personId})`
  const result = await sql<KnownContactRow>`select k.contact_id, k.email, k.ext_id, k.sms, k.attributes,
    k.lists, k.email_blocked, k.sms_blocked, k.written, k.our_lists, k.in_step, k.agreed, k.blocked_by, k.modified_at
    from known k where k.connection = ${connection} and ${condition} order by k.contact_id desc limit 1`.execute(
    db,
  )
  return result.rows[0]
}

/** When contacts, by address, were last found different. */
export async function contactTimes(
  db: Db,
  connection: string,
  emails: readonly string[],
): Promise<ReadonlyMap<string, Date>> {
  const result = await sql<{
    email: string
    modified_at: Date
  }>`select email, max(modified_at) as modified_at from known
    where connection = ${connection} and email = ${anyOf(emails, 'text')} and modified_at is not null group by email`.execute(
    db,
  )
  return new Map(result.rows.map((row) => [row.email, row.modified_at]))
}

/** Forgets contacts that Brevo no longer has; returns the persons they belonged to. */
export async function removeKnown(
  db: Db,
  connection: string,
  contactIds: readonly number[],
): Promise<readonly number[]> {
  if (contactIds.length === 0) return []
  const unlinked = await sql<{ person_id: number }>`delete from links where connection = ${connection}
    and contact_id = ${anyOf(contactIds, 'bigint')} returning person_id`.execute(db)
  await dropEditsOfGone(db, connection, contactIds)
  await dropTouches(db, connection, contactIds)
  await sql`delete from known where connection = ${connection} and contact_id = ${anyOf(contactIds, 'bigint')}`.execute(
    db,
  )
  return unlinked.rows.map((row) => row.person_id)
}

/** Contacts that a complete listing (noted under entity `contact`) did not show. */
export async function unlistedContacts(db: Db, connection: string): Promise<readonly number[]> {
  const result = await sql<{
    contact_id: number
  }>`select contact_id from known where connection = ${connection}
    and contact_id not in (select id::bigint from listed where connection = ${connection} and entity = 'contact')`.execute(
    db,
  )
  return result.rows.map((row) => row.contact_id)
}
