/** The tables about who may ask, as Kysely sees them. The SQL that makes them is in `migrations/`. */

export type AccessTables = { api_keys: ApiKeyTable }

export type ApiKeyTable = {
  id: string
  name: string
  scope: string
  /** Null: every connection. */
  connection: string | null
  hash: string
  created_at: Date
  expires_at: Date | null
  last_used_at: Date | null
  revoked_at: Date | null
}
