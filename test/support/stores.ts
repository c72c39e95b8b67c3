/** Stores for tests: a fresh data directory in a blink, and one suite run on both engines. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, describe } from 'vitest'
import { openStore, type Store } from '../../src/store/open.ts'
import { listTables } from '../../src/store/table-shapes.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from './postgres-server.ts'

const EMBEDDED = join(import.meta.dirname, '..', '..', 'src', 'store', 'embedded')

/** Runs the suite on the embedded store and on a server. `open` gives the suite's one store, its tables empty. */
export function forEachStore(name: string, suite: (open: () => Promise<Store>) => void): void {
  describe(`${name} (embedded store)`, () => {
    const dataDir = temporaryDirectory()
    // Hooks that run afterwards go from the last to the first: this one comes after the store is closed.
    afterAll(() => fs.rmSync(dataDir, { recursive: true, force: true }))
    suite(sharedStore(async () => openStore({ dataDir: fillWithTemplate(dataDir) })))
  })
  const reason = whyNoPostgres()
  if (reason) console.warn(`${name} is not tried on a PostgreSQL server: ${reason}`)
  describe.skipIf(reason)(`${name} (PostgreSQL server)`, () => {
    let server: PostgresServer | undefined
    afterAll(() => server?.stop())
    suite(
      sharedStore(async () => {
        server = await startPostgres()
        return openStore({ databaseUrl: await server.createDatabase(), dataDir: '' })
      }),
    )
  })
}

/** A data directory with an empty database in it, without the seconds that making one takes. */
export function freshDataDir(): string {
  return fillWithTemplate(temporaryDirectory())
}

export function temporaryDirectory(): string {
  return fs.mkdtempSync(join(tmpdir(), 'tajo-test-'))
}

function sharedStore(start: () => Promise<Store>): () => Promise<Store> {
  let store: Promise<Store> | undefined
  afterAll(async () => (await store)?.close())
  return async () => {
    if (store !== undefined) await emptyTables(await store)
    store ??= start()
    return store
  }
}

async function emptyTables(store: Store): Promise<void> {
  const names = (await listTables(store.db)).map(({ name }) => sql.id(name))
  if (names.length > 0) await sql`truncate ${sql.join(names)} restart identity`.execute(store.db)
}

/** Puts an empty database into a data directory. */
export function fillWithTemplate(dataDir: string): string {
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  fs.cpSync(template(), join(dataDir, 'store'), { recursive: true, mode: fs.constants.COPYFILE_FICLONE })
  return dataDir
}

/** Made once per machine and version of the code that makes it; kept in the system's temporary directory. */
function template(): string {
  const sources = ['initialise.ts', 'engine.ts', 'durable-file-system.ts'].map((file) =>
    fs.readFileSync(join(EMBEDDED, file)),
  )
  const version = createHash('sha256').update(Buffer.concat(sources)).digest('hex').slice(0, 12)
  const path = join(tmpdir(), `tajo-test-template-${process.getuid?.() ?? 0}-${version}`)
  if (fs.existsSync(path)) return path
  const workshop = temporaryDirectory()
  const fresh = join(workshop, 'store')
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--liftoff-only', join(EMBEDDED, 'initialise.ts'), fresh],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`The template database could not be made: ${stderr}`)
  try {
    fs.renameSync(fresh, path)
  } catch (error) {
    // Another test process was faster; its template is as good.
    if (!fs.existsSync(path)) throw error
  } finally {
    fs.rmSync(workshop, { recursive: true, force: true })
  }
  return path
}
