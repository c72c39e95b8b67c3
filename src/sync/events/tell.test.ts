/** Rules R5.1, R5.3 and R5.6: every true move of a deal is told once, whichever way and however often it was noticed. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Deal, DealMove, DealPlace } from '../model/index.ts'
import { sampleDeal } from '../model/testdata/samples.ts'
import { type ToldChange, type ToldState, tellDeal } from './tell.ts'
import {
  anyPlan,
  dealAt,
  historyBegins,
  type Moment,
  onwardPlan,
  type Plan,
  type TrueChange,
} from './testdata/history.ts'
import {
  type Course,
  courseOf,
  createTeller,
  delay,
  patienceMs,
  play,
  since,
  upTo,
} from './testdata/teller.ts'

const time = (clock: string) => `2026-03-01T${clock}Z`

const text = ({ stageId, status }: DealPlace) => `${stageId} ${status}`
const short = ({ action, from, deal }: ToldChange) => `${action}: ${text(from)} > ${text(deal)}`
const shortTrue = ({ action, from, to }: TrueChange) => `${action}: ${from} > ${to}`

const open = (stageId: number): DealPlace => ({ stageId, pipelineId: 1, status: 'open' })
const won = (stageId: number): DealPlace => ({ stageId, pipelineId: 1, status: 'won' })

/** A deal of last month, in stage 1 since then. */
const known: ToldState = {
  ...open(1),
  stageSince: '2026-02-01T09:00:00.000Z',
  version: '2026-02-01T09:00:00.000Z',
  exact: null,
  trail: [],
}
const old = { addedAt: '2025-05-01T09:00:00.000Z', value: 100 }

function dealIn(place: DealPlace, clock: string, changes: Partial<Deal> = {}): Deal {
  const at = time(clock)
  const wonAt = place.status === 'won' ? at : null
  return sampleDeal({ ...old, ...place, updatedAt: at, stageChangedAt: at, wonAt, ...changes })
}

function moveTo(from: DealPlace, to: DealPlace, clock: string, changes: Partial<Deal> = {}): DealMove {
  const version = `${clock.slice(0, 8)}.000`
  const stageChangedAt = from.stageId === to.stageId ? known.stageSince : time(version)
  return {
    dealId: 1,
    delivery: `${text(from)} > ${text(to)} ${clock}`,
    at: time(clock),
    version: time(version),
    from,
    deal: dealIn(to, version, { stageChangedAt, ...changes }),
  }
}

const nowMs = Date.parse(time('09:05:00.000'))

