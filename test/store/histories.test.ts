/** Histories that are read from a changelog while the deals move on, on both engines. */
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import {
  addMoves,
  type Db,
  type DealWithoutHistory,
  dealsWithoutHistory,
  readConnection,
  readTransitions,
  replaceHistory,
  settleTold,
  type Transition,
  updateConnection,
} from '../../src/store/index.ts'
import { tellDeals } from '../../src/sync/events/index.ts'
import { sampleDeal } from '../../src/sync/model/testdata/samples.ts'
import { forEachStore } from '../support/stores.ts'

const C = 'default'
const options = {
  now: new Date('2026-03-11T09:05:00Z'),
  since: new Date('2026-01-01'),
  patienceMs: 4_000,
  events: new Set<never>(),
  history: true,
}
const place = (stageId: number) => ({ stageId, pipelineId: 1, status: 'open' as const })

function moved(from: number, to: number, clock: string) {
  const at = `2026-03-11T${clock}Z`
  const version = `${at.slice(0, 19)}.000Z`
  const after = sampleDeal({ id: 1, ...place(to), updatedAt: version, stageChangedAt: version })
  const facts = { from: place(from), deal: after } as unknown as JsonObject
  return { deal_id: 1, delivery: `${from}>${to}`, at, version, facts }
}

function step(from: number, to: number, clock: string): Transition {
  return {
    deal_id: 1,
    kind: 'stage',
    from_stage: from,
    to_stage: to,
    from_pipeline: 1,
    to_pipeline: 1,
    from_status: 'open',
    to_status: 'open',
    value: 100,
    currency: 'USD',
    at: `2026-03-11T${clock}Z`,
    days_in_stage: null,
    noticed_by: 'changelog',
  }
}

const asRead = (transitions: readonly Transition[]) => () => ({ transitions, history: 'read' as const })

/** A deal from before Tajo listened, as it was told: in this stage. */
async function begin(db: Db, stage: number): Promise<void> {
  const since = '2026-03-01T09:00:00.000Z'
  const state = { stage_id: stage, pipeline_id: 1, status: 'open', stage_since: since, version: since }
  await settleTold(db, C, [
    { deal_id: 1, marked: 0, state: { ...state, exact: null, trail: null }, deliveries: [], gap_since: null },
  ])
  await readConnection(db, C)
  await updateConnection(db, C, { told_since: new Date('2026-03-05') })
  await sql`insert into deals (connection, deal_id, stage_id, pipeline_id, status, value, added_at, stage_at, deleted)
    values (${C}, 1, ${stage}, 1, 'open', 100, '2026-02-01T00:00:00Z', ${since}::timestamptz, false)`.execute(
    db,
  )
}

async function lacking(db: Db): Promise<DealWithoutHistory> {
  const [deal] = await dealsWithoutHistory(db, C, Number.MAX_SAFE_INTEGER, 10)
  if (deal === undefined) throw new Error('the deal has its history already')
  return deal
}

const told = async (db: Db) =>
  (await readTransitions(db, C, [1])).map(({ from_stage, to_stage }) => `${from_stage}>${to_stage}`)

forEachStore('histories', (open) => {
  it('R10.1 are not taken from a changelog that was read before a move that is told by now', async () => {
    const store = await open()
    await begin(store.db, 2)
    const deal = await lacking(store.db)
    await addMoves(store.db, C, [moved(2, 3, '09:00:00.900')])
    await tellDeals(store, C, options)
    const before = [step(1, 3, '08:00:00.000'), step(3, 2, '08:30:00.000')]
    const replace = (found: DealWithoutHistory, transitions: readonly Transition[]) =>
      store.transaction((trx) => replaceHistory(trx, C, found, asRead(transitions)))
    expect(await replace(deal, before)).toBeNull()
    expect(await told(store.db)).toEqual(['2>3'])
    const again = await lacking(store.db)
    expect(await replace(again, [...before, step(2, 3, '09:00:00.900')])).toMatchObject({ history: 'read' })
    expect(await told(store.db)).toEqual(['1>3', '3>2', '2>3'])
  })

  it('R10.1 R5.6 hold what comes late once, whether the changelog or a webhook is faster', async () => {
    const store = await open()
    await begin(store.db, 1)
    await addMoves(store.db, C, [moved(1, 3, '09:00:00.900')])
    await tellDeals(store, C, options)
    const deal = await lacking(store.db)
    await addMoves(store.db, C, [moved(1, 2, '09:00:00.100'), moved(2, 1, '09:00:00.500')])
    let telling: Promise<unknown> | undefined
    await store.transaction(async (trx) => {
      const steps = [step(1, 2, '09:00:00.100'), step(2, 1, '09:00:00.500'), step(1, 3, '09:00:00.900')]
      await replaceHistory(trx, C, deal, asRead(steps))
      // Tells while the new history is not committed yet.
      telling = tellDeals(store, C, options)
      await sql`select pg_sleep(0.3)`.execute(trx)
    })
    await telling
    expect(await told(store.db)).toEqual(['1>2', '2>1', '1>3'])
  })
})
