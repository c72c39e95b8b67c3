/**
 * Brings a store's tables to what this program knows: forward only, all or nothing, one at a time however many
 * processes start together. It refuses a store that a newer program has changed already.
 */
import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { TajoError } from '../base/error.ts'

const MIGRATION_TABLE = 'kysely_migration'

export type MigrateOptions = {
  /** The tables are brought to this migration and no further; default the last. */
  upTo?: string
}

/** Names the store in errors. Throws `store_newer` before anything is changed, else what a migration throws. */
export async function migrateStore(
  // biome-ignore lint/suspicious/noExplicitAny: migrations work on the tables of every version.
  db: Kysely<any>,
  storeName: string,
  migrations: Record<string, Migration>,
  options: MigrateOptions = {},
): Promise<void> {
  await assertNotNewer(db, storeName, migrations)
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await (options.upTo ? migrator.migrateTo(options.upTo) : migrator.migrateToLatest())
  if (error !== undefined) {
    // Another process may have brought it further while this one waited for its turn.
    await assertNotNewer(db, storeName, migrations)
    throw error
  }
}

/** The migrations a store has seen, in order; none for a store without tables. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
export async function appliedMigrations(db: Kysely<any>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some((table) => table.name === MIGRATION_TABLE)) return []
  const rows = await db.selectFrom(MIGRATION_TABLE).select('name').orderBy('name').execute()
  return rows.map((row) => String(row.name))
}

// biome-ignore lint/suspicious/noExplicitAny: as above.
async function assertNotNewer(db: Kysely<any>, storeName: string, migrations: Record<string, Migration>) {
  const unknown = (await appliedMigrations(db)).filter((name) => !Object.hasOwn(migrations, name))
  if (unknown.length === 0) return
  throw new TajoError({
    code: 'store_newer',
    message: `The store in ${storeName} was last used by a newer version of Tajo (this one does not know ${unknown.join(', ')}). Nothing was changed in it. Start that version, or a later one.`,
    disposition: 'pause',
    details: { store: storeName, unknown },
  })
}