describe('a move', () => {
  test('R5.3 of the stage is told with where it was, when, and for how long', () => {
    const teller = createTeller({ state: known })
    teller.receive(moveTo(open(1), open(2), '09:00:00.250'))
    expect(teller.tell(nowMs)).toMatchObject([
      {
        action: 'stage_changed',
        from: open(1),
        deal: { stageId: 2, value: 100 },
        at: time('09:00:00.250'),
        daysInStage: 28,
        noticedBy: 'webhook',
      },
    ])
  })

  test('R5.3 to won, to lost and back are told each as what it is', () => {
    const teller = createTeller({ state: known })
    const lost = { ...open(1), status: 'lost' } as const
    teller.receive(moveTo(open(1), won(1), '09:00:00.100'), moveTo(won(1), lost, '09:00:01.100'))
    teller.receive(moveTo(lost, open(1), '09:00:02.100'))
    expect(teller.tell(nowMs).map(short)).toEqual([
      'won: 1 open > 1 won',
      'lost: 1 won > 1 lost',
      'reopened: 1 lost > 1 open',
    ])
  })

  test('R5.3 of stage and status at once is told as both', () => {
    const teller = createTeller({ state: known })
    teller.receive(moveTo(open(1), won(3), '09:00:00.100'))
    expect(teller.tell(nowMs).map(short)).toEqual(['stage_changed: 1 open > 3 won', 'won: 1 open > 3 won'])
  })

  test('R5.1 that came by webhook is not told again by a poll, and the other way round', () => {
    const byWebhook = createTeller({ state: known })
    byWebhook.receive(moveTo(open(1), open(2), '09:00:00.100'))
    byWebhook.tell(nowMs)
    byWebhook.mirror = dealIn(open(2), '09:00:00.000')
    byWebhook.settle(nowMs + 1000)
    expect(byWebhook.changes.map((change) => change.noticedBy)).toEqual(['webhook'])

    const byReading = createTeller({ state: known, patienceMs: 0 })
    byReading.mirror = dealIn(open(2), '09:00:00.000')
    byReading.tell(nowMs)
    byReading.receive(moveTo(open(1), open(2), '09:00:00.100'))
    byReading.settle(nowMs + 1000)
    expect(byReading.changes).toMatchObject([{ noticedBy: 'reading', at: time('09:00:00.000') }])
  })

  test('R5.1 that was delivered before the ones ahead of it waits for them', () => {
    const teller = createTeller({ state: known })
    teller.receive(moveTo(open(2), open(3), '09:00:01.100'))
    expect(teller.tell(nowMs)).toEqual([])
    teller.receive(moveTo(open(1), open(2), '09:00:00.100'))
    expect(teller.tell(nowMs + 30_000).map(short)).toEqual([
      'stage_changed: 1 open > 2 open',
      'stage_changed: 2 open > 3 open',
    ])
    expect(teller.waits).toBe(false)
  })

  test('R5.1 whose forerunner never comes is told after the wait, the lost one with it', () => {
    const teller = createTeller({ state: known })
    teller.receive(moveTo(open(2), open(3), '09:00:01.100'))
    teller.tell(nowMs)
    expect(teller.tell(nowMs + patienceMs - 1)).toEqual([])
    expect(teller.tell(nowMs + patienceMs).map((change) => [short(change), change.noticedBy])).toEqual([
      ['stage_changed: 1 open > 2 open', 'reading'],
      ['stage_changed: 2 open > 3 open', 'webhook'],
    ])
  })

  test('R5.6 seen by a poll waits for its webhook, which knows the steps between', () => {
    const teller = createTeller({ state: known })
    teller.mirror = dealIn(open(3), '09:00:01.000')
    expect(teller.tell(nowMs)).toEqual([])
    teller.receive(moveTo(open(1), open(2), '09:00:00.100'))
    teller.tell(nowMs + 1000)
    // The wait for the second begins with the first: it is another gap.
    expect(teller.tell(nowMs + patienceMs)).toEqual([])
    teller.receive(moveTo(open(2), open(3), '09:00:01.100'))
    teller.tell(nowMs + patienceMs)
    expect(teller.changes.map(short)).toEqual([
      'stage_changed: 1 open > 2 open',
      'stage_changed: 2 open > 3 open',
    ])
  })

  test('R5.6 two between two polls are one, which their late webhooks do not repeat', () => {
    const teller = createTeller({ state: known, patienceMs: 0 })
    teller.mirror = dealIn(open(3), '09:00:01.000')
    expect(teller.tell(nowMs).map(short)).toEqual(['stage_changed: 1 open > 3 open'])
    teller.receive(moveTo(open(2), open(3), '09:00:01.100'), moveTo(open(1), open(2), '09:00:00.100'))
    expect(teller.tell(nowMs + 1000)).toEqual([])
    expect(teller.state).toMatchObject({ stageId: 3 })
  })

  test('R5.6 away and back between two polls is nothing', () => {
    const teller = createTeller({ state: known })
    teller.mirror = dealIn(open(1), '09:00:01.000')
    teller.settle(nowMs)
    expect(teller.changes).toEqual([])
    expect(teller.state?.stageSince).toBe(time('09:00:01.000'))
  })

  test('R5.1 away and back that the next move overtook is told all the same, once, and dated as it was', () => {
    const teller = createTeller({ state: known })
    teller.receive(moveTo(open(1), open(3), '09:00:02.100'))
    teller.tell(nowMs)
    const [away, back] = [moveTo(open(1), open(2), '09:00:00.100'), moveTo(open(2), open(1), '09:00:01.100')]
    teller.receive(back)
    expect(teller.tell(nowMs + 1000)).toEqual([])
    teller.receive(away)
    expect(teller.tell(nowMs + 2000).map((change) => [short(change), change.at])).toEqual([
      ['stage_changed: 1 open > 2 open', away.at],
      ['stage_changed: 2 open > 1 open', back.at],
    ])
    // Once more, under other names: through a second webhook.
    teller.receive({ ...away, delivery: 'again' }, { ...back, delivery: 'and again' })
    teller.settle(nowMs + 3000)
    expect(teller.changes).toHaveLength(3)
  })

  test('R5.1 away and back that was received in time is told, though nobody looked for weeks', () => {
    const teller = createTeller({ state: known })
    teller.receive(moveTo(open(1), open(3), '09:00:02.100'))
    teller.tell(nowMs)
    const [away, back] = [moveTo(open(1), open(2), '09:00:00.100'), moveTo(open(2), open(1), '09:00:01.100')]
    teller.receive(away, back)
    expect(teller.tell(nowMs + 25 * 86_400_000).map(short)).toEqual([
      'stage_changed: 1 open > 2 open',
      'stage_changed: 2 open > 1 open',
    ])
  })

  test('R5.1 away and back that came when it was long over is old', () => {
    const teller = createTeller({ state: known })
    teller.receive(moveTo(open(1), open(3), '09:00:02.100'))
    teller.tell(nowMs)
    const receivedAt = time('09:20:00.000')
    teller.receive({ ...moveTo(open(1), open(2), '09:00:00.100'), receivedAt })
    teller.receive({ ...moveTo(open(2), open(1), '09:00:01.100'), receivedAt })
    expect(teller.tell(Date.parse(receivedAt))).toEqual([])
    expect(teller.state?.exact).toBe(time('09:00:02.100'))
  })

  test('R5.6 away and back of which one way is proven only is nothing', () => {
    const teller = createTeller({ state: known })
    teller.receive(moveTo(open(1), open(3), '09:00:02.100'))
    teller.tell(nowMs)
    teller.receive(moveTo(open(2), open(1), '09:00:01.100'))
    teller.settle(nowMs + 3000)
    expect(teller.changes.map(short)).toEqual(['stage_changed: 1 open > 3 open'])
    expect(teller.waits).toBe(false)
  })

  test('R5.1 away and back within a second is two, in whatever order and however often it is delivered', () => {
    const moves = [moveTo(open(1), open(2), '09:00:00.100'), moveTo(open(2), open(1), '09:00:00.900')]
    for (const order of [moves, moves.toReversed()]) {
      const teller = createTeller({ state: known })
      for (const move of [...order, ...order]) {
        teller.receive(move)
        // What a look shows within that second.
        teller.mirror = dealIn(open(1), '09:00:00.000')
        teller.tell(nowMs)
      }
      teller.settle(nowMs + 1000)
      expect(teller.changes.map(short)).toEqual([
        'stage_changed: 1 open > 2 open',
        'stage_changed: 2 open > 1 open',
      ])
    }
  })

  test('R5.1 there, back and there again within a second is three, in whatever order it is delivered', () => {
    const moves = [
      moveTo(open(1), open(2), '09:00:00.100'),
      moveTo(open(2), open(1), '09:00:00.500'),
      moveTo(open(1), open(2), '09:00:00.900'),
    ]
    fc.assert(
      fc.property(fc.shuffledSubarray(moves, { minLength: 3 }), fc.boolean(), (order, twice) => {
        const teller = createTeller({ state: known })
        for (const move of twice ? [...order, ...order] : order) {
          teller.receive(move)
          teller.mirror = dealIn(open(2), '09:00:00.000')
          teller.tell(nowMs)
        }
        teller.settle(nowMs + 1000)
        expect(inTime(teller.changes).map((change) => [short(change), change.at])).toEqual([
          ['stage_changed: 1 open > 2 open', moves[0]?.at],
          ['stage_changed: 2 open > 1 open', moves[1]?.at],
          ['stage_changed: 1 open > 2 open', moves[2]?.at],
        ])
      }),
    )
  })

  test('R5.1 of one millisecond follow from one another', () => {
    const teller = createTeller({ state: known })
    teller.receive(moveTo(open(2), open(1), '09:00:00.100'), moveTo(open(1), open(2), '09:00:00.100'))
    expect(teller.tell(nowMs).map(short)).toEqual([
      'stage_changed: 1 open > 2 open',
      'stage_changed: 2 open > 1 open',
    ])
  })

  test('R5.1 there, back and there again, each seen by a poll within the same second, are three', () => {
    const teller = createTeller({ state: known, patienceMs: 0 })
    for (const place of [open(2), open(1), open(2)]) {
      teller.mirror = dealIn(place, '09:00:00.000')
      teller.tell(nowMs)
    }
    expect(teller.changes.map(short)).toEqual([
      'stage_changed: 1 open > 2 open',
      'stage_changed: 2 open > 1 open',
      'stage_changed: 1 open > 2 open',
    ])
    expect(new Set(teller.changes.map((change) => `${short(change)} ${change.edit}`)).size).toBe(3)
  })

  test('R5.1 to won and back is told even where a poll saw only that it is open', () => {
    const teller = createTeller({ state: known })
    teller.mirror = dealIn(open(1), '09:00:05.000', { stageChangedAt: known.stageSince })
    teller.tell(nowMs)
    teller.receive(moveTo(open(1), won(1), '09:00:00.100'), moveTo(won(1), open(1), '09:00:05.100'))
    teller.settle(nowMs + 1000)
    expect(teller.changes.map(short)).toEqual(['won: 1 open > 1 won', 'reopened: 1 won > 1 open'])
  })

  test('R5.3 of the title is none', () => {
    const teller = createTeller({ state: known })
    teller.mirror = dealIn(open(1), '09:00:01.000', { stageChangedAt: known.stageSince, title: 'New' })
    teller.settle(nowMs)
    expect(teller.changes).toEqual([])
    expect(teller.waits).toBe(false)
  })
})

