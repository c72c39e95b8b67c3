/**
 * Opens the embedded store: lock, look, start, prove. It refuses a directory that is in use, that it does not
 * understand, or on which commits do not reach the disk.
 */
import fs from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Kysely, sql } from 'kysely'
import pg from 'pg'
import { TajoError } from '../base/error.ts'
import { columnTypes } from './column-parsers.ts'
import { type DataLock, type DataLockOptions, lockDataDirectory } from './data-lock.ts'
import { prepareDatabaseDirectory } from './embedded/database-directory.ts'
import { createEngineHost, type EngineHost, EngineLostError } from './embedded/engine-host.ts'
import { DEFAULT_ENGINE_SETTINGS } from './embedded/engine-messages.ts'
import { createEngineStream } from './embedded/engine-stream.ts'
import { guardPool } from './guarded-pool.ts'
import type { OpenedPools } from './opened-pools.ts'
import type { Database } from './schema.ts'
import { corruptError, isDiskFull, type StorePlace, toStoreError } from './store-error.ts'

export async function openEmbedded(
  dataDir: string,
  poolSize: number,
  { onVisitor }: DataLockOptions = {},
): Promise<OpenedPools> {
  const root = resolve(dataDir)
  const directory = join(root, 'store')
  const place: StorePlace = { kind: 'embedded', name: directory }
  const lock = await prepareRoot(root, onVisitor ? { onVisitor } : {})
  try {
    await prepareDatabaseDirectory(directory)
    const host = createEngineHost({ ...DEFAULT_ENGINE_SETTINGS, directory })
    const normal = createPool(host, poolSize, false)
    try {
      await normal.query('select 1')
    } catch (error) {
      throw toStartError(error, place)
    }
    return {
      place,
      normal: guardPool(normal, place),
      urgent: guardPool(createPool(host, 4, true), place),
      journalDirectory: join(root, 'journal'),
      maintain,
      async close() {
        await host.close()
        await lock.release()
      },
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function prepareRoot(root: string, options: DataLockOptions): Promise<DataLock> {
  try {
    await fs.mkdir(root, { recursive: true, mode: 0o700 })
    return await lockDataDirectory(root, options)
  } catch (error) {
    if (error instanceof TajoError) throw error
    const reason = (error as Error).message
    throw new TajoError({
      code: 'store_failed',
      message: `The data directory ${root} cannot be used (${reason}). Give Tajo a directory on a local disk that it may write to.`,
      disposition: 'pause',
      details: { directory: root, reason },
      cause: error,
    })
  }
}

/** User, database and the rest are for show: nothing leaves the process. */
function createPool(host: EngineHost, max: number, urgent: boolean): pg.Pool {
  return new pg.Pool({
    max,
    types: columnTypes,
    ssl: false,
    host: 'embedded',
    user: 'postgres',
    password: '',
    database: 'postgres',
    options: '',
    keepAlive: false,
    stream: () => createEngineStream(host, urgent),
  })
}

/** Each table by itself, so that others get their turn in between. `VACUUM` takes no parameters. */
async function maintain(db: Kysely<Database>): Promise<void> {
  // The job engine has a schema of its own.
  const { rows } = await sql<{ schema: string; name: string }>`
    select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in (current_schema(), 'jobs') and c.relkind = 'r' order by 1, 2`.execute(db)
  for (const { schema, name } of rows) await sql`vacuum (analyze) ${sql.id(schema, name)}`.execute(db)
  await sql`checkpoint`.execute(db)
}

/** The directory looked right, and still the engine refused to start on it. */
function toStartError(error: unknown, place: StorePlace): unknown {
  if (!(error instanceof EngineLostError) || isDiskFull(error.fault.systemCode))
    return toStoreError(error, place)
  if (error.fault.reason.includes('fsync self-check')) {
    return new TajoError({
      code: 'store_not_durable',
      message: `The store in ${place.name} is not opened: ${error.fault.reason} Install the exact version of PGlite that Tajo names, or use a PostgreSQL server (DATABASE_URL).`,
      disposition: 'pause',
      details: { directory: place.name, reason: error.fault.reason },
      cause: error,
    })
  }
  return corruptError(place.name, error.fault.reason, error)
}
