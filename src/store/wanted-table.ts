/** What every cluster should be in Brevo, and what was left out of it. */
import { type RawBuilder, sql } from 'kysely'
import type { JsonObject } from '../base/json.ts'
import { anyOf, type Db, rowsAs } from './db.ts'
import { type Scope, within } from './scope.ts'

export type WantedRow = {
  person_id: number
  identity: string
  sms: string | null
  attributes: JsonObject
  lists: readonly number[]
  /** Attributes (and `SMS`) whose source holds something unusable: neither written nor cleared. */
  keep: readonly string[]
  unsubscribed: boolean
  fingerprint: string
}

export type WarningRow = { person_id: number; code: string; subject: string; detail: string }

/** The wanted state (alias `w`) and the granted number together: what a contact is in step with. */
export const wantedFingerprint = sql`w.fingerprint || case when w.sms_granted then '+' else '-' end`

export const wantedColumns =
  'person_id bigint, identity text, sms text, attributes jsonb, lists jsonb, keep jsonb, unsubscribed boolean, fingerprint text'

/** Replaces the wanted rows and the projection's warnings of these identities; an identity without a row is removed. */
export async function replaceWanted(
  db: Db,
  connection: string,
  identities: readonly string[],
  rows: readonly WantedRow[],
  warnings: readonly WarningRow[],
): Promise<void> {
  await removeDisplaced(db, connection, identities, rows)
  await sql`
    insert into wanted as w (connection, person_id, identity, sms, attributes, lists, keep, unsubscribed, fingerprint)
    select ${connection}, person_id, identity, sms, attributes,
      array(select v::integer from jsonb_array_elements_text(lists) v),
      array(select jsonb_array_elements_text(keep)), unsubscribed, fingerprint
    from ${rowsAs(rows, wantedColumns)}
    on conflict (connection, person_id) do update set
      identity = excluded.identity, sms = excluded.sms, attributes = excluded.attributes, lists = excluded.lists,
      keep = excluded.keep,
      unsubscribed = excluded.unsubscribed, fingerprint = excluded.fingerprint,
      sms_granted = w.sms_granted and w.sms is not distinct from excluded.sms
    where w.fingerprint <> excluded.fingerprint`.execute(db)
  await replaceWarnings(db, connection, rows, warnings)
}

/** Rows of these identities, or of these persons under another identity, that the new rows do not continue. */
async function removeDisplaced(
  db: Db,
  connection: string,
  identities: readonly string[],
  rows: readonly WantedRow[],
): Promise<void> {
  const existing = await sql<{ person_id: number; identity: string }>`
    select person_id, identity from wanted where connection = ${connection} and identity = ${anyOf(identities, 'text')}
    union select person_id, identity from wanted where connection = ${connection}
      and person_id = ${anyOf(
        rows.map((row) => row.person_id),
        'bigint',
      )}`.execute(db)
  const identityOf = new Map(rows.map((row) => [row.person_id, row.identity]))
  const displaced = existing.rows.filter((row) => identityOf.get(row.person_id) !== row.identity)
  if (displaced.length === 0) return
  await sql`delete from wanted where connection = ${connection}
    and person_id = ${anyOf(
      displaced.map((row) => row.person_id),
      'bigint',
    )}`.execute(db)
}

/** What Brevo itself refused (subject `SMS +82…`) stays, so that it is not tried again with every sync. */
async function replaceWarnings(
  db: Db,
  connection: string,
  rows: readonly WantedRow[],
  warnings: readonly WarningRow[],
): Promise<void> {
  await sql`delete from warnings where connection = ${connection} and code <> 'sms_taken' and subject not like 'SMS +%'
    and person_id = ${anyOf(
      rows.map((row) => row.person_id),
      'bigint',
    )}`.execute(db)
  await addWarnings(db, connection, warnings)
}

export async function addWarnings(
  db: Db,
  connection: string,
  warnings: readonly WarningRow[],
): Promise<void> {
  if (warnings.length === 0) return
  await sql`insert into warnings (connection, person_id, code, subject, detail)
    select ${connection}, person_id, code, subject, detail
    from ${rowsAs(warnings, 'person_id bigint, code text, subject text, detail text')}
    on conflict (connection, person_id, code, subject) do update set detail = excluded.detail`.execute(db)
}

/** Removes wanted rows whose cluster no longer exists (after all clusters were projected). */
export async function removeStaleWanted(db: Db, connection: string): Promise<void> {
  await sql`delete from wanted where connection = ${connection} and identity not in (
    select identity from records where connection = ${connection} and entity = 'person' and identity is not null and not deleted)`.execute(
    db,
  )
}

/** Warnings of persons that are no lead person any more say nothing. */
export async function removeStaleWarnings(db: Db, connection: string): Promise<void> {
  await sql`delete from warnings x where x.connection = ${connection} and not exists (
    select 1 from wanted w where w.connection = x.connection and w.person_id = x.person_id)`.execute(db)
}

