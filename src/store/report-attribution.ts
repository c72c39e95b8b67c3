/** Won deals with the touches before them (rule R10.2), from stored rows alone. Who is credited is said in `reports`. */
import { sql } from 'kysely'
import { anyOf, type Db } from './db.ts'
import { contactOf } from './history-table.ts'
import { type DealScope, dealsWithin, during, type Span } from './report-scope.ts'

export type WonDeal = {
  readonly deal_id: number
  readonly currency: string | null
  /** A decimal number as text. */
  readonly value: string
  /** Seconds since 1970. */
  readonly won_at: number
  readonly added_at: number | null
  readonly stage_id: number | null
  readonly contact_id: number | null
  /** Oldest first: campaign and seconds since 1970, alternating. */
  readonly touches: readonly number[]
}

export type TouchChoice = {
  readonly lookbackDays: number
  /** Whether opens count beside clicks, and those of machines, too. */
  readonly opens: 'none' | 'human' | 'all'
}

/** Deals won in the time. Of touches of one campaign on one day (UTC) the first counts. */
export async function readWonDeals(
  db: Db,
  scope: DealScope,
  span: Span,
  { lookbackDays, opens }: TouchChoice,
): Promise<readonly WonDeal[]> {
  const kinds =
    opens === 'none'
      ? sql`and t.kind = 'clicked'`
      : opens === 'all'
        ? sql`and t.kind in ('clicked', 'opened')`
        : sql`and (t.kind = 'clicked' or t.kind = 'opened' and not t.machine)`
  const result = await sql<Omit<WonDeal, 'touches'> & { touches: string | null }>`
    with won as materialized (
      select d.deal_id, d.person_id, d.currency, d.value, d.stage_id, d.added_at, d.closed_at
      from deals d where ${dealsWithin(scope)} and d.status = 'won' ${during('d.closed_at', span)}
    ), buyers as (
      select distinct person_id from won where person_id is not null
    ), contacts as materialized (
      select person_id, ${contactOf(scope.connection, 'buyers.person_id')} as contact_id from buyers
    )
    select w.deal_id, w.currency, w.value::text as value, w.stage_id, c.contact_id,
      extract(epoch from w.closed_at)::float8 as won_at, extract(epoch from w.added_at)::float8 as added_at,
      (select string_agg(campaign_id || ' ' || extract(epoch from at)::bigint, ' ' order by at, campaign_id) from (
        select t.campaign_id, min(t.at) as at from touches t
        where t.connection = ${scope.connection} and t.contact_id = c.contact_id
          and t.at > w.closed_at - make_interval(days => ${lookbackDays}) and t.at <= w.closed_at ${kinds}
        group by t.campaign_id, (t.at at time zone 'UTC')::date
      ) one) as touches
    from won w left join contacts c on c.person_id = w.person_id
    order by w.closed_at desc, w.deal_id desc`.execute(db)
  return result.rows.map((row) => ({
    ...row,
    touches: row.touches === null ? [] : row.touches.split(' ').map(Number),
  }))
}

/** Moves of deals between stages, oldest first: from, to and seconds since 1970, one after the other. */
export async function readMoves(
  db: Db,
  connection: string,
  dealIds: readonly number[],
): Promise<ReadonlyMap<number, readonly number[]>> {
  if (dealIds.length === 0) return new Map()
  const result = await sql<{ deal_id: number; moves: string }>`
    select t.deal_id, string_agg(coalesce(t.from_stage, 0) || ' ' || coalesce(t.to_stage, 0) || ' '
      || extract(epoch from t.at)::bigint, ' ' order by t.at, t.id) as moves
    from transitions t where t.connection = ${connection} and t.deal_id = ${anyOf(dealIds, 'bigint')}
      and t.kind = 'stage' group by 1`.execute(db)
  return new Map(result.rows.map(({ deal_id, moves }) => [deal_id, moves.split(' ').map(Number)]))
}

export async function readCampaignNames(db: Db, connection: string): Promise<ReadonlyMap<number, string>> {
  const result = await sql<{ id: number; name: string }>`
    select id, name from campaigns where connection = ${connection}`.execute(db)
  return new Map(result.rows.map(({ id, name }) => [id, name]))
}

export async function readDealTitles(
  db: Db,
  connection: string,
  dealIds: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  if (dealIds.length === 0) return new Map()
  const result = await sql<{ id: number; title: string | null }>`
    select id::bigint as id, doc->>'title' as title from records
    where connection = ${connection} and entity = 'deal' and id = ${anyOf(dealIds.map(String), 'text')}`.execute(
    db,
  )
  return new Map(result.rows.map(({ id, title }) => [id, title ?? '']))
}

/** Whether anything was ever kept to attribute. */
export async function hasTouches(db: Db, connection: string): Promise<boolean> {
  const result = await sql`select 1 from touches where connection = ${connection} limit 1`.execute(db)
  return result.rows.length > 0
}
