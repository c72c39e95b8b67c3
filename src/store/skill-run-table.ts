/**
 * Runs of skills. States: waiting -> sent (its next action was asked for, and may have been done) -> waiting ... -> done, or
 * failed, or skipped. One run for each skill and event, time or request: a second insert of the same key changes nothing.
 */
import { sql } from 'kysely'
import type { JsonObject } from '../base/json.ts'
import { anyOf, type Db, rowsAs } from './db.ts'

export type NewSkillRun = {
  readonly skill: string
  readonly key: string
  /** The event, the schedule, or `agent_request`. */
  readonly trigger: string
  /** Whom it is about: `deal:42`. */
  readonly subject: string
  readonly person_id: number | null
  readonly chain: readonly string[]
  readonly facts: JsonObject
}

export type SkillRunState = 'waiting' | 'sent' | 'done' | 'failed' | 'skipped'

/** What is done, with its parameters as they are sent, and what came of it; null: not done yet. */
export type SkillStep = {
  readonly name: string
  readonly parameters: JsonObject
  readonly result: string | null
}

export type SkillRunRow = NewSkillRun & {
  readonly id: number
  readonly contact_id: number | null
  readonly version: string | null
  readonly actions: readonly SkillStep[] | null
  readonly step: number
  readonly state: SkillRunState
  readonly reason: string | null
  readonly attempts: number
  readonly due_at: Date | null
  readonly noticed_at: Date
  readonly triggered_at: Date | null
  readonly sent_at: Date | null
  readonly ended_at: Date | null
}

/** Those that are new, oldest first. */
export async function addSkillRuns(
  db: Db,
  connection: string,
  runs: readonly NewSkillRun[],
  noticedAt: Date,
): Promise<readonly SkillRunRow[]> {
  if (runs.length === 0) return []
  const shape =
    'skill text, key text, trigger text, subject text, person_id bigint, chain text[], facts jsonb'
  const rows = await sql<SkillRunRow>`
    insert into skill_runs (connection, skill, key, trigger, subject, person_id, chain, facts, noticed_at)
    select ${connection}, skill, key, trigger, subject, person_id, chain, facts, ${noticedAt}::timestamptz
    from ${rowsAs(runs, shape)} on conflict (connection, skill, key) do nothing returning *`.execute(db)
  return rows.rows
}

/** The oldest that are open and due. */
export async function dueSkillRuns(
  db: Db,
  connection: string,
  now: Date,
  after: number,
  limit: number,
): Promise<readonly SkillRunRow[]> {
  const rows = await sql<SkillRunRow>`select * from skill_runs where connection = ${connection}
    and state in ('waiting', 'sent') and id > ${after} and (due_at is null or due_at <= ${now})
    order by id limit ${limit}`.execute(db)
  return rows.rows
}

export async function readSkillRun(db: Db, id: number): Promise<SkillRunRow | undefined> {
  const rows = await sql<SkillRunRow>`select * from skill_runs where id = ${id}`.execute(db)
  return rows.rows[0]
}

export type SkillRunChange = Partial<
  Pick<SkillRunRow, 'facts' | 'version' | 'actions' | 'step' | 'state' | 'reason' | 'attempts' | 'contact_id'>
> & {
  readonly due_at?: Date | null
  readonly triggered_at?: Date
  readonly sent_at?: Date | null
  readonly ended_at?: Date | null
}

export async function changeSkillRun(db: Db, id: number, change: SkillRunChange): Promise<void> {
  const { facts, actions, ...rest } = change
  await db
    .updateTable('skill_runs')
    .set({
      ...rest,
      ...(facts === undefined ? {} : { facts: JSON.stringify(facts) }),
      ...(actions === undefined ? {} : { actions: actions === null ? null : JSON.stringify(actions) }),
    })
    .where('id', '=', id)
    .execute()
}

