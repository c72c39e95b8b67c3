/** Deals as they were last told, what webhooks said since, and the history of stages and statuses (rule R10.1). */
import { sql } from 'kysely'
import type { JsonObject } from '../base/json.ts'
import { anyOf, type Db, rowsAs, valuesAs } from './db.ts'

export type DealState = {
  readonly stage_id: number | null
  readonly pipeline_id: number | null
  readonly status: string
  /** ISO 8601, like the other times here. */
  readonly stage_since: string | null
  readonly version: string | null
  readonly exact: string | null
  /** Where it was told to have been lately; null where nothing is known but the state. */
  readonly trail: readonly JsonObject[] | null
}

export type Move = {
  readonly deal_id: number
  readonly delivery: string
  readonly at: string
  readonly version: string
  readonly facts: JsonObject
}

export type UntoldDeal = {
  readonly deal_id: number
  readonly marked: number
  readonly gap_since: Date | null
  /** Null for a deal of which nothing was told yet. */
  readonly state: DealState | null
  /** The deal as the mirror has it. */
  readonly doc: JsonObject | null
  readonly deleted: boolean
  readonly moves: readonly Move[]
}

export type Transition = {
  readonly deal_id: number
  readonly kind: 'stage' | 'status'
  readonly from_stage: number | null
  readonly to_stage: number | null
  readonly from_pipeline: number | null
  readonly to_pipeline: number | null
  readonly from_status: string
  readonly to_status: string
  readonly value: number
  readonly currency: string | null
  readonly at: string
  readonly days_in_stage: number | null
  readonly noticed_by: 'webhook' | 'reading' | 'changelog'
}

