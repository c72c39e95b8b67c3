import { type Kysely, sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Store } from '../../src/store/open.ts'
import type { Database } from '../../src/store/schema.ts'
import { forEachStore } from '../support/stores.ts'

forEachStore('a store', (open) => {
  let store: Store
  beforeEach(async () => {
    store = await open()
  })

  it('gives every column type the same JavaScript value', async () => {
    const { rows } = await sql`select 9007199254740991::int8 as int8, count(*) as count, 7::int4 as int4,
      1.50::numeric as numeric, 0.1::float8 as float8, true as bool, 'words'::text as text, null::text as nothing,
      '2026-03-29'::date as date, '2026-03-29 02:30:00'::timestamp as timestamp, '1 day 02:00'::interval as interval,
      '2026-03-29T01:30:00+02:00'::timestamptz as timestamptz, '{"a":[1,"ü",null]}'::jsonb as jsonb,
      array[1,2]::int4[] as int4s, array[1,null,3]::int8[] as int8s, array['a','b,"c"']::text[] as texts,
      '\\x00ff'::bytea as bytea from (values (1), (2)) as t`.execute(store.db)
    expect(rows).toEqual([
      {
        ...{
          int8: 9007199254740991,
          count: 2,
          int4: 7,
          numeric: '1.50',
          float8: 0.1,
          bool: true,
          text: 'words',
        },
        ...{
          nothing: null,
          date: '2026-03-29',
          timestamp: '2026-03-29 02:30:00',
          interval: '1 day 02:00:00',
        },
        timestamptz: new Date('2026-03-28T23:30:00Z'),
        jsonb: { a: [1, 'ü', null] },
        ...{ int4s: [1, 2], int8s: [1, null, 3], texts: ['a', 'b,"c"'], bytea: Buffer.from([0, 255]) },
      },
    ])
  })

  it('takes parameters of every kind back out unchanged', async () => {
    const at = new Date('2026-11-24T10:00:00.123Z')
    const text = 'quote " backslash \\ emoji 🚀 한국어'
    const { rows } =
      await sql`select ${at}::timestamptz as at, ${text}::text as text, ${[1, 2]}::int4[] as list,
      ${JSON.stringify({ text })}::jsonb as doc`.execute(store.db)
    expect(rows).toEqual([{ at, text, list: [1, 2], doc: { text } }])
  })

  it('moves a large parameter and a large result', async () => {
    const text = 'x'.repeat(3_000_000)
    const { rows } = await sql<{ text: string }>`select ${text}::text || 'y' as text`.execute(store.db)
    expect(rows[0]?.text).toBe(`${text}y`)
  })

  it('names the broken constraint with 23505', async () => {
    await addListed(store.db, 'one')
    await expect(addListed(store.db, 'one')).rejects.toMatchObject({
      code: '23505',
      constraint: 'listed_pkey',
    })
    expect(await listedIds(store.db)).toEqual(['one'])
  })

  it('hides an open transaction from everybody else until it commits', async () => {
    let seenFromOutside: Promise<string[]> | undefined
    await store.transaction(async (trx) => {
      await addListed(trx, 'inside')
      seenFromOutside = listedIds(store.db)
      expect(await listedIds(trx)).toEqual(['inside'])
    })
    // The server answers before the commit, the embedded store after it; both only with a whole truth.
    expect([[], ['inside']]).toContainEqual(await seenFromOutside)
    expect(await listedIds(store.db)).toEqual(['inside'])
  })

  it('rolls a failed transaction back, and only that one', async () => {
    const failing = store.transaction(async (trx) => {
      await addListed(trx, 'lost')
      await sql`select 1/0`.execute(trx)
    })
    const working = addListed(store.db, 'kept')
    await expect(failing).rejects.toMatchObject({ code: '22012' })
    await working
    expect(await listedIds(store.db)).toEqual(['kept'])
  })

  it('keeps many transactions at once apart', async () => {
    const work = Array.from({ length: 40 }, (_, number) =>
      store.transaction(async (trx) => {
        await addListed(trx, `${number}-a`)
        if (number % 4 === 0) throw new Error('changed my mind')
        await addListed(trx, `${number}-b`)
      }),
    )
    const outcomes = await Promise.allSettled(work)
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(10)
    expect(await listedIds(store.db)).toHaveLength(60)
  })

  it('answers the next statement after one that was wrong', async () => {
    await expect(sql`select * from no_such_table`.execute(store.db)).rejects.toMatchObject({ code: '42P01' })
    expect((await sql`select 1 as one`.execute(store.db)).rows).toEqual([{ one: 1 }])
  })

  it('can be maintained while it is used', async () => {
    await Promise.all([store.maintain(), addListed(store.db, 'a'), addListed(store.urgent, 'b')])
    expect(await listedIds(store.db)).toEqual(['a', 'b'])
  })

  afterEach(async () => {
    const { rows } = await sql`select count(*) as open from pg_stat_activity
      where state like 'idle in transaction%' and datname = current_database()`.execute(store.db)
    expect(rows).toEqual([{ open: 0 }])
  })
})

async function addListed(db: Kysely<Database>, id: string): Promise<void> {
  await db.insertInto('listed').values({ connection: 'c', entity: 'person', id }).execute()
}

async function listedIds(db: Kysely<Database>): Promise<string[]> {
  const rows = await db.selectFrom('listed').select('id').orderBy('id').execute()
  return rows.map(({ id }) => id)
}
