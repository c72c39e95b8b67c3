/**
 * Opens the store: a PostgreSQL server when an URL is given, else the embedded one in the data directory. Both
 * are used through the same driver and the same SQL. It reads no environment and keeps nothing between calls.
 */
import type net from 'node:net'
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import { createDirectIntake, type Intake } from './intake.ts'
import { openJournal } from './journal/journal.ts'
import { migrateStore } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import { openEmbedded } from './open-embedded.ts'
import { openServer } from './open-server.ts'
import type { OpenedPools } from './opened-pools.ts'
import type { Database } from './schema.ts'

export type StoreOptions = {
  /** `postgres://user:password@host:port/database`; without it the embedded store is used. */
  databaseUrl?: string | undefined
  /** Where the embedded store lives (in `store/`); made when it is not there. One process at a time. */
  dataDir: string
  /** Connections to a server, or virtual ones to the embedded store; default 10. */
  poolSize?: number
  /** Serves others who come for the embedded store while it is open here (see DataLockOptions); a server has no such door. */
  onVisitor?: (socket: net.Socket) => void
}

export type Store = {
  kind: 'embedded' | 'server'
  /** Where it is, for people: a directory, or host, port and database. */
  name: string
  db: Kysely<Database>
  /** For short writes somebody waits for: in the embedded store they go before what else is queued. */
  urgent: Kysely<Database>
  /** Where webhooks are taken in. */
  intake: Intake
  /** How many rows one statement should carry. */
  batchSize: number
  /** Whether the engine answers; rejects when it does not. */
  ping(): Promise<void>
  /** Text and parameters as they are, for the job engine, which writes its own SQL. */
  query(text: string, parameters?: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>
  /** Keep it short, and use nothing but `trx` inside: the embedded store has a single session. */
  transaction<T>(work: (trx: Transaction<Database>) => Promise<T>): Promise<T>
  /** What autovacuum does on a server, by hand: to be called every few minutes. */
  maintain(): Promise<void>
  /** Waits for what is running. A second call waits for the first. */
  close(): Promise<void>
}

/**
 * Opens the store and brings its tables up to date. Throws TajoErrors with the codes `store_locked`,
 * `store_corrupt`, `store_incompatible`, `store_newer`, `store_disk_full`, `store_unreachable`,
 * `store_not_durable`, `store_failed`; nothing stays open or locked then.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const poolSize = options.poolSize ?? 10
  const pools =
    options.databaseUrl === undefined
      ? await openEmbedded(options.dataDir, poolSize, options)
      : await openServer(options.databaseUrl, poolSize)
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: pools.normal }) })
  const urgent = pools.urgent
    ? new Kysely<Database>({ dialect: new PostgresDialect({ pool: pools.urgent }) })
    : db
  async function close(): Promise<void> {
    if (urgent !== db) await urgent.destroy()
    await db.destroy()
    await pools.close()
  }
  try {
    await migrateStore(db, pools.place.name, migrations)
    return toStore(pools, db, urgent, await openIntake(pools, urgent), close)
  } catch (error) {
    await close()
    throw error
  }
}

function openIntake({ journalDirectory, place }: OpenedPools, db: Kysely<Database>): Promise<Intake> {
  if (journalDirectory === undefined) return Promise.resolve(createDirectIntake(db))
  return openJournal({ directory: journalDirectory, db, place })
}

function toStore(
  pools: OpenedPools,
  db: Kysely<Database>,
  urgent: Kysely<Database>,
  intake: Intake,
  end: () => Promise<void>,
): Store {
  let closed: Promise<void> | undefined
  async function close(): Promise<void> {
    await intake.close()
    await end()
  }
  return {
    kind: pools.place.kind,
    name: pools.place.name,
    db,
    urgent,
    intake,
    batchSize: pools.place.kind === 'embedded' ? 100 : 500,
    transaction: (work) => db.transaction().execute(work),
    async ping() {
      await sql`select 1`.execute(db)
    },
    async query(text, parameters = []) {
      const client = await pools.normal.connect()
      try {
        return (await client.query(text, parameters)) as unknown as { rows: Record<string, unknown>[] }
      } finally {
        client.release()
      }
    },
    maintain: () => pools.maintain(db),
    close() {
      closed ??= close()
      return closed
    },
  }
}
