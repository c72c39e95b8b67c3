/** When schedules of skills are next: whatever was missed, a schedule is due once. */
import { sql } from 'kysely'
import { type Db, rowsAs } from './db.ts'

export type SkillSchedule = { readonly skill: string; readonly schedule: string }

/** Those that are due, and when they were. */
export async function dueSchedules(
  db: Db,
  connection: string,
  now: Date,
): Promise<readonly (SkillSchedule & { readonly next_at: Date })[]> {
  return db
    .selectFrom('skill_schedules')
    .select(['skill', 'schedule', 'next_at'])
    .where('connection', '=', connection)
    .where('next_at', '<=', now)
    .execute()
}

export async function moveSchedule(
  db: Db,
  connection: string,
  { skill, schedule }: SkillSchedule,
  nextAt: Date,
): Promise<void> {
  await db
    .updateTable('skill_schedules')
    .set({ next_at: nextAt })
    .where('connection', '=', connection)
    .where('skill', '=', skill)
    .where('schedule', '=', schedule)
    .execute()
}

/** The schedules that there are: new ones begin with their next time, others go. */
export async function keepSchedules(
  db: Db,
  connection: string,
  schedules: readonly (SkillSchedule & { readonly nextAt: Date })[],
): Promise<void> {
  const rows = schedules.map(({ skill, schedule, nextAt }) => ({ skill, schedule, next_at: nextAt }))
  const given = rowsAs(rows, 'skill text, schedule text, next_at timestamptz')
  await sql`delete from skill_schedules s where s.connection = ${connection} and not exists (
    select 1 from ${given} where r.skill = s.skill and r.schedule = s.schedule)`.execute(db)
  if (rows.length === 0) return
  await sql`insert into skill_schedules (connection, skill, schedule, next_at)
    select ${connection}, skill, schedule, next_at from ${given}
    on conflict (connection, skill, schedule) do nothing`.execute(db)
}
