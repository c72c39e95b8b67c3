import { spawn } from 'node:child_process'
import fs from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { DurableNodeFS } from '../../src/store/embedded/durable-file-system.ts'
import { openEngine } from '../../src/store/embedded/engine.ts'
import { simpleQuery, transactionStatus } from '../../src/store/embedded/wire-frames.ts'
import { openStore } from '../../src/store/open.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../support/postgres-server.ts'
import { freshDataDir } from '../support/stores.ts'

const WRITER = join(import.meta.dirname, '..', 'support', 'store-writer.ts')
const directories: string[] = []
afterEach(() => vi.restoreAllMocks())
afterAll(() => {
  for (const path of directories) fs.rmSync(path, { recursive: true, force: true })
})

describe('the embedded engine', () => {
  it('forces every commit to the disk before it is acknowledged', async () => {
    const engine = await openEngine(databaseDirectory())
    await engine.execute(simpleQuery('create table t (a int)'))
    const calls = vi.spyOn(fs, 'fdatasyncSync')
    for (let commit = 1; commit <= 5; commit++) {
      await engine.execute(simpleQuery(`insert into t values (${commit})`))
      expect(calls.mock.calls.length).toBeGreaterThanOrEqual(commit)
    }
    await engine.close()
  })

  it('does not start where commits do not reach the disk', async () => {
    const directory = databaseDirectory()
    class ForgetfulFS extends DurableNodeFS {
      override async init(...parameters: Parameters<DurableNodeFS['init']>) {
        const result = await super.init(...parameters)
        result.emscriptenOpts.preRun?.push((module) => {
          const { stream_ops } = module.NODEFS as unknown as { stream_ops: { fsync: () => number } }
          stream_ops.fsync = () => 0
        })
        return result
      }
    }
    await expect(openEngine(directory, new ForgetfulFS(directory))).rejects.toThrow(
      'without reaching the disk',
    )
  })

  it('does not start as PGlite starts by itself', async () => {
    const directory = databaseDirectory()
    const opening = openEngine(directory, new DurableNodeFS(directory), PGlite.defaultStartParams)
    await expect(opening).rejects.toThrow('fsync off')
  })

  it('acknowledges nothing when the disk refuses', async () => {
    const directory = databaseDirectory()
    const engine = await openEngine(directory)
    await engine.execute(simpleQuery('create table t (a int)'))
    let gaveUp = false
    engine.files.onAbort = () => {
      gaveUp = true
    }
    vi.spyOn(fs, 'fdatasyncSync').mockImplementation(() => {
      throw Object.assign(new Error('broken disk'), { code: 'EIO' })
    })
    const answer = await engine.execute(simpleQuery('insert into t values (1)'))
    expect(transactionStatus(answer)).toBeUndefined()
    expect(gaveUp).toBe(true)
    expect(engine.files.lastWords).toContain('could not fsync')
  })
})

describe('a writer that is killed', () => {
  it('loses no acknowledged row of the embedded store, and no part of a transaction', async () => {
    const dataDir = remember(freshDataDir())
    await killRepeatedly({ dataDir }, 6)
  })

  const reason = whyNoPostgres()
  if (reason) console.warn(`killed writers are not tried on a PostgreSQL server: ${reason}`)
  describe.skipIf(reason)('of a server', () => {
    let server: PostgresServer
    beforeAll(async () => {
      server = await startPostgres()
    })
    afterAll(() => server.stop())

    it('loses no acknowledged row, and no part of a transaction', async () => {
      await killRepeatedly({ dataDir: '', databaseUrl: await server.createDatabase() }, 4)
    })
  })
})

/** After each kill the store must hold every acknowledged row, and transactions of three whole or not at all. */
async function killRepeatedly(options: { dataDir: string; databaseUrl?: string }, rounds: number) {
  const acknowledged: string[] = []
  for (let round = 0; round < rounds; round++) {
    const first = round * 1_000_000
    acknowledged.push(...(await writeUntilKilled(options, first, 20 + Math.random() * 400)))
    const store = await openStore(options)
    const rows = await sql<{ id: string }>`select id from listed where connection = 'crash'`.execute(store.db)
    await store.close()
    const stored = new Set(rows.rows.map(({ id }) => id))
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([])
    expect(halfTransactions(stored, first)).toEqual([])
  }
  expect(acknowledged.length).toBeGreaterThan(rounds)
}

/** Numbers run 0, 1-3, 4, 5-7, 8 ...: whoever has the first of three has all. */
function halfTransactions(stored: Set<string>, first: number): number[] {
  const halves: number[] = []
  for (let number = first; stored.has(String(number)) || stored.has(String(number + 1)); number += 4) {
    const parts = [number + 1, number + 2, number + 3].filter((part) => stored.has(String(part)))
    if (parts.length === 1 || parts.length === 2) halves.push(number + 1)
  }
  return halves
}

function writeUntilKilled(
  { dataDir, databaseUrl }: { dataDir: string; databaseUrl?: string },
  first: number,
  lifetimeMs: number,
): Promise<string[]> {
  const child = spawn(
    process.execPath,
    [WRITER, dataDir, String(first), ...(databaseUrl ? [databaseUrl] : [])],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    if (output === '') setTimeout(() => child.kill('SIGKILL'), lifetimeMs)
    output += chunk.toString('utf8')
  })
  return new Promise((resolve, reject) => {
    child.once('close', (code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`The writer ended by itself with ${code}.`))
      // The last piece may be half a line.
      else resolve(output.split('\n').slice(1, -1))
    })
  })
}

function databaseDirectory(): string {
  return join(remember(freshDataDir()), 'store')
}

function remember(path: string): string {
  directories.push(path)
  return path
}
