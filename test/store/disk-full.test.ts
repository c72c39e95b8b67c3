import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { TajoError } from '../../src/base/error.ts'
import type { NewDelivery } from '../../src/store/index.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import { freshDataDir, temporaryDirectory } from '../support/stores.ts'

const disk = temporaryDirectory()
const mounting = mount('size=80m')
const reason = mounting === 0 ? undefined : 'no small disk can be mounted here (that takes root on Linux)'
if (reason) console.warn(`a full disk is not tried: ${reason}`)

afterAll(() => {
  if (!reason) spawnSync('umount', ['--lazy', disk])
  fs.rmSync(disk, { recursive: true, force: true })
})

describe.skipIf(reason)('on a full disk', () => {
  it('a write is refused with a pause, and all goes on by itself when there is room again', async () => {
    const dataDir = join(disk, 'data')
    const source = freshDataDir()
    fs.cpSync(source, dataDir, { recursive: true })
    fs.rmSync(source, { recursive: true })
    const store = await openStore({ dataDir })
    const { acknowledged, failure } = await writeUntilRefused(store)
    expect(failure).toMatchObject({
      code: 'store_disk_full',
      disposition: 'pause',
      message: expect.stringContaining(join(dataDir, 'store')),
    })
    expect(acknowledged).toBeGreaterThan(0)

    expect(mount('remount,size=400m')).toBe(0)
    expect(await storedNumbers(store)).toEqual(Array.from({ length: acknowledged }, (_, number) => number))
    await writeRow(store, acknowledged)
    await store.close()

    const reopened = await openStore({ dataDir })
    expect(await storedNumbers(reopened)).toHaveLength(acknowledged + 1)
    await reopened.close()
  })

  it('a webhook is refused, and taken when there is room again', async () => {
    expect(mount('remount,size=400m')).toBe(0)
    const dataDir = join(disk, 'third')
    const source = freshDataDir()
    fs.cpSync(source, dataDir, { recursive: true })
    fs.rmSync(source, { recursive: true })
    const store = await openStore({ dataDir })
    const taken = await takeUntilRefused(store, join(disk, 'filler'))
    expect(taken.failure).toMatchObject({ code: 'store_disk_full', disposition: 'pause' })
    fs.rmSync(join(disk, 'filler'))
    await store.intake.take([webhook(taken.count)])
    await vi.waitFor(() => store.intake.emptied(), 30_000)
    const { rows } = await sql<{ delivery: string }>`select delivery from inbox order by id`.execute(store.db)
    expect(rows.map((row) => row.delivery)).toEqual(
      Array.from({ length: taken.count + 1 }, (_, number) => String(number)),
    )
    await store.close()
  })

  it('a new store is refused, and nothing half made stays', async () => {
    expect(mount('remount,size=400m')).toBe(0)
    const filler = join(disk, 'filler')
    const { bavail, bsize } = fs.statfsSync(disk)
    fs.writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - 5_000_000)))
    const dataDir = join(disk, 'second')
    await expect(openStore({ dataDir })).rejects.toMatchObject({
      code: 'store_disk_full',
      disposition: 'pause',
    })
    expect(fs.readdirSync(dataDir)).toEqual(['lock'])
    fs.rmSync(filler)
    await (await openStore({ dataDir })).close()
  })
})

async function writeUntilRefused(store: Store): Promise<{ acknowledged: number; failure: TajoError }> {
  for (let number = 0; number < 2_000; number++) {
    try {
      await writeRow(store, number)
    } catch (error) {
      if (!(error instanceof TajoError)) throw error
      return { acknowledged: number, failure: error }
    }
  }
  throw new Error('The disk never filled up.')
}

/** With room for a few of them at first, and for the database's own housekeeping never. */
async function takeUntilRefused(store: Store, filler: string): Promise<{ count: number; failure: unknown }> {
  const { bavail, bsize } = fs.statfsSync(disk)
  fs.writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - 400_000)))
  for (let count = 0; count < 2_000; count++) {
    try {
      await store.intake.take([webhook(count)])
    } catch (failure) {
      return { count, failure }
    }
  }
  throw new Error('The disk never filled up.')
}

function webhook(number: number): NewDelivery {
  const delivery = String(number)
  return { connection: 'c', source: 'brevo', delivery, received_at: new Date(), body: 'x'.repeat(50_000) }
}

/** 200 KB that do not compress. */
async function writeRow(store: Store, number: number): Promise<void> {
  await sql`insert into records (connection, entity, id, doc, fingerprint)
    select 'c', 'person', ${String(number)}, jsonb_build_object('n', ${number}::int, 'noise', noise), 'f'
    from (select string_agg(md5(${number}::int || '-' || i), '') as noise from generate_series(1, 6000) i) as n`.execute(
    store.db,
  )
}

/** The refused row may have been stored without being acknowledged only if the commit was: it was not. */
async function storedNumbers(store: Store): Promise<number[]> {
  const { rows } = await sql<{ n: number }>`select (doc->'n')::int as n from records order by n`.execute(
    store.db,
  )
  return rows.map(({ n }) => n)
}

function mount(options: string): number | null {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk]).status
}