describe('a deal of which nothing was told', () => {
  const createdAt = time('09:00:00.000')
  const made = (place: DealPlace, changes: Partial<Deal> = {}) =>
    dealIn(place, '09:00:00.000', { addedAt: createdAt, stageChangedAt: null, ...changes })

  test('R5.1 and that is older than the first sync begins as it is', () => {
    const teller = createTeller()
    teller.mirror = dealIn(won(3), '09:00:00.000')
    expect(teller.tell(nowMs)).toEqual([])
    expect(teller.state).toMatchObject({ stageId: 3, status: 'won', version: createdAt })
  })

  test('R5.3 and that is new begins open: made as won, it is won', () => {
    const teller = createTeller({ patienceMs: 0 })
    teller.mirror = made(won(1), { wonAt: createdAt })
    expect(teller.tell(nowMs).map(short)).toEqual(['won: 1 open > 1 won'])
  })

  test('R5.1 and that has moved before it was first seen waits for its beginning', () => {
    const teller = createTeller()
    teller.mirror = dealIn(open(2), '09:00:01.000', { addedAt: createdAt })
    expect(teller.tell(nowMs)).toEqual([])
    const creation = { ...moveTo(open(1), open(1), '09:00:00.100'), deal: made(open(1)) }
    teller.receive(moveTo(open(1), open(2), '09:00:01.100', { addedAt: createdAt }), creation)
    expect(teller.tell(nowMs + 1000).map(short)).toEqual(['stage_changed: 1 open > 2 open'])
  })

  test('R5.1 and whose beginning never comes begins with what is known', () => {
    const teller = createTeller()
    teller.receive(moveTo(open(2), open(3), '09:00:02.100', { addedAt: createdAt }))
    teller.tell(nowMs)
    teller.settle(nowMs + patienceMs)
    expect(teller.changes.map(short)).toEqual(['stage_changed: 2 open > 3 open'])
    expect(teller.changes[0]?.daysInStage).toBeNull()
  })

  test('R5.1 and of which there is no trace at all stays unknown', () => {
    const teller = createTeller()
    expect(teller.tell(nowMs)).toEqual([])
    expect([teller.state, teller.waits]).toEqual([null, false])
  })
})

