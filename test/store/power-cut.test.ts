import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Engine, openEngine } from '../../src/store/embedded/engine.ts'
import { simpleQuery } from '../../src/store/embedded/wire-frames.ts'
import { freshDataDir } from '../support/stores.ts'

const WRITER = join(import.meta.dirname, '..', 'support', 'power-cut-writer.ts')
const directories: string[] = []
afterAll(() => {
  for (const path of directories) fs.rmSync(path, { recursive: true, force: true })
})

const isLinux = process.platform === 'linux'
if (!isLinux) console.warn('power cuts are not tried: the simulation needs /proc')

describe.skipIf(!isLinux)('a power cut', () => {
  it('loses no acknowledged row of the embedded engine', async () => {
    const directory = databaseDirectory()
    const acknowledged: number[] = []
    for (let round = 0; round < 6; round++) {
      acknowledged.push(...writeUntilCut(directory, round * 100_000 + 1))
      const stored = await storedIds(directory)
      expect(acknowledged.filter((id) => !stored.has(id))).toEqual([])
    }
    expect(acknowledged.length).toBeGreaterThan(6)
  })

  it('would lose some without fsync, so this test can see a loss', async () => {
    const losses: string[] = []
    for (let round = 0; round < 4 && losses.length === 0; round++) {
      const directory = databaseDirectory()
      const acknowledged = writeUntilCut(directory, 1, 'without-fsync')
      const stored = await storedIds(directory).catch((error: Error) => {
        losses.push(error.message)
        return new Set(acknowledged)
      })
      losses.push(...acknowledged.filter((id) => !stored.has(id)).map(String))
    }
    expect(losses).not.toEqual([])
  })
})

function writeUntilCut(directory: string, first: number, ...mode: string[]): number[] {
  const events = 10 + Math.floor(Math.random() * 900)
  const { stdout, stderr, signal } = spawnSync(
    process.execPath,
    [WRITER, directory, String(first), String(events), ...mode],
    { encoding: 'utf8' },
  )
  if (signal !== 'SIGKILL') throw new Error(`The writer ended by itself: ${stderr}`)
  return stdout.split('\n').slice(0, -1).map(Number)
}

async function storedIds(directory: string): Promise<Set<number>> {
  const engine = await openEngine(directory)
  try {
    // Once through the table and once through the index: both must agree.
    const byTable = await idsBy(engine, { table: 'on', index: 'off' })
    const byIndex = await idsBy(engine, { table: 'off', index: 'on' })
    if (byTable === undefined || byTable !== byIndex)
      throw new Error('Table and index differ, or cannot be read.')
    return new Set(byTable.split(',').map(Number))
  } finally {
    await engine.close()
  }
}

async function idsBy(engine: Engine, use: { table: string; index: string }): Promise<string | undefined> {
  await engine.execute(
    simpleQuery(`set enable_seqscan = ${use.table}; set enable_bitmapscan = off;
      set enable_indexscan = ${use.index}; set enable_indexonlyscan = ${use.index}`),
  )
  const ids = `select 'ids=' || coalesce(string_agg(id::text, ',' order by id), '') || ';' from rows where id >= 0`
  const text = new TextDecoder().decode(await engine.execute(simpleQuery(ids)))
  return /ids=([^;]*);/.exec(text)?.[1]
}

function databaseDirectory(): string {
  const dataDir = freshDataDir()
  directories.push(dataDir)
  return join(dataDir, 'store')
}
