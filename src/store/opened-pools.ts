/** What an engine gives to the store. */
import type { Kysely, PostgresPool } from 'kysely'
import type { Database } from './schema.ts'
import type { StorePlace } from './store-error.ts'

export type OpenedPools = {
  place: StorePlace
  normal: PostgresPool
  /** Only where statements wait for each other. */
  urgent?: PostgresPool
  /** Where deliveries are kept until the one session has time for them; absent where they go straight into the inbox. */
  journalDirectory?: string
  maintain(db: Kysely<Database>): Promise<void>
  /** After the pools have ended. */
  close(): Promise<void>
}
