/** Connections whose settings are kept here and not in the file. */
import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const connections: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    // Null: described by the file. Else the YAML that a file would have for it, sealed: credentials may stand in it.
    await sql`alter table connections add column settings text`.execute(db)
  },
}
