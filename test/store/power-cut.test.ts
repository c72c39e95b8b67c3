import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { freshDataDir } from '../support/stores.ts'

const WRITER = join(import.meta.dirname, '..', 'support', 'power-cut-writer.ts')
const READER = join(import.meta.dirname, '..', 'support', 'power-cut-reader.ts')
/** For what hangs; not the way in which the writer ends. */
const tooLong = { timeout: 120_000, killSignal: 'SIGTERM' } as const
const directories: string[] = []
afterAll(() => {
  for (const path of directories) fs.rmSync(path, { recursive: true, force: true })
})

const isLinux = process.platform === 'linux'
if (!isLinux) console.warn('power cuts are not tried: the simulation needs /proc')

describe.skipIf(!isLinux)('a power cut', () => {
  it('loses no acknowledged row of the embedded engine', () => {
    const directory = databaseDirectory()
    const acknowledged: number[] = []
    for (let round = 0; round < 6; round++) {
      acknowledged.push(...writeUntilCut(directory, round * 100_000 + 1))
      const stored = storedIds(directory)
      expect(acknowledged.filter((id) => !stored.has(id))).toEqual([])
    }
    expect(acknowledged.length).toBeGreaterThan(6)
  })

  it('would lose some without fsync, so this test can see a loss', () => {
    const losses: string[] = []
    for (let round = 0; round < 4 && losses.length === 0; round++) {
      const directory = databaseDirectory()
      const acknowledged = writeUntilCut(directory, 1, 'without-fsync')
      try {
        const stored = storedIds(directory)
        losses.push(...acknowledged.filter((id) => !stored.has(id)).map(String))
      } catch (error) {
        losses.push((error as Error).message)
      }
    }
    expect(losses).not.toEqual([])
  })
})

function writeUntilCut(directory: string, first: number, ...mode: string[]): number[] {
  const events = 10 + Math.floor(Math.random() * 900)
  const { stdout, stderr, signal } = spawnSync(
    process.execPath,
    [WRITER, directory, String(first), String(events), ...mode],
    { encoding: 'utf8', ...tooLong },
  )
  if (signal !== 'SIGKILL') throw new Error(`The writer ended by itself: ${stderr}`)
  return stdout.split('\n').slice(0, -1).map(Number)
}

function storedIds(directory: string): Set<number> {
  const { stdout, stderr, status, signal } = spawnSync(process.execPath, [READER, directory], {
    encoding: 'utf8',
    timeout: tooLong.timeout,
    killSignal: 'SIGKILL',
  })
  if (status !== 0) throw new Error(`The rows could not be read: ${signal ?? stderr}`)
  return new Set(stdout.split(',').map(Number))
}

function databaseDirectory(): string {
  const dataDir = freshDataDir()
  directories.push(dataDir)
  return join(dataDir, 'store')
}
