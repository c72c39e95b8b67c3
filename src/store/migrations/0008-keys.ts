/** Keys of programs and people that use the server's HTTP interface. They belong to the installation, not to a connection. */
import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const keys: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  // hash: SHA-256 of the secret. connection: the only one it opens; null: all of them.
  `create table api_keys (
     id text primary key,
     name text not null,
     scope text not null,
     connection text,
     hash text not null,
     created_at timestamptz not null,
     expires_at timestamptz,
     last_used_at timestamptz,
     revoked_at timestamptz
   )`,
  // A name can be given again once its key is revoked.
  `create unique index api_keys_by_name on api_keys (name) where revoked_at is null`,
]
