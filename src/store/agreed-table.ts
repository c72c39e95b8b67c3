/** What both sides last agreed on, contact by contact (rule R9.2). */
import { sql } from 'kysely'
import type { JsonObject } from '../base/json.ts'
import { type Db, rowsAs } from './db.ts'
import { wantedFingerprint } from './wanted-table.ts'

/** An update of everybody at once would keep webhooks waiting: the embedded store has one session. */
const contactsAtATime = 2_000

/**
 * Contacts that are in step hold what both sides have in common: the agreement of those about whom none was noted with these
 * fields. Whoever said no is compared once more, since the consent field may not say so yet. `names`: attributes, `SMS` and
 * `EMAIL`. Returns how many.
 */
export async function agreeInStep(
  db: Db,
  connection: string,
  { names, agreedWith }: { names: readonly string[]; agreedWith: string },
): Promise<number> {
  let agreed = 0
  for (;;) {
    const result = await sql<{ contact_id: number }>`
      with batch as materialized (
        select k.contact_id from known k
        join links l on l.connection = k.connection and l.contact_id = k.contact_id
        join wanted w on w.connection = l.connection and w.person_id = l.person_id
        where k.connection = ${connection} and k.agreed_with is distinct from ${agreedWith} and k.in_step = ${wantedFingerprint}
        limit ${contactsAtATime}
      )
      update known k set agreed_with = ${agreedWith}, in_step = case when not k.email_blocked then k.in_step end, agreed = (
        select jsonb_object_agg(n.name, case n.name when 'EMAIL' then to_jsonb(k.email) when 'SMS' then to_jsonb(k.sms)
          else k.attributes -> n.name end)
        from jsonb_array_elements_text(${JSON.stringify(names)}::jsonb) n(name)) || k.agreed
      from batch where k.connection = ${connection} and k.contact_id = batch.contact_id returning k.contact_id`.execute(
      db,
    )
    agreed += result.rows.length
    if (result.rows.length < contactsAtATime) return agreed
  }
}

/** Nothing goes to Pipedrive any more: what was agreed on, planned or stopped says nothing. */
export async function forgetAgreements(db: Db, connection: string): Promise<void> {
  await sql`update known set agreed = '{}', agreed_with = null where connection = ${connection} and agreed_with is not null`.execute(
    db,
  )
  for (const table of ['person_edits', 'field_writes', 'stopped_fields'] as const)
    await db.deleteFrom(table).where('connection', '=', connection).execute()
  await sql`delete from failures where connection = ${connection} and entity in ('person edit', 'new person')`.execute(
    db,
  )
}

/** Pipedrive has what Brevo has. */
export async function noteAgreed(
  db: Db,
  connection: string,
  rows: readonly { contact_id: number; agreed: JsonObject }[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`update known k set agreed = k.agreed || r.agreed from ${rowsAs(rows, 'contact_id bigint, agreed jsonb')}
    where k.connection = ${connection} and k.contact_id = r.contact_id`.execute(db)
}

/** Brevo's webhook said why; it counts once the contact turns out to be blocklisted. A weaker reason changes nothing. */
export async function noteBlockedBy(
  db: Db,
  connection: string,
  reasons: readonly { email: string; reason: string }[],
): Promise<void> {
  if (reasons.length === 0) return
  await sql`update known k set blocked_by = r.reason, in_step = null
    from ${rowsAs(reasons, 'email text, reason text')} where k.connection = ${connection} and k.email = r.email
      and coalesce(k.blocked_by, '') not in (r.reason, 'complained')`.execute(db)
}
