/** What was saved over, so that it can be taken back, and connections that are let rest. */
import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const settings: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  // before: the text that was there, sealed; null: there was none. revision: of the text that was put in its place.
  `create table settings_history (
     id bigint generated always as identity primary key,
     connection text not null,
     saved_at timestamptz not null,
     before text,
     revision text not null
   )`,
  `create index settings_history_by_connection on settings_history (connection, id desc)`,
  // held_because: 'setup' or 'person'; both null: the server works on it.
  `alter table connections add column held_at timestamptz`,
  `alter table connections add column held_because text`,
]
