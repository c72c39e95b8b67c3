/** Connections whose settings are kept in the store, and the forgetting of a connection with everything that is its own. */
import { sql } from 'kysely'
import type { Db } from './db.ts'

export type StoredConnection = {
  readonly name: string
  /** Sealed: credentials may stand in them. */
  readonly settings: string
}

/** By name. */
export async function listStoredConnections(db: Db): Promise<readonly StoredConnection[]> {
  const rows = await db
    .selectFrom('connections')
    .select(['id', 'settings'])
    .where('settings', 'is not', null)
    .orderBy('id')
    .execute()
  return rows.map(({ id, settings }) => ({ name: id, settings: settings ?? '' }))
}

/** Sealed by the caller. The row of the connection must be there. */
export async function keepConnectionSettings(db: Db, name: string, settings: string): Promise<void> {
  await db.updateTable('connections').set({ settings }).where('id', '=', name).execute()
}

/** Puts them in the place of others, unless somebody was there first: then nothing changes and false is returned. */
export async function replaceConnectionSettings(
  db: Db,
  { name, settings }: StoredConnection,
  next: string,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('connections')
    .set({ settings: next })
    .where('id', '=', name)
    .where('settings', '=', settings)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Every row of every table that belongs to the connection; how many of them. To be done while nobody works on it. */
export async function forgetConnection(db: Db, name: string): Promise<number> {
  const { rows: tables } = await sql<{ table_name: string }>`
    select table_name from information_schema.columns
    where table_schema = current_schema() and column_name = 'connection' order by table_name`.execute(db)
  let gone = 0
  for (const { table_name: table } of tables) {
    const deleted = await sql`delete from ${sql.id(table)} where connection = ${name}`.execute(db)
    gone += Number(deleted.numAffectedRows ?? 0)
  }
  await db.deleteFrom('connections').where('id', '=', name).execute()
  return gone
}
