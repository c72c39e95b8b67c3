/** Query parameters of API v2, read strictly: what does not fit is a validation error that names the parameter. */
import { decodeCursor } from './cursor.ts'
import { invalidV1, invalidV2 } from './refusal.ts'
import type { PipedriveSwitches } from './switches.ts'
import type { Position, SortDirection } from './table.ts'

const WHOLE_SECONDS = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$/
const MAX_IDS = 100
const MAX_CUSTOM_FIELDS = 15

export type Page = { limit: number; after: Position | null; sortBy: string; direction: SortDirection }

export function parsePage(
  query: URLSearchParams,
  sortable: readonly string[],
  switches: PipedriveSwitches,
  maximum = 500,
): Page {
  const sortBy = query.get('sort_by') ?? 'id'
  if (!sortable.includes(sortBy)) throw invalidV2(`sort_by must be one of ${sortable.join(', ')}`)
  const direction = query.get('sort_direction') ?? 'asc'
  if (direction !== 'asc' && direction !== 'desc') throw invalidV2('sort_direction must be one of asc, desc')
  const cursor = query.get('cursor')
  const after = cursor === null ? null : decodeCursor(cursor, sortBy, direction)
  return { limit: parseLimit(query, switches, maximum), after, sortBy, direction }
}

export function parseLimit(query: URLSearchParams, switches: PipedriveSwitches, maximum: number): number {
  const limit = parseInteger(query, 'limit') ?? Math.min(100, maximum)
  if (limit < 1) throw invalidV2('limit must be greater than 0')
  if (limit > maximum && switches.overLimit === 'reject')
    throw invalidV2(`limit must not be greater than ${maximum}`)
  return Math.min(limit, maximum)
}

/** A whole number, or undefined when the parameter is not there. */
export function parseInteger(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (!/^-?\d+$/.test(text)) throw invalidV2(`${name} must be an integer`)
  return Number(text)
}

export function parseBoolean(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (text !== 'true' && text !== 'false') throw invalidV2(`${name} must be a boolean`)
  return text === 'true'
}

/** A moment in whole seconds, as records carry it (UTC). Fractions of a second are refused, as the vendor does. */
export function parseMoment(query: URLSearchParams, name: string, refuse = invalidV2): string | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  const at = new Date(text)
  if (!WHOLE_SECONDS.test(text) || Number.isNaN(at.getTime()))
    throw refuse(`${name}: '${text}' is not a valid datetime`)
  return `${at.toISOString().slice(0, 19)}Z`
}

/** At most 100 ids. */
export function parseIds(query: URLSearchParams): number[] | undefined {
  const text = query.get('ids')
  if (text === null) return undefined
  const parts = text.split(',').map((part) => part.trim())
  if (parts.some((part) => !/^\d+$/.test(part)))
    throw invalidV2('ids must be a comma separated list of integers')
  if (parts.length > MAX_IDS) throw invalidV2(`ids must not contain more than ${MAX_IDS} items`)
  return parts.map(Number)
}

/** At most 15 codes, all of them known. */
export function parseCustomFields(query: URLSearchParams, known: readonly string[]): string[] | null {
  const text = query.get('custom_fields')
  if (text === null) return null
  const codes = text.split(',').map((code) => code.trim())
  if (codes.length > MAX_CUSTOM_FIELDS)
    throw invalidV2(`custom_fields must not contain more than ${MAX_CUSTOM_FIELDS} items`)
  const unknown = codes.find((code) => !known.includes(code))
  if (unknown !== undefined) throw invalidV2(`custom_fields: ${unknown} is not a known field`)
  return codes
}

export type Offset = { start: number; limit: number }

/** `start` and `limit` of API v1; what is no number counts as not given. */
export function parseOffset(query: URLSearchParams, switches: PipedriveSwitches, maximum = 500): Offset {
  const number = (name: string): number | undefined => {
    const value = Number(query.get(name) ?? Number.NaN)
    return Number.isInteger(value) && value >= 0 ? value : undefined
  }
  const limit = number('limit') ?? 100
  if (limit > maximum && switches.overLimit === 'reject')
    throw invalidV1(`limit must not be greater than ${maximum}`)
  return { start: number('start') ?? 0, limit: Math.max(1, Math.min(limit, maximum)) }
}

/** The `pagination` object of API v1; `next_start` only where there is a next page. */
export function pagination({ start, limit }: Offset, more: boolean): object {
  return {
    start,
    limit,
    more_items_in_collection: more,
    ...(more ? { next_start: start + limit } : {}),
  }
}
