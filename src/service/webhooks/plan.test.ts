import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CarePlan, planCare } from './plan.ts'
import type { Fault, Found } from './side.ts'

const WANTED = ['person', 'deal']

function found(id: number, more: Partial<Found> = {}): Found {
  return {
    id,
    subject: 'person',
    events: ['*'],
    url: 'https://tajo.example.com/webhooks/pipedrive',
    owner: 1,
    isActive: true,
    isOurs: true,
    fault: null,
    note: null,
    ...more,
  }
}

function fault(kind: Fault['kind']): Fault {
  return { kind, message: kind }
}

const anyFound: fc.Arbitrary<Found> = fc
  .record({
    subject: fc.constantFrom('person', 'deal', 'lead', '*'),
    isOurs: fc.boolean(),
    kind: fc.constantFrom(
      null,
      null,
      'gone',
      'disabled',
      'credentials',
      'version',
      'events',
      'address',
    ) as fc.Arbitrary<Fault['kind'] | null>,
  })
  .map(({ subject, isOurs, kind }) =>
    found(0, { subject, isOurs, fault: kind && isOurs ? fault(kind) : null }),
  )

const anyList = fc
  .array(anyFound, { maxLength: 12 })
  .map((list) => list.map((one, at) => ({ ...one, id: at + 1 })))

/** What is there after everything in the plan was done. */
function carriedOut(all: readonly Found[], plan: CarePlan): Found[] {
  const removed = new Set(plan.stale.map((stale) => stale.found.id))
  const made = plan.missing.map((subject, at) => found(100 + at, { subject }))
  return [...all.filter(({ id }) => !removed.has(id)), ...made]
}

describe('the plan for one service', () => {
  test('keeps the oldest right one and takes away later ones', () => {
    const plan = planCare([found(9), found(4), found(7)], ['person'])
    expect(plan.kept.map(({ id }) => id)).toEqual([4])
    expect(plan.stale.map((stale) => [stale.found.id, stale.state])).toEqual([
      [7, 'duplicate'],
      [9, 'duplicate'],
    ])
  })

  test('prefers a younger one that is right to an older one that is not', () => {
    const plan = planCare([found(1, { fault: fault('disabled') }), found(2)], ['person'])
    expect(plan).toMatchObject({ kept: [{ id: 2 }], missing: [], stale: [{ state: 'disabled' }] })
  })

  test('leaves what the service has deleted alone', () => {
    const gone = found(1, { fault: fault('gone') })
    expect(planCare([gone], ['person'])).toMatchObject({ missing: ['person'], gone: [gone], stale: [] })
    expect(planCare([gone, found(2)], ['person'])).toMatchObject({ gone: [], stale: [] })
  })

  test('takes away what is needed no more', () => {
    const plan = planCare([found(1, { subject: 'lead' }), found(2, { subject: '*' })], ['person'])
    expect(plan.stale.map(({ state }) => state)).toEqual(['outdated', 'outdated'])
  })

  test('once carried out leaves nothing to do, whatever was there', () => {
    fc.assert(
      fc.property(anyList, (all) => {
        const plan = planCare(all, WANTED)
        const again = planCare(carriedOut(all, plan), WANTED)
        expect(again).toMatchObject({ stale: [], missing: [], gone: [] })
        expect(again.kept.map(({ subject }) => subject)).toEqual(WANTED)
      }),
    )
  })

  test('never touches what is not ours, and never what it keeps', () => {
    fc.assert(
      fc.property(anyList, (all) => {
        const plan = planCare(all, WANTED)
        const touched = plan.stale.map((stale) => stale.found)
        expect(touched.every(({ isOurs }) => isOurs)).toBe(true)
        expect(touched.filter((one) => plan.kept.includes(one))).toEqual([])
        expect(plan.foreign).toEqual(all.filter(({ isOurs }) => !isOurs))
      }),
    )
  })
})
