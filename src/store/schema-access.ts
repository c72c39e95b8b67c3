/** The tables about who may ask and who changed what, as Kysely sees them. The SQL that makes them is in `migrations/`. */

import type { Generated } from 'kysely'

export type AccessTables = { api_keys: ApiKeyTable; settings_history: SettingsHistoryTable }

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

export type SettingsHistoryTable = {
  id: Generated<number>
  connection: string
  saved_at: Date
  /** Sealed; null: there was no text. */
  before: string | null
  /** Of the text that was put in its place. */
  revision: string
}
