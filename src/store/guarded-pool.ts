/**
 * A `pg` pool as Kysely wants it, with every failure of the store itself told as a TajoError. It repeats
 * nothing: a statement whose connection broke may or may not have been applied.
 */
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type pg from 'pg'
import { type StorePlace, toStoreError } from './store-error.ts'

export function guardPool(pool: pg.Pool, place: StorePlace): PostgresPool {
  // An idle connection that breaks is dropped by the pool; the next use opens a new one and reports.
  pool.on('error', () => {})
  return {
    options: {},
    end: () => pool.end(),
    async connect() {
      try {
        return guardClient(await pool.connect(), place)
      } catch (error) {
        throw toStoreError(error, place)
      }
    },
  }
}

function guardClient(client: pg.PoolClient, place: StorePlace): PostgresPoolClient {
  const ignore = () => {}
  // While it is in use the pool does not listen; the statement that is running is told of the failure too.
  client.on('error', ignore)
  const query = async (sql: string, parameters: readonly unknown[]) => {
    try {
      return await client.query(sql, [...parameters])
    } catch (error) {
      throw toStoreError(error, place)
    }
  }
  return {
    query: query as unknown as PostgresPoolClient['query'],
    release: (destroy) => {
      client.off('error', ignore)
      client.release(destroy)
    },
  }
}
