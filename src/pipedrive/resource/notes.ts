/** Notes: alive in API v1 only. Lists and creates them; changes and deletes none. */
import { type PipedriveCalls, wholeSecond } from '../calls.ts'
import type { PipedriveClient } from '../client-face.ts'
import { ENDPOINTS } from '../endpoints.ts'
import { clampLimit, walkPages } from '../paging.ts'
import { createRowReader, readOne } from '../read-records.ts'
import { noteSchema } from '../record/history.ts'
import { fromV1 } from '../v1/normalise.ts'

const { notes } = ENDPOINTS

export function createNotes(calls: PipedriveCalls): PipedriveClient['notes'] {
  const read = createRowReader(noteSchema, (row) => fromV1('note', row, new Map()))
  return {
    pages: (options = {}) =>
      walkPages({
        calls,
        endpoint: notes.list,
        query: {
          ...options.filters,
          updated_since: options.updatedSince && wholeSecond(options.updatedSince),
        },
        paging: 'start',
        limit: clampLimit(options.limit, 500),
        cursor: options.cursor,
        options,
        read,
      }),
    create: async (note, options) =>
      readOne((await calls.request(notes.create, { body: note, options })).data, read, 'note'),
  }
}
