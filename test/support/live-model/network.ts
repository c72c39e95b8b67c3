/** What can happen on the way between Tajo and the services: a kill, a fault, an edit that comes while a request is under way. */
import type { Fault, Faults } from '../../../src/simulators/kit/faults.ts'
import type { Life } from './mortal.ts'

export type Side = 'pipedrive' | 'brevo'

/** `only`: counts and strikes nothing but requests with this in their path. */
export type PlannedFault = {
  readonly side: Side
  readonly after: number
  readonly fault: Fault
  readonly only: string
}

/** What goes wrong while an operation is under way. */
export type Trouble = {
  /** The process is killed at the so-manieth thing that it does. */
  readonly killedAfter?: number | undefined
  /** The so-manieth request to this side ends so. */
  readonly fault?: PlannedFault | undefined
  /** Done while the so-manieth request is under way. */
  readonly meanwhile?: { readonly after: number; readonly act: () => void } | undefined
}

export type Network = {
  /** From the next request on. */
  expect(trouble: Trouble): void
}

/** Stands before the simulators' own faults. `lifeOf` the process that is asking. */
export function createNetwork(faults: Readonly<Record<Side, Faults>>, lifeOf: () => Life): Network {
  let trouble: Trouble = {}
  let requests = 0
  const seen = { pipedrive: 0, brevo: 0 }
  for (const side of ['pipedrive', 'brevo'] as const) {
    const own = faults[side].strike.bind(faults[side])
    faults[side].strike = (method, path) => {
      if (requests++ === trouble.meanwhile?.after) trouble.meanwhile.act()
      const life = lifeOf()
      if (life.isOver) return { kind: 'cut-before' }
      const { fault } = trouble
      const counts = path.includes(fault?.only ?? '')
      const number = counts ? seen[side]++ : seen[side]
      try {
        life.tick()
      } catch {
        // Killed with the request on its way: every other one arrives.
        return { kind: number % 2 === 0 ? 'cut-before' : 'cut-after' }
      }
      return counts && fault?.side === side && number === fault.after ? fault.fault : own(method, path)
    }
  }
  return {
    expect(next) {
      trouble = next
      requests = 0
      seen.pipedrive = 0
      seen.brevo = 0
    },
  }
}
