/** Walks Pipedrive's two kinds of listings: cursors (v2, change logs) and start offsets (v1). One call per page asked for. */
import { TajoError } from '../base/error.ts'
import { isJsonObject, type JsonObject } from '../base/json.ts'
import type { CallOptions } from '../transport/index.ts'
import type { Envelope, PipedriveCalls, QueryValue } from './calls.ts'
import type { Endpoint } from './endpoints.ts'
import type { Page } from './page.ts'
import { type RowReader, readRows } from './read-records.ts'

export type Walk<T> = {
  calls: PipedriveCalls
  endpoint: Endpoint
  params?: Readonly<Record<string, string | number>>
  query: Readonly<Record<string, QueryValue>>
  paging: 'cursor' | 'start'
  limit: number
  cursor?: string | null | undefined
  options?: CallOptions | undefined
  read: RowReader<T>
  /** Where the rows are in `data`; default `data` itself. */
  rows?: (data: unknown) => unknown
  /** Runs before a page's rows are read. */
  beforeRows?: (rows: unknown) => Promise<void>
}

export async function* walkPages<T>(walk: Walk<T>): AsyncGenerator<Page<T>> {
  let cursor = walk.cursor ?? null
  for (;;) {
    const page = await readPage(walk, cursor)
    yield page
    if (page.nextCursor === null) return
    if (page.nextCursor === cursor) throw endless(walk.endpoint)
    cursor = page.nextCursor
  }
}

export async function readPage<T>(walk: Walk<T>, cursor: string | null): Promise<Page<T>> {
  const place = walk.paging === 'cursor' ? { cursor } : { start: startOf(cursor) }
  const envelope = await walk.calls.request(walk.endpoint, {
    ...(walk.params ? { params: walk.params } : {}),
    query: { ...walk.query, limit: walk.limit, ...place },
    options: walk.options,
  })
  const rows = walk.rows ? walk.rows(envelope.data) : envelope.data
  await walk.beforeRows?.(rows)
  return {
    ...readRows(rows, walk.read),
    nextCursor:
      walk.paging === 'cursor' ? nextCursor(envelope) : nextStart(envelope, startOf(cursor), walk.limit),
    serverTime: envelope.serverTime,
  }
}

/** The last page's cursor is null, though the schema calls it a text. */
function nextCursor({ additional }: Envelope): string | null {
  const cursor = additional.next_cursor
  return typeof cursor === 'string' && cursor !== '' ? cursor : null
}

/** v1 puts these facts under `pagination` or, in some documents, directly into `additional_data`. */
function nextStart({ additional }: Envelope, start: number, limit: number): string | null {
  const facts: JsonObject = isJsonObject(additional.pagination) ? additional.pagination : additional
  if (facts.more_items_in_collection !== true) return null
  return String(typeof facts.next_start === 'number' ? facts.next_start : start + limit)
}

function startOf(cursor: string | null): number {
  if (cursor === null) return 0
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor)
  throw new TajoError({
    code: 'pipedrive_request_invalid',
    message:
      'This listing goes by start offsets, and the cursor given is no number; start it from the beginning.',
  })
}

function endless(endpoint: Endpoint): TajoError {
  return new TajoError({
    code: 'pipedrive_answer_invalid',
    message: `Pipedrive answered ${endpoint.path} with the same page mark twice; the listing is started again later.`,
    disposition: 'retry',
  })
}

export function clampLimit(limit: number | undefined, most: number): number {
  return Math.max(1, Math.min(most, Math.floor(limit ?? most)))
}
