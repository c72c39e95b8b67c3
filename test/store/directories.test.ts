import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, describe, expect, it } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import { freshDataDir, temporaryDirectory } from '../support/stores.ts'

const directories: string[] = []
afterAll(() => {
  for (const path of directories) fs.rmSync(path, { recursive: true, force: true })
})

describe('a new data directory', () => {
  it('is made with a database in it that only the owner can read, whatever the umask', async () => {
    const dataDir = join(remember(temporaryDirectory()), 'deep', 'data')
    const umask = process.umask(0)
    try {
      await (await openStore({ dataDir })).close()
    } finally {
      process.umask(umask)
    }
    const open = everyPath(dataDir).filter((path) => (fs.lstatSync(path).mode & 0o077) !== 0)
    expect(open).toEqual([])
  })

  it('is begun anew when making it was broken off', async () => {
    const dataDir = remember(temporaryDirectory())
    fs.mkdirSync(join(dataDir, 'store.new', 'base'), { recursive: true })
    await (await openStore({ dataDir })).close()
    expect(fs.existsSync(join(dataDir, 'store.new'))).toBe(false)
  })
})

describe('a directory that cannot be used is refused and not changed:', () => {
  it.each([
    {
      what: 'another PostgreSQL major',
      code: 'store_incompatible',
      spoil: (store: string) => write(store, 'PG_VERSION', '17\n'),
    },
    {
      what: 'a damaged version file',
      code: 'store_corrupt',
      spoil: (store: string) => write(store, 'PG_VERSION', '\0\0'),
    },
    {
      what: 'no version file',
      code: 'store_corrupt',
      spoil: (store: string) => fs.rmSync(join(store, 'PG_VERSION')),
    },
    { what: 'no log folder', code: 'store_corrupt', spoil: (store: string) => remove(store, 'pg_wal') },
    { what: 'no data folder', code: 'store_corrupt', spoil: (store: string) => remove(store, 'base') },
    {
      what: 'a control file cut short',
      code: 'store_corrupt',
      spoil: (store: string) => write(store, 'global/pg_control', 'x'),
    },
    {
      what: 'a control file of zeros',
      code: 'store_corrupt',
      spoil: (store: string) => write(store, 'global/pg_control', '\0'.repeat(8192)),
    },
    {
      what: 'an empty log',
      code: 'store_corrupt',
      spoil: (store: string) => emptyFiles(join(store, 'pg_wal')),
    },
  ])('$what', async ({ code, spoil }) => {
    const dataDir = remember(freshDataDir())
    spoil(join(dataDir, 'store'))
    await expectRefusal(dataDir, code)
  })

  it('somebody else’s files', async () => {
    const dataDir = remember(temporaryDirectory())
    fs.mkdirSync(join(dataDir, 'store'))
    write(join(dataDir, 'store'), 'letter.txt', 'Dear diary')
    await expectRefusal(dataDir, 'store_corrupt')
  })

  it('a file in the place of the directory', async () => {
    const dataDir = remember(temporaryDirectory())
    write(dataDir, 'store', 'a file')
    await expectRefusal(dataDir, 'store_corrupt')
  })
})

it('refuses a store that a newer program has used, and leaves its tables alone', async () => {
  const dataDir = remember(freshDataDir())
  const store = await openStore({ dataDir })
  await sql`insert into kysely_migration (name, timestamp) values ('9999-from-the-future', 'x')`.execute(
    store.db,
  )
  await store.close()
  await expect(openStore({ dataDir })).rejects.toMatchObject({
    code: 'store_newer',
    message: expect.stringContaining('9999-from-the-future'),
  })
  await expect(openStore({ dataDir })).rejects.toMatchObject({ details: { store: join(dataDir, 'store') } })
})

async function expectRefusal(dataDir: string, code: string): Promise<void> {
  const before = contents(join(dataDir, 'store'))
  await expect(openStore({ dataDir })).rejects.toMatchObject({
    code,
    disposition: 'pause',
    message: expect.stringContaining(join(dataDir, 'store')),
  })
  expect(contents(join(dataDir, 'store'))).toEqual(before)
  // And the refusal has let go of the directory.
  await expect(openStore({ dataDir })).rejects.toMatchObject({ code })
}

function contents(path: string): Record<string, string> {
  const hashes: Record<string, string> = {}
  for (const file of everyPath(path)) {
    // PostgreSQL notes its process there as it starts, whether or not it then goes on.
    if (file.endsWith('postmaster.pid')) continue
    if (fs.statSync(file).isFile())
      hashes[file] = createHash('sha256').update(fs.readFileSync(file)).digest('hex')
  }
  return hashes
}

function everyPath(root: string): string[] {
  if (fs.statSync(root).isFile()) return [root]
  return [
    root,
    ...fs.readdirSync(root, { recursive: true, encoding: 'utf8' }).map((path) => join(root, path)),
  ]
}

function write(directory: string, name: string, text: string): void {
  fs.writeFileSync(join(directory, name), text)
}

function remove(directory: string, name: string): void {
  fs.rmSync(join(directory, name), { recursive: true })
}

function emptyFiles(directory: string): void {
  for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
    if (entry.isFile()) fs.truncateSync(join(directory, entry.name), 0)
  }
}

function remember(path: string): string {
  directories.push(path)
  return path
}