/** Late ones are told after those that followed them. */
function inTime(changes: readonly ToldChange[]): readonly ToldChange[] {
  const timeOf = ({ noticedBy, edit, at }: ToldChange) => (noticedBy === 'webhook' ? edit : at)
  return changes.toSorted((a, b) => (timeOf(a) < timeOf(b) ? -1 : timeOf(a) > timeOf(b) ? 1 : 0))
}

function expectExact(plan: Plan, course: Course) {
  const { teller, changes } = play(plan, course)
  const told = inTime(teller.changes)
  expect(told.map(short)).toEqual(changes.map(shortTrue))
  for (const [index, change] of told.entries()) {
    expect(change.noticedBy).toBe('webhook')
    expect(Math.floor(Date.parse(change.at) / 1000)).toBe(Math.floor((changes[index]?.atMs ?? 0) / 1000))
  }
}

const never = fc.constant(false)
const often = fc.boolean()

describe('whatever happens on the way', () => {
  test('R5.1 where every webhook comes in time, what is told is what was: in any order of arrival', () => {
    fc.assert(
      fc.property(fc.oneof(anyPlan, onwardPlan), courseOf(never), (plan, course) =>
        expectExact(plan, course),
      ),
      { numRuns: 4000 },
    )
  })

  test('R5.1 where webhooks are lost or late, what is told leads step by step to where the deal is', () => {
    const late = fc.oneof(delay, upTo(900_000))
    fc.assert(
      fc.property(fc.oneof(anyPlan, onwardPlan), courseOf(often, late), (plan, course) => {
        const { teller, moments, changes } = play(plan, course)
        expectChain(inTime(teller.changes), moments)
        expect(teller.changes.length).toBeLessThanOrEqual(changes.length)
        expectTrue(teller.changes, changes)
      }),
      { numRuns: 2000 },
    )
  })

  test('R5.1 a place that a deal reaches once is told at most once', () => {
    const late = fc.oneof(delay, upTo(900_000))
    fc.assert(
      fc.property(onwardPlan, courseOf(often, late), (plan, course) => {
        const { teller } = play(plan, course)
        const told = teller.changes.map((change) => `${change.action} ${text(change.deal)}`)
        expect(new Set(told).size).toBe(told.length)
      }),
      { numRuns: 1000 },
    )
  })

  test('R5.1 old and repeated evidence tells nothing', () => {
    fc.assert(
      fc.property(anyPlan, courseOf(often), upTo(30_000), (plan, course, oldMs) => {
        const { teller, moments, endMs } = play(plan, course)
        const before = teller.changes.length
        const came = moments.flatMap(({ move }, index) =>
          move && course.fates[index]?.dropped === false
            ? [{ ...move, delivery: `${index}, once more` }]
            : [],
        )
        const toldMoves = came.filter((move) => teller.state?.version && move.version <= teller.state.version)
        teller.receive(...toldMoves)
        teller.mirror = dealAt(moments, historyBegins + oldMs)
        teller.tell(endMs)
        teller.mirror = moments[moments.length - 1]?.deal ?? null
        teller.settle(endMs + patienceMs)
        expect(teller.changes.slice(before).map(short)).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })

  test('R5.1 telling twice in a row tells nothing the second time', () => {
    fc.assert(
      fc.property(anyPlan, courseOf(often), (plan, course) => {
        const { teller, endMs } = play(plan, course)
        const { state, mirror } = teller
        const evidence = { state, mirror, moves: [], gapSince: null }
        const told = tellDeal(evidence, { now: new Date(endMs), patienceMs, since })
        expect(told).toEqual({ state, changes: [], late: false, used: [], gapSince: null })
      }),
    )
  })
})

/** What a webhook told has happened just so, and is told once. */
function expectTrue(told: readonly ToldChange[], changes: readonly TrueChange[]) {
  const shown = told
    .filter(({ noticedBy }) => noticedBy === 'webhook')
    .map((change) => `${change.edit} ${short(change)}`)
  const truth = changes.map((change) => `${new Date(change.atMs).toISOString()} ${shortTrue(change)}`)
  expect(new Set(shown).size).toBe(shown.length)
  expect(truth).toEqual(expect.arrayContaining(shown))
}

/** Each change goes on from where the one before ended, and the last one ends where the deal is. */
function expectChain(told: readonly ToldChange[], moments: readonly Moment[]) {
  const stages = told.filter((change) => change.action === 'stage_changed')
  for (const [index, change] of stages.entries()) {
    expect(change.from.stageId).not.toBe(change.deal.stageId)
    if (index > 0) expect(change.from.stageId).toBe(stages[index - 1]?.deal.stageId)
  }
  const statuses = told.filter((change) => change.action !== 'stage_changed')
  for (const [index, change] of statuses.entries())
    expect(change.from.status).toBe(index === 0 ? 'open' : statuses[index - 1]?.deal.status)
  const end = moments[moments.length - 1]?.deal
  if (stages.length > 0) expect(stages[stages.length - 1]?.deal.stageId).toBe(end?.stageId)
  expect(statuses[statuses.length - 1]?.deal.status ?? 'open').toBe(end?.status)
}
