import { spawn } from 'node:child_process'
import fs from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { NewDelivery } from '../../src/store/index.ts'
import { createSegment } from '../../src/store/journal/segment.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import { freshDataDir, temporaryDirectory } from '../support/stores.ts'

const WRITER = join(import.meta.dirname, '..', 'support', 'journal-writer.ts')
const directories: string[] = []
afterAll(() => {
  for (const path of directories) fs.rmSync(path, { recursive: true, force: true })
})

describe('what the embedded store takes in', () => {
  it('is kept without waiting for what the engine does, counted as waiting, and in the inbox afterwards', async () => {
    const { store, journal } = await open()
    const { promise: busy, resolve: free } = Promise.withResolvers<void>()
    const holding = store.transaction(() => busy)
    await store.intake.take([delivery(1), delivery(2)])
    expect(await store.intake.waiting('c')).toEqual({ count: 2, oldest: delivery(1).received_at })
    expect(store.intake.waiting('another').count).toBe(0)
    expect(fs.statSync(journal).mode & 0o777).toBe(0o700)
    expect(onDisk(journal)).toContain('body 2')
    free()
    await holding
    await store.intake.emptied()
    expect(await inbox(store)).toEqual(['1', '2'])
    expect(store.intake.waiting('c').count).toBe(0)
    // Nobody's words stay there once they are elsewhere.
    expect(onDisk(journal)).toBe('')
  })

  it('is on the disk before it is acknowledged', async () => {
    const { store, journal } = await open()
    await store.intake.take([delivery(1)])
    const file = await fs.promises.open(join(journal, fs.readdirSync(journal)[0] ?? ''))
    const { promise: synced, resolve: sync } = Promise.withResolvers<void>()
    const datasync = vi.spyOn(Object.getPrototypeOf(file), 'datasync').mockImplementation(() => synced)
    onTestFinished(() => datasync.mockRestore())
    await file.close()
    let acknowledged = false
    const taken = store.intake.take([delivery(2)]).then(() => {
      acknowledged = true
    })
    await vi.waitFor(() => expect(datasync).toHaveBeenCalled())
    expect(acknowledged).toBe(false)
    expect(onDisk(journal)).toContain('body 2')
    sync()
    await taken
  })

  it('that the disk refuses is not acknowledged, and what comes next is kept', async () => {
    const { store, journal } = await open()
    await store.intake.take([delivery(1)])
    await store.intake.emptied()
    const file = await fs.promises.open(join(journal, fs.readdirSync(journal)[0] ?? ''))
    const datasync = vi
      .spyOn(Object.getPrototypeOf(file), 'datasync')
      .mockRejectedValueOnce(Object.assign(new Error('no room'), { code: 'ENOSPC' }))
      .mockRejectedValueOnce(Object.assign(new Error('broken'), { code: 'EIO' }))
    onTestFinished(() => datasync.mockRestore())
    await file.close()
    await expect(store.intake.take([delivery(2)])).rejects.toMatchObject({ code: 'store_disk_full' })
    await expect(store.intake.take([delivery(3)])).rejects.toMatchObject({ code: 'store_failed' })
    await store.intake.take([delivery(4)])
    await store.intake.emptied()
    expect(await inbox(store)).toEqual(['1', '4'])
    expect(onDisk(journal)).toBe('')
  })

  it('tells who listens what is new and what had come before', async () => {
    const { store } = await open()
    const told: string[] = []
    store.intake.listen(({ deliveries, kept }) =>
      told.push(`${kept.map((one) => one.delivery)} of ${deliveries.map((one) => one.delivery)}`),
    )
    await store.intake.take([delivery(1), delivery(1)])
    await store.intake.emptied()
    await store.intake.take([delivery(1), delivery(2)])
    await store.intake.emptied()
    expect(told).toEqual(['1 of 1,1', '2 of 1,2'])
  })
})