const iso = (column: string) =>
  sql.raw(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`)

export async function addMoves(db: Db, connection: string, moves: readonly Move[]): Promise<void> {
  if (moves.length === 0) return
  await sql`insert into moves (connection, deal_id, delivery, at, version, facts)
    select ${connection}, deal_id, delivery, at, version, facts
    from ${rowsAs(moves, 'deal_id bigint, delivery text, at timestamptz, version timestamptz, facts jsonb')}
    on conflict do nothing`.execute(db)
  await markUntold(
    db,
    connection,
    moves.map((move) => move.deal_id),
  )
}

export async function markUntold(db: Db, connection: string, dealIds: readonly number[]): Promise<void> {
  if (dealIds.length === 0) return
  await sql`insert into untold (connection, deal_id) select distinct ${connection}, v from ${valuesAs(dealIds, 'bigint')}
    on conflict (connection, deal_id) do update set marked = nextval('marks')`.execute(db)
}

/** Not of those that are to be read again first: the mirror is not to be believed yet. */
const isRead = sql`not exists (select 1 from hints h
  where h.connection = u.connection and h.entity = 'deal' and h.id = u.deal_id::text)`

/** The deals to look at. */
export async function untoldIds(
  db: Db,
  connection: string,
  after: number,
  limit: number,
): Promise<readonly number[]> {
  const result = await sql<{ deal_id: number }>`select u.deal_id from untold u
    where u.connection = ${connection} and u.deal_id > ${after} and ${isRead} order by u.deal_id limit ${limit}`.execute(
    db,
  )
  return result.rows.map((row) => row.deal_id)
}

/**
 * Those of these deals that are to be looked at. Call it in the transaction that settles them: nobody replaces their
 * history meanwhile.
 */
export async function untoldDeals(
  db: Db,
  connection: string,
  dealIds: readonly number[],
): Promise<readonly UntoldDeal[]> {
  await sql`select 1 from deal_states where connection = ${connection} and deal_id = ${anyOf(dealIds, 'bigint')}
    order by deal_id for update`.execute(db)
  const result = await sql<
    Omit<UntoldDeal, 'deleted' | 'moves'> & { deleted: boolean | null; moves: Move[] | null }
  >`
    with due as materialized (
      select u.deal_id, u.marked, u.gap_since from untold u
      where u.connection = ${connection} and u.deal_id = ${anyOf(dealIds, 'bigint')} and ${isRead}
    )
    select u.deal_id, u.marked, u.gap_since, r.doc, r.deleted,
      case when s.deal_id is null then null else jsonb_build_object('stage_id', s.stage_id, 'pipeline_id', s.pipeline_id,
        'status', s.status, 'stage_since', ${iso('s.stage_since')}, 'version', ${iso('s.version')}, 'exact', ${iso('s.exact')}, 'trail', s.trail) end as state,
      (select jsonb_agg(jsonb_build_object('deal_id', m.deal_id, 'delivery', m.delivery, 'at', ${iso('m.at')},
        'version', ${iso('m.version')}, 'facts', m.facts) order by m.at, m.delivery) from moves m
        where m.connection = ${connection} and m.deal_id = u.deal_id) as moves
    from due u
    left join deal_states s on s.connection = ${connection} and s.deal_id = u.deal_id
    left join records r on r.connection = ${connection} and r.entity = 'deal' and r.id = u.deal_id::text
    order by u.deal_id`.execute(db)
  return result.rows.map((row) => ({ ...row, deleted: row.deleted === true, moves: row.moves ?? [] }))
}

export type ToldDeal = {
  readonly deal_id: number
  readonly marked: number
  /** As it stands now; null leaves it unknown. */
  readonly state: DealState | null
  /** Moves that are told, or that turned out to be old. */
  readonly deliveries: readonly string[]
  /** Still waits for a gap to close, since then. */
  readonly gap_since: string | null
}

/** Keeps what was told of these deals; a mark made since stays. */
export async function settleTold(db: Db, connection: string, told: readonly ToldDeal[]): Promise<void> {
  if (told.length === 0) return
  const states = told.flatMap(({ deal_id, state }) => (state === null ? [] : [{ deal_id, ...state }]))
  await sql`insert into deal_states as s (connection, deal_id, stage_id, pipeline_id, status, stage_since, version, exact, trail)
    select ${connection}, deal_id, stage_id, pipeline_id, status, stage_since, version, exact, trail
    from ${rowsAs(states, 'deal_id bigint, stage_id bigint, pipeline_id bigint, status text, stage_since timestamptz, version timestamptz, exact timestamptz, trail jsonb')}
    on conflict (connection, deal_id) do update set stage_id = excluded.stage_id, pipeline_id = excluded.pipeline_id,
      status = excluded.status, stage_since = excluded.stage_since, version = excluded.version, exact = excluded.exact,
      trail = excluded.trail`.execute(db)
  const used = told.flatMap(({ deal_id, deliveries }) =>
    deliveries.map((delivery) => ({ deal_id, delivery })),
  )
  if (used.length > 0) {
    await sql`delete from moves m using ${rowsAs(used, 'deal_id bigint, delivery text')}
      where m.connection = ${connection} and m.deal_id = r.deal_id and m.delivery = r.delivery`.execute(db)
  }
  const marks = told.map(({ deal_id, marked, gap_since }) => ({ deal_id, marked, gap_since }))
  const columns = 'deal_id bigint, marked bigint, gap_since timestamptz'
  await sql`update untold u set gap_since = r.gap_since from ${rowsAs(marks, columns)}
    where u.connection = ${connection} and u.deal_id = r.deal_id`.execute(db)
  await sql`delete from untold u using ${rowsAs(
    marks.filter((mark) => mark.gap_since === null),
    columns,
  )} where u.connection = ${connection} and u.deal_id = r.deal_id and u.marked = r.marked`.execute(db)
}

export async function addTransitions(
  db: Db,
  connection: string,
  transitions: readonly Transition[],
): Promise<void> {
  if (transitions.length === 0) return
  const columns =
    'deal_id bigint, kind text, from_stage bigint, to_stage bigint, from_pipeline bigint, to_pipeline bigint, from_status text, to_status text, value double precision, currency text, at timestamptz, days_in_stage double precision, noticed_by text'
  await sql`insert into transitions (connection, deal_id, kind, from_stage, to_stage, from_pipeline, to_pipeline, from_status,
      to_status, value, currency, at, days_in_stage, noticed_by)
    select ${connection}, deal_id, kind, from_stage, to_stage, from_pipeline, to_pipeline, from_status, to_status, value,
      currency, at, days_in_stage, noticed_by from ${rowsAs(transitions, columns)}`.execute(db)
}

/** Counts the days in a stage anew, for deals of which something was told after what followed it. */
export async function recountDays(db: Db, connection: string, dealIds: readonly number[]): Promise<void> {
  if (dealIds.length === 0) return
  await sql`update transitions t set days_in_stage = s.days from (
      select id, round(extract(epoch from at - lag(at) over (partition by deal_id order by at, id)) / 86400, 2)::float8 as days
      from transitions where connection = ${connection} and deal_id = ${anyOf(dealIds, 'bigint')} and kind = 'stage'
    ) s where t.id = s.id and s.days is not null and t.days_in_stage is not null`.execute(db)
}

/** Forgets moves that may have been one half of away and back, and that nothing waits for. */
export async function pruneMoves(db: Db, before: Date): Promise<void> {
  await sql`delete from moves m where m.at < ${before}::timestamptz
    and not exists (select 1 from untold u where u.connection = m.connection and u.deal_id = m.deal_id)`.execute(
    db,
  )
}

/** Takes every deal of the mirror as told: what came before the first complete sync is history. */
export async function takeDealsAsTold(db: Db, connection: string): Promise<void> {
  await sql`insert into deal_states (connection, deal_id, stage_id, pipeline_id, status, stage_since, version)
    select connection, id::bigint, (doc->>'stageId')::bigint, (doc->>'pipelineId')::bigint, doc->>'status',
      coalesce(doc->>'stageChangedAt', doc->>'addedAt')::timestamptz, version
    from records where connection = ${connection} and entity = 'deal'
    on conflict do nothing`.execute(db)
  await sql`delete from untold where connection = ${connection}`.execute(db)
  await sql`delete from moves where connection = ${connection}`.execute(db)
}

/** The told history of deals, oldest first. */
export async function readTransitions(
  db: Db,
  connection: string,
  dealIds: readonly number[],
): Promise<readonly Transition[]> {
  const result =
    await sql<Transition>`select deal_id, kind, from_stage, to_stage, from_pipeline, to_pipeline, from_status, to_status,
      value, currency, ${iso('at')} as at, days_in_stage, noticed_by
    from transitions where connection = ${connection} and deal_id = ${anyOf(dealIds, 'bigint')} order by deal_id, at, id`.execute(
      db,
    )
  return result.rows
}
