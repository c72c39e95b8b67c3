/** Keys of the HTTP interface: hashes of their secrets, never the secrets. It does not judge whether one still holds. */
import { sql } from 'kysely'
import { type Db, rowsAs } from './db.ts'
import type { ApiKeyTable } from './schema-access.ts'

export type ApiKeyRow = ApiKeyTable

/** False where a key that is not revoked has this name already. */
export async function insertApiKey(
  db: Db,
  row: Omit<ApiKeyRow, 'last_used_at' | 'revoked_at'>,
): Promise<boolean> {
  const inserted = await sql<{ id: string }>`
    insert into api_keys (id, name, scope, connection, hash, created_at, expires_at)
    select * from ${rowsAs([row], 'id text, name text, scope text, connection text, hash text, created_at timestamptz, expires_at timestamptz')}
    on conflict do nothing returning id`.execute(db)
  return inserted.rows.length > 0
}

/** Newest first, revoked ones included. */
export function listApiKeys(db: Db): Promise<readonly ApiKeyRow[]> {
  return db.selectFrom('api_keys').selectAll().orderBy('created_at', 'desc').orderBy('id').execute()
}

export async function readApiKey(db: Db, id: string): Promise<ApiKeyRow | null> {
  return (await db.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** By id, or by the name of one that is not revoked. Null where there is none; a second time changes nothing. */
export async function revokeApiKey(db: Db, idOrName: string, at: Date): Promise<ApiKeyRow | null> {
  const revoked = await sql<ApiKeyRow>`
    update api_keys set revoked_at = coalesce(revoked_at, ${at}::timestamptz)
    where id = ${idOrName} or (name = ${idOrName} and revoked_at is null) returning *`.execute(db)
  return revoked.rows[0] ?? null
}

export async function noteApiKeyUse(db: Db, id: string, at: Date): Promise<void> {
  await db.updateTable('api_keys').set({ last_used_at: at }).where('id', '=', id).execute()
}
