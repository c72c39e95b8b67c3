/** Failures of one cause in the order in which they are shown: a store can have a hundred thousand of them. */
import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const failuresByCause: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index failures_by_cause on failures (connection, code, discarded, last_at desc, entity, record_id)`.execute(
      db,
    )
  },
}
