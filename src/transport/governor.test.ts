import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ManualClock, manualClock } from '../base/clock.ts'
import { TajoError } from '../base/error.ts'
import { createGovernor, type Governor, type GovernorOptions, type Permit } from './governor.ts'
import type { Lane } from './lane.ts'
import type { LimitNews } from './limit-news.ts'

const START = new Date('2026-11-24T10:00:00Z')

function make(clock: ManualClock, more: Partial<GovernorOptions> = {}): Governor {
  return createGovernor({
    vendor: 'pipedrive',
    windows: [{ name: 'burst', limit: 20, windowMs: 2_000 }],
    concurrency: 100,
    clock,
    ...more,
  })
}

const ask = (
  lane: Lane = 'interactive',
  more: { tokens?: number; windows?: string[]; signal?: AbortSignal } = {},
) => ({
  windows: ['burst'],
  tokens: 0,
  lane,
  ...more,
})

/** Lets promises settle without moving time. */
const settleAll = () => new Promise((resolve) => setImmediate(resolve))

async function outcome(promise: Promise<Permit>): Promise<'granted' | 'waiting' | TajoError> {
  let result: 'granted' | 'waiting' | TajoError = 'waiting'
  promise.then(
    () => {
      result = 'granted'
    },
    (error: TajoError) => {
      result = error
    },
  )
  await settleAll()
  return result
}

function sendAndSettle(permit: Permit, news?: LimitNews): void {
  permit.sent()
  permit.settle(news)
}

