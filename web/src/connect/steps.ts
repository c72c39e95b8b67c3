/** The steps of setting up, and which of them a connection can be at. Pure. */
import type { ResultOf } from '../../../src/wire/index.ts'

export const steps = ['pipedrive', 'brevo', 'mapping', 'lists', 'preview', 'sync'] as const
export type Step = (typeof steps)[number]

type Standing = {
  readonly status: Pick<ResultOf<'status.read'>, 'runs' | 'hold'>
  readonly connectors: readonly Pick<ResultOf<'connectors.list'>[number], 'name' | 'credentials'>[]
}

export type Setup = {
  /** `running`: there is nothing to set up any more. */
  readonly state: 'begun' | 'running'
  /** Whether the server must be kept from beginning with defaults as soon as both accounts are connected. */
  readonly toHold: boolean
  /** The first that is not done. */
  readonly next: Step
}

export function judgeSetup({ status: { runs, hold }, connectors }: Standing): Setup {
  const missing = (['pipedrive', 'brevo'] as const).find(
    (wanted) => !connectors.some(({ name, credentials }) => name === wanted && credentials !== 'none'),
  )
  return {
    state: missing === undefined && hold?.because !== 'setup' ? 'running' : 'begun',
    toHold: missing !== undefined && hold === null && runs.length === 0,
    next: missing ?? 'mapping',
  }
}

export function isStep(name: string | undefined): name is Step {
  return steps.some((step) => step === name)
}

/** What cannot be done yet leads to what has to be done first. */
export function allowedStep(wanted: Step, { next }: Pick<Setup, 'next'>): Step {
  return steps.indexOf(wanted) <= steps.indexOf(next) || next === 'mapping' ? wanted : next
}
