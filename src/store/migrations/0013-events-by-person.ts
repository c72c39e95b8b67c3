/** The way to one person's events: a store that is kept long has millions. */
import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const eventsByPerson: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index events_by_person on events (connection, person_id, occurred_at desc, id desc)`.execute(
      db,
    )
  },
}
