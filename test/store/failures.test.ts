/** Failures by cause, on both engines: counted without being read, whatever their number. */
import { sql } from 'kysely'
import { beforeEach, expect, it } from 'vitest'
import {
  discardFailures,
  type Failure,
  type FailureSelection,
  groupFailures,
  listFailures,
  pageFailures,
  readConnection,
  recordFailures,
  reopenFailures,
  type Store,
} from '../../src/store/index.ts'
import { forEachStore } from '../support/stores.ts'

const C = 'default'

const failure = (id: number, code: string): Failure => ({
  entity: 'person',
  record_id: String(id),
  code,
  disposition: 'reject',
  message: `Refused ${id}.`,
  vendor_message: null,
  remedy: 'Correct it.',
  fingerprint: null,
})

const day = (number: number): Date => new Date(Date.UTC(2026, 4, number))

forEachStore('failures by cause', (open) => {
  let store: Store
  beforeEach(async () => {
    store = await open()
    await readConnection(store.db, C)
  })

  it('are counted, with the newest that nobody discarded, and the most common cause first', async () => {
    expect(await groupFailures(store.db, C)).toEqual([])
    await recordFailures(store.db, C, [failure(1, 'a_cause'), failure(2, 'b_cause')], day(1))
    await recordFailures(store.db, C, [failure(3, 'b_cause')], day(2))
    await recordFailures(store.db, C, [failure(4, 'b_cause')], day(3))
    await recordFailures(store.db, C, [failure(5, 'c_cause')], day(4))
    await recordFailures(store.db, 'other', [failure(6, 'a_cause')], day(5))
    await discardFailures(store.db, C, { ids: ['4', '5'] })
    const causes = await groupFailures(store.db, C)
    expect(
      causes.map(({ example, open, discarded, since }) => [
        example.code,
        example.record_id,
        open,
        discarded,
        since.getUTCDate(),
      ]),
    ).toEqual([
      ['b_cause', '3', 2, 1, 1],
      ['a_cause', '1', 1, 0, 1],
      ['c_cause', '5', 0, 1, 4],
    ])
  })

  it('R6.2 are opened again by cause or all together as far as nobody discarded them, and by their ids or when asked to in any case', async () => {
    const again = async () => {
      await recordFailures(
        store.db,
        C,
        [failure(1, 'a'), failure(2, 'a'), failure(3, 'b'), failure(4, 'b')],
        day(1),
      )
      await discardFailures(store.db, C, { ids: ['2', '4'] })
    }
    const reopened = async (selection: FailureSelection & { withDiscarded?: boolean }) =>
      (await reopenFailures(store.db, C, selection)).map(({ record_id }) => record_id).sort()
    const discarded = async () =>
      (await listFailures(store.db, C)).filter((entry) => entry.discarded).map(({ record_id }) => record_id)
    await again()
    expect(await reopened({ code: 'a' })).toEqual(['1'])
    expect(await reopened({})).toEqual(['1', '3'])
    expect((await discarded()).sort()).toEqual(['2', '4'])
    expect(await reopened({ ids: ['1', '2'] })).toEqual(['1', '2'])
    expect(await discarded()).toEqual(['4'])
    await again()
    expect(await reopened({ code: 'b', withDiscarded: true })).toEqual(['3', '4'])
    expect(await discarded()).toEqual(['2'])
  })

  it('come a page at a time in order, out of a hundred thousand', async () => {
    await sql`insert into failures (connection, entity, record_id, code, disposition, message, remedy, first_at, last_at)
      select ${C}, 'person', n::text, case when n % 2 = 0 then 'even' else 'odd' end, 'reject', 'Refused.', 'Correct it.', at, at
      from (select n, ${day(1)}::timestamptz + n * interval '1 second' as at from generate_series(1, 100000) n) t`.execute(
      store.db,
    )
    const page = (offset: number) =>
      pageFailures(store.db, C, { code: 'even', withDiscarded: false, offset, limit: 2 })
    expect(await page(0)).toMatchObject({
      total: 50_000,
      entries: [{ record_id: '100000' }, { record_id: '99998' }],
    })
    expect((await page(49_998)).entries.map(({ record_id }) => record_id)).toEqual(['4', '2'])
    expect((await groupFailures(store.db, C)).map(({ open, example }) => [open, example.record_id])).toEqual([
      [50_000, '100000'],
      [50_000, '99999'],
    ])
  })
})
