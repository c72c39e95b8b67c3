/**
 * Lists entities through API v1, which knows neither cursors nor `updated_since` nor `ids`: newest first until the time
 * asked for is passed where v1 can sort, everything filtered here where it cannot.
 */
import { ApiError } from '../../transport/index.ts'
import type { PipedriveCalls } from '../calls.ts'
import { refusal } from '../check-request.ts'
import type { ListOptions } from '../client-face.ts'
import type { Endpoint } from '../endpoints.ts'
import type { Page } from '../page.ts'
import { clampLimit, walkPages } from '../paging.ts'
import type { RowReader } from '../read-records.ts'
import type { WrittenKind } from './to-v1-body.ts'

export type V1List<T> = {
  kind: WrittenKind
  calls: PipedriveCalls
  endpoint: Endpoint
  read: RowReader<T>
  beforeRows: (rows: unknown) => Promise<void>
  get: (id: number, options: ListOptions) => Promise<T>
}

type Dated = { update_time?: string | null | undefined }

/**
 * The filters by related record that v2 has and v1 passes over in silence: applied here, by the field of the record that
 * each speaks of. {@link https://pipedrive.readme.io/docs/pipedrive-api-v2-migration-guide}
 */
const RELATED: Readonly<Record<WrittenKind, readonly string[]>> = {
  person: ['owner_id', 'org_id'],
  organization: ['owner_id'],
  deal: ['owner_id', 'person_id', 'org_id', 'pipeline_id', 'stage_id'],
  activity: ['owner_id', 'deal_id', 'lead_id', 'person_id', 'org_id'],
}

/** Filters that v1 applies itself. */
const ITS_OWN = new Set(['filter_id', 'user_id'])

export async function* listV1<T extends Dated>(
  list: V1List<T>,
  options: ListOptions,
): AsyncGenerator<Page<T>> {
  const isRelated = relatedTo(list.kind, options.filters ?? {})
  if (options.ids) {
    yield await getEach(list, options.ids, options)
    return
  }
  // v1 activities can not be sorted and are the token's own unless user 0 (everybody) is asked for.
  const sortable = list.kind !== 'activity'
  const newestFirst = sortable && options.updatedSince !== undefined
  const sort = newestFirst
    ? 'update_time DESC'
    : sortable && options.sortBy
      ? `${options.sortBy} ${(options.sortDirection ?? 'asc').toUpperCase()}`
      : undefined
  const pages = walkPages<T>({
    calls: list.calls,
    endpoint: list.endpoint,
    query: { ...(sortable ? {} : { user_id: 0 }), ...options.filters, sort },
    paging: 'start',
    limit: clampLimit(options.limit, 500),
    cursor: options.cursor,
    options,
    read: list.read,
    beforeRows: list.beforeRows,
  })
  for await (const page of pages) {
    const items = page.items.filter((item) => isWithin(item, options) && isRelated(item))
    const passed = newestFirst && page.items.some((item) => updatedMs(item) < (sinceMs(options) ?? 0))
    yield { ...page, items, nextCursor: passed ? null : page.nextCursor }
    if (passed) return
  }
}

function relatedTo(kind: WrittenKind, filters: NonNullable<ListOptions['filters']>) {
  const wanted = Object.keys(filters).filter((name) => name.endsWith('_id') && !ITS_OWN.has(name))
  const unknown = wanted.find((name) => !RELATED[kind].includes(name))
  if (unknown !== undefined) {
    throw refusal(`API v1 does not list its ${kind} records by ${unknown}; use API v2, or list all of them.`)
  }
  return (item: object) => wanted.every((name) => String(Reflect.get(item, name)) === String(filters[name]))
}

function isWithin(item: Dated, options: ListOptions): boolean {
  const since = sinceMs(options)
  if (since !== undefined && updatedMs(item) < since) return false
  return options.updatedUntil === undefined || updatedMs(item) < options.updatedUntil.getTime()
}

function sinceMs(options: ListOptions): number | undefined {
  return options.updatedSince && Math.floor(options.updatedSince.getTime() / 1000) * 1000
}

/** A record without a time counts as new: better read twice than missed. */
function updatedMs(item: Dated): number {
  const ms = Date.parse(item.update_time ?? '')
  return Number.isNaN(ms) ? Infinity : ms
}

async function getEach<T>(list: V1List<T>, ids: readonly number[], options: ListOptions): Promise<Page<T>> {
  const items: T[] = []
  for (const id of ids) {
    try {
      items.push(await list.get(id, { lane: options.lane, signal: options.signal }))
    } catch (error) {
      // As v2 does: an id that is not there is left out.
      if (!(error instanceof ApiError && error.code === 'pipedrive_not_found')) throw error
    }
  }
  return { items, nextCursor: null, serverTime: null, unreadable: [] }
}
