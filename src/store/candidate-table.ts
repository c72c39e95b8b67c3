/** The comparison of wanted with known, as far as SQL can narrow it down: only rows that may need work come out. */
import { type RawBuilder, sql } from 'kysely'
import type { JsonObject } from '../base/json.ts'
import { type Db, rowsAs } from './db.ts'
import type { KnownContactRow } from './known-table.ts'
import { retryAt } from './retry-time.ts'
import { type Scope, within } from './scope.ts'
import { type WantedRow, wantedColumns, wantedFingerprint } from './wanted-table.ts'

export type Candidate = {
  person_id: number
  identity: string
  /** The number it may have; null when it has none or another has it. */
  sms: string | null
  attributes: JsonObject
  lists: number[]
  keep: string[]
  unsubscribed: boolean
  /** Wanted state and granted number together. */
  fingerprint: string
  /** The contact the person was tied to so far. */
  linked_contact_id: number | null
  /** The contact it should be: the one with its address, else the one it is tied to. */
  contact: KnownContactRow | null
  /** Another person who is tied to that contact, is wanted elsewhere, and has no other contact to go to. */
  held_by: number | null
  /** It has no contact, and may be the person that was made for this one, whose address is another by now: nobody knows yet. */
  made_for: number | null
  /** The contact it is tied to and will leave, and whether another cluster has that address. */
  left_contact: { contact_id: number; lists: number[]; our_lists: number[]; claimed: boolean } | null
  /** The contact holds a number that another person is to get. */
  frees_sms: boolean
  /** The number the person has, granted or not. */
  number: string | null
  /** Another person has the address that the contact has now. */
  address_claimed: boolean
}

const contactColumns = sql`jsonb_build_object('contact_id', c.contact_id, 'email', c.email, 'ext_id', c.ext_id, 'sms', c.sms,
  'attributes', c.attributes, 'lists', to_jsonb(c.lists), 'email_blocked', c.email_blocked, 'sms_blocked', c.sms_blocked,
  'written', to_jsonb(c.written), 'our_lists', to_jsonb(c.our_lists), 'in_step', c.in_step, 'agreed', c.agreed,
  'blocked_by', c.blocked_by, 'modified_at', c.modified_at)`

/** Reads from what is wanted as `w`, with the contact as `c` and the tie as `l`. */
const candidateColumns = sql`w.person_id, w.identity, case when w.sms_granted then w.sms end as sms, w.attributes, w.lists, w.keep, w.unsubscribed,
      ${wantedFingerprint} as fingerprint, l.contact_id as linked_contact_id,
      case when c.contact_id is null then null else ${contactColumns} end as contact,
      case when h.person_id is not null and ho.person_id is not null and not exists (
        select 1 from known x where x.connection = w.connection and x.email = ho.identity) then h.person_id end as held_by,
      case when c.contact_id is null then (select min(m.contact_id) from person_edits m
        join known mk on mk.connection = m.connection and mk.contact_id = m.contact_id
        where m.connection = w.connection and m.state = 'sent' and m.person_id is null and m.fingerprint = w.identity) end as made_for,
      case when p.contact_id is null then null else jsonb_build_object('contact_id', p.contact_id, 'lists', to_jsonb(p.lists),
        'our_lists', to_jsonb(p.our_lists), 'claimed', exists (select 1 from wanted q where q.connection = w.connection
          and q.identity = p.email)) end as left_contact,
      c.sms is not null and exists (select 1 from wanted o where o.connection = w.connection and o.sms = c.sms
        and o.sms_granted and o.person_id <> w.person_id) as frees_sms,
      w.sms as number, exists (select 1 from wanted a where a.connection = w.connection and a.identity = c.email
        and a.person_id <> w.person_id) as address_claimed`

const candidateJoins = sql`
    left join links l on l.connection = w.connection and l.person_id = w.person_id
    left join lateral (select k.contact_id from known k where k.connection = w.connection and k.email = w.identity
      order by k.contact_id desc limit 1) e on true
    left join known c on c.connection = w.connection and c.contact_id = coalesce(e.contact_id, l.contact_id)
    left join known p on p.connection = w.connection and p.contact_id = l.contact_id and p.contact_id is distinct from c.contact_id
    left join links h on h.connection = w.connection and h.contact_id = c.contact_id and h.person_id <> w.person_id
    left join wanted ho on ho.connection = w.connection and ho.person_id = h.person_id`

