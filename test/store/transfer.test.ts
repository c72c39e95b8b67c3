import fs from 'node:fs'
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { appliedMigrations, migrateStore } from '../../src/store/migrate.ts'
import { migrations } from '../../src/store/migrations/index.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import type { Database } from '../../src/store/schema.ts'
import { listTables } from '../../src/store/table-shapes.ts'
import { exportStore, importStore } from '../../src/store/transfer.ts'
import { forEachStore, freshDataDir, temporaryDirectory } from '../support/stores.ts'

const directory = temporaryDirectory()
const sourceDir = freshDataDir()
let source: Store
let files = 0

beforeAll(async () => {
  source = await openStore({ dataDir: sourceDir })
  await fill(source)
})
afterAll(async () => {
  await source.close()
  for (const path of [directory, sourceDir]) fs.rmSync(path, { recursive: true, force: true })
})

forEachStore('an export', (open) => {
  let target: Store
  beforeEach(async () => {
    target = await open()
  })

  it('brings every value over unchanged, and back', async () => {
    const file = newFile()
    const written = await exportStore(source, file)
    expect(await importStore(target, file)).toEqual(written)
    expect(await everything(target)).toEqual(await everything(source))
    const back = newFile()
    await exportStore(target, back)
    expect(rowLines(back)).toEqual(rowLines(file))
  })

  it('leaves numbering where new rows do not collide', async () => {
    const file = newFile()
    await exportStore(source, file)
    await importStore(target, file)
    await addOutbox(target, 'after the import')
    const { rows } = await sql<{
      ids: number[]
    }>`select array_agg(id order by id) as ids from outbox`.execute(target.db)
    expect(rows[0]?.ids).toEqual([1, 2, 3, 4])
  })

  it('is not imported over rows that are there', async () => {
    const file = newFile()
    await exportStore(source, file)
    await target.db.insertInto('listed').values({ connection: 'c', entity: 'person', id: 'mine' }).execute()
    await expect(importStore(target, file)).rejects.toMatchObject({ code: 'store_not_empty' })
    expect(await target.db.selectFrom('listed').select('id').execute()).toEqual([{ id: 'mine' }])
  })

  it.each([
    { damage: 'cut short', change: (text: string) => text.slice(0, text.length / 2) },
    {
      damage: 'without its last line',
      change: (text: string) => `${text.trimEnd().split('\n').slice(0, -1).join('\n')}\n`,
    },
    { damage: 'with one letter changed', change: (text: string) => text.replace('Zürich', 'Zurich') },
    { damage: 'empty', change: () => '' },
    { damage: 'of another kind', change: () => '{"hello":"world"}\n' },
  ])('$damage changes nothing', async ({ change }) => {
    const file = newFile()
    await exportStore(source, file)
    fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8')))
    await expect(importStore(target, file)).rejects.toMatchObject({ code: 'export_invalid' })
    expect(Object.values(await everything(target)).flat()).toEqual([])
  })

  it('of a newer program is refused', async () => {
    const file = newFile()
    await exportStore(source, file)
    const [header = '', ...rest] = fs.readFileSync(file, 'utf8').split('\n')
    const newer = JSON.parse(header) as { migrations: string[] }
    newer.migrations.push('9999-from-the-future')
    fs.writeFileSync(file, [JSON.stringify(newer), ...rest].join('\n'))
    await expect(importStore(target, file)).rejects.toMatchObject({ code: 'export_newer' })
  })
})

it('an export of an earlier version comes in and is brought forward', async () => {
  const file = newFile()
  await exportStore(source, file)
  const dataDir = freshDataDir()
  const store = await openStore({ dataDir })
  const later = {
    ...migrations,
    '9999-later': {
      up: async (db: Kysely<Database>) => {
        await sql`alter table listed rename to renamed`.execute(db)
        await sql`alter table records add column entity_upper text`.execute(db)
        await sql`update records set entity_upper = upper(entity)`.execute(db)
      },
    },
  }
  await migrateStore(store.db, store.name, later)
  const { rows: counted } = await sql`select count(*) as rows from records`.execute(source.db)
  await importStore(store, file, later)
  expect(await appliedMigrations(store.db)).toEqual(Object.keys(later))
  const { rows } = await sql`select count(*) as rows from records where entity_upper = upper(entity)`.execute(
    store.db,
  )
  expect(rows).toEqual(counted)
  await store.close()
  fs.rmSync(dataDir, { recursive: true })
})

it('an export is for its owner only, and never overwrites a file', async () => {
  const file = newFile()
  await exportStore(source, file)
  expect(fs.statSync(file).mode & 0o077).toBe(0)
  await expect(exportStore(source, file)).rejects.toMatchObject({ code: 'EEXIST' })
})

async function fill(store: Store): Promise<void> {
  await sql`insert into records (connection, entity, id, doc, version, fingerprint, person_id)
    select 'c', 'person', i::text,
      jsonb_build_object('name', 'Zürich "' || i || E'"\\n\\\\', 'big', 12345678901234567890.123456789, 'none', null),
      timestamptz '2026-01-01 00:00:00.123456+00' + i * interval '1 microsecond', 'f' || i, 9007199254740992 + i
    from generate_series(1, 1234) i`.execute(store.db)
  await sql`insert into records (connection, entity, id, doc, fingerprint) values ('c', 'deal', 'x', 'null', '')`.execute(
    store.db,
  )
  await sql`insert into known (connection, contact_id, attributes, lists, email_blocked, sms_blocked, written)
    values ('c', 1, '{}', '{3,1,2}', true, false, '{"a,b","c\\"d",NULL,"NULL",""}'), ('c', 2, '[]', '{}', false, true, '{}')`.execute(
    store.db,
  )
  for (const run of ['one', 'two', 'three']) await addOutbox(store, run)
}

/** Fills every column that must be filled, whatever they are. */
async function addOutbox(store: Store, run: string): Promise<void> {
  const { rows } = await sql<{ name: string; type: string }>`
    select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
    where attrelid = 'outbox'::regclass and attnum > 0 and attnotnull and not atthasdef and attidentity = ''`.execute(
    store.db,
  )
  const values = rows.map(({ name, type }) =>
    name === 'run'
      ? sql`${run}::text`
      : type === 'text'
        ? sql`${name}::text`
        : sql`${sql.lit(sampleOf(type))}::${sql.raw(type)}`,
  )
  await sql`insert into outbox (${sql.join(rows.map(({ name }) => sql.id(name)))})
    values (${sql.join(values)})`.execute(store.db)
}

function sampleOf(type: string): string {
  if (type.endsWith('[]')) return '{}'
  if (type === 'jsonb') return '{}'
  if (type.startsWith('timestamp')) return '2026-01-01T00:00:00Z'
  return type === 'boolean' ? 'true' : '7'
}

async function everything(store: Store): Promise<Record<string, string[]>> {
  const contents: Record<string, string[]> = {}
  for (const { name } of await listTables(store.db)) {
    const { rows } = await sql<{
      row: string
    }>`select t::text as row from ${sql.id(name)} t order by 1`.execute(store.db)
    contents[name] = rows.map(({ row }) => row)
  }
  return contents
}

function rowLines(file: string): string[] {
  return fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('['))
    .sort()
}

function newFile(): string {
  return join(directory, `export-${++files}.jsonl`)
}
