/** The machine's clock, which a test can put forward: days pass at once, and nobody who sleeps notices. */
import { type Clock, systemClock } from '../../src/base/clock.ts'

export type LeapingClock = Clock & { leap(ms: number): void }

export function leapingClock(): LeapingClock {
  let ahead = 0
  return {
    now: () => new Date(Date.now() + ahead),
    sleep: systemClock.sleep,
    leap(ms) {
      ahead += ms
    },
  }
}

export const minuteMs = 60_000
export const dayMs = 24 * 60 * minuteMs
