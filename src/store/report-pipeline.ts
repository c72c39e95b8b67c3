/** The figures of the pipeline report (rule R10.1), counted from stored rows alone. What they mean is said in `reports`. */
import { sql } from 'kysely'
import type { KeptStage } from './catalogue-table.ts'
import type { Db } from './db.ts'
import {
  type DealScope,
  dealsWithin,
  during,
  type Grouping,
  groupOf,
  type Span,
  stageBit,
} from './report-scope.ts'

export type ReachRow = {
  readonly pipeline_id: number | null
  readonly stage_id: number | null
  readonly status: string
  /** One bit for each stage of the deal's pipeline, by its place, that the deal has been in; a number as text. */
  readonly mask: string
  readonly deals: number
}

/** Where deals have been, of those that were added, or closed, in the time. Deals alike are one row. */
export async function readReach(
  db: Db,
  scope: DealScope,
  which: { readonly added: Span } | { readonly closed: Span },
  stages: readonly KeptStage[],
): Promise<readonly ReachRow[]> {
  const cohort =
    'added' in which
      ? during('d.added_at', which.added)
      : sql`and d.status in ('won', 'lost') ${during('d.closed_at', which.closed)}`
  const bitOf = (stage: string) => stageBit(stages, 'd.pipeline_id', stage)
  const result = await sql<ReachRow>`
    select d.pipeline_id, d.stage_id, d.status, (coalesce(been.mask, 0) | ${bitOf('d.stage_id')})::text as mask,
      count(*) as deals
    from deals d left join lateral (
      select bit_or(${bitOf('t.from_stage')} | ${bitOf('t.to_stage')}) as mask from transitions t
      where t.connection = d.connection and t.deal_id = d.deal_id and t.kind = 'stage'
    ) been on true
    where ${dealsWithin(scope)} ${cohort} group by 1, 2, 3, 4`.execute(db)
  return result.rows
}

export type StayRow = {
  readonly stage_id: number
  readonly stays: number
  readonly median: number
  readonly p90: number
  readonly average: number
}

/** How long deals were in a stage that they left in the time: for another stage, or by being won or lost. */
export async function readStays(db: Db, scope: DealScope, span: Span): Promise<readonly StayRow[]> {
  const result = await sql<StayRow>`
    select stage_id, count(*) as stays, percentile_cont(0.5) within group (order by days) as median,
      percentile_cont(0.9) within group (order by days) as p90, avg(days) as average
    from (
      select t.from_stage as stage_id, t.days_in_stage as days
      from transitions t join deals d on d.connection = t.connection and d.deal_id = t.deal_id
      where ${dealsWithin(scope)} and t.kind = 'stage' and t.from_stage is not null and t.days_in_stage is not null
        ${during('t.at', span)}
      union all
      select d.stage_id, extract(epoch from d.closed_at - coalesce(d.stage_at, d.added_at))::float8 / 86400
      from deals d where ${dealsWithin(scope)} and d.status in ('won', 'lost') and d.stage_id is not null
        and coalesce(d.stage_at, d.added_at) <= d.closed_at ${during('d.closed_at', span)}
    ) s group by 1`.execute(db)
  return result.rows
}

export type AmountRow = {
  readonly key: string
  readonly currency: string | null
  readonly deals: number
  /** A decimal number as text. */
  readonly value: string
}

export type ClosedRow = AmountRow & { readonly status: 'won' | 'lost' }

/** Deals won and lost in the time. */
export async function readClosed(
  db: Db,
  scope: DealScope,
  span: Span,
  grouping: Grouping,
): Promise<readonly ClosedRow[]> {
  const { value, join } = groupOf(grouping)
  const result = await sql<ClosedRow>`
    select ${value} as key, d.currency, d.status, count(*) as deals, sum(d.value)::text as value
    from deals d ${join} where ${dealsWithin(scope)} and d.status in ('won', 'lost') ${during('d.closed_at', span)}
    group by 1, 2, 3`.execute(db)
  return result.rows
}

export type CycleRow = { readonly key: string; readonly median: number; readonly average: number }

/** Days from being added to being won, of deals won in the time. */
export async function readCycles(
  db: Db,
  scope: DealScope,
  span: Span,
  grouping: Grouping,
): Promise<readonly CycleRow[]> {
  const { value, join } = groupOf(grouping)
  const result = await sql<CycleRow>`
    select ${value} as key, percentile_cont(0.5) within group (order by days) as median, avg(days) as average
    from deals d ${join}, lateral (select extract(epoch from d.closed_at - d.added_at)::float8 / 86400 as days) c
    where ${dealsWithin(scope)} and d.status = 'won' and days >= 0 ${during('d.closed_at', span)} group by 1`.execute(
    db,
  )
  return result.rows
}

/** Deals added in the time. */
export async function readAdded(
  db: Db,
  scope: DealScope,
  span: Span,
  grouping: Grouping,
): Promise<readonly AmountRow[]> {
  const { value, join } = groupOf(grouping)
  const result = await sql<AmountRow>`
    select ${value} as key, d.currency, count(*) as deals, sum(d.value)::text as value
    from deals d ${join} where ${dealsWithin(scope)} ${during('d.added_at', span)} group by 1, 2`.execute(db)
  return result.rows
}

export type OpenRow = AmountRow & { readonly stage_id: number | null }

/** Deals that are open now. */
export async function readOpen(db: Db, scope: DealScope, grouping: Grouping): Promise<readonly OpenRow[]> {
  const { value, join } = groupOf(grouping)
  const result = await sql<OpenRow>`
    select ${value} as key, d.stage_id, d.currency, count(*) as deals, sum(d.value)::text as value
    from deals d ${join} where ${dealsWithin(scope)} and d.status = 'open' group by 1, 2, 3`.execute(db)
  return result.rows
}

export type RevenueRow = Omit<AmountRow, 'key'> & {
  /** The first day of the interval, `YYYY-MM-DD`. */
  readonly day: string
}

/** What was won, by days, weeks (from Monday) or months of UTC. */
export async function readRevenue(
  db: Db,
  scope: DealScope,
  span: Span,
  interval: 'day' | 'week' | 'month',
): Promise<readonly RevenueRow[]> {
  const result = await sql<RevenueRow>`
    select to_char(date_trunc(${interval}, d.closed_at at time zone 'UTC'), 'YYYY-MM-DD') as day, d.currency,
      count(*) as deals, sum(d.value)::text as value
    from deals d where ${dealsWithin(scope)} and d.status = 'won' ${during('d.closed_at', span)}
    group by 1, 2 order by 1, 2`.execute(db)
  return result.rows
}

/** How many deals there are, and of how many the whole way is known. */
export async function readCoverage(
  db: Db,
  scope: DealScope,
): Promise<{ readonly deals: number; readonly complete: number }> {
  const result = await sql<{ deals: number; complete: number }>`
    select count(*) as deals, count(*) filter (where d.history = 'read' or d.stage_at is null or d.stage_at <= d.added_at
      or d.added_at >= (select told_since from connections where id = ${scope.connection})) as complete
    from deals d where ${dealsWithin(scope)}`.execute(db)
  return result.rows[0] ?? { deals: 0, complete: 0 }
}
