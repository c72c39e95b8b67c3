/**
 * Records of one kind in memory: by id, in any sort order, and by foreign key, kept up while records change.
 * Replaces records whole (the objects it is given are never altered); knows no rules of the vendor.
 */

export type SortKey = string | number
export type Position = { key: SortKey; id: string | number }
export type SortDirection = 'asc' | 'desc'

type Base = { id: number | string }

export type PageRequest<R extends Base> = {
  sortBy: string
  direction: SortDirection
  /** The last record of the page before; its key as it was then. */
  after: Position | null
  limit: number
  keep: (record: R) => boolean
}

export class Table<R extends Base> {
  readonly #records = new Map<R['id'], R>()
  readonly #orders = new Map<string, R['id'][]>()
  readonly #groups = new Map<string, Map<SortKey, Set<R['id']>>>()

  constructor(records: readonly R[] = []) {
    for (const record of records) {
      if (this.#records.has(record.id)) throw new Error(`Two records of the seed have the id ${record.id}.`)
      this.#records.set(record.id, record)
    }
  }

  get size(): number {
    return this.#records.size
  }

  get(id: R['id']): R | undefined {
    return this.#records.get(id)
  }

  all(): IterableIterator<R> {
    return this.#records.values()
  }

  /** The greatest numeric id plus one. */
  nextId(): number {
    const last = this.#order('id').at(-1)
    return typeof last === 'number' ? last + 1 : 1
  }

  /** Adds the record, or puts it in the place of the one with its id. */
  put(record: R): void {
    const before = this.#records.get(record.id)
    for (const [sortBy, ids] of this.#orders) {
      if (before && keyOf(before, sortBy) === keyOf(record, sortBy)) continue
      if (before) ids.splice(this.#place(ids, sortBy, positionOf(before, sortBy)), 1)
      ids.splice(this.#place(ids, sortBy, positionOf(record, sortBy)), 0, record.id)
    }
    for (const [field, groups] of this.#groups) {
      if (before) groups.get(keyOf(before, field))?.delete(record.id)
      addTo(groups, keyOf(record, field), record.id)
    }
    this.#records.set(record.id, record)
  }

  /** At most `limit` records that `keep` lets through, and whether more follow. */
  page(request: PageRequest<R>): { records: R[]; more: boolean } {
    const ids = this.#order(request.sortBy)
    const step = request.direction === 'asc' ? 1 : -1
    let index = this.#start(ids, request)
    const records: R[] = []
    for (; index >= 0 && index < ids.length; index += step) {
      const record = this.#records.get(ids[index] as R['id']) as R
      if (!request.keep(record)) continue
      if (records.length === request.limit) return { records, more: true }
      records.push(record)
    }
    return { records, more: false }
  }

  /** The records whose `field` has this value. */
  where(field: string, value: SortKey): R[] {
    let groups = this.#groups.get(field)
    if (!groups) {
      groups = new Map()
      for (const record of this.#records.values()) addTo(groups, keyOf(record, field), record.id)
      this.#groups.set(field, groups)
    }
    const ids = groups.get(value)
    return ids ? [...ids].map((id) => this.#records.get(id) as R) : []
  }

  #start(ids: R['id'][], { after, direction, sortBy }: PageRequest<R>): number {
    if (!after) return direction === 'asc' ? 0 : ids.length - 1
    const place = this.#place(ids, sortBy, after)
    const found = ids[place]
    const exact = found !== undefined && compare(this.#position(found, sortBy), after) === 0
    return direction === 'asc' ? (exact ? place + 1 : place) : place - 1
  }

  #order(sortBy: string): R['id'][] {
    let ids = this.#orders.get(sortBy)
    if (!ids) {
      ids = [...this.#records.values()]
        .map((record) => positionOf(record, sortBy))
        .sort(compare)
        .map((position) => position.id)
      this.#orders.set(sortBy, ids)
    }
    return ids
  }

  /** The first index whose position is not before the given one. */
  #place(ids: R['id'][], sortBy: string, position: Position): number {
    let low = 0
    let high = ids.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare(this.#position(ids[middle] as R['id'], sortBy), position) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  #position(id: R['id'], sortBy: string): Position {
    return positionOf(this.#records.get(id) as R, sortBy)
  }
}

/** Where a record stands in an order; no value sorts first. */
export function positionOf<R extends Base>(record: R, sortBy: string): Position {
  return { key: keyOf(record, sortBy), id: record.id }
}

function keyOf(record: Base, field: string): SortKey {
  const value = (record as unknown as Record<string, unknown>)[field]
  return typeof value === 'string' || typeof value === 'number' ? value : ''
}

function compare(a: Position, b: Position): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1
}

function addTo<Id>(groups: Map<SortKey, Set<Id>>, key: SortKey, id: Id): void {
  const group = groups.get(key)
  if (group) group.add(id)
  else groups.set(key, new Set([id]))
}
