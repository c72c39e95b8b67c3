import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, expect, it } from 'vitest'
import { createEngineHost, type EngineHost } from '../../src/store/embedded/engine-host.ts'
import { DEFAULT_ENGINE_SETTINGS, type EngineSettings } from '../../src/store/embedded/engine-messages.ts'
import { createEngineStream } from '../../src/store/embedded/engine-stream.ts'
import { freshDataDir } from '../support/stores.ts'

const OPEN = join(import.meta.dirname, '..', '..', 'src', 'store', 'open.ts')
const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

it('writes a checkpoint by itself after enough log, so that the log does not grow for ever', async () => {
  const { normal, walFolder } = start({ checkpointAfterWalBytes: 8 * 1024 * 1024 })
  await normal.query('create table t (id int primary key, doc text)')
  const before = await logPosition(normal)
  const sizes: number[] = []
  for (let pass = 0; pass < 20; pass++) {
    await normal.query(`insert into t select i, string_agg(md5(i || '-' || j || '-${pass}'), '')
      from generate_series(1, 3000) i, generate_series(1, 50) j group by i
      on conflict (id) do update set doc = excluded.doc`)
    sizes.push(sizeOf(walFolder))
  }
  const after = await logPosition(normal)
  expect(after - before).toBeGreaterThan(80_000_000n)
  expect(after - (await redoPosition(normal))).toBeLessThan(40_000_000n)
  expect(Math.max(...sizes)).toBeLessThan(70_000_000)
})

it('writes a checkpoint by itself after some time, but not inside a transaction', async () => {
  const { normal } = start({ checkpointEveryMs: 50 })
  await normal.query('create table t (a int)')
  const client = await normal.connect()
  await client.query('begin')
  await client.query('insert into t values (1)')
  const inside = await redoPosition(client)
  await sleep(300)
  expect(await redoPosition(client)).toBe(inside)
  await client.query('commit')
  client.release()
  await expect.poll(() => redoPosition(normal), { timeout: 300_000 }).toBeGreaterThan(inside)
})

it('serves urgent statements before those that wait already', async () => {
  const { normal, urgent } = start({})
  await urgent.query('select 1')
  const order: string[] = []
  const slow = Array.from({ length: 10 }, async () => {
    await normal.query('select count(*) from generate_series(1, 200000)')
    order.push('normal')
  })
  const quick = urgent.query('select 1').then(() => order.push('urgent'))
  await Promise.all([...slow, quick])
  expect(order.indexOf('urgent')).toBeLessThan(4)
})

it('rolls back a transaction that is left idle, and tells its owner', async () => {
  const { normal } = start({ idleInTransactionMs: 100 })
  await normal.query('create table t (a int)')
  const forgetful = await normal.connect()
  const told = new Promise<Error>((resolve) => forgetful.on('error', resolve))
  await forgetful.query('begin')
  await forgetful.query('insert into t values (1)')
  expect((await normal.query('select * from t')).rows).toEqual([])
  expect((await told).message).toContain('left idle')
  forgetful.release(true)
})

it('rolls back the transaction of a connection that breaks off', async () => {
  const { normal } = start({})
  await normal.query('create table t (a int)')
  const client = await normal.connect()
  await client.query('begin')
  await client.query('insert into t values (1)')
  client.release(true)
  expect((await normal.query('select * from t')).rows).toEqual([])
})

it('lets a process end that has closed its store', () => {
  const dataDir = freshDataDir()
  cleanups.push(() => fs.rmSync(dataDir, { recursive: true }))
  const program = `
    import { openStore } from ${JSON.stringify(OPEN)}
    const store = await openStore({ dataDir: ${JSON.stringify(dataDir)} })
    await Promise.all([1, 2, 3].map((n) => store.transaction((trx) => trx.selectFrom('listed').selectAll().execute())))
    await store.close()
    console.log('closed')`
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  expect({ stdout, stderr, status }).toEqual({ stdout: 'closed\n', stderr: '', status: 0 })
})

function start(settings: Partial<EngineSettings>) {
  const dataDir = freshDataDir()
  const directory = join(dataDir, 'store')
  const host = createEngineHost({ ...DEFAULT_ENGINE_SETTINGS, ...settings, directory })
  const normal = poolOf(host, false)
  const urgent = poolOf(host, true)
  cleanups.push(
    () => fs.rmSync(dataDir, { recursive: true }),
    () => host.close(),
    () => normal.end(),
    () => urgent.end(),
  )
  return { normal, urgent, walFolder: join(directory, 'pg_wal') }
}

function poolOf(host: EngineHost, urgent: boolean): pg.Pool {
  return new pg.Pool({ max: 20, ssl: false, stream: () => createEngineStream(host, urgent) })
}

async function logPosition(client: Pick<pg.ClientBase, 'query'>): Promise<bigint> {
  const { rows } = await client.query(`select pg_current_wal_insert_lsn() - '0/0'::pg_lsn as bytes`)
  return BigInt(rows[0].bytes)
}

/** Where recovery would begin: it moves with each checkpoint. */
async function redoPosition(client: Pick<pg.ClientBase, 'query'>): Promise<bigint> {
  const { rows } = await client.query(`select redo_lsn - '0/0'::pg_lsn as bytes from pg_control_checkpoint()`)
  return BigInt(rows[0].bytes)
}

function sizeOf(folder: string): number {
  const files = fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())
  return files.reduce((bytes, { name }) => bytes + fs.statSync(join(folder, name)).size, 0)
}
