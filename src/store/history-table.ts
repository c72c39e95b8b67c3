/** What reports still lack from before Tajo listened: changelogs of deals, statistics of contacts (rules R10.1, R10.2). */
import { type RawBuilder, sql } from 'kysely'
import { type Db, rowsAs } from './db.ts'
import { addTransitions, readTransitions, type Transition } from './deal-state-table.ts'

export type DealWithoutHistory = {
  readonly deal_id: number
  readonly stage_id: number | null
  readonly pipeline_id: number | null
  readonly status: string
  readonly value: number
  readonly currency: string | null
  /** ISO 8601. */
  readonly added_at: string | null
  /** Another one as soon as anything more is told of the deal. */
  readonly told_as: string
}

/** A deal that never moved has no history to read; one that was made while Tajo listened is told from its beginning. */
function lacking(connection: string): RawBuilder<unknown> {
  return sql`d.connection = ${connection} and not d.deleted and d.history is null and d.stage_at is not null
    and (d.added_at is null or d.stage_at > d.added_at or d.status <> 'open')
    and (d.added_at is null or d.added_at < (select told_since from connections where id = ${connection}))
    and exists (select 1 from deal_states s where s.connection = d.connection and s.deal_id = d.deal_id and s.version is not null)`
}

const toldAs = sql`row(s.stage_id, s.status, s.version at time zone 'UTC', s.exact at time zone 'UTC')::text`

export async function countDealsWithoutHistory(db: Db, connection: string): Promise<number> {
  const result = await sql<{
    n: number
  }>`select count(*) as n from deals d where ${lacking(connection)}`.execute(db)
  return result.rows[0]?.n ?? 0
}

/** The newest first, from below `before` on. */
export async function dealsWithoutHistory(
  db: Db,
  connection: string,
  before: number,
  limit: number,
): Promise<readonly DealWithoutHistory[]> {
  const result = await sql<DealWithoutHistory>`
    select d.deal_id, d.stage_id, d.pipeline_id, d.status, d.value::float8 as value, d.currency,
      to_char(d.added_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as added_at,
      ${toldAs} as told_as
    from deals d join deal_states s on s.connection = d.connection and s.deal_id = d.deal_id
    where ${lacking(connection)} and d.deal_id < ${before} order by d.deal_id desc limit ${limit}`.execute(db)
  return result.rows
}

export type ToldPlace = {
  readonly stage_id: number | null
  readonly status: string
  /** ISO 8601, whole seconds. */
  readonly version: string
}

/**
 * Puts what `splice` makes of the told history in its place; telling waits meanwhile. Null where the deal was not told
 * yet, where a move of it was told since `deal` was read, which the changelog may not have, or where its history was read
 * by somebody else. Call it in a transaction.
 */
export async function replaceHistory<T extends { history: 'read' | 'part' }>(
  db: Db,
  connection: string,
  { deal_id: dealId, told_as }: Pick<DealWithoutHistory, 'deal_id' | 'told_as'>,
  splice: (
    told: readonly Transition[],
    place: ToldPlace,
  ) => T & { readonly transitions: readonly Transition[] },
): Promise<T | null> {
  const found = await sql<ToldPlace & { history: string | null; told_as: string }>`
    select ${toldAs} as told_as, s.stage_id, s.status, to_char(s.version at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as version, d.history
    from deal_states s join deals d on d.connection = s.connection and d.deal_id = s.deal_id
    where s.connection = ${connection} and s.deal_id = ${dealId} and s.version is not null for update of s`.execute(
    db,
  )
  const [place] = found.rows
  if (place === undefined || place.history !== null || place.told_as !== told_as) return null
  const told = await readTransitions(db, connection, [dealId])
  const spliced = splice(told, place)
  await sql`delete from transitions where connection = ${connection} and deal_id = ${dealId}`.execute(db)
  await addTransitions(db, connection, spliced.transitions)
  // The changelog has told what late moves could tell.
  await sql`update deal_states set trail = null where connection = ${connection} and deal_id = ${dealId}`.execute(
    db,
  )
  await markHistory(db, connection, dealId, spliced.history)
  return spliced
}

export async function markHistory(
  db: Db,
  connection: string,
  dealId: number,
  history: 'read' | 'part',
): Promise<void> {
  await sql`update deals set history = ${history} where connection = ${connection} and deal_id = ${dealId}`.execute(
    db,
  )
}

/**
 * The contact of a person: the one it is tied to, else the one that has its address. `person`: a column.
 * Persons that share an address share a contact (rule R1.2).
 */
export function contactOf(connection: string, person: string): RawBuilder<number | null> {
  const id = sql.raw(person)
  return sql<number | null>`coalesce(
    (select l.contact_id from links l where l.connection = ${connection} and l.person_id = ${id}),
    (select min(k.contact_id) from records p join known k on k.connection = p.connection and k.email = p.identity
      where p.connection = ${connection} and p.entity = 'person' and p.id = ${id}::text))`
}

export type ContactToRead = {
  readonly contact_id: number
  /** What is to be read, and what has been. */
  readonly since: Date
  readonly until: Date
  readonly read_since: Date | null
  readonly read_until: Date | null
}

/** Contacts of won deals whose statistics around the wins have not been read, from above `after` on. */
export async function contactsToRead(
  db: Db,
  connection: string,
  period: { lookbackDays: number; earliest: Date; now: Date },
  page: { after: number; limit: number },
): Promise<readonly ContactToRead[]> {
  const { lookbackDays, earliest, now } = period
  const result = await sql<ContactToRead>`
    with won as (
      select person_id, min(closed_at) as first, max(closed_at) as last from deals
      where connection = ${connection} and status = 'won' and not deleted and person_id is not null
        and closed_at between ${earliest}::timestamptz and ${now}::timestamptz group by 1
    ), owners as (
      select ${contactOf(connection, 'won.person_id')} as contact_id, first, last from won
    ), wanted as (
      select contact_id, min(first) - make_interval(days => ${lookbackDays}) as since, max(last) as until
      from owners where contact_id > ${page.after} group by 1
    )
    select w.contact_id, w.since, w.until, r.since as read_since, r.until as read_until
    from wanted w left join touch_readings r on r.connection = ${connection} and r.contact_id = w.contact_id
    where r.since is null or r.since > w.since or r.until < w.until
    order by w.contact_id limit ${page.limit}`.execute(db)
  return result.rows
}

export async function noteTouchReading(
  db: Db,
  connection: string,
  reading: { contact_id: number; since: Date; until: Date },
): Promise<void> {
  const row = { ...reading, since: reading.since.toISOString(), until: reading.until.toISOString() }
  await sql`insert into touch_readings as t (connection, contact_id, since, until)
    select ${connection}, contact_id, since, until
    from ${rowsAs([row], 'contact_id bigint, since timestamptz, until timestamptz')}
    on conflict (connection, contact_id) do update set since = least(t.since, excluded.since),
      until = greatest(t.until, excluded.until)`.execute(db)
}

/** Campaigns that did something to somebody, and that nobody has named. */
export async function unnamedCampaigns(db: Db, connection: string): Promise<readonly number[]> {
  const result = await sql<{ id: number }>`
    select distinct t.campaign_id as id from touches t where t.connection = ${connection}
      and not exists (select 1 from campaigns c where c.connection = t.connection and c.id = t.campaign_id)`.execute(
    db,
  )
  return result.rows.map((row) => row.id)
}
