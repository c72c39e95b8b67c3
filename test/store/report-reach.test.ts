/** Where deals have been, as the store counts it, against the plain way: deal by deal, move by move. */
import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { type ReachRow, readReach, type Store } from '../../src/store/index.ts'
import { forEachStore } from '../support/stores.ts'

const C = 'default'
const stages = [
  { id: 13, name: 'Lead', pipelineId: 1, order: 1 },
  { id: 11, name: 'Talk', pipelineId: 1, order: 2 },
  { id: 12, name: 'Offer', pipelineId: 1, order: 3 },
  { id: 22, name: 'Ask', pipelineId: 2, order: 1 },
  { id: 21, name: 'Get', pipelineId: 2, order: 1 },
]
/** In the order of their pipeline; of one order the lower id first. */
const places = new Map<number, readonly (number | null)[]>([
  [1, [13, 11, 12]],
  [2, [21, 22]],
])

const day = (n: number): string => new Date(Date.UTC(2026, 0, 1 + n)).toISOString()
const stage = fc.constantFrom(null, 11, 12, 13, 21, 22, 99)
const anyDeal = fc.record({
  pipeline: fc.constantFrom(null, 1, 1, 2, 9),
  owner: fc.constantFrom(7, 8),
  stage,
  status: fc.constantFrom('open', 'won', 'lost'),
  added: fc.option(fc.nat({ max: 9 })),
  closed: fc.nat({ max: 9 }),
  deleted: fc.constantFrom(false, false, false, true),
  elsewhere: fc.constantFrom(false, false, false, true),
  moves: fc.array(fc.record({ kind: fc.constantFrom('stage', 'stage', 'status'), from: stage, to: stage }), {
    maxLength: 5,
  }),
})
type AnyDeal = typeof anyDeal extends fc.Arbitrary<infer T> ? T : never

const anyQuestion = fc.record({
  which: fc.constantFrom('added' as const, 'closed' as const),
  from: fc.nat({ max: 9 }),
  days: fc.integer({ min: 1, max: 9 }),
  pipelineId: fc.constantFrom(null, null, 1, 2),
  ownerId: fc.constantFrom(null, null, 7),
})
type AnyQuestion = typeof anyQuestion extends fc.Arbitrary<infer T> ? T : never

async function keep({ db }: Store, deals: readonly AnyDeal[]): Promise<void> {
  await sql`truncate deals, transitions`.execute(db)
  for (const [index, deal] of deals.entries()) {
    const connection = deal.elsewhere ? 'another' : C
    const { pipeline, owner, status, deleted, added, closed } = deal
    await sql`insert into deals (connection, deal_id, owner_id, pipeline_id, stage_id, status, value, added_at, closed_at, deleted)
      values (${connection}, ${index}, ${owner}, ${pipeline}, ${deal.stage}, ${status}, 1,
        ${added === null ? null : day(added)}::timestamptz, ${status === 'open' ? null : day(closed)}::timestamptz, ${deleted})`.execute(
      db,
    )
    // Those of another connection have the same numbers.
    for (const { kind, from, to } of deal.moves)
      for (const owner of [connection, 'a third'])
        await sql`insert into transitions (connection, deal_id, kind, from_stage, to_stage, from_status, to_status, value, at, noticed_by)
          values (${owner}, ${index}, ${kind}, ${owner === connection ? from : 12}, ${owner === connection ? to : 12}, 'open', 'open', 1,
            ${day(closed)}::timestamptz, 'reading')`.execute(db)
  }
}

function plainly(deals: readonly AnyDeal[], { which, from, days, pipelineId, ownerId }: AnyQuestion) {
  const rows = new Map<string, number>()
  for (const { moves, ...deal } of deals) {
    const at = which === 'added' ? deal.added : deal.status === 'open' ? null : deal.closed
    if (deal.elsewhere || deal.deleted || at === null || at < from || at >= from + days) continue
    if (pipelineId !== null && deal.pipeline !== pipelineId) continue
    if (ownerId !== null && deal.owner !== ownerId) continue
    const moved: (number | null)[] = moves
      .filter(({ kind }) => kind === 'stage')
      .flatMap((move) => [move.from, move.to])
    const own = places.get(deal.pipeline ?? 0) ?? []
    const been = own.filter((id) => id === deal.stage || moved.includes(id))
    const key = JSON.stringify([deal.pipeline, deal.stage, deal.status, been])
    rows.set(key, (rows.get(key) ?? 0) + 1)
  }
  return [...rows].map(([key, count]) => `${count} × ${key}`).toSorted()
}

function shown(rows: readonly ReachRow[]) {
  return rows
    .map(({ pipeline_id, stage_id, status, mask, deals }) => {
      const own = places.get(pipeline_id ?? 0) ?? []
      const been = own.filter((_, place) => (BigInt(mask) >> BigInt(place)) & 1n)
      return `${deals} × ${JSON.stringify([pipeline_id, stage_id, status, been])}`
    })
    .toSorted()
}

forEachStore('where deals have been', (open) => {
  it('R10.1 is counted from rows, whatever happened, in every scope', async () => {
    const store = await open()
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyDeal, { maxLength: 8 }),
        fc.array(anyQuestion, { minLength: 4, maxLength: 4 }),
        async (deals, questions) => {
          await keep(store, deals)
          for (const question of questions) {
            const { which, from, days, pipelineId, ownerId } = question
            const span = { from: new Date(day(from)), to: new Date(day(from + days)) }
            const asked = which === 'added' ? { added: span } : { closed: span }
            const rows = await readReach(
              store.db,
              { connection: C, pipelineId, ownerId, only: null },
              asked,
              stages,
            )
            expect(shown(rows)).toEqual(plainly(deals, question))
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  it('R10.1 is nowhere in a pipeline that nobody knows', async () => {
    const store = await open()
    const deal = {
      owner: 7,
      stage: 11,
      status: 'open',
      added: 1,
      closed: 1,
      deleted: false,
      elsewhere: false,
    }
    await keep(store, [{ ...deal, pipeline: 1, moves: [{ kind: 'stage', from: 11, to: 12 }] } as AnyDeal])
    const added = { from: new Date(day(0)), to: new Date(day(9)) }
    const rows = await readReach(
      store.db,
      { connection: C, pipelineId: null, ownerId: null, only: null },
      { added },
      [],
    )
    expect(rows).toMatchObject([{ mask: '0', deals: 1 }])
  })
})
