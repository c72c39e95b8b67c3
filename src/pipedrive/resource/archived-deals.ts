/**
 * Archived deals: they leave the ordinary listing and can only be found here. Always through API v2: the v1 list was
 * withdrawn with the others, and nothing else takes its place.
 */
import type { PipedriveCalls } from '../calls.ts'
import type { PipedriveClient } from '../client-face.ts'
import { ENDPOINTS } from '../endpoints.ts'
import { walkPages } from '../paging.ts'
import { createRowReader } from '../read-records.ts'
import { dealSchema } from '../record/deal.ts'
import { entityWalk } from './entity.ts'

export function createArchivedDeals(calls: PipedriveCalls): PipedriveClient['deals']['archivedPages'] {
  const read = createRowReader(dealSchema)
  return (options = {}) => walkPages(entityWalk({ calls, endpoint: ENDPOINTS.deals.archived, read }, options))
}
