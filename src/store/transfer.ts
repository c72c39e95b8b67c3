/**
 * The whole store as one file of JSON lines, and back: from one PostgreSQL major to another, and between the
 * embedded store and a server. Every value travels as PostgreSQL's own text, so none is rounded on the way.
 * It never merges: an import wants empty tables, and a damaged file changes nothing.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import fs from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { sql, type Transaction } from 'kysely'
import type { Migration } from 'kysely/migration'
import { TajoError } from '../base/error.ts'
import { appliedMigrations, migrateStore } from './migrate.ts'
import { migrations as allMigrations } from './migrations/index.ts'
import type { Store } from './open.ts'
import type { Database } from './schema.ts'
import { listTables, resetSequences, type TableShape } from './table-shapes.ts'

/** Line 1. Then per table a `TableLine` and its rows, each an array of texts and nulls; then the `EndLine`. */
type HeaderLine = { format: 'tajo-store'; version: 1; migrations: string[] }
type TableLine = { table: string; columns: string[] }
/** `sha256` is of all lines before this one, with their line ends. */
type EndLine = { rows: number; sha256: string }
type RowLine = (string | null)[]
type AnyLine = HeaderLine | TableLine | EndLine | RowLine

const ROWS_PER_FETCH = 500

export type TransferReport = { tables: number; rows: number }

/** Writes all rows as of one moment to a new file that only its owner can read. The store can be used meanwhile. */
export async function exportStore(store: Store, file: string): Promise<TransferReport> {
  const handle = await fs.open(file, 'wx', 0o600)
  try {
    await store.intake.emptied()
    const report = await store.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute((trx) => writeAll(trx, handle))
    await handle.sync()
    await handle.close()
    return report
  } catch (error) {
    await handle.close()
    await fs.rm(file, { force: true })
    throw error
  }
}

async function writeAll(trx: Transaction<Database>, handle: fs.FileHandle): Promise<TransferReport> {
  const hash = createHash('sha256')
  const write = async (lines: AnyLine[]) => {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    hash.update(text)
    await handle.appendFile(text)
  }
  const tables = await listTables(trx)
  let rows = 0
  await write([{ format: 'tajo-store', version: 1, migrations: await appliedMigrations(trx) }])
  for (const { name, columns } of tables) {
    await write([{ table: name, columns: columns.map((column) => column.name) }])
    const texts = sql.join(columns.map((column) => sql`${sql.id(column.name)}::text`))
    await sql`declare tajo_export no scroll cursor for
      select json_build_array(${texts}) as line from ${sql.id(name)}`.execute(trx)
    for (;;) {
      const page = await sql<{ line: RowLine }>`fetch ${sql.lit(ROWS_PER_FETCH)} from tajo_export`.execute(
        trx,
      )
      if (page.rows.length === 0) break
      rows += page.rows.length
      await write(page.rows.map((row) => row.line))
    }
    await sql`close tajo_export`.execute(trx)
  }
  const end: EndLine = { rows, sha256: hash.digest('hex') }
  await handle.appendFile(`${JSON.stringify(end)}\n`)
  return { tables: tables.length, rows }
}

/**
 * Fills an empty store from a file of `exportStore`, of this version of Tajo or an earlier one. Throws
 * `store_not_empty`, `export_newer`, `export_invalid`; after an error the store is as empty as before.
 * `migrations` are those this version knows.
 */
export async function importStore(
  store: Store,
  file: string,
  migrations: Record<string, Migration> = allMigrations,
): Promise<TransferReport> {
  const header = await readHeader(file)
  await assertEmpty(store)
  const last = header.migrations.at(-1)
  const known = Object.keys(migrations)
  if (last === undefined || header.migrations.some((name) => !known.includes(name))) throw newerError(file)
  const isOlder = last !== known.at(-1)
  if (isOlder) await rebuild(store, migrations, last)
  try {
    return await store.transaction((trx) => readAll(trx, file))
  } finally {
    if (isOlder) await migrateStore(store.db, store.name, migrations)
  }
}

