/** Connections whose settings are kept in the store, and the forgetting of a connection with everything that is its own. */
import { sql } from 'kysely'
import type { Db } from './db.ts'

export type StoredConnection = { readonly name: string; readonly settings: string }

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

/** The row of the connection must be there. */
export async function keepConnectionSettings(db: Db, name: string, settings: string | null): Promise<void> {
  await db.updateTable('connections').set({ settings }).where('id', '=', name).execute()
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