const candidateSelect = sql`select ${candidateColumns} from wanted w ${candidateJoins}`

const mayNeedWork = sql`(c.contact_id is null or l.contact_id is distinct from c.contact_id
  or c.in_step is distinct from ${wantedFingerprint})`

function notYet(now: Date | null) {
  return now === null ? sql`` : sql`or (f.fingerprint is not null and ${retryAt} > ${now})`
}

/** The next candidates by person id. Rows that are on their way or failed in this run, that are held, or that failed as they are, do not come. */
export async function nextCandidates(
  db: Db,
  connection: string,
  request: { run: string; after: number; limit: number; now: Date | null; scope: Scope },
): Promise<readonly Candidate[]> {
  const { run, after, limit, now, scope } = request
  const result = await sql<Candidate>`${candidateSelect}
    where w.connection = ${connection} and w.person_id > ${after} ${within('w.person_id', scope)}
      and w.held is distinct from w.fingerprint
      and ${mayNeedWork}
      and not exists (select 1 from outbox x where x.connection = w.connection and x.run = ${run} and x.person_id = w.person_id
        and x.state in ('sent', 'failed') and x.fingerprint = ${wantedFingerprint})
      and not exists (select 1 from failures f where f.connection = w.connection and f.entity = 'person'
        and f.record_id = w.person_id::text and ((f.disposition = 'reject' and f.fingerprint = ${wantedFingerprint}) ${notYet(now)}))
    order by w.person_id limit ${limit}`.execute(db)
  return result.rows
}

/** What would be wanted with other settings. */
export type DraftWanted = WantedRow & { sms_granted: boolean }

/** `held`: deleted in Brevo, and the same as then; `refused`: failed as it is. Both would be left alone. */
export type DraftCandidate = Candidate & { held: boolean; refused: boolean }

/** Those of these that may need work, compared with what is known as if they were kept; nothing is. */
export async function draftCandidates(
  db: Db,
  connection: string,
  rows: readonly DraftWanted[],
): Promise<readonly DraftCandidate[]> {
  if (rows.length === 0) return []
  const result = await sql<DraftCandidate>`
    with w as materialized (
      select ${connection}::text as connection, r.person_id, r.identity, r.sms, r.sms_granted, r.attributes,
        array(select v::integer from jsonb_array_elements_text(r.lists) v) as lists,
        array(select jsonb_array_elements_text(r.keep)) as keep, r.unsubscribed, r.fingerprint, s.held
      from ${rowsAs(rows, `${wantedColumns}, sms_granted boolean`)}
      left join wanted s on s.connection = ${connection} and s.person_id = r.person_id
    )
    select ${candidateColumns}, coalesce(w.held = w.fingerprint, false) as held,
      exists (select 1 from failures f where f.connection = w.connection and f.entity = 'person'
        and f.record_id = w.person_id::text and f.disposition = 'reject' and f.fingerprint = ${wantedFingerprint}) as refused
    from w ${candidateJoins} where ${mayNeedWork} order by w.person_id`.execute(db)
  return result.rows
}

/** One person as a candidate, whether or not anything is to be done for it; undefined: nothing is wanted of it. */
export async function readCandidate(
  db: Db,
  connection: string,
  personId: number,
): Promise<Candidate | undefined> {
  const result = await sql<Candidate>`${candidateSelect}
    where w.connection = ${connection} and w.person_id = ${personId}`.execute(db)
  return result.rows[0]
}

/** Wanted contacts that are linked and known to be as wanted; and those held back (rule R9.6). */
export async function countInStep(db: Db, connection: string): Promise<{ inStep: number; held: number }> {
  const result = await sql<{ in_step: number; held: number }>`
    select count(*) filter (where k.in_step = ${wantedFingerprint} and w.held is distinct from w.fingerprint) as in_step,
      count(*) filter (where w.held = w.fingerprint) as held
    from wanted w
    left join links l on l.connection = w.connection and l.person_id = w.person_id
    left join known k on k.connection = w.connection and k.contact_id = l.contact_id
    where w.connection = ${connection}`.execute(db)
  return { inStep: result.rows[0]?.in_step ?? 0, held: result.rows[0]?.held ?? 0 }
}

/** Whose say a field is; `to_brevo`: it goes that way only. */
export type Way = 'both' | 'to_brevo' | 'to_pipedrive'

