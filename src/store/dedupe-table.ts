/** Persons that have something in common, and the merges that were begun in Pipedrive. It merges nobody. */
import { sql } from 'kysely'
import type { JsonObject } from '../base/json.ts'
import { anyOf, type Db, rowsAs } from './db.ts'

/** Numbers that are the same in E.164 end alike, however they are written. */
const lastDigits = 7

/**
 * Everybody who may be a duplicate: persons that share an identity, any address, or a name together with the end of a
 * number. Wider than what counts as a duplicate, and narrow enough to be looked at one by one. Deleted ones are left out.
 */
export async function possibleDuplicates(
  db: Db,
  connection: string,
): Promise<readonly { id: string; doc: JsonObject }[]> {
  const live = sql`r.connection = ${connection} and r.entity = 'person' and not r.deleted`
  const plain = (text: string) => sql`normalize(lower(btrim(${sql.raw(text)})), NFC)`
  const name = sql`normalize(lower(regexp_replace(btrim(r.doc #>> '{fields,name,text}'), '\\s+', ' ', 'g')), NFC)`
  const result = await sql<{ id: string; doc: JsonObject }>`
    with marks as (
      select r.id, 'identity ' || r.identity as mark from records r where ${live} and r.identity is not null
      union
      select r.id, 'address ' || ${plain("e.value ->> 'value'")} from records r, jsonb_array_elements(r.doc -> 'emails') e
        where ${live} and btrim(e.value ->> 'value') <> ''
      union
      select r.id, 'name ' || ${name} || ' ' || right(regexp_replace(p.value ->> 'value', '\\D', '', 'g'), ${lastDigits}::integer)
        from records r, jsonb_array_elements(r.doc -> 'phones') p where ${live} and btrim(r.doc #>> '{fields,name,text}') <> ''
    ), shared as (
      select mark from marks group by mark having count(*) > 1
    )
    select r.id, r.doc from records r where ${live} and r.id in (select id from marks join shared using (mark))
    order by r.id::bigint`.execute(db)
  return result.rows
}

export type DealCountRow = { person_id: number; open: number; won: number; lost: number }

/** Deals that are not deleted, archived ones included. Persons without any are missing. */
export async function countDealsOf(
  db: Db,
  connection: string,
  personIds: readonly number[],
): Promise<readonly DealCountRow[]> {
  if (personIds.length === 0) return []
  const status = sql`r.doc ->> 'status'`
  const result = await sql<DealCountRow>`
    select r.person_id, count(*) filter (where ${status} = 'open') as open, count(*) filter (where ${status} = 'won') as won,
      count(*) filter (where ${status} = 'lost') as lost
    from records r where r.connection = ${connection} and r.entity = 'deal' and not r.deleted
      and r.person_id = ${anyOf(personIds, 'bigint')} group by r.person_id`.execute(db)
  return result.rows
}

/** Deals, activities and leads that the mirror has as this person's. */
export async function recordsPointingTo(
  db: Db,
  connection: string,
  personId: number,
): Promise<readonly { entity: string; id: string }[]> {
  const result = await sql<{ entity: string; id: string }>`
    select r.entity, r.id from records r where r.connection = ${connection} and r.person_id = ${personId}
      and r.entity <> 'person' and not r.deleted`.execute(db)
  return result.rows
}

/** `sent`: it left, and nobody knows what came of it. */
export type MergeState = 'planned' | 'sent' | 'done' | 'failed'

export type PersonMergeRow = {
  loser_id: number
  survivor_id: number
  state: MergeState
  planned_at: Date
  ended_at: Date | null
  message: string | null
}

/** Merges in these states, in the order in which they were planned. */
export async function readPersonMerges(
  db: Db,
  connection: string,
  states: readonly MergeState[],
): Promise<readonly PersonMergeRow[]> {
  const rows = await db
    .selectFrom('person_merges')
    .select(['loser_id', 'survivor_id', 'state', 'planned_at', 'ended_at', 'message'])
    .where('connection', '=', connection)
    .where('state', 'in', states)
    .orderBy('planned_at')
    .orderBy('loser_id')
    .execute()
  return rows as readonly PersonMergeRow[]
}

/** Begins these merges. What has left without an answer keeps saying so. */
export async function planPersonMerges(
  db: Db,
  connection: string,
  rows: readonly { loser_id: number; survivor_id: number }[],
  now: Date,
): Promise<void> {
  if (rows.length === 0) return
  await sql`insert into person_merges as m (connection, loser_id, survivor_id, planned_at)
    select ${connection}, loser_id, survivor_id, ${now}::timestamptz from ${rowsAs(rows, 'loser_id bigint, survivor_id bigint')}
    on conflict (connection, loser_id) do update set survivor_id = excluded.survivor_id, state = 'planned',
      planned_at = excluded.planned_at, ended_at = null, message = null where m.state <> 'sent'`.execute(db)
}

/** Before the request leaves: a process that dies in between finds it and looks what came of it. */
export async function markMergeSent(
  db: Db,
  connection: string,
  merge: { loser_id: number; survivor_id: number },
  now: Date,
): Promise<void> {
  const sent = {
    survivor_id: merge.survivor_id,
    state: 'sent',
    planned_at: now,
    ended_at: null,
    message: null,
  }
  await db
    .insertInto('person_merges')
    .values({ connection, loser_id: merge.loser_id, ...sent })
    .onConflict((conflict) => conflict.columns(['connection', 'loser_id']).doUpdateSet(sent))
    .execute()
}

/** `planned`: it surely did not happen, and may be tried again. */
export async function setPersonMerge(
  db: Db,
  connection: string,
  loserId: number,
  { state, message, now }: { state: MergeState; message: string | null; now: Date },
): Promise<void> {
  const ended = state === 'done' || state === 'failed'
  await db
    .updateTable('person_merges')
    .set({ state, message, ended_at: ended ? now : null })
    .where('connection', '=', connection)
    .where('loser_id', '=', loserId)
    .execute()
}

export async function dropPersonMerges(
  db: Db,
  connection: string,
  loserIds: readonly number[],
): Promise<void> {
  if (loserIds.length === 0) return
  await sql`delete from person_merges where connection = ${connection}
    and loser_id = ${anyOf(loserIds, 'bigint')}`.execute(db)
}
