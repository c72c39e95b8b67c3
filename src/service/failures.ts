/** Failures as people see them, and trying them again. It tries nothing itself: the next pass does. */

import type { Disposition } from '../base/error.ts'
import {
  type FailureEntry,
  groupFailures,
  listFailures,
  pageFailures,
  reopenDeliveries,
  reopenEdits,
  reopenEvents,
  reopenFailures,
  reopenSkillRuns,
  type Store,
} from '../store/index.ts'
import type { FailureCauseView, FailureQuery, FailureView, RetrySelection } from './service-face.ts'

export async function readFailures(store: Store, connection: string): Promise<readonly FailureView[]> {
  return (await listFailures(store.db, connection)).map(toFailureView)
}

export async function readCauses(store: Store, connection: string): Promise<readonly FailureCauseView[]> {
  return (await groupFailures(store.db, connection)).map(({ example, open, discarded, since }) => ({
    code: example.code,
    open,
    discarded,
    since: since.toISOString(),
    example: toFailureView(example),
  }))
}

export async function readFailurePage(
  store: Store,
  connection: string,
  { code, withDiscarded = false, offset = 0, limit = 50 }: FailureQuery,
): Promise<{ total: number; items: readonly FailureView[] }> {
  const page = { code, withDiscarded, offset, limit }
  const { total, entries } = await pageFailures(store.db, connection, page)
  return { total, items: entries.map(toFailureView) }
}

/** Opens the selected ones for the next pass, discarded ones by their ids or when asked to: records, companies, events, runs of skills, and webhooks that nobody understood. Returns how many. */
export function retryFailures(store: Store, connection: string, selection: RetrySelection): Promise<number> {
  return store.transaction(async (trx) => {
    const reopened = await reopenFailures(trx, connection, selection)
    const idsOf = (entity: string): readonly string[] =>
      reopened.filter((failure) => failure.entity === entity).map((failure) => failure.record_id)
    const [deliveries, events] = [idsOf('webhook'), idsOf('event')]
    const [personIds, contactIds] = [idsOf('person edit').map(Number), idsOf('new person').map(Number)]
    if (personIds.length + contactIds.length > 0)
      await reopenEdits(trx, connection, { personIds, contactIds })
    if (deliveries.length > 0) await reopenDeliveries(trx, connection, deliveries.map(Number))
    if (events.length > 0) await reopenEvents(trx, connection, events)
    const runs = idsOf('skill run').map((id) => Number(id.split(':').at(-1)))
    if (runs.length > 0) await reopenSkillRuns(trx, connection, runs)
    return reopened.length
  })
}

export function toFailureView(entry: FailureEntry): FailureView {
  return {
    id: entry.record_id,
    entity: entry.entity,
    code: entry.code,
    disposition: entry.disposition as Disposition,
    message: entry.message,
    vendorMessage: entry.vendor_message,
    remedy: entry.remedy,
    attempts: entry.attempts,
    discarded: entry.discarded,
    firstAt: entry.first_at.toISOString(),
    lastAt: entry.last_at.toISOString(),
  }
}
