/** Archived deals: they leave the ordinary listing and can only be found here. */
import type { PipedriveCalls } from '../calls.ts'
import type { ListOptions, PipedriveClient } from '../client-face.ts'
import { ENDPOINTS } from '../endpoints.ts'
import type { FieldTypeMemory } from '../field-type-memory.ts'
import { walkPages } from '../paging.ts'
import { createRowReader } from '../read-records.ts'
import { dealSchema } from '../record/deal.ts'
import { listV1 } from '../v1/list.ts'
import { fromV1 } from '../v1/normalise.ts'
import { entityWalk } from './entity.ts'

export function createArchivedDeals(
  calls: PipedriveCalls,
  fieldTypes: FieldTypeMemory,
): PipedriveClient['deals']['archivedPages'] {
  const endpoint = ENDPOINTS.deals.archived
  if (calls.apiVersion === 'v2') {
    const read = createRowReader(dealSchema)
    return (options = {}) => walkPages(entityWalk({ calls, endpoint, read }, options))
  }
  const read = createRowReader(dealSchema, (row) => fromV1('deal', row, fieldTypes.known('deal')))
  const beforeRows = async (rows: unknown) => {
    await fieldTypes.typesFor('deal', rows)
  }
  const get = () => Promise.reject(new Error('archived deals are not fetched by id'))
  return ({ ids: _notHere, ...options }: ListOptions = {}) =>
    listV1({ kind: 'deal', calls, endpoint, read, beforeRows, get }, options)
}
