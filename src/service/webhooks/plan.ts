/** What is to be done about the subscriptions of one service. Pure: it asks and changes nothing. */
import type { Found } from './side.ts'

export type Stale = {
  readonly found: Found
  readonly state: 'duplicate' | 'disabled' | 'outdated'
  /** What is not right, as a noun phrase. */
  readonly message: string
  /** Something useful still comes from it. */
  readonly delivers: boolean
}

export type CarePlan = {
  /** One for each subject that has a right one. */
  readonly kept: readonly Found[]
  /** Ours, and to be taken away or replaced. */
  readonly stale: readonly Stale[]
  /** Deleted by the service, and without a successor so far. */
  readonly gone: readonly Found[]
  /** Wanted subjects without a right one. */
  readonly missing: readonly string[]
  readonly foreign: readonly Found[]
}

/** Of several right ones for a subject the oldest stays, that is the one with the lowest id. */
export function planCare(all: readonly Found[], wanted: readonly string[]): CarePlan {
  const ours = all.filter(({ isOurs }) => isOurs).sort((a, b) => a.id - b.id)
  const kept = wanted.flatMap((subject) => {
    const right = ours.find((found) => found.subject === subject && found.fault === null)
    return right === undefined ? [] : [right]
  })
  const missing = wanted.filter((subject) => !kept.some((found) => found.subject === subject))
  const isGone = (found: Found): boolean => found.fault?.kind === 'gone'
  const rest = ours.filter((found) => !kept.includes(found))
  return {
    kept,
    stale: rest.filter((found) => !isGone(found)).map((found) => toStale(found, wanted)),
    gone: rest.filter((found) => isGone(found) && missing.includes(found.subject)),
    missing,
    foreign: all.filter(({ isOurs }) => !isOurs),
  }
}

function toStale(found: Found, wanted: readonly string[]): Stale {
  const { fault, subject } = found
  if (!wanted.includes(subject)) {
    const message = 'not needed by the configuration'
    return { found, state: 'outdated', message, delivers: false }
  }
  if (fault === null)
    return { found, state: 'duplicate', message: 'a second one for the same thing', delivers: true }
  return {
    found,
    state: fault.kind === 'disabled' ? 'disabled' : 'outdated',
    message: fault.message,
    delivers: ['version', 'events', 'address'].includes(fault.kind),
  }
}
