/** Events on their way to Brevo. States: waiting -> sent (asked for, not yet known to have arrived) -> done | no_contact | unwanted | failed. */
import { sql } from 'kysely'
import type { JsonObject } from '../base/json.ts'
import { anyOf, type Db, rowsAs, valuesAs } from './db.ts'

export type NewEvent = {
  /** Made of the change alone: the same change noticed twice has the same key. */
  readonly key: string
  readonly entity: string
  readonly record_id: string
  readonly action: string
  readonly person_id: number | null
  /** The time of the change at its source, ISO 8601. */
  readonly occurred_at: string
  readonly facts: JsonObject
}

export type EventRow = NewEvent & {
  readonly id: number
  readonly state: 'waiting' | 'sent'
  readonly name: string | null
  readonly contact_id: number | null
  readonly attempts: number
  readonly noticed_at: Date
  readonly sent_at: Date | null
}

const iso = sql`to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

export async function addEvents(
  db: Db,
  connection: string,
  events: readonly NewEvent[],
  noticedAt: Date,
): Promise<void> {
  if (events.length === 0) return
  await sql`insert into events (connection, key, entity, record_id, action, person_id, occurred_at, noticed_at, facts)
    select ${connection}, key, entity, record_id, action, person_id, occurred_at, ${noticedAt}::timestamptz, facts
    from ${rowsAs(events, 'key text, entity text, record_id text, action text, person_id bigint, occurred_at timestamptz, facts jsonb')}
    on conflict (connection, key) do nothing`.execute(db)
}

const columns = sql`e.id, e.key, e.entity, e.record_id, e.action, e.person_id, ${iso} as occurred_at, e.facts, e.state, e.name,
  e.contact_id, e.attempts, e.noticed_at, e.sent_at`

/** Where an event would go: whose contact, and whether that contact is as it should be before the event comes (rule R5.4). */
export type EventTarget = {
  /** The contact of the person's cluster. */
  readonly contact: number | null
  /** The person has an address and is not deleted: there is, or will be, a contact. */
  readonly expected: boolean
  /** Something about the contact is still to be written. */
  readonly pending: boolean
  /** Deleted in Brevo, or discarded by hand: none will come. */
  readonly given_up: boolean
}

const targetColumns = sql`l.contact_id as contact, p.identity is not null as expected,
  coalesce(d.identity is not null or (w.person_id is null and p.identity is not null)
    or exists (select 1 from outbox x where x.connection = e.connection and x.person_id = w.person_id and x.state in ('pending', 'sent')), false) as pending,
  coalesce(w.held = w.fingerprint, false) or coalesce(f.discarded, false) as given_up`

const targetJoins = sql`
  left join records p on p.connection = e.connection and p.entity = 'person' and p.id = e.person_id::text and not p.deleted
  left join dirty d on d.connection = e.connection and d.identity = p.identity
  left join wanted w on w.connection = e.connection and w.identity = p.identity
  left join links l on l.connection = e.connection and l.person_id = coalesce(w.person_id, e.person_id)
  left join failures f on f.connection = e.connection and f.entity = 'person' and f.record_id = w.person_id::text`

/** Where an event of this person would go. */
export async function targetOf(db: Db, connection: string, personId: number): Promise<EventTarget> {
  const result = await sql<EventTarget>`select ${targetColumns}
    from (select ${connection}::text as connection, ${personId}::bigint as person_id) e ${targetJoins} limit 1`.execute(
    db,
  )
  return result.rows[0] ?? { contact: null, expected: false, pending: false, given_up: false }
}

/** The oldest that are due, with their targets. */
export async function waitingEvents(
  db: Db,
  connection: string,
  now: Date,
  after: number,
  limit: number,
): Promise<readonly (EventRow & EventTarget)[]> {
  const result = await sql<EventRow & EventTarget>`
    with due as materialized (
      select * from events where connection = ${connection} and state = 'waiting' and id > ${after}
        and (not_before is null or not_before <= ${now}) order by id limit ${limit}
    )
    select ${columns}, ${targetColumns} from due e ${targetJoins} order by e.id`.execute(db)
  return result.rows
}

/** Sent, but without a word that they arrived. */
export async function uncertainEvents(
  db: Db,
  connection: string,
  now: Date,
  limit: number,
): Promise<readonly EventRow[]> {
  const result =
    await sql<EventRow>`select ${columns} from events e where e.connection = ${connection} and e.state = 'sent'
    and (e.not_before is null or e.not_before <= ${now}) order by e.id limit ${limit}`.execute(db)
  return result.rows
}

export type PastEvent = Pick<NewEvent, 'entity' | 'record_id' | 'action' | 'occurred_at'> & {
  readonly state: 'waiting' | 'sent' | 'done' | 'no_contact' | 'unwanted' | 'failed'
  readonly name: string | null
  readonly sent_at: Date | null
}

/** Whatever became of them, the newest first. */
export async function eventsOf(
  db: Db,
  connection: string,
  personIds: readonly number[],
  limit: number,
): Promise<readonly PastEvent[]> {
  // Each person's newest by themselves: the index has them in order, so that it does not matter how many there are.
  const result = await sql<PastEvent>`
    select e.entity, e.record_id, e.action, ${iso} as occurred_at, e.state, e.name, e.sent_at
    from ${valuesAs(personIds, 'bigint')}
    cross join lateral (select * from events where connection = ${connection} and person_id = t.v
      order by occurred_at desc, id desc limit ${limit}) e
    order by e.occurred_at desc, e.id desc limit ${limit}`.execute(db)
  return result.rows
}

/** Before the request leaves: a process that dies in between finds them and looks them up. */
export async function markEventsSent(
  db: Db,
  rows: readonly { id: number; name: string; contact_id: number }[],
  at: Date,
  lookUpAt: Date,
): Promise<void> {
  if (rows.length === 0) return
  await sql`update events e set state = 'sent', name = r.name, contact_id = r.contact_id, attempts = e.attempts + 1,
      sent_at = ${at}::timestamptz, not_before = ${lookUpAt}::timestamptz
    from ${rowsAs(rows, 'id bigint, name text, contact_id bigint')} where e.id = r.id`.execute(db)
}

/** What it was made of is no longer needed once it is settled and skills have looked at it. */
export async function settleEvents(
  db: Db,
  ids: readonly number[],
  state: 'done' | 'no_contact' | 'unwanted' | 'failed',
): Promise<void> {
  if (ids.length === 0) return
  await sql`update events set state = ${state}, not_before = null,
      facts = case when ${state}::text = 'failed' or not looked then facts else '{}'::jsonb end
    where id = ${anyOf(ids, 'bigint')}`.execute(db)
}

/** Not arrived, or not taken for now: sent (again) from `notBefore` on. */
export async function returnEvents(db: Db, ids: readonly number[], notBefore: Date | null): Promise<void> {
  if (ids.length === 0) return
  await sql`update events set state = 'waiting', not_before = ${notBefore} where id = ${anyOf(ids, 'bigint')}`.execute(
    db,
  )
}

/** Looked up, and still not certain. */
export async function postponeEvents(db: Db, ids: readonly number[], until: Date): Promise<void> {
  if (ids.length === 0) return
  await sql`update events set not_before = ${until}::timestamptz where id = ${anyOf(ids, 'bigint')}`.execute(
    db,
  )
}

/** Failed events whose failure is retried: none means all. */
export async function reopenEvents(db: Db, connection: string, keys: readonly string[]): Promise<number> {
  const reopened = await sql<{ id: number }>`update events set state = 'waiting', not_before = null
    where connection = ${connection} and state = 'failed' ${keys.length > 0 ? sql`and key = ${anyOf(keys, 'text')}` : sql``}
    returning id`.execute(db)
  return reopened.rows.length
}

/** Those that skills have not looked at, the oldest first. */
export async function unlookedEvents(
  db: Db,
  connection: string,
  limit: number,
): Promise<readonly EventRow[]> {
  const result = await sql<EventRow>`select ${columns} from events e
    where e.connection = ${connection} and not e.looked order by e.id limit ${limit}`.execute(db)
  return result.rows
}

/** Skills have looked at these, or at all of them when `ids` is null. */
export async function noteLooked(db: Db, connection: string, ids: readonly number[] | null): Promise<void> {
  await sql`update events set looked = true,
      facts = case when state in ('done', 'no_contact', 'unwanted') then '{}'::jsonb else facts end
    where connection = ${connection} and not looked ${ids === null ? sql`` : sql`and id = ${anyOf(ids, 'bigint')}`}`.execute(
    db,
  )
}

export type EventCounts = { waiting: number; sent: number; done: number; no_contact: number; failed: number }

/** By state, of events that were noticed at or after `since` (all when null). */
export async function countEvents(db: Db, connection: string, since: Date | null): Promise<EventCounts> {
  const result = await sql<EventCounts>`select count(*) filter (where state = 'waiting') as waiting,
      count(*) filter (where state = 'sent') as sent, count(*) filter (where state = 'done') as done,
      count(*) filter (where state = 'no_contact') as no_contact, count(*) filter (where state = 'failed') as failed
    from events where connection = ${connection} and (${since}::timestamptz is null or noticed_at >= ${since})`.execute(
    db,
  )
  return result.rows[0] ?? { waiting: 0, sent: 0, done: 0, no_contact: 0, failed: 0 }
}

/** Settled ones of long ago: nothing can notice the same change again by then. */
export async function pruneEvents(db: Db, before: Date, limit: number): Promise<number> {
  const gone = await sql<{ id: number }>`delete from events where id in (select id from events
    where state in ('done', 'no_contact', 'unwanted') and noticed_at < ${before} order by id limit ${limit}) returning id`.execute(
    db,
  )
  return gone.rows.length
}

/** What waits for a person that was merged into another goes to the survivor. */
export async function redirectEvents(
  db: Db,
  connection: string,
  merged: readonly { from: number; to: number }[],
): Promise<void> {
  if (merged.length === 0) return
  await sql`update events e set person_id = r."to" from ${rowsAs(merged, '"from" bigint, "to" bigint')}
    where e.connection = ${connection} and e.state = 'waiting' and e.person_id = r."from"`.execute(db)
}

/**
 * What is there already, told as added; and of deals how they ended. Once: the keys are those of the changes themselves. It is
 * no news, so skills do not look at it.
 */
export async function addHistoricEvents(
  db: Db,
  connection: string,
  entity: string,
  action: 'added' | 'won' | 'lost',
  noticedAt: Date,
): Promise<void> {
  const at =
    action === 'added'
      ? sql`coalesce(r.doc->>'addedAt', r.doc->>'updatedAt')`
      : sql`coalesce(r.doc->>${action === 'won' ? 'wonAt' : 'lostAt'}, r.doc->>'updatedAt')`
  const key =
    action === 'added'
      ? sql`r.entity || ':' || r.id || ':added:'`
      : sql`'deal:' || r.id || ':' || ${action}::text || ':open>' || ${action}::text || ':' || ${at}`
  await sql`insert into events (connection, key, entity, record_id, action, person_id, occurred_at, noticed_at, facts, looked)
    select r.connection, ${key}, r.entity, r.id, ${action}::text,
      case when r.entity = 'person' then r.id::bigint else r.person_id end, ${at}::timestamptz, ${noticedAt}::timestamptz,
      jsonb_build_object('record', r.doc), true
    from records r where r.connection = ${connection} and r.entity = ${entity} and not r.deleted and ${at} is not null
      ${action === 'added' ? sql`` : sql`and r.doc->>'status' = ${action}`}
    on conflict (connection, key) do nothing`.execute(db)
}