describe('what was not in the inbox yet when the process ended', () => {
  it('goes there at the next start, once, without what was only half written', async () => {
    const dataDir = remember(freshDataDir())
    const journal = join(dataDir, 'journal')
    fs.mkdirSync(journal)
    fs.writeFileSync(join(journal, '000000007.jsonl'), await linesOf([1, 2]))
    const torn = '0badc0de ["c","pipedrive","4","2026-'
    fs.writeFileSync(join(journal, '000000008.jsonl'), `${await linesOf([2, 3])}${torn}`)
    const store = await openStore({ dataDir })
    onTestFinished(() => store.close())
    await store.intake.emptied()
    expect(await inbox(store)).toEqual(['1', '2', '3'])
    expect(store.intake.damaged).toBe(0)
    await store.intake.take([delivery(5)])
    await store.intake.emptied()
    expect(await inbox(store)).toEqual(['1', '2', '3', '5'])
    expect(fs.readdirSync(journal)).toEqual(['000000009.jsonl'])
  })

  it('is there at the end of an orderly stop, and no file is left', async () => {
    const { store, dataDir, journal } = await open()
    await Promise.all(Array.from({ length: 40 }, (_, n) => store.intake.take([delivery(n)])))
    await store.close()
    expect(fs.readdirSync(journal)).toEqual([])
    const reopened = await openStore({ dataDir })
    expect(await inbox(reopened)).toHaveLength(40)
    await reopened.close()
  })

  it('is told of where the disk has lost it', async () => {
    const dataDir = remember(freshDataDir())
    const journal = join(dataDir, 'journal')
    fs.mkdirSync(journal)
    const lines = await linesOf([1, 2, 3])
    fs.writeFileSync(join(journal, '000000001.jsonl'), lines.replace('body 2', 'body 0'))
    const store = await openStore({ dataDir })
    onTestFinished(() => store.close())
    await store.intake.emptied()
    expect(store.intake.damaged).toBe(1)
    expect(await inbox(store)).toEqual(['1', '3'])
  })
})

describe('a process that is killed while it takes webhooks in', () => {
  it('R6.3 has lost no acknowledged one, and none is there twice', async () => {
    const dataDir = remember(freshDataDir())
    const acknowledged: string[] = []
    let left = 0
    for (let round = 0; round < 5; round++) {
      acknowledged.push(...(await takeUntilKilled(dataDir, round * 1_000_000, 20 + Math.random() * 400)))
      left += onDisk(join(dataDir, 'journal')).split('\n').length - 1
      const store = await openStore({ dataDir })
      await store.intake.emptied()
      const stored = await inbox(store, 'crash')
      await store.close()
      expect(new Set(stored).size).toBe(stored.length)
      expect(acknowledged.filter((id) => !new Set(stored).has(id))).toEqual([])
    }
    expect(acknowledged.length).toBeGreaterThan(100)
    // Some were in the journal alone when the process was killed; else this proves nothing.
    expect(left).toBeGreaterThan(0)
  })
})

async function open(): Promise<{ store: Store; dataDir: string; journal: string }> {
  const dataDir = remember(freshDataDir())
  const store = await openStore({ dataDir })
  onTestFinished(() => store.close())
  return { store, dataDir, journal: join(dataDir, 'journal') }
}

function delivery(number: number): NewDelivery {
  return {
    connection: 'c',
    source: 'pipedrive',
    delivery: String(number),
    received_at: new Date(Date.UTC(2026, 10, 28, 12, 0, number)),
    body: JSON.stringify({ text: `body ${number}` }),
  }
}

/** As a segment holds them. */
async function linesOf(numbers: readonly number[]): Promise<string> {
  const segment = await createSegment(remember(temporaryDirectory()), 'segment')
  await segment.append(numbers.map(delivery))
  const text = fs.readFileSync(segment.path, 'utf8')
  await segment.remove()
  return text
}

async function inbox(store: Store, connection = 'c'): Promise<string[]> {
  const { rows } = await sql<{
    delivery: string
  }>`select delivery from inbox where connection = ${connection} order by id`.execute(store.db)
  return rows.map((row) => row.delivery)
}

function onDisk(journal: string): string {
  return fs
    .readdirSync(journal)
    .map((name) => fs.readFileSync(join(journal, name), 'utf8'))
    .join('')
}

function takeUntilKilled(dataDir: string, first: number, lifetimeMs: number): Promise<string[]> {
  const child = spawn(process.execPath, [WRITER, dataDir, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
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

function remember(path: string): string {
  directories.push(path)
  return path
}
