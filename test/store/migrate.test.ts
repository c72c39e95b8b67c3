import fs from 'node:fs'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appliedMigrations, migrateStore } from '../../src/store/migrate.ts'
import { migrations } from '../../src/store/migrations/index.ts'
import { openStore } from '../../src/store/open.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../support/postgres-server.ts'
import { forEachStore, freshDataDir } from '../support/stores.ts'

forEachStore('migrations', (open) => {
  it('are all applied when the store is opened', async () => {
    const store = await open()
    expect(await appliedMigrations(store.db)).toEqual(Object.keys(migrations))
  })

  it('are applied wholly or not at all', async () => {
    const store = await open()
    const failing = {
      ...migrations,
      '9998-works': {
        up: async (db: typeof store.db) => void (await sql`create table half_made (a int)`.execute(db)),
      },
      '9999-fails': {
        up: async () => {
          throw new Error('this migration fails')
        },
      },
    }
    await expect(migrateStore(store.db, store.name, failing)).rejects.toThrow('this migration fails')
    expect((await sql`select to_regclass('half_made') as found`.execute(store.db)).rows).toEqual([
      { found: null },
    ])
    expect(await appliedMigrations(store.db)).toEqual(Object.keys(migrations))
  })

  it('are applied once when several ask at the same time', async () => {
    const store = await open()
    const more = {
      ...migrations,
      '9999-once': {
        up: async (db: typeof store.db) => void (await sql`create table made_once (a int)`.execute(db)),
      },
    }
    await Promise.all([1, 2, 3].map(() => migrateStore(store.db, store.name, more)))
    expect(await appliedMigrations(store.db)).toEqual(Object.keys(more))
    await sql`drop table made_once`.execute(store.db)
    await sql`delete from kysely_migration where name = '9999-once'`.execute(store.db)
  })
})

it('a second start finds nothing to do', async () => {
  const dataDir = freshDataDir()
  for (let start = 0; start < 2; start++) {
    const store = await openStore({ dataDir })
    expect(await appliedMigrations(store.db)).toEqual(Object.keys(migrations))
    await store.close()
  }
  fs.rmSync(dataDir, { recursive: true })
})

const reason = whyNoPostgres()
if (reason) console.warn(`migrations by several openers are not tried: ${reason}`)
describe.skipIf(reason)('an empty database', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  it('is brought up to date once by several that open it together', async () => {
    for (let round = 0; round < 3; round++) {
      const databaseUrl = await server.createDatabase()
      const stores = await Promise.all([1, 2, 3, 4].map(() => openStore({ databaseUrl, dataDir: '' })))
      for (const store of stores) {
        expect(await appliedMigrations(store.db)).toEqual(Object.keys(migrations))
        await store.close()
      }
    }
  })
})