describe('a strict server with a rolling window', () => {
  /** Sends `total` requests as fast as allowed through a network of the given delays; answers the arrivals. */
  async function arrivals(run: {
    total: number
    limit: number
    delays: readonly { outMs: number; workMs: number; backMs: number }[]
  }): Promise<{ arrivedMs: number[]; sentMs: number[] }> {
    const clock = manualClock(START)
    const governor = make(clock, { windows: [{ name: 'burst', limit: run.limit, windowMs: 2_000 }] })
    const arrivedMs: number[] = []
    const sentMs: number[] = []
    let done = 0
    for (let i = 0; i < run.total; i++) {
      const delay = run.delays[i % run.delays.length] ?? { outMs: 0, workMs: 0, backMs: 0 }
      void (async () => {
        const permit = await governor.acquire(ask('backfill'))
        permit.sent()
        const sentAt = clock.now().getTime()
        sentMs.push(sentAt)
        arrivedMs.push(sentAt + delay.outMs)
        await clock.sleep(delay.outMs + delay.workMs + delay.backMs)
        permit.settle()
        done += 1
      })()
    }
    for (let step = 0; done < run.total && step < 2_000; step++) await clock.advance(50)
    expect(done).toBe(run.total)
    return { arrivedMs, sentMs }
  }

  function mostInWindow(times: readonly number[], windowMs: number): number {
    const sorted = [...times].sort((a, b) => a - b)
    let most = 0
    for (const [i, end] of sorted.entries()) {
      const inside = sorted.slice(0, i + 1).filter((time) => time > end - windowMs).length
      most = Math.max(most, inside)
    }
    return most
  }

  test('never sees more than its limit, whatever the network does within the allowance', async () => {
    const delay = fc.record({
      outMs: fc.integer({ min: 0, max: 100 }),
      workMs: fc.integer({ min: 0, max: 1_500 }),
      backMs: fc.integer({ min: 0, max: 300 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(delay, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 12 }),
        async (delays, limit) => {
          const { arrivedMs } = await arrivals({ total: limit * 5, limit, delays })
          expect(mostInWindow(arrivedMs, 2_000)).toBeLessThanOrEqual(limit)
        },
      ),
      { numRuns: 25 },
    )
  })

  test('an uneven network costs speed, not 429s: quick answers that travel up to half a second stay within', async () => {
    const delay = fc.record({
      outMs: fc.integer({ min: 0, max: 500 }),
      workMs: fc.constant(1),
      backMs: fc.integer({ min: 0, max: 100 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(delay, { minLength: 20, maxLength: 40 }), async (delays) => {
        // The slowest comes first, so that the spread is known before the window is first reused.
        const slowest = { outMs: 500, workMs: 1, backMs: 100 }
        const { arrivedMs } = await arrivals({
          total: 60,
          limit: 10,
          delays: [slowest, { outMs: 0, workMs: 1, backMs: 0 }, ...delays],
        })
        expect(mostInWindow(arrivedMs, 2_000)).toBeLessThanOrEqual(10)
      }),
      { numRuns: 15 },
    )
  })

  test.each([
    ['quick answers', { outMs: 5, workMs: 20, backMs: 5 }],
    ['slow pages', { outMs: 40, workMs: 900, backMs: 40 }],
  ])('is used to 95 %% and more: %s', async (_name, delay) => {
    const { sentMs } = await arrivals({ total: 200, limit: 20, delays: [delay] })
    const tookMs = Math.max(...sentMs) - Math.min(...sentMs)
    // 200 requests at 20 per 2 s: ten bursts, nine pauses of 2 s.
    expect((9 * 2_000) / tookMs).toBeGreaterThanOrEqual(0.95)
  })
})

describe('lanes', () => {
  test('a waiting higher lane always goes first', async () => {
    const clock = manualClock(START)
    const governor = make(clock, { windows: [{ name: 'burst', limit: 1, windowMs: 2_000 }] })
    sendAndSettle(await governor.acquire(ask()))
    const order: string[] = []
    for (const lane of ['backfill', 'interactive', 'live', 'backfill', 'live'] as const) {
      void governor.acquire(ask(lane)).then((permit) => {
        order.push(lane)
        sendAndSettle(permit)
      })
    }
    for (let i = 0; i < 6; i++) await clock.advance(2_200)
    expect(order).toEqual(['live', 'live', 'interactive', 'backfill', 'backfill'])
  })

  test('backfill leaves two of the places under way to the others', async () => {
    const governor = make(manualClock(START), { concurrency: 4 })
    const backfills = [1, 2, 3].map(() => governor.acquire(ask('backfill')))
    expect(await outcome(backfills[1] as Promise<Permit>)).toBe('granted')
    expect(await outcome(backfills[2] as Promise<Permit>)).toBe('waiting')
    expect(await outcome(governor.acquire(ask('live')))).toBe('granted')
    expect(governor.state()).toMatchObject({ inFlight: 3, waiting: { backfill: 1, live: 0 } })
  })

  test('a request that waits for another window does not hold back those that need it not', async () => {
    const governor = make(manualClock(START), {
      windows: [
        { name: 'burst', limit: 20, windowMs: 2_000 },
        { name: 'search', limit: 1, windowMs: 2_000 },
      ],
    })
    await governor.acquire(ask('live', { windows: ['burst', 'search'] }))
    const search = governor.acquire(ask('live', { windows: ['burst', 'search'] }))
    expect(await outcome(governor.acquire(ask('backfill')))).toBe('granted')
    expect(await outcome(search)).toBe('waiting')
  })

  test('an abort takes a request out of the queue with its reason', async () => {
    const governor = make(manualClock(START), { windows: [{ name: 'burst', limit: 1, windowMs: 2_000 }] })
    await governor.acquire(ask())
    const abort = new AbortController()
    const waiting = governor.acquire(ask('live', { signal: abort.signal }))
    abort.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    expect(governor.state().waiting.live).toBe(0)
  })
})

describe('headers and 429', () => {
  const news = (more: Partial<LimitNews['windows'][number]>): LimitNews => ({
    windows: [{ window: 'burst', ...more }],
  })

  test('the first answer tells the plan', async () => {
    const governor = make(manualClock(START))
    sendAndSettle(await governor.acquire(ask()), news({ limit: 80, remaining: 79, resetMs: 2_000 }))
    for (let i = 0; i < 79; i++) await governor.acquire(ask())
    expect(await outcome(governor.acquire(ask()))).toBe('waiting')
    expect(governor.state().windows[0]).toMatchObject({ limit: 80, used: 80 })
  })

  test('what others use with the same token counts', async () => {
    const governor = make(manualClock(START))
    sendAndSettle(await governor.acquire(ask()), news({ limit: 20, remaining: 2, resetMs: 2_000 }))
    await governor.acquire(ask())
    await governor.acquire(ask())
    expect(await outcome(governor.acquire(ask()))).toBe('waiting')
  })

  test('after a 429 everything stands still, then one request probes alone', async () => {
    const clock = manualClock(START)
    const governor = make(clock)
    const until = new Date(START.getTime() + 3_000)
    sendAndSettle(await governor.acquire(ask()), { windows: [], blocked: { windows: ['burst'], until } })
    const granted: Permit[] = []
    for (let i = 0; i < 10; i++) void governor.acquire(ask()).then((permit) => granted.push(permit))
    await clock.advance(2_990)
    expect(granted).toHaveLength(0)
    expect(governor.state().windows[0]?.blockedUntil).toEqual(until)
    await clock.advance(20)
    expect(granted).toHaveLength(1)
    const again = new Date(START.getTime() + 6_000)
    sendAndSettle(granted[0] as Permit, { windows: [], blocked: { windows: ['burst'], until: again } })
    await clock.advance(2_900)
    expect(granted).toHaveLength(1)
    await clock.advance(100)
    expect(granted).toHaveLength(2)
    sendAndSettle(granted[1] as Permit)
    await settleAll()
    expect(granted).toHaveLength(10)
  })

  test('a wait beyond the limit is refused with the time it ends', async () => {
    const governor = make(manualClock(START), { windows: [{ name: 'burst', limit: 1, windowMs: 3_600_000 }] })
    sendAndSettle(await governor.acquire(ask()))
    const refused = await outcome(governor.acquire(ask()))
    expect(refused).toMatchObject({
      code: 'pipedrive_limited',
      disposition: 'retry',
      notBefore: new Date(START.getTime() + 3_600_000),
    })
  })

  test("an hourly count follows the server's, and starts again with one request when its hour is over", async () => {
    const clock = manualClock(START)
    const governor = make(clock, { windows: [{ name: 'burst', limit: 100, windowMs: 3_600_000 }] })
    sendAndSettle(await governor.acquire(ask()), news({ limit: 100, remaining: 1, resetMs: 30_000 }))
    sendAndSettle(await governor.acquire(ask()), news({ limit: 100, remaining: 0, resetMs: 30_000 }))
    const granted: Permit[] = []
    for (let i = 0; i < 3; i++) void governor.acquire(ask()).then((permit) => granted.push(permit))
    await clock.advance(29_000)
    expect(granted).toHaveLength(0)
    const renewed = new Date(START.getTime() + 30_000)
    expect(governor.state().windows[0]).toMatchObject({ limit: 100, used: 100, renewedAt: renewed })
    await clock.advance(1_100)
    expect(granted).toHaveLength(1)
    sendAndSettle(granted[0] as Permit, news({ limit: 100, remaining: 99, resetMs: 3_600_000 }))
    await settleAll()
    expect(granted).toHaveLength(3)
  })
})

describe('the daily budget', () => {
  const withBudget = (clock: ManualClock) =>
    make(clock, { budget: { dailyTokens: 1_000 }, windows: [{ name: 'burst', limit: 500, windowMs: 2_000 }] })
  const remaining = (left: number): LimitNews => ({ windows: [], budget: { limit: 1_000, remaining: left } })

  test('backfill may not touch the reserve, live may', async () => {
    const governor = withBudget(manualClock(START))
    sendAndSettle(await governor.acquire(ask('live', { tokens: 10 })), remaining(105))
    const refused = await outcome(governor.acquire(ask('backfill', { tokens: 10 })))
    expect(refused).toMatchObject({
      code: 'pipedrive_budget_reserved',
      disposition: 'pause',
      notBefore: new Date('2026-11-25T00:00:00Z'),
    })
    expect(await outcome(governor.acquire(ask('backfill', { tokens: 5 })))).toBe('granted')
    expect(await outcome(governor.acquire(ask('live', { tokens: 10 })))).toBe('granted')
  })

  test('counts by itself where no header comes, and forgets at midnight UTC', async () => {
    const clock = manualClock(new Date('2026-11-24T23:59:00Z'))
    const governor = withBudget(clock)
    for (let i = 0; i < 45; i++) sendAndSettle(await governor.acquire(ask('backfill', { tokens: 20 })))
    expect(governor.budget()).toMatchObject({ limit: 1_000, remaining: 100, reserve: 100, spentHere: 900 })
    expect(await outcome(governor.acquire(ask('backfill', { tokens: 1 })))).toBeInstanceOf(TajoError)
    await clock.advance(61_000)
    expect(governor.budget()).toMatchObject({ remaining: 1_000, spentHere: 0 })
    expect(await outcome(governor.acquire(ask('backfill', { tokens: 20 })))).toBe('granted')
  })

  test('a header beats our own count, less what is still under way', async () => {
    const governor = withBudget(manualClock(START))
    const first = await governor.acquire(ask('live', { tokens: 10 }))
    await governor.acquire(ask('live', { tokens: 20 }))
    sendAndSettle(first, remaining(500))
    expect(governor.budget()).toMatchObject({ remaining: 480 })
  })

  test('once spent, every lane pauses until the time the vendor named', async () => {
    const clock = manualClock(START)
    const governor = withBudget(clock)
    const until = new Date(START.getTime() + 3_939_000)
    sendAndSettle(await governor.acquire(ask('live', { tokens: 10 })), {
      windows: [],
      budgetSpentUntil: until,
    })
    const refused = await outcome(governor.acquire(ask('live', { tokens: 1 })))
    expect(refused).toMatchObject({ code: 'pipedrive_budget_spent', disposition: 'pause', notBefore: until })
    await clock.advance(3_940_000)
    expect(await outcome(governor.acquire(ask('live', { tokens: 1 })))).toBe('granted')
  })

  test('forecasts whether a piece of work fits today, and how many days it takes', async () => {
    const governor = withBudget(manualClock(START))
    expect(governor.forecast(900)).toMatchObject({ fits: true, days: 0, remaining: 1_000, reserve: 100 })
    expect(governor.forecast(901)).toMatchObject({ fits: false, days: 1 })
    expect(governor.forecast(3_000)).toMatchObject({ fits: false, days: 3 })
    expect(make(manualClock(START), { budget: {} }).forecast(5)).toMatchObject({ fits: null, days: null })
  })

  test('a request that never left costs nothing', async () => {
    const governor = withBudget(manualClock(START))
    const permit = await governor.acquire(ask('live', { tokens: 10 }))
    permit.giveBack()
    expect(governor.state()).toMatchObject({ inFlight: 0, budget: { spentHere: 0 }, windows: [{ used: 0 }] })
  })
})
