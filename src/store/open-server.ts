/** Connects to a PostgreSQL server. It does not look after the server: backups, vacuum and space are its own. */
import pg from 'pg'
import { TajoError } from '../base/error.ts'
import { columnTypes } from './column-parsers.ts'
import { guardPool } from './guarded-pool.ts'
import type { OpenedPools } from './opened-pools.ts'
import { type StorePlace, toStoreError } from './store-error.ts'

const OLDEST_SERVER = 14
// Compiling a statement takes longer than any of ours runs.
const SESSION_SETTINGS =
  '-c TimeZone=UTC -c DateStyle=ISO -c idle_in_transaction_session_timeout=60000 -c jit=off'

/** Proves with one query that the server can be used; `store_unreachable` or `store_incompatible` otherwise. */
export async function openServer(databaseUrl: string, poolSize: number): Promise<OpenedPools> {
  const place = placeOf(databaseUrl)
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: poolSize,
    connectionTimeoutMillis: 30_000,
    options: SESSION_SETTINGS,
    types: columnTypes,
  })
  const normal = guardPool(pool, place)
  try {
    const { rows } = await pool.query<{ version: string }>(
      `select current_setting('server_version_num') as version`,
    )
    const major = Math.floor(Number(rows[0]?.version) / 10_000)
    if (major < OLDEST_SERVER) throw tooOldError(place, major)
  } catch (error) {
    await pool.end()
    throw toStoreError(error, place)
  }
  return { place, normal, maintain: async () => {}, close: async () => {} }
}

/** Host, port and database, without user and password. */
function placeOf(databaseUrl: string): StorePlace {
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : undefined
  if (url && /^postgres(ql)?:$/.test(url.protocol)) {
    const host = url.searchParams.get('host') ?? url.hostname
    return { kind: 'server', name: `${host}:${url.port || '5432'}${url.pathname}` }
  }
  throw new TajoError({
    code: 'store_unreachable',
    message:
      'DATABASE_URL is not the address of a PostgreSQL server. It must look like postgres://user:password@host:5432/database.',
    disposition: 'pause',
  })
}

function tooOldError(place: StorePlace, major: number): TajoError {
  return new TajoError({
    code: 'store_incompatible',
    message: `${place.name} is PostgreSQL ${major}; Tajo needs ${OLDEST_SERVER} or later. Use a newer server, or none at all: without DATABASE_URL Tajo brings its own.`,
    disposition: 'pause',
    details: { store: place.name, found: major, supported: OLDEST_SERVER },
  })
}
