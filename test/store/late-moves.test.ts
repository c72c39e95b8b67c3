/** Late moves of a deal, with what the store keeps between one telling and the next, on both engines. */
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import { addMoves, type Db, pruneMoves, readTransitions, settleTold } from '../../src/store/index.ts'
import { tellDeals } from '../../src/sync/events/index.ts'
import { sampleDeal } from '../../src/sync/model/testdata/samples.ts'
import { forEachStore } from '../support/stores.ts'

const C = 'default'
const now = new Date('2026-03-11T09:05:00Z')
const options = {
  now,
  since: new Date('2026-01-01'),
  patienceMs: 4_000,
  events: new Set(['stage_changed'] as const),
  history: true,
}
const place = (stageId: number) => ({ stageId, pipelineId: 1, status: 'open' as const })

function moved(deal: number, from: number, to: number, clock: string) {
  const at = `2026-03-11T${clock}Z`
  const version = `${at.slice(0, 19)}.000Z`
  const after = sampleDeal({ id: deal, ...place(to), updatedAt: version, stageChangedAt: version })
  const facts = { from: place(from), deal: after } as unknown as JsonObject
  return { deal_id: deal, delivery: `${from}>${to}`, at, version, facts }
}

async function begin(db: Db, deal: number): Promise<void> {
  const since = '2026-03-01T09:00:00.000Z'
  const told = { stage_id: 1, pipeline_id: 1, status: 'open', stage_since: since, version: since }
  const state = { ...told, exact: null, trail: null }
  await settleTold(db, C, [{ deal_id: deal, marked: 0, state, deliveries: [], gap_since: null }])
}

const countMoves = async (db: Db) =>
  (await sql<{ n: number }>`select count(*)::int as n from moves`.execute(db)).rows[0]?.n

forEachStore('late moves', (open) => {
  it('R5.1 R10.1 are told after what overtook them, and stand before it in the history, the days counted anew', async () => {
    const store = await open()
    await begin(store.db, 1)
    const [away, back, again] = [
      moved(1, 1, 2, '09:00:00.100'),
      moved(1, 2, 1, '09:00:00.500'),
      moved(1, 1, 3, '09:00:00.900'),
    ]
    for (const move of [again, back, away, back]) {
      await addMoves(store.db, C, [move])
      await tellDeals(store, C, options)
    }
    const history = await readTransitions(store.db, C, [1])
    expect(history.map((one) => [one.from_stage, one.to_stage, one.at, one.days_in_stage])).toEqual([
      [1, 2, away.at, 10],
      [2, 1, back.at, 0],
      [1, 3, again.at, 0],
    ])
    const { rows } = await sql<{ key: string }>`select key from events order by id`.execute(store.db)
    expect(rows.map(({ key }) => key)).toEqual(
      [again, away, back].map(({ delivery, at }) => `deal:1:stage_changed:${delivery}:${at}`),
    )
    expect(await countMoves(store.db)).toBe(0)
  })

  it('R5.6 of which the other half never comes are forgotten', async () => {
    const store = await open()
    await begin(store.db, 1)
    await addMoves(store.db, C, [moved(1, 1, 3, '09:00:00.900')])
    await tellDeals(store, C, options)
    await addMoves(store.db, C, [moved(1, 2, 1, '09:00:00.500')])
    await pruneMoves(store.db, now)
    // Not while it waits to be looked at.
    expect(await countMoves(store.db)).toBe(1)
    await tellDeals(store, C, options)
    expect(await countMoves(store.db)).toBe(1)
    await pruneMoves(store.db, now)
    expect(await countMoves(store.db)).toBe(0)
    expect(await readTransitions(store.db, C, [1])).toHaveLength(1)
  })
})
