/** Authorisations under way, and who is renewing tokens at the moment. */
import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const oauth: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  // Tickets, states and cookies are kept as hashes only. outcome null: it is still waited for.
  `create table authorisations (
     id text primary key,
     connection text not null,
     redirect_uri text not null,
     expires_at timestamptz not null,
     state text unique,
     browser text,
     taken_at timestamptz,
     outcome text,
     message text
   )`,
  // A refresh token may be spent once: whoever spends it says so before, and until when at most.
  `create table token_claims (
     connection text not null,
     connector text not null,
     holder text not null,
     claimed_until timestamptz not null,
     primary key (connection, connector)
   )`,
]
