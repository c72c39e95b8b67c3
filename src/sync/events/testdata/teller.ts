/** For tests: a deal told over many calls, as the store and the clock make it, with webhooks that go astray. */
import fc from 'fast-check'
import type { Deal, DealMove, ReceivedMove } from '../../model/index.ts'
import { type ToldChange, type ToldState, tellDeal } from '../tell.ts'
import { dealAt, historyBegins, type Plan, toHistory } from './history.ts'

export const patienceMs = 200_000
export const since = new Date('2026-01-01T00:00:00.000Z')

/** One deal over many calls, with what the store keeps between them. */
export function createTeller(options: { state?: ToldState; patienceMs?: number; since?: Date } = {}) {
  const moves = new Map<string, ReceivedMove>()
  const changes: ToldChange[] = []
  let state = options.state ?? null
  let gapSince: Date | null = null
  return {
    changes,
    mirror: null as Deal | null,
    get state() {
      return state
    },
    get waits() {
      return gapSince !== null
    },
    /** At once, where it does not say when. */
    receive(...received: readonly (DealMove & { readonly receivedAt?: string })[]) {
      for (const move of received) moves.set(move.delivery, { receivedAt: move.at, ...move })
    },
    /** Returns what is told now. */
    tell(nowMs: number): readonly ToldChange[] {
      const evidence = { state, mirror: this.mirror, moves: [...moves.values()], gapSince }
      const told = tellDeal(evidence, { patienceMs, since, ...options, now: new Date(nowMs) })
      state = told.state
      gapSince = told.gapSince
      for (const delivery of told.used) moves.delete(delivery)
      changes.push(...told.changes)
      return told.changes
    },
    /** Tells until nothing is waited for. Returns when that was. */
    settle(fromMs: number): number {
      let nowMs = fromMs
      this.tell(nowMs)
      for (let round = 0; gapSince !== null; round += 1) {
        if (round > 50) throw new Error('it waits for ever')
        nowMs += options.patienceMs ?? patienceMs
        this.tell(nowMs)
      }
      return nowMs
    },
  }
}

/** What becomes of the webhooks of a past, and when the mirror and the clock are looked at. */
type Fate = { delayMs: number; repeatedMs: readonly number[]; dropped: boolean; readAgainMs: number }
export type Course = {
  fates: readonly Fate[]
  pollsMs: readonly number[]
  tellsMs: readonly number[]
  idle: readonly boolean[]
}

export const upTo = (max: number) => fc.integer({ min: 0, max })
// As deliveries go: at once, or with Pipedrive's retries after 3, 33 and 183 seconds.
export const delay = fc.oneof(upTo(900), upTo(4000), upTo(40_000), upTo(190_000))

export function courseOf(
  dropped: fc.Arbitrary<boolean>,
  delayMs: fc.Arbitrary<number> = delay,
): fc.Arbitrary<Course> {
  const repeatedMs = fc.array(upTo(400_000), { maxLength: 2 })
  const fate = fc.record({ delayMs, repeatedMs, dropped, readAgainMs: upTo(5000) })
  const moment = fc.oneof(upTo(25_000), upTo(250_000))
  return fc.record({
    fates: fc.array(fate, { minLength: 20, maxLength: 20 }),
    pollsMs: fc.array(moment, { maxLength: 8 }),
    tellsMs: fc.array(moment, { maxLength: 8 }),
    // After some of the events nobody gets round to telling.
    idle: fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
  })
}

/** Plays it all, and looks at the deal once more at the end. */
export function play(plan: Plan, course: Course) {
  const { moments, changes } = toHistory(plan)
  const teller = createTeller()
  const happenings: { atMs: number; happen: () => void }[] = []
  const look = (atMs: number) =>
    happenings.push({
      atMs,
      happen: () => {
        teller.mirror = dealAt(moments, atMs)
      },
    })
  const arrive = (atMs: number, move: DealMove, readAgainMs: number) => {
    const receivedAt = new Date(atMs).toISOString()
    happenings.push({ atMs, happen: () => teller.receive({ ...move, receivedAt }) })
    // Every webhook has the deal read again.
    look(atMs + readAgainMs)
  }
  for (const [index, moment] of moments.entries()) {
    const fate = course.fates[index]
    if (!fate || moment.move === null || fate.dropped) continue
    const arrivesMs = moment.atMs + fate.delayMs
    arrive(arrivesMs, moment.move, fate.readAgainMs)
    for (const [copy, laterMs] of fate.repeatedMs.entries()) {
      // A repetition may be known as such, or come through a second webhook.
      const delivery = copy === 0 ? moment.move.delivery : `${moment.move.delivery} again`
      arrive(arrivesMs + laterMs, { ...moment.move, delivery }, fate.readAgainMs)
    }
  }
  for (const ms of course.pollsMs) look(historyBegins + ms)
  for (const ms of course.tellsMs) happenings.push({ atMs: historyBegins + ms, happen: () => {} })
  happenings.sort((a, b) => a.atMs - b.atMs)
  for (const [index, { atMs, happen }] of happenings.entries()) {
    happen()
    if (!course.idle[index % course.idle.length]) teller.tell(atMs)
  }
  const endMs = Math.max(historyBegins + 60_000, ...happenings.map(({ atMs }) => atMs)) + 1
  teller.mirror = dealAt(moments, endMs)
  return { teller, moments, changes, endMs: teller.settle(endMs) }
}
