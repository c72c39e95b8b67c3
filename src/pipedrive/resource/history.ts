/** Change logs, merges, recent changes and searches. */
import type { z } from 'zod'
import type { PipedriveCalls } from '../calls.ts'
import { assertTwoRecords, refusal } from '../check-request.ts'
import type { HistoryResource, PipedriveClient, SearchOptions } from '../client-face.ts'
import { ENDPOINTS, type Endpoint } from '../endpoints.ts'
import { clampLimit, walkPages } from '../paging.ts'
import { createRowReader } from '../read-records.ts'
import { changeSchema, recentSchema } from '../record/history.ts'
import { rowsOf } from './entity.ts'

export function createHistory(
  calls: PipedriveCalls,
  endpoints: Readonly<Record<'changelog' | 'merge', Endpoint>>,
): HistoryResource {
  return {
    changelog: (id, options = {}) =>
      walkPages({
        calls,
        endpoint: endpoints.changelog,
        params: { id },
        query: {},
        paging: 'cursor',
        limit: clampLimit(options.limit, 500),
        cursor: options.cursor,
        options,
        read: createRowReader(changeSchema),
      }),
    async merge(id, intoId, options) {
      assertTwoRecords(id, intoId)
      await calls.request(endpoints.merge, { params: { id }, body: { merge_with_id: intoId }, options })
    },
  }
}

export function createRecents(calls: PipedriveCalls): PipedriveClient['recents'] {
  return {
    pages: (options) =>
      walkPages({
        calls,
        endpoint: ENDPOINTS.recents.list,
        query: {
          // This old endpoint wants a space instead of the T.
          since_timestamp: options.since.toISOString().slice(0, 19).replace('T', ' '),
          items: options.items?.join(','),
        },
        paging: 'start',
        limit: clampLimit(options.limit, 500),
        cursor: options.cursor,
        options,
        read: createRowReader(recentSchema),
      }),
  }
}

/** `endpoint` is `/persons/search` or `/itemSearch`; both answer `data.items`. */
export function createSearch<S extends z.ZodType>(calls: PipedriveCalls, endpoint: Endpoint, schema: S) {
  return (term: string, options: SearchOptions = {}) => {
    if ([...term].length < (options.exactMatch ? 1 : 2)) {
      throw refusal(
        'Pipedrive searches for two characters or more (one with an exact match); lengthen the term.',
      )
    }
    return walkPages({
      calls,
      endpoint,
      query: {
        term,
        exact_match: options.exactMatch,
        fields: options.fields?.join(','),
        item_types: options.itemTypes?.join(','),
      },
      paging: calls.apiVersion === 'v1' ? 'start' : 'cursor',
      limit: clampLimit(options.limit, 100),
      cursor: options.cursor,
      options,
      read: createRowReader(schema),
      rows: (data) => rowsOf(data, 'items'),
    })
  }
}
