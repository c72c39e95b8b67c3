/** Rule R11 in the store: hashes that keep an address away, and a purge that leaves nothing of a person in any table. */
import fs from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeEach, expect, it } from 'vitest'
import {
  erasedAmong,
  exportStore,
  hasErased,
  isErased,
  noteErased,
  purgeSubject,
  readConnection,
  readHeldRows,
  recordFailures,
  removeErased,
  type Store,
  type StoreTable,
  storeTables,
  upsertKnown,
  vacuumStore,
} from '../../src/store/index.ts'
import { forEachStore, temporaryDirectory } from '../support/stores.ts'

const directory = temporaryDirectory()
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }))

const connection = 'c'
const now = new Date('2026-05-01T10:00:00.000Z')
const email = 'ada@test.example'
const subject = { emails: ['Ada@Test.example'], phones: [], personIds: [7], contactIds: [70] }

forEachStore('erasing a person', (open) => {
  let store: Store
  beforeEach(async () => {
    store = await open()
    await readConnection(store.db, connection)
  })

  it('R11: keeps a salted hash of each address, finds it in any spelling, and lets it go again', async () => {
    const { db } = store
    expect(await hasErased(db, connection)).toBe(false)
    expect(await isErased(db, connection, email)).toBe(false)
    expect(await noteErased(db, connection, ['ADA@test.example ', email], now)).toBe(1)
    expect(await noteErased(db, connection, [email], now)).toBe(0)
    expect(await hasErased(db, connection)).toBe(true)
    expect(await erasedAmong(db, connection, ['Ada@Test.Example', 'bob@test.example'])).toEqual(
      new Set([email]),
    )
    const [row] = await db.selectFrom('erased').selectAll().execute()
    expect(row?.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(await removeErased(db, connection, ['bob@test.example'])).toBe(0)
    expect(await removeErased(db, connection, [email])).toBe(1)
    expect(await isErased(db, connection, email)).toBe(false)
  })

  it('R11: has another hash of the same address in another connection', async () => {
    await readConnection(store.db, 'other')
    await noteErased(store.db, connection, [email], now)
    await noteErased(store.db, 'other', [email], now)
    const rows = await store.db.selectFrom('erased').select('hash').execute()
    expect(new Set(rows.map((row) => row.hash)).size).toBe(2)
  })

  it('R11: keeps no contact with an erased address, and no other contact that mentions it as it is', async () => {
    await noteErased(store.db, connection, [email], now)
    await upsertKnown(store.db, connection, [
      contact(1, email),
      { ...contact(2, 'bob@test.example'), attributes: { NOTE: `knows ${email}` } },
    ])
    const kept = await store.db.selectFrom('known').select(['contact_id', 'attributes']).execute()
    expect(kept).toEqual([{ contact_id: 2, attributes: { NOTE: 'knows [erased]' } }])
  })

  it('R11: leaves the address in no column of no table, and other rows with the rest of their words', async () => {
    await mentionEverywhere(store)
    expect(await dump(store)).toContain(email)
    const held = await readHeldRows(store.db, connection, subject)
    const tables = (await storeTables(store.db)).filter(holdsWords).map(({ name }) => name)
    expect(tables.length).toBeGreaterThan(15)
    expect(Object.keys(held).sort()).toEqual(tables.sort())
    await store.transaction((trx) => purgeSubject(trx, connection, subject, now))
    await vacuumStore(store)
    const rest = await dump(store)
    expect(rest).not.toContain(email)
    expect(rest).toContain('before [erased] after')
    // Somebody else, whose address only ends alike.
    expect(rest).toContain('linda@test.example')
  })

  it('R11: takes what failed of a new person by the id of its contact, and nobody else’s', async () => {
    const failure = (entity: string, record_id: string) => ({
      entity,
      record_id,
      code: 'pipedrive_rejected',
      disposition: 'reject' as const,
      message: 'phone 010-1234 is refused',
      vendor_message: null,
      remedy: '',
      fingerprint: null,
    })
    const own = [failure('new person', '70'), failure('person edit', '7'), failure('contact', '70')]
    const others = [failure('new person', '7'), failure('person', '70')]
    await recordFailures(store.db, connection, [...own, ...others], now)
    const held = await readHeldRows(store.db, connection, subject)
    const names = (rows: readonly { entity?: unknown; record_id?: unknown }[] = []) =>
      rows.map(({ entity, record_id }) => `${entity} ${record_id}`).sort()
    expect(names(held.failures)).toEqual(names(own))
    await store.transaction((trx) => purgeSubject(trx, connection, subject, now))
    const rest = await store.db.selectFrom('failures').select(['entity', 'record_id']).execute()
    expect(names(rest)).toEqual(names(others))
  })
})

/** Besides the connection: tables of numbers hold no words. */
function holdsWords({ name, columns }: StoreTable): boolean {
  return (
    name !== 'erased' &&
    columns.some((column) => column.name !== 'connection' && /text|json/.test(column.type))
  )
}

function contact(contact_id: number, address: string) {
  return {
    contact_id,
    email: address,
    ext_id: null,
    sms: null,
    attributes: {},
    lists: [],
    email_blocked: false,
    sms_blocked: false,
    blocked_by: null,
    modified_at: null,
  }
}

/** One row in every table, and in it the address in every column that can hold words. */
async function mentionEverywhere(store: Store): Promise<void> {
  const words = `before Ada@test.example after, and linda@test.example`
  for (const { schema, name, columns } of await storeTables(store.db)) {
    if (name === 'erased') continue
    if (name === 'connections') {
      await sql`update connections set plan = ${JSON.stringify({ words })}::jsonb where id = ${connection}`.execute(
        store.db,
      )
      continue
    }
    const values = columns.map(({ name: column, type }) =>
      column === 'connection' ? sql`${connection}` : sql`${textFor(type, words)}::text::${sql.raw(type)}`,
    )
    await sql`insert into ${sql.id(schema, name)} (${sql.join(columns.map((column) => sql.id(column.name)))})
      overriding system value values (${sql.join(values)})`.execute(store.db)
  }
}

function textFor(type: string, words: string): string {
  if (type.startsWith('json')) return JSON.stringify({ [words]: [{ words }] })
  if (type === 'text[]') return `{"${words}"}`
  if (type.endsWith('[]')) return '{1}'
  if (type === 'boolean') return 'false'
  if (type.startsWith('timestamp')) return now.toISOString()
  return type === 'text' ? words : '1'
}

let dumps = 0

async function dump(store: Store): Promise<string> {
  const file = join(directory, `dump-${dumps++}.jsonl`)
  await exportStore(store, file)
  return fs.readFileSync(file, 'utf8').toLowerCase()
}
