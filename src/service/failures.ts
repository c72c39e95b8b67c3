/** Failures as people see them. */

import type { Disposition } from '../base/error.ts'
import { type FailureEntry, listFailures, type Store } from '../store/index.ts'
import type { FailureView } from './service-face.ts'

export async function readFailures(store: Store, connection: string): Promise<readonly FailureView[]> {
  return (await listFailures(store.db, connection)).map(toFailureView)
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
