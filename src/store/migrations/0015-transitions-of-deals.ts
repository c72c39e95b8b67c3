/** The moves of a deal from the index alone: reports walk through those of a hundred thousand deals. */
import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const transitionsOfDeals: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index transitions_of_deal on transitions (connection, deal_id, at, id)
      include (kind, from_stage, to_stage)`.execute(db)
    await sql`drop index transitions_by_deal`.execute(db)
  },
}
