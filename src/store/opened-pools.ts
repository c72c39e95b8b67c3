/** What an engine gives to the store. */
import type { Kysely, PostgresPool } from 'kysely'
import type { Database } from './schema.ts'
import type { StorePlace } from './store-error.ts'

export type OpenedPools = {
  place: StorePlace
  normal: PostgresPool
  /** Only where statements wait for each other. */
  urgent?: PostgresPool
  maintain(db: Kysely<Database>): Promise<void>
  /** After the pools have ended. */
  close(): Promise<void>
}