async function readAll(trx: Transaction<Database>, file: string): Promise<TransferReport> {
  const shapes = new Map((await listTables(trx)).map((shape) => [shape.name, shape]))
  const hash = createHash('sha256')
  let target: { shape: TableShape; columns: string[] } | undefined
  let batch: RowLine[] = []
  let rows = 0
  let tables = 0
  const flush = async () => {
    if (target && batch.length > 0) await insertRows(trx, target.shape, target.columns, batch)
    rows += batch.length
    batch = []
  }
  for await (const { line, text } of readLines(file)) {
    if ('sha256' in line) {
      await flush()
      if (line.rows !== rows || line.sha256 !== hash.digest('hex')) throw damagedError(file)
      for (const shape of shapes.values()) await resetSequences(trx, shape)
      return { tables, rows }
    }
    hash.update(`${text}\n`)
    if ('table' in line) {
      await flush()
      const shape = shapes.get(line.table)
      if (!shape) throw damagedError(file)
      target = { shape, columns: line.columns }
      tables++
    } else if (Array.isArray(line)) {
      batch.push(line)
      if (batch.length === ROWS_PER_FETCH) await flush()
    }
  }
  throw damagedError(file)
}

async function insertRows(trx: Transaction<Database>, shape: TableShape, columns: string[], rows: RowLine[]) {
  const types = new Map(shape.columns.map((column) => [column.name, column.type]))
  const values = columns.map((name, position) => {
    const type = types.get(name)
    if (type === undefined) throw new Error(`The table ${shape.name} has no column ${name}.`)
    return sql`(line->>${sql.lit(position)})::${sql.raw(type)}`
  })
  await sql`insert into ${sql.id(shape.name)} (${sql.join(columns.map((name) => sql.id(name)))})
    overriding system value select ${sql.join(values)}
    from json_array_elements(${JSON.stringify(rows)}::json) as line`.execute(trx)
}

/** Empty tables are made anew as they were when the file was written; the import brings them forward again. */
async function rebuild(store: Store, migrations: Record<string, Migration>, upTo: string): Promise<void> {
  const tables = await store.db.introspection.getTables({ withInternalKyselyTables: true })
  const names = (await listTables(store.db)).map((shape) => shape.name)
  const own = tables
    .map((table) => table.name)
    .filter((name) => names.includes(name) || name.startsWith('kysely_'))
  await sql`drop table ${sql.join(own.map((name) => sql.id(name)))} cascade`.execute(store.db)
  await migrateStore(store.db, store.name, migrations, { upTo })
}

async function assertEmpty(store: Store): Promise<void> {
  for (const { name } of await listTables(store.db)) {
    const { rows } = await sql`select 1 from ${sql.id(name)} limit 1`.execute(store.db)
    if (rows.length === 0) continue
    throw new TajoError({
      code: 'store_not_empty',
      message: `The store in ${store.name} holds rows already (in ${name}). Import into an empty data directory or database.`,
      details: { store: store.name, table: name },
    })
  }
}

async function readHeader(file: string): Promise<HeaderLine> {
  for await (const { line } of readLines(file)) {
    if ('format' in line && line.format === 'tajo-store' && line.version === 1) return line
    break
  }
  throw damagedError(file)
}

async function* readLines(file: string): AsyncGenerator<{ line: AnyLine; text: string }> {
  const input = createReadStream(file, 'utf8')
  try {
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      yield { line: parseLine(text, file), text }
    }
  } finally {
    input.destroy()
  }
}

function parseLine(text: string, file: string): AnyLine {
  try {
    const line: unknown = JSON.parse(text)
    if (typeof line === 'object' && line !== null) return line as AnyLine
  } catch (error) {
    throw damagedError(file, error)
  }
  throw damagedError(file)
}

function damagedError(file: string, cause?: unknown): TajoError {
  return new TajoError({
    code: 'export_invalid',
    message: `${file} is not a complete export of a Tajo store. Nothing was imported. Export again, and copy the whole file.`,
    details: { file },
    cause,
  })
}

function newerError(file: string): TajoError {
  return new TajoError({
    code: 'export_newer',
    message: `${file} was written by a newer version of Tajo than this one. Nothing was imported. Use that version, or a later one.`,
    details: { file },
  })
}
