/** The accounting of a run (rule R6): counted from what is stored, each figure by itself, so that a gap shows. */
import {
  countFailures,
  countInStep,
  countMemberships,
  countOutcomes,
  countPersons,
  countWarnings,
  type Store,
} from '../store/index.ts'
import type { SyncReport } from './report.ts'

export type ContactAccount = SyncReport['contacts'] & {
  /** Persons that no figure accounts for: work that did not happen. */
  readonly unaccounted: number
  /** Failures that are not of a live person: unreadable deals, contacts that could not be let go. */
  readonly otherFailures: number
}

/** `planned`: what a dry run would have created, updated, and found equal. */
export async function accountContacts(
  store: Store,
  connection: string,
  run: string,
  planned: { created: number; updated: number; equal: number } | null,
): Promise<ContactAccount> {
  const [persons, outcomes, step, failures] = await Promise.all([
    countPersons(store.db, connection),
    countOutcomes(store.db, connection, run),
    countInStep(store.db, connection),
    countFailures(store.db, connection),
  ])
  const created = planned?.created ?? outcomes.created
  const updated = planned?.updated ?? outcomes.updated
  const unchanged = planned ? step.inStep + planned.equal : step.inStep - created - updated
  const skipped = {
    no_email: persons.no_email,
    invalid_email: persons.invalid_email,
    erased: persons.erased,
    same_email: persons.live - persons.no_email - persons.invalid_email - persons.erased - persons.clusters,
    deleted_in_brevo: step.held,
    discarded: failures.discarded,
  }
  const read = persons.live + failures.unreadable
  const failed = failures.failed + failures.unreadable
  const settled =
    created + updated + unchanged + Object.values(skipped).reduce((sum, count) => sum + count, 0) + failed
  return {
    read,
    created,
    updated,
    unchanged,
    skipped: Object.fromEntries(Object.entries(skipped).filter(([, count]) => count !== 0)),
    failed,
    unaccounted: read - settled,
    otherFailures: failures.other,
  }
}

export async function accountRest(
  store: Store,
  connection: string,
  run: string,
): Promise<Pick<SyncReport, 'lists' | 'warnings'>> {
  const [lists, warnings] = await Promise.all([
    countMemberships(store.db, connection, run),
    countWarnings(store.db, connection),
  ])
  return { lists, warnings }
}
