/** List, get, create, update, delete for the four entities that live in v2, in both API versions. */
import type { z } from 'zod'
import { TajoError } from '../../base/error.ts'
import { isJsonObject } from '../../base/json.ts'
import type { CallOptions } from '../../transport/index.ts'
import { ApiError } from '../../transport/index.ts'
import { type PipedriveCalls, type QueryValue, wholeSecond } from '../calls.ts'
import type { EntityResource, ListOptions } from '../client-face.ts'
import type { Endpoint } from '../endpoints.ts'
import type { FieldTypeMemory } from '../field-type-memory.ts'
import type { Page } from '../page.ts'
import { clampLimit, type Walk, walkPages } from '../paging.ts'
import { createRowReader, readOne } from '../read-records.ts'
import { listV1 } from '../v1/list.ts'
import { fromV1 } from '../v1/normalise.ts'
import { toV1Body, type WrittenKind } from '../v1/to-v1-body.ts'

export type EntityParts<S extends z.ZodType, Change> = {
  kind: WrittenKind
  schema: S
  calls: PipedriveCalls
  endpoints: Readonly<Record<'list' | 'get' | 'create' | 'update' | 'delete', Endpoint>>
  fieldTypes: FieldTypeMemory
  /** Throws for a change that must not be sent. */
  check?: (change: Change) => void
}

const MOST_ROWS = 500
const MOST_IDS = 100

export function createEntityResource<
  S extends z.ZodType<{ id: number; update_time?: string | null | undefined }>,
  Change extends object,
>(parts: EntityParts<S, Change>): EntityResource<z.output<S>, Change> {
  const { calls, endpoints, kind } = parts
  const old = calls.apiVersion === 'v1'
  const read = createRowReader(parts.schema, old ? (row) => fromV1(kind, row, knownTypes(parts)) : undefined)
  const beforeRows = async (rows: unknown) => {
    if (old && kind !== 'activity') await parts.fieldTypes.typesFor(kind, rows)
  }
  const one = async (data: unknown) => {
    await beforeRows(data)
    return readOne(data, read, kind)
  }
  const body = (change: Change) => {
    parts.check?.(change)
    return old ? toV1Body(kind, Object.fromEntries(Object.entries(change))) : change
  }

  const get: EntityResource<z.output<S>, Change>['get'] = async (id, options) => {
    const query = old ? {} : { include_fields: options?.includeFields?.join(',') }
    return one((await calls.request(endpoints.get, { params: { id }, query, options })).data)
  }

  return {
    get,
    pages(options = {}) {
      checkIds(options.ids)
      if (old) return listV1({ kind, calls, endpoint: endpoints.list, read, beforeRows, get }, options)
      return walkPages(entityWalk({ calls, endpoint: endpoints.list, read, beforeRows }, options))
    },
    async create(record, options) {
      return one((await calls.request(endpoints.create, { body: body(record), options })).data)
    },
    async update(id, change, options) {
      return one(
        (await calls.request(endpoints.update, { params: { id }, body: body(change), options })).data,
      )
    },
    delete: (id, options) => deleteOnce(calls, endpoints.delete, id, options),
  }
}

/** The query of a v2 listing. */
export function entityWalk<T>(
  parts: Pick<Walk<T>, 'calls' | 'endpoint' | 'read' | 'beforeRows'>,
  options: ListOptions,
): Walk<T> {
  const query: Record<string, QueryValue> = {
    ...options.filters,
    ids: options.ids?.join(','),
    updated_since: options.updatedSince && wholeSecond(options.updatedSince),
    updated_until: options.updatedUntil && wholeSecond(options.updatedUntil),
    sort_by: options.sortBy,
    sort_direction: options.sortDirection,
    include_fields: options.includeFields?.join(','),
  }
  return {
    ...parts,
    query,
    paging: 'cursor',
    limit: clampLimit(options.limit, MOST_ROWS),
    cursor: options.cursor,
    options,
  }
}

/** A repeat that finds nothing has found what an earlier, unanswered attempt left behind: the wish is fulfilled. */
export async function deleteOnce(
  calls: PipedriveCalls,
  endpoint: Endpoint,
  id: number | string,
  options: CallOptions | undefined,
): Promise<void> {
  try {
    await calls.request(endpoint, { params: { id }, options })
  } catch (error) {
    const repeated = error instanceof ApiError && error.code === 'pipedrive_not_found' && error.attempts > 1
    if (!repeated) throw error
  }
}

/** `Page` as it is, for callers that hold the list themselves. */
export function rowsOf(data: unknown, name: string): unknown {
  return isJsonObject(data) ? data[name] : data
}

export async function collect<T>(pages: AsyncIterable<Page<T>>, what: string): Promise<readonly T[]> {
  const all: T[] = []
  for await (const page of pages) {
    if (page.unreadable[0]) {
      throw new TajoError({
        code: 'pipedrive_record_unreadable',
        message: `One of Pipedrive's ${what} (${page.unreadable[0].id}) has an unknown shape (${page.unreadable[0].problem}); please report this.`,
      })
    }
    all.push(...page.items)
  }
  return all
}

function knownTypes({ kind, fieldTypes }: { kind: WrittenKind; fieldTypes: FieldTypeMemory }) {
  return kind === 'activity' ? new Map<string, string>() : fieldTypes.known(kind)
}

function checkIds(ids: readonly number[] | undefined): void {
  if (ids === undefined || (ids.length >= 1 && ids.length <= MOST_IDS)) return
  throw new TajoError({
    code: 'pipedrive_request_invalid',
    message: `A Pipedrive listing takes 1 to ${MOST_IDS} ids, not ${ids.length}; ask in several calls.`,
  })
}
