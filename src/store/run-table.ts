/** Runs: what was done, how far it got, and how it ended (rule R6). */
import type { JsonObject } from '../base/json.ts'
import type { Db } from './db.ts'

export type RunRow = {
  id: string
  mode: string
  dry_run: boolean
  /** `running` until it ends as `complete`, `incomplete` or `paused`. */
  status: string
  stage: string
  started_at: Date
  finished_at: Date | null
  resume_at: Date | null
  reason: string | null
  counters: JsonObject
}

export async function startRun(db: Db, connection: string, run: RunRow): Promise<void> {
  await db
    .insertInto('runs')
    .values({ connection, ...run, counters: JSON.stringify(run.counters) })
    .execute()
}

export async function updateRun(db: Db, id: string, change: Partial<Omit<RunRow, 'id'>>): Promise<void> {
  const { counters, ...rest } = change
  await db
    .updateTable('runs')
    .set({ ...rest, ...(counters ? { counters: JSON.stringify(counters) } : {}) })
    .where('id', '=', id)
    .execute()
}

/** The newest run that a kill or a pause left unfinished, unless a later one finished after it. */
export async function unfinishedRun(db: Db, connection: string): Promise<RunRow | undefined> {
  const newest = (await latestRuns(db, connection, 20)).find((run) => !run.dry_run)
  return newest && (newest.status === 'running' || newest.status === 'paused') ? newest : undefined
}

/** Newest first; dry runs included. */
export async function latestRuns(db: Db, connection: string, limit: number): Promise<readonly RunRow[]> {
  return db
    .selectFrom('runs')
    .select([
      'id',
      'mode',
      'dry_run',
      'status',
      'stage',
      'started_at',
      'finished_at',
      'resume_at',
      'reason',
      'counters',
    ])
    .where('connection', '=', connection)
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}