/** When the skill last ran for the subject, and how often since a time; runs whose conditions did not hold do not count. */
export async function recentSkillRuns(
  db: Db,
  connection: string,
  of: { readonly skill: string; readonly subject: string; readonly but: number; readonly since: Date },
): Promise<{ readonly last: Date | null; readonly count: number }> {
  const rows = await sql<{ last: Date | null; count: number }>`select max(triggered_at) as last,
      count(*) filter (where triggered_at >= ${of.since}) as count
    from skill_runs where connection = ${connection} and skill = ${of.skill} and subject = ${of.subject}
      and id <> ${of.but} and triggered_at is not null`.execute(db)
  return rows.rows[0] ?? { last: null, count: 0 }
}

/** Runs of the subject that have not begun and are older: this one takes their place. Returns how many. */
export async function supersedeSkillRuns(
  db: Db,
  connection: string,
  by: { readonly skill: string; readonly subject: string; readonly id: number; readonly reason: string },
  at: Date,
): Promise<number> {
  const rows = await sql<{ id: number }>`update skill_runs set state = 'skipped', reason = ${by.reason},
      ended_at = ${at}::timestamptz, due_at = null, facts = '{}'
    where connection = ${connection} and skill = ${by.skill} and subject = ${by.subject} and id < ${by.id}
      and state = 'waiting' and actions is null returning id`.execute(db)
  return rows.rows.length
}

/** When the next open run is due, or the next schedule; null when nothing waits. */
export async function nextSkillDue(db: Db, connection: string): Promise<Date | null> {
  const rows = await sql<{ due: Date | null }>`select min(due) as due from (
      select min(coalesce(due_at, noticed_at)) as due from skill_runs
        where connection = ${connection} and state in ('waiting', 'sent')
      union all select min(next_at) from skill_schedules where connection = ${connection}
    ) t`.execute(db)
  return rows.rows[0]?.due ?? null
}

/** Runs that wait, begun or not. */
export async function countOpenSkillRuns(db: Db, connection: string, now: Date): Promise<number> {
  const rows = await sql<{ count: number }>`select count(*) as count from skill_runs
    where connection = ${connection} and state in ('waiting', 'sent') and (due_at is null or due_at <= ${now})`.execute(
    db,
  )
  return rows.rows[0]?.count ?? 0
}

export type SkillRunFilter = {
  readonly skill?: string
  readonly state?: SkillRunState
  readonly limit: number
}

/** The newest first. */
export async function listSkillRuns(
  db: Db,
  connection: string,
  { skill, state, limit }: SkillRunFilter,
): Promise<readonly SkillRunRow[]> {
  const rows = await sql<SkillRunRow>`select * from skill_runs where connection = ${connection}
    ${skill === undefined ? sql`` : sql`and skill = ${skill}`} ${state === undefined ? sql`` : sql`and state = ${state}`}
    order by id desc limit ${limit}`.execute(db)
  return rows.rows
}

/** Failed runs go on where they stopped. */
export async function reopenSkillRuns(db: Db, connection: string, ids: readonly number[]): Promise<number> {
  const rows = await sql<{
    id: number
  }>`update skill_runs set state = 'waiting', due_at = null, reason = null,
      ended_at = null, attempts = 0
    where connection = ${connection} and state = 'failed' and id = ${anyOf(ids, 'bigint')} returning id`.execute(
    db,
  )
  return rows.rows.length
}

/** What ended long ago: skipped ones sooner than those that did something. */
export async function pruneSkillRuns(
  db: Db,
  { doneBefore, skippedBefore }: { readonly doneBefore: Date; readonly skippedBefore: Date },
  limit: number,
): Promise<number> {
  const rows = await sql<{ id: number }>`delete from skill_runs where id in (select id from skill_runs
    where (state = 'done' and ended_at < ${doneBefore}) or (state = 'skipped' and ended_at < ${skippedBefore})
    limit ${limit}) returning id`.execute(db)
  return rows.rows.length
}
