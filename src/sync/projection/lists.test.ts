/** Rule R3.1: every clause that puts a contact on a list, and none that does not. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Deal } from '../model/index.ts'
import { sampleDeal } from '../model/testdata/samples.ts'
import type { ClusterFacts } from './computed.ts'
import { type ListPlan, listReasons, listsWithTwoMeanings, managedLists, wantedLists } from './lists.ts'

const none: ListPlan = {
  allContacts: null,
  qualifiedLeads: null,
  customers: null,
  churned: null,
  stages: new Map(),
  won: null,
  lost: null,
}
const plan: ListPlan = {
  allContacts: 1,
  qualifiedLeads: 2,
  customers: 3,
  churned: 4,
  stages: new Map([
    [10, 5],
    [11, 6],
  ]),
  won: 7,
  lost: 8,
}

const facts = (deals: readonly Deal[] = [], openLeads = 0): ClusterFacts => ({
  deals,
  openLeads,
  activities: { nextDate: null, lastDate: null },
})
const open = (stageId: number | null, id = 1) => sampleDeal({ id, stageId })
const won = (at: string | null, id = 2) => sampleDeal({ id, status: 'won', wonAt: at, stageId: 10 })
const lost = (at: string | null, id = 3) => sampleDeal({ id, status: 'lost', lostAt: at, stageId: 10 })
const [early, late] = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z']
const listsOf = (...deals: Deal[]) => wantedLists(facts(deals), plan)

describe('the lists of a cluster', () => {
  test('R3.1 without deals and leads: all contacts only', () => {
    expect(wantedLists(facts(), plan)).toEqual([1])
    expect(wantedLists(facts(), none)).toEqual([])
  })

  test('R3.1 an open deal qualifies, and puts it on the list of its stage', () => {
    expect(listsOf(open(10))).toEqual([1, 2, 5])
    expect(listsOf(open(10), open(11, 2))).toEqual([1, 2, 5, 6])
  })

  test('R3.1 an open deal in a stage without a list, or in none, only qualifies', () => {
    expect(listsOf(open(99))).toEqual([1, 2])
    expect(listsOf(open(null))).toEqual([1, 2])
  })

  test('R3.1 an unarchived lead qualifies as well', () => {
    expect(wantedLists(facts([], 1), plan)).toEqual([1, 2])
  })

  test('R3.1 a won deal makes a customer, and the stage of a closed deal counts no more', () => {
    expect(listsOf(won(early))).toEqual([1, 3, 7])
  })

  test('R3.1 a customer whose newest closed deal is lost has churned', () => {
    expect(listsOf(won(early), lost(late))).toEqual([1, 4, 7, 8])
  })

  test('R3.1 a loss before the last win is no churn', () => {
    expect(listsOf(won(late), lost(early))).toEqual([1, 3, 7])
  })

  test('R3.1 an open deal undoes churn and loss', () => {
    expect(listsOf(won(early), lost(late), open(99))).toEqual([1, 2, 3, 7])
    expect(listsOf(lost(late), open(99))).toEqual([1, 2])
  })

  test('R3.1 a loss without any win is lost, not churned', () => {
    expect(listsOf(lost(early))).toEqual([1, 8])
  })

  test('R3.1 of two deals closed at one time the higher id is the newer', () => {
    expect(listsOf(won(early, 5), lost(early, 6))).toEqual([1, 4, 7, 8])
    expect(listsOf(won(early, 6), lost(early, 5))).toEqual([1, 3, 7])
    expect(listsOf(lost(early, 5), won(early, 6))).toEqual([1, 3, 7])
  })

  test('R3.1 the close time decides, not the last update', () => {
    expect(listsOf({ ...won(late), updatedAt: early }, { ...lost(early), updatedAt: late })).toEqual([
      1, 3, 7,
    ])
  })

  test('R2.3 an archived deal counts like any other', () => {
    const archived = { ...won(early), archived: true }
    expect(listsOf(archived)).toEqual([1, 3, 7])
  })

  test('R3.1 a list id under two names has two ways in, and is wanted once', () => {
    const shared = { ...plan, won: 3, qualifiedLeads: 1 }
    expect(wantedLists(facts([won(early), lost(late)]), shared)).toEqual([1, 3, 4, 8])
    expect(listReasons(facts([won(early)]), shared).filter((reason) => reason.listId === 3)).toHaveLength(2)
  })

  test('R3.1 `tajo check` points out a list with two meanings', () => {
    expect(listsWithTwoMeanings(plan)).toEqual([])
    expect(listsWithTwoMeanings(none)).toEqual([])
    expect(listsWithTwoMeanings({ ...plan, won: 3 })).toEqual([
      {
        path: 'deal_stage_mapping.won',
        severity: 'warning',
        message:
          'list 3 has 2 meanings: lists.customers, deal_stage_mapping.won; a contact gets on it by any of them',
      },
    ])
    expect(listsWithTwoMeanings({ ...plan, churned: 5 })).toHaveLength(1)
  })
})

describe('laws of lists', () => {
  const deal = fc
    .record({
      id: fc.integer({ min: 1, max: 9 }),
      status: fc.constantFrom('open' as const, 'won' as const, 'lost' as const),
      stageId: fc.constantFrom(10, 11, 12, null),
      time: fc.constantFrom(early, late, null),
      archived: fc.boolean(),
    })
    .map(({ time, ...rest }) =>
      sampleDeal({
        ...rest,
        wonAt: rest.status === 'won' ? time : null,
        lostAt: rest.status === 'lost' ? time : null,
      }),
    )
  const deals = fc.uniqueArray(deal, { selector: (item) => item.id, maxLength: 6 })
  const listId = fc.option(fc.integer({ min: 1, max: 4 }))
  const plans: fc.Arbitrary<ListPlan> = fc.record({
    allContacts: listId,
    qualifiedLeads: listId,
    customers: listId,
    churned: listId,
    won: listId,
    lost: listId,
    stages: fc
      .dictionary(fc.constantFrom('10', '11'), fc.integer({ min: 1, max: 4 }))
      .map((map) => new Map(Object.entries(map).map(([stage, id]) => [Number(stage), id]))),
  })

  test('R3.1 the wanted lists are the union of the reasons, ascending, and all managed', () => {
    fc.assert(
      fc.property(deals, fc.nat(2), plans, (some, leads, lists) => {
        const wanted = wantedLists(facts(some, leads), lists)
        const reached = new Set(listReasons(facts(some, leads), lists).map((reason) => reason.listId))
        expect(wanted).toEqual([...reached].sort((a, b) => a - b))
        expect(managedLists(lists)).toEqual(expect.arrayContaining([...wanted]))
        expect(managedLists(lists)).toEqual([...new Set(managedLists(lists))].sort((a, b) => a - b))
      }),
    )
  })

  test('R3.1 nobody is customer and churned at once; whoever won is one of them', () => {
    fc.assert(
      fc.property(deals, (some) => {
        const lists = wantedLists(facts(some), plan)
        expect(lists.includes(3) && lists.includes(4)).toBe(false)
        expect(lists.includes(3) || lists.includes(4)).toBe(some.some((item) => item.status === 'won'))
        expect(lists.includes(4)).toBe(lists.includes(7) && lists.includes(8))
        expect(lists.includes(8) && lists.includes(2)).toBe(false)
      }),
    )
  })

  test('R3.1 neither the order of deals nor archiving matters', () => {
    fc.assert(
      fc.property(deals, (some) => {
        const lists = wantedLists(facts(some), plan)
        expect(wantedLists(facts(some.toReversed()), plan)).toEqual(lists)
        expect(wantedLists(facts(some.map((item) => ({ ...item, archived: !item.archived }))), plan)).toEqual(
          lists,
        )
      }),
    )
  })
})