/**
 * Decides who gets a number that several want (rule R2.2): the lowest lead person, and nobody while a contact that
 * keeps it is somebody else's. A contact keeps its number unless Tajo is about to change or clear it, which it does not where
 * Brevo's people gave the number since both sides last agreed. `scope`: everybody who wants or has one of the numbers.
 */
export async function grantSms(db: Db, connection: string, scope: Scope = null): Promise<void> {
  const scoped = within('w.person_id', scope)
  // First among those who want it; in two steps, so that the second finds the first one's verdict by index.
  await sql`
    with ranked as (
      select w.person_id, row_number() over (partition by w.sms order by w.person_id) = 1
        and not exists (select 1 from warnings x where x.connection = w.connection and x.person_id = w.person_id
          and x.code = 'invalid_phone' and x.subject = 'SMS ' || w.sms) as first
      from wanted w where w.connection = ${connection} and w.sms is not null ${scoped}
    )
    update wanted w set sms_granted = r.first from ranked r
    where w.connection = ${connection} and w.person_id = r.person_id and w.sms_granted <> r.first`.execute(db)
  // Who is refused one number keeps the other, which refuses the next: until nobody is.
  while ((await refuseHeldSms(db, connection, scoped)) > 0);
  await sql`delete from warnings x where x.connection = ${connection} and x.code = 'sms_taken' ${within('x.person_id', scope)} and not exists (
    select 1 from wanted w where w.connection = x.connection and w.person_id = x.person_id
      and w.sms is not null and not w.sms_granted)`.execute(db)
  await sql`insert into warnings (connection, person_id, code, subject, detail)
    select w.connection, w.person_id, 'sms_taken', 'SMS', 'the number ' || w.sms || ' belongs to another contact'
    from wanted w where w.connection = ${connection} and w.sms is not null and not w.sms_granted ${scoped}
      and not exists (select 1 from warnings x where x.connection = w.connection and x.person_id = w.person_id
        and x.code = 'invalid_phone' and x.subject = 'SMS ' || w.sms)
    on conflict do nothing`.execute(db)
}

/** Refuses numbers that contacts of others keep; returns how many. */
async function refuseHeldSms(db: Db, connection: string, scoped: RawBuilder<unknown>): Promise<number> {
  const result = await sql`
    update wanted w set sms_granted = false
    from known k
    left join links l on l.connection = k.connection and l.contact_id = k.contact_id
    left join wanted e on e.connection = k.connection and e.identity = k.email
    left join wanted o on o.connection = k.connection and o.person_id = l.person_id and e.person_id is null
    where w.connection = ${connection} and w.sms is not null and w.sms_granted ${scoped}
      and k.connection = w.connection and k.sms = w.sms
      and coalesce(e.person_id, o.person_id) is distinct from w.person_id
      and not (coalesce(e.person_id, o.person_id) is not null
        and not (k.agreed ? 'SMS' and k.agreed ->> 'SMS' is distinct from k.sms)
        and case when coalesce(e.sms_granted, o.sms_granted) then coalesce(e.sms, o.sms) <> k.sms
          else 'SMS' = any(k.written) and not 'SMS' = any(coalesce(e.keep, o.keep)) end)`.execute(db)
  return Number(result.numAffectedRows ?? 0)
}

/** The contact was deleted in Brevo: its person is not pushed again until it changes (rule R9.6). */
export async function holdWanted(db: Db, connection: string, personIds: readonly number[]): Promise<void> {
  if (personIds.length === 0) return
  await sql`update wanted set held = fingerprint where connection = ${connection}
    and person_id = ${anyOf(personIds, 'bigint')}`.execute(db)
}

export async function countWarnings(db: Db, connection: string): Promise<Readonly<Record<string, number>>> {
  const rows = await db
    .selectFrom('warnings')
    .select(['code', (eb) => eb.fn.countAll<number>().as('count')])
    .where('connection', '=', connection)
    .groupBy('code')
    .orderBy('code')
    .execute()
  return Object.fromEntries(rows.map((row) => [row.code, Number(row.count)]))
}

export async function readWarnings(
  db: Db,
  connection: string,
  personId: number,
): Promise<readonly WarningRow[]> {
  return db
    .selectFrom('warnings')
    .select(['person_id', 'code', 'subject', 'detail'])
    .where('connection', '=', connection)
    .where('person_id', '=', personId)
    .execute()
}

export async function readWanted(
  db: Db,
  connection: string,
  by: { personId: number } | { identity: string },
): Promise<(WantedRow & { sms_granted: boolean; held: string | null }) | undefined> {
  const query = db.selectFrom('wanted').selectAll().where('connection', '=', connection)
  const row = await ('personId' in by
    ? query.where('person_id', '=', by.personId)
    : query.where('identity', '=', by.identity)
  ).executeTakeFirst()
  return row
}
