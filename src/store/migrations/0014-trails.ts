/** Where deals were told to have been lately: what moves that come late are held against. */
import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const trails: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    // Stops as `sync/events` writes them; null: nothing is known but the state.
    await sql`alter table deal_states add column trail jsonb`.execute(db)
  },
}
