/** Edits on their way to Pipedrive, one for a contact at most, and what became of them in a run. */
import { sql } from 'kysely'
import type { JsonObject } from '../base/json.ts'
import { anyOf, type Db, rowsAs } from './db.ts'

export type PersonEditRow = {
  contact_id: number
  /** Null: a person is to be created. */
  person_id: number | null
  command: JsonObject
  /** Of the wanted state it was planned with; of a creation: the contact's address. */
  fingerprint: string
}

export type PersonEditEntry = PersonEditRow & {
  /** `sent`: it left, and nobody knows what came of it. */
  state: 'pending' | 'sent'
  attempts: number
  sent_at: Date | null
}

/**
 * A newer plan takes the place of an older one. What has left without an answer keeps saying so; of a creation, it also
 * keeps what was sent: the person may be there, as it was to be then.
 */
export async function putEdits(
  db: Db,
  connection: string,
  run: string,
  rows: readonly PersonEditRow[],
  now: Date,
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into person_edits as p (connection, run, contact_id, person_id, command, fingerprint, planned_at)
    select ${connection}, ${run}, contact_id, person_id, command, fingerprint, ${now}::timestamptz
    from ${rowsAs(rows, 'contact_id bigint, person_id bigint, command jsonb, fingerprint text')}
    on conflict (connection, contact_id) do update set run = excluded.run, person_id = excluded.person_id,
      command = excluded.command, fingerprint = excluded.fingerprint,
      state = case when p.state = 'sent' then 'sent' else 'pending' end,
      attempts = case when p.state <> 'failed' and p.command = excluded.command then p.attempts else 0 end,
      not_before = case when p.state <> 'failed' and p.command = excluded.command then p.not_before end,
      planned_at = case when p.command = excluded.command then p.planned_at else excluded.planned_at end
    where not (p.state = 'sent' and p.person_id is null and excluded.person_id is null)`.execute(db)
}

/** Nothing is owed to these contacts' persons any more. What has left to create a person is still looked at. */
export async function dropEdits(db: Db, connection: string, contactIds: readonly number[]): Promise<void> {
  if (contactIds.length === 0) return
  await sql`delete from person_edits where connection = ${connection} and contact_id = ${anyOf(contactIds, 'bigint')}
    and person_id is not null and state in ('pending', 'sent', 'failed')`.execute(db)
}

/** These contacts are gone: nobody is edited or created for them any more. What has left to create a person is still looked at. */
export async function dropEditsOfGone(
  db: Db,
  connection: string,
  contactIds: readonly number[],
): Promise<void> {
  if (contactIds.length === 0) return
  await sql`delete from person_edits where connection = ${connection} and contact_id = ${anyOf(contactIds, 'bigint')}
    and (person_id is not null or state <> 'sent')`.execute(db)
  await sql`delete from failures where connection = ${connection} and entity = 'new person'
    and record_id = ${anyOf(contactIds.map(String), 'text')}`.execute(db)
}

/** A person is owed what its contact says, and nothing any more by a contact that it had before. */
export async function dropFormerEdits(
  db: Db,
  connection: string,
  pairs: readonly { person_id: number; contact_id: number }[],
): Promise<void> {
  if (pairs.length === 0) return
  await sql`delete from person_edits p using ${rowsAs(pairs, 'person_id bigint, contact_id bigint')}
    where p.connection = ${connection} and p.person_id = r.person_id and p.contact_id <> r.contact_id`.execute(
    db,
  )
}

/** What may leave now, by contact. `now` null: what waits for its time as well. */
export async function dueEdits(
  db: Db,
  connection: string,
  { now, after, limit }: { now: Date | null; after: number; limit: number },
): Promise<readonly PersonEditEntry[]> {
  const due = now === null ? sql`` : sql`and (not_before is null or not_before <= ${now})`
  const result = await sql<PersonEditEntry>`
    select contact_id, person_id, command, fingerprint, state, attempts, sent_at from person_edits
    where connection = ${connection} and state in ('pending', 'sent') and contact_id > ${after} ${due}
    order by contact_id limit ${limit}`.execute(db)
  return result.rows
}

/** Creations that left without an answer, as far as they may be looked at now. */
export async function lostCreations(
  db: Db,
  connection: string,
  now: Date | null,
): Promise<readonly PersonEditEntry[]> {
  const due = now === null ? sql`` : sql`and (not_before is null or not_before <= ${now})`
  const result = await sql<PersonEditEntry>`
    select contact_id, person_id, command, fingerprint, state, attempts, sent_at from person_edits
    where connection = ${connection} and state = 'sent' and person_id is null ${due} order by contact_id`.execute(
    db,
  )
  return result.rows
}

export type OpenEdit = PersonEditRow & {
  /** Beside those of `PersonEditEntry`: `failed`, not tried again as it is; `settled`, nothing is to be done. */
  state: 'pending' | 'sent' | 'failed' | 'settled'
  attempts: number
  planned_at: Date
  not_before: Date | null
}

/** What is kept for this person, whatever its state. */
export async function readEdit(db: Db, connection: string, personId: number): Promise<OpenEdit | undefined> {
  const result = await sql<OpenEdit>`
    select contact_id, person_id, command, fingerprint, state, attempts, planned_at, not_before from person_edits
    where connection = ${connection} and person_id = ${personId} order by planned_at desc limit 1`.execute(db)
  return result.rows[0]
}

/** What these contacts' persons are owed and were not seen to have, whatever its state. */
export async function owedEdits(
  db: Db,
  connection: string,
  contactIds: readonly number[],
): Promise<readonly { contact_id: number; command: JsonObject }[]> {
  if (contactIds.length === 0) return []
  const result = await sql<{ contact_id: number; command: JsonObject }>`
    select contact_id, command from person_edits where connection = ${connection}
      and contact_id = ${anyOf(contactIds, 'bigint')} and person_id is not null`.execute(db)
  return result.rows
}

export async function markEditsSent(
  db: Db,
  connection: string,
  contactIds: readonly number[],
  now: Date,
): Promise<void> {
  if (contactIds.length === 0) return
  await sql`update person_edits set state = 'sent', attempts = attempts + 1, sent_at = ${now}
    where connection = ${connection} and contact_id = ${anyOf(contactIds, 'bigint')}`.execute(db)
}

/** `state`: `pending` when it surely did not arrive, `sent` when nobody knows, `failed` when it is not tried again as it is. */
export async function setEditState(
  db: Db,
  connection: string,
  contactId: number,
  { state, notBefore }: { state: 'pending' | 'sent' | 'failed' | 'settled'; notBefore: Date | null },
): Promise<void> {
  await db
    .updateTable('person_edits')
    .set({ state, not_before: notBefore })
    .where('connection', '=', connection)
    .where('contact_id', '=', contactId)
    .execute()
}

/** Done: forgotten, and counted for its run. */
export async function endEdit(
  db: Db,
  connection: string,
  contactId: number,
  outcome: { run: string; outcome: 'created' | 'updated' } | null,
): Promise<void> {
  await db
    .deleteFrom('person_edits')
    .where('connection', '=', connection)
    .where('contact_id', '=', contactId)
    .execute()
  if (outcome) await noteOutcomes(db, connection, outcome.run, [{ contact_id: contactId, ...outcome }])
}

export async function noteOutcomes(
  db: Db,
  connection: string,
  run: string,
  rows: readonly { contact_id: number; outcome: 'created' | 'updated' | 'conflict' }[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`insert into edit_outcomes (connection, run, contact_id, outcome) select ${connection}, ${run}, contact_id, outcome
    from ${rowsAs(rows, 'contact_id bigint, outcome text')} on conflict do nothing`.execute(db)
}

export type EditCounts = { created: number; updated: number; conflicts: number }

export async function countEditOutcomes(db: Db, connection: string, run: string): Promise<EditCounts> {
  const result = await sql<EditCounts>`
    select count(*) filter (where outcome = 'created') as created, count(*) filter (where outcome = 'updated') as updated,
      count(*) filter (where outcome = 'conflict') as conflicts
    from edit_outcomes where connection = ${connection} and run = ${run}`.execute(db)
  return result.rows[0] ?? { created: 0, updated: 0, conflicts: 0 }
}

/** Counted for other runs; what is open becomes this run's. */
export async function takeOverEdits(db: Db, connection: string, run: string): Promise<void> {
  await sql`delete from edit_outcomes where connection = ${connection} and run <> ${run}`.execute(db)
  await sql`update person_edits set run = ${run} where connection = ${connection} and run <> ${run}`.execute(
    db,
  )
}

export async function countOpenEdits(
  db: Db,
  connection: string,
): Promise<{ open: number; next: Date | null }> {
  const result = await sql<{ open: number; next: Date | null }>`
    select count(*) as open, min(not_before) as next from person_edits
    where connection = ${connection} and state in ('pending', 'sent')`.execute(db)
  return result.rows[0] ?? { open: 0, next: null }
}

export type NewContact = {
  contact_id: number
  email: string
  sms: string | null
  attributes: JsonObject
  email_blocked: boolean
  blocked_by: string | null
}

/**
 * Contacts that no person has, may be made persons of, and were not looked at yet as they are (rule R9.4). A contact that a
 * person left, or whose person was deleted, is none of them. `lists` null: whatever list they are on; `emails` null: everybody.
 */
export async function newContacts(
  db: Db,
  connection: string,
  request: {
    lists: readonly number[] | null
    emails: readonly string[] | null
    after: number
    limit: number
  },
): Promise<readonly NewContact[]> {
  const { lists, emails, after, limit } = request
  const result = await sql<NewContact>`
    select k.contact_id, k.email, k.sms, k.attributes, k.email_blocked, k.blocked_by from known k
    where k.connection = ${connection} and k.contact_id > ${after} and k.email is not null
      ${lists === null ? sql`` : sql`and k.lists && ${[...lists]}::integer[]`}
      ${emails === null ? sql`` : sql`and k.email = ${anyOf(emails, 'text')}`}
      and (k.ext_id is null or (k.ext_id not like 'tajo-released-%' and k.ext_id not like 'pipedrive-person-%'))
      and not exists (select 1 from links l where l.connection = k.connection and l.contact_id = k.contact_id)
      and not exists (select 1 from records r where r.connection = k.connection and r.entity = 'person'
        and r.identity = k.email and not r.deleted)
      and not exists (select 1 from person_edits p where p.connection = k.connection and p.contact_id = k.contact_id
        and p.fingerprint = k.email)
    order by k.contact_id limit ${limit}`.execute(db)
  return result.rows
}

/** Lets edits that failed, and fields that were stopped, be tried again: their persons are looked at anew. */
export async function reopenEdits(
  db: Db,
  connection: string,
  { personIds, contactIds }: { personIds: readonly number[]; contactIds: readonly number[] },
): Promise<void> {
  const contacts = sql`(select contact_id from links where connection = ${connection}
    and person_id = ${anyOf(personIds, 'bigint')})`
  await sql`delete from stopped_fields where connection = ${connection} and contact_id in ${contacts}`.execute(
    db,
  )
  await sql`delete from field_writes where connection = ${connection} and contact_id in ${contacts}`.execute(
    db,
  )
  await sql`delete from person_edits where connection = ${connection} and state in ('failed', 'settled')
    and (contact_id in ${contacts} or contact_id = ${anyOf(contactIds, 'bigint')})`.execute(db)
  await sql`update known set in_step = null where connection = ${connection} and contact_id in ${contacts}`.execute(
    db,
  )
}
