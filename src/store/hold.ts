/** Connections that a person lets rest: the server leaves them alone, their webhooks are kept. */
import type { Db } from './db.ts'

export type HoldRow = { readonly held_at: Date; readonly held_because: 'setup' | 'person' }

/** Null: the server works on it. */
export async function readHold(db: Db, connection: string): Promise<HoldRow | null> {
  const row = await db
    .selectFrom('connections')
    .select(['held_at', 'held_because'])
    .where('id', '=', connection)
    .executeTakeFirst()
  if (!row || row.held_at === null || row.held_because === null) return null
  return { held_at: row.held_at, held_because: row.held_because }
}

/** The row of the connection must be there. What is held already stays so, since then and because of what it was. */
export async function keepHold(
  db: Db,
  connection: string,
  { held_at, held_because }: HoldRow,
): Promise<void> {
  await db
    .updateTable('connections')
    .set({ held_at, held_because })
    .where('id', '=', connection)
    .where('held_at', 'is', null)
    .execute()
}

/** False when it was not held. */
export async function dropHold(db: Db, connection: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('connections')
    .set({ held_at: null, held_because: null })
    .where('id', '=', connection)
    .where('held_at', 'is not', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