/** What was changed in Brevo, or on both sides, is for the merge to decide (rule R9.2); so is all where Brevo alone decides. */
function whereDecided(way: Way, name: string, wanted: RawBuilder<unknown>, known: RawBuilder<unknown>) {
  if (way === 'to_brevo') return sql``
  if (way === 'to_pipedrive') return sql`and ${known} is null`
  return sql`and (not k.agreed ? ${name} or (k.agreed ->> ${name} is distinct from ${wanted}
    and k.agreed ->> ${name} is not distinct from ${known}))`
}

export type Rename = {
  person_id: number
  contact_id: number
  email: string
  renamed_from: string
  fingerprint: string
}

/** Tied contacts whose person has a new address that no contact has yet (rule R1.3): these go before everything else. */
export async function readRenames(
  db: Db,
  connection: string,
  { run, now, scope, way }: { run: string; now: Date | null; scope: Scope; way: Way },
): Promise<readonly Rename[]> {
  const result = await sql<Rename>`
    select w.person_id, k.contact_id, w.identity as email, k.email as renamed_from, ${wantedFingerprint} as fingerprint
    from wanted w
    join links l on l.connection = w.connection and l.person_id = w.person_id
    join known k on k.connection = w.connection and k.contact_id = l.contact_id
    where w.connection = ${connection} and k.email is distinct from w.identity ${within('w.person_id', scope)}
      ${whereDecided(way, 'EMAIL', sql`w.identity`, sql`k.email`)}
      and not exists (select 1 from known e where e.connection = w.connection and e.email = w.identity)
      and not exists (select 1 from failures f where f.connection = w.connection and f.entity = 'person'
        and f.record_id = w.person_id::text and ((f.disposition = 'reject' and f.fingerprint = ${wantedFingerprint}) ${notYet(now)}))
      and not exists (select 1 from outbox x where x.connection = w.connection and x.run = ${run} and x.person_id = w.person_id
        and x.state = 'failed')
    order by w.person_id`.execute(db)
  return result.rows
}

export type Yield = Omit<Rename, 'renamed_from'> & { sms: string }

/** Contacts that go from one number to another while somebody else is to get the first: in a ring, none could begin. */
export async function readYields(
  db: Db,
  connection: string,
  { run, scope, way }: { run: string; scope: Scope; way: Way },
): Promise<readonly Yield[]> {
  const result = await sql<Yield>`
    select w.person_id, k.contact_id, k.email, k.sms, ${wantedFingerprint} as fingerprint
    from known k
    join wanted w on w.connection = k.connection and w.identity = k.email
    join links l on l.connection = k.connection and l.person_id = w.person_id and l.contact_id = k.contact_id
    join wanted o on o.connection = k.connection and o.sms = k.sms and o.sms_granted and o.person_id <> w.person_id
    where k.connection = ${connection} and w.sms_granted and w.sms <> k.sms ${within('w.person_id', scope)}
      ${whereDecided(way, 'SMS', sql`w.sms`, sql`k.sms`)}
      and not exists (select 1 from outbox x where x.connection = w.connection and x.run = ${run} and x.person_id = w.person_id
        and x.state = 'failed')
    order by w.person_id`.execute(db)
  return result.rows
}

export type Retirement = {
  contact_id: number
  person_id: number
  email: string | null
  /** The person is deleted in Pipedrive (or was never seen), and not only without an address. */
  person_gone: boolean
  lists: number[]
  our_lists: number[]
}

/** Tied contacts that nobody wants any more and that Tajo still has on lists, or that are to be deleted (rules R1.4, R7.1). */
export async function readRetirements(
  db: Db,
  connection: string,
  { hard, scope }: { hard: boolean; scope: Scope },
): Promise<readonly Retirement[]> {
  const result = await sql<Retirement>`
    select * from (
      select k.contact_id, l.person_id, k.email, k.lists, k.our_lists,
        not exists (select 1 from records r where r.connection = l.connection and r.entity = 'person'
          and r.id = l.person_id::text and not r.deleted) as person_gone
      from links l join known k on k.connection = l.connection and k.contact_id = l.contact_id
      where l.connection = ${connection} ${within('l.person_id', scope)}
        and not exists (select 1 from wanted w where w.connection = l.connection and w.person_id = l.person_id)
        and not exists (select 1 from wanted w where w.connection = l.connection and w.identity = k.email)
    ) t
    where t.our_lists && t.lists or (${hard} and t.person_gone)
    order by t.contact_id`.execute(db)
  return result.rows
}
