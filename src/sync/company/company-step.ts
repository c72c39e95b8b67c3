/** What every part of the work on companies is given, and how a refusal is kept. */

import type { Clock } from '../../base/clock.ts'
import { TajoError } from '../../base/error.ts'
import {
  type CompanyRow,
  type Failure,
  recordFailures,
  type Store,
  updateCompanyReading,
} from '../../store/index.ts'
import type { BrevoClient } from '../destination/index.ts'
import type { WantedCompany } from '../model/index.ts'
import type { CompanyPlan } from '../projection/index.ts'
import type { CompanyBudget } from './company-budget.ts'

export type CompanyContext = {
  readonly store: Store
  readonly connection: string
  readonly brevo: BrevoClient
  readonly clock: Clock
  readonly signal?: AbortSignal | undefined
}

export type CompanyStep = CompanyContext & {
  readonly plan: CompanyPlan
  readonly budget: CompanyBudget
  readonly tally: CompanyTally
}

/** Organizations by what was done for them now. */
export type CompanyTally = {
  readonly created: Set<number>
  readonly updated: Set<number>
  removed: number
  /** Requests in a row that Brevo had trouble with. */
  troubles: number
}

/** So many in a row, and it is not the company: the rest waits. */
const troublesAtMost = 3
const restMs = 5 * 60_000

export function hardDelete({ plan }: CompanyStep): boolean {
  return plan.deleteBehavior === 'hard'
}

/** Only for rows that want a company. */
export function wantedOf(row: CompanyRow): WantedCompany {
  return {
    organizationId: row.org_id,
    name: row.name ?? '',
    attributes: (row.attributes ?? {}) as WantedCompany['attributes'],
  }
}

/** Keeps the refusal and lets the others go on, unless Brevo has trouble with every one of them. */
export async function keepFailure(step: CompanyStep, row: CompanyRow, error: TajoError): Promise<void> {
  const { store, connection, clock, tally } = step
  await recordFailures(store.db, connection, [toFailure(row, error)], clock.now())
  if (error.disposition === 'reject') {
    tally.troubles = 0
    // The attributes may have changed in Brevo: the next preparation asks for them again.
    await updateCompanyReading(store.db, connection, { attributes_at: null })
    return
  }
  tally.troubles += 1
  if (tally.troubles < troublesAtMost) return
  throw new TajoError({
    code: error.code,
    disposition: 'retry',
    message: error.message,
    notBefore: error.notBefore ?? new Date(clock.now().getTime() + restMs),
    cause: error,
  })
}

function toFailure(row: CompanyRow, error: TajoError): Failure {
  const vendorMessage =
    'vendorMessage' in error && typeof error.vendorMessage === 'string' ? error.vendorMessage : null
  return {
    entity: 'company',
    record_id: String(row.org_id),
    code: error.code,
    disposition: error.disposition,
    message: error.message,
    vendor_message: vendorMessage,
    remedy:
      error.disposition === 'retry'
        ? 'Nothing to do: the next sync sends it again.'
        : 'Compare the organization in Pipedrive with the attributes of companies in Brevo; the next change of the organization is sent again, or run `tajo failures retry`.',
    fingerprint: row.due,
  }
}
