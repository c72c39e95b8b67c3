/** The machine's time, and some hours more when a test says so. */
import { type Clock, systemClock } from '../../src/base/clock.ts'

export type MovableClock = Clock & { move(ms: number): void }

export function movableClock(): MovableClock {
  let aheadMs = 0
  return {
    now: () => new Date(Date.now() + aheadMs),
    sleep: systemClock.sleep,
    move(ms) {
      aheadMs += ms
    },
  }
}
