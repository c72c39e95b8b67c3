/** The place of companies in a pass and in a live step: after everything else, and never in its way (rule R8.2). */
import { TajoError } from '../base/error.ts'
import {
  type CompanyPreparation,
  type CompanyReport,
  prepareCompanies,
  syncCompanies,
} from './company/index.ts'
import type { SettingFault } from './model/index.ts'
import type { Plan } from './projection/index.ts'
import type { RunContext } from './run-context.ts'

export type { CompanyReport } from './company/index.ts'

/** How companies are to be made: their plan, or why there is none for now. Null when they are switched off. */
export type CompanyReadiness = Pick<CompanyPreparation, 'plan' | 'waitUntil'> & {
  readonly faults: readonly SettingFault[]
  readonly reason: string | null
}

/** Throws what concerns the whole account; what Brevo refuses about companies concerns nothing else. `create`: makes what Brevo lacks. */
export async function readyCompanies(
  context: RunContext,
  plan: Plan,
  create: boolean,
): Promise<CompanyReadiness | null> {
  const { entities } = plan.settings
  if (!entities.organizations || !entities.persons) return null
  try {
    const prepared = await prepareCompanies(context, plan.settings, plan.catalogue, { create })
    return { ...prepared, reason: prepared.plan ? null : 'the attributes of companies are not known yet' }
  } catch (error) {
    if (!(error instanceof TajoError) || error.disposition === 'pause') throw error
    return { plan: null, faults: [], waitUntil: error.notBefore ?? null, reason: error.message }
  }
}

/** Null when there is nothing to say about companies. */
export async function bringCompanies(
  context: RunContext,
  ready: CompanyReadiness | null,
  options: { complete: boolean; budgetRequests?: number },
): Promise<CompanyReport | null> {
  if (ready === null) return null
  if (ready.plan !== null) return syncCompanies(context, ready.plan, options)
  const nothing = {
    read: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    failed: 0,
    waiting: 0,
    removed: 0,
    toRemove: 0,
  }
  return {
    ...nothing,
    skipped: {},
    warnings: 0,
    resumeAt: ready.waitUntil,
    reason: ready.reason,
    requests: 0,
  }
}
