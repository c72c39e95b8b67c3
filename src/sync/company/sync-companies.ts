/**
 * Brings Brevo's companies in step with the organizations that have contacts (rule R8.2), within the requests that are
 * left of the hour. Has nothing to ask when nothing changed. Contacts never wait for it.
 */
import { TajoError } from '../../base/error.ts'
import {
  clearCompanyFailures,
  countCompanies,
  countInStepOf,
  markAllOrganizations,
} from '../../store/index.ts'
import type { CompanyPlan } from '../projection/index.ts'
import { changeCompanies, removeCompanies } from './change-companies.ts'
import { createCompanyBudget } from './company-budget.ts'
import type { CompanyContext, CompanyStep } from './company-step.ts'
import { createCompanies } from './create-companies.ts'
import { findCompanies } from './find-companies.ts'
import { projectOrganizations } from './project-organizations.ts'

const restMs = 5 * 60_000

export type CompanyReport = {
  /** Organizations that want a company: read = created + updated + unchanged + failed + waiting. */
  readonly read: number
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly failed: number
  /** Not done yet. */
  readonly waiting: number
  /** Beside those that were read, by reason; reasons that did not occur are absent. */
  readonly skipped: Readonly<Record<string, number>>
  /** Companies that nobody wants any more: unlinked or deleted now, and still to come. */
  readonly removed: number
  readonly toRemove: number
  /** Values that were left out because they do not fit. */
  readonly warnings: number
  /** When what waits can go on; null when nothing waits. */
  readonly resumeAt: Date | null
  /** Why it waits; null when nothing does. */
  readonly reason: string | null
  /** Requests that were sent. */
  readonly requests: number
}

export type CompanyOptions = {
  /** The most requests now; null: as many as the hour has, but for the reserve. Default null. */
  readonly budgetRequests?: number | null
  /** Compares all organizations first, marked or not. Default false: only those that are marked. */
  readonly complete?: boolean
}

/** Throws what concerns the whole account (disposition `pause`), and defects; everything else is in the report. */
export async function syncCompanies(
  context: CompanyContext,
  plan: CompanyPlan,
  options: CompanyOptions = {},
): Promise<CompanyReport> {
  const { brevo, clock } = context
  const budget = createCompanyBudget(brevo, options.budgetRequests ?? null, () => clock.now())
  const tally = { created: new Set<number>(), updated: new Set<number>(), removed: 0, troubles: 0 }
  const step: CompanyStep = { ...context, plan, budget, tally }
  let stopped: TajoError | null = null
  if (options.complete === true)
    await markAllOrganizations(context.store.db, context.connection, plan.fingerprint)
  await projectOrganizations(context, plan)
  try {
    await findCompanies(step)
    await removeCompanies(step)
    await createCompanies(step)
    await changeCompanies(step)
    // Those that turned out to be gone while they were changed.
    await createCompanies(step)
  } catch (error) {
    if (!(error instanceof TajoError) || !isPassing(error)) throw error
    stopped = error
  }
  return account(step, stopped)
}

async function account(step: CompanyStep, stopped: TajoError | null): Promise<CompanyReport> {
  const { store, connection, plan, tally, budget, clock } = step
  const hard = plan.deleteBehavior === 'hard'
  await clearCompanyFailures(store.db, connection, hard)
  const counts = await countCompanies(store.db, connection, hard)
  const created = await countInStepOf(store.db, connection, [...tally.created])
  const updated = await countInStepOf(
    store.db,
    connection,
    [...tally.updated].filter((id) => !tally.created.has(id)),
  )
  const skipped = { no_name: counts.no_name, discarded: counts.discarded }
  const waiting = counts.wanted - counts.in_step - counts.failed - counts.discarded
  const isWaiting = waiting + counts.to_remove > 0
  return {
    read: counts.wanted - counts.discarded,
    created,
    updated,
    unchanged: counts.in_step - created - updated,
    failed: counts.failed,
    waiting,
    skipped: Object.fromEntries(Object.entries(skipped).filter(([, count]) => count > 0)),
    removed: tally.removed,
    toRemove: counts.to_remove,
    warnings: counts.warnings,
    resumeAt: isWaiting ? resumeAt(stopped, clock.now()) : null,
    reason: isWaiting ? (stopped?.message ?? null) : null,
    requests: budget.spent(),
  }
}

/** Brevo's limits and passing troubles end the turn; trouble with our own store is nobody's turn. */
function isPassing({ code, disposition }: TajoError): boolean {
  return disposition === 'retry' && code.startsWith('brevo_')
}

/** Trouble that names no time is left alone for a while; a turn that only ran out of its own requests goes on at once. */
function resumeAt(stopped: TajoError | null, now: Date): Date {
  if (stopped === null) return now
  return stopped.notBefore ?? new Date(now.getTime() + restMs)
}
