/** Leads: alive in API v1 only, with deal fields as custom fields, which are given the shapes of v2 here. */
import { type PipedriveCalls, wholeSecond } from '../calls.ts'
import type { LeadListOptions, PipedriveClient } from '../client-face.ts'
import { ENDPOINTS, type Endpoint } from '../endpoints.ts'
import type { FieldTypeMemory } from '../field-type-memory.ts'
import { clampLimit, walkPages } from '../paging.ts'
import { createRowReader, readOne } from '../read-records.ts'
import { leadSchema } from '../record/lead.ts'
import { fromV1 } from '../v1/normalise.ts'
import { deleteOnce } from './entity.ts'

export function createLeads(calls: PipedriveCalls, fieldTypes: FieldTypeMemory): PipedriveClient['leads'] {
  const read = createRowReader(leadSchema, (row) => fromV1('lead', row, fieldTypes.known('deal')))
  const beforeRows = async (rows: unknown) => {
    await fieldTypes.typesFor('deal', rows)
  }
  const one = async (data: unknown) => {
    await beforeRows(data)
    return readOne(data, read, 'lead')
  }
  const pages = (endpoint: Endpoint, options: LeadListOptions) =>
    walkPages({
      calls,
      endpoint,
      query: {
        ...options.filters,
        updated_since: options.updatedSince && wholeSecond(options.updatedSince),
      },
      paging: 'start',
      limit: clampLimit(options.limit, 500),
      cursor: options.cursor,
      options,
      read,
      beforeRows,
    })
  const { leads } = ENDPOINTS
  return {
    pages: (options = {}) => pages(leads.list, options),
    archivedPages: ({ updatedSince: _notThere, ...options } = {}) => pages(leads.archived, options),
    get: async (id, options) => one((await calls.request(leads.get, { params: { id }, options })).data),
    create: async (lead, options) => one((await calls.request(leads.create, { body: lead, options })).data),
    update: async (id, change, options) =>
      one((await calls.request(leads.update, { params: { id }, body: change, options })).data),
    delete: (id, options) => deleteOnce(calls, leads.delete, id, options),
  }
}
