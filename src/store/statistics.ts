/** Tells the planner how the tables have grown: after a load of a hundred thousand rows its old idea makes slow plans. */
import { sql } from 'kysely'
import type { Db } from './db.ts'

export async function refreshStatistics(db: Db): Promise<void> {
  await sql`analyze records, known, wanted, links, outbox, cursors, deals, transitions, touches`.execute(db)
}
