/** Both clocks keep the same promises; the manual one keeps them without waiting. */
import { describe, expect, test } from 'vitest'
import { manualClock, systemClock } from './clock.ts'

describe('the manual clock', () => {
  test('stands still until it is moved', async () => {
    const clock = manualClock(new Date('2026-03-01T00:00:00Z'))
    expect(clock.now().toISOString()).toBe('2026-03-01T00:00:00.000Z')
    await clock.advance(1500)
    expect(clock.now().toISOString()).toBe('2026-03-01T00:00:01.500Z')
  })

  test('wakes sleepers in the order of their time, each at its own time, and no others', async () => {
    const clock = manualClock(new Date(0))
    const woken: string[] = []
    const sleep = (ms: number) => clock.sleep(ms).then(() => woken.push(`${ms}@${clock.now().getTime()}`))
    void sleep(300)
    void sleep(100)
    void sleep(1000)
    await clock.advance(500)
    expect(woken).toEqual(['100@100', '300@300'])
    await clock.advance(500)
    expect(woken).toEqual(['100@100', '300@300', '1000@1000'])
  })

  test('one advance carries a sleeper through several naps', async () => {
    const clock = manualClock(new Date(0))
    const naps: number[] = []
    const done = (async () => {
      for (let nap = 0; nap < 3; nap++) {
        await clock.sleep(10)
        naps.push(clock.now().getTime())
      }
    })()
    await clock.advance(30)
    await done
    expect(naps).toEqual([10, 20, 30])
  })

  test('a sleep of nothing ends without an advance', async () => {
    await expect(manualClock().sleep(0)).resolves.toBeUndefined()
  })

  test('an abort ends the sleep with its reason, and a later advance does not', async () => {
    const clock = manualClock()
    const stop = new AbortController()
    const sleep = clock.sleep(10, stop.signal)
    stop.abort(new Error('stopped'))
    await clock.advance(100)
    await expect(sleep).rejects.toThrow('stopped')
    await expect(clock.sleep(10, stop.signal)).rejects.toThrow('stopped')
  })
})

describe('the system clock', () => {
  test('sleeps, and does not for nothing or less', async () => {
    await expect(systemClock.sleep(1)).resolves.toBeUndefined()
    await expect(systemClock.sleep(-5)).resolves.toBeUndefined()
  })

  test('an abort before or during the sleep rejects with its own reason', async () => {
    const stop = new AbortController()
    const sleep = systemClock.sleep(60_000, stop.signal)
    stop.abort(new Error('stopped'))
    await expect(sleep).rejects.toThrow('stopped')
    await expect(systemClock.sleep(0, stop.signal)).rejects.toThrow('stopped')
  })
})
