/** Where each stream's reading stands, kept with the rows it brought so that a killed run goes on from there. */
import type { Db } from './db.ts'

export type CursorRow = {
  stream: string
  /** The run that reads, or read, it. */
  run: string
  /** `listing`: everything; `window`: what changed since `since`. */
  mode: string
  cursor: string | null
  finished: boolean
  since: Date | null
  /** The source's own clock when this reading began. */
  started_at: Date | null
  /** The next window begins here: the start of the last finished reading. */
  watermark: Date | null
  rows_read: number
  /** The listing notes what it shows, to find deletions at its end. */
  sweep: boolean
}

export async function readCursors(db: Db, connection: string): Promise<readonly CursorRow[]> {
  return db.selectFrom('cursors').selectAll().where('connection', '=', connection).execute()
}

export async function saveCursor(db: Db, connection: string, row: CursorRow): Promise<void> {
  const { stream, ...values } = row
  await db
    .insertInto('cursors')
    .values({ connection, stream, ...values })
    .onConflict((conflict) => conflict.columns(['connection', 'stream']).doUpdateSet(values))
    .execute()
}
