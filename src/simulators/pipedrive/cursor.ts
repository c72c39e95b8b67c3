/** The opaque cursor of API v2: base64url JSON of the last record's place. Refuses what it did not make itself. */
import { invalidV2 } from './refusal.ts'
import type { Position, SortDirection } from './table.ts'

export function encodeCursor(field: string, sortDirection: SortDirection, last: Position): string {
  return Buffer.from(
    JSON.stringify({ field, fieldValue: last.key, sortDirection, id: last.id }),
    'utf8',
  ).toString('base64url')
}

/** The place a cursor stands for; a cursor of another sort order is refused like a malformed one. */
export function decodeCursor(cursor: string, field: string, direction: SortDirection): Position {
  const decoded = parse(cursor)
  const { fieldValue, id } = decoded
  const usable =
    decoded.field === field &&
    decoded.sortDirection === direction &&
    (typeof fieldValue === 'string' || typeof fieldValue === 'number') &&
    (typeof id === 'string' || typeof id === 'number')
  if (!usable) throw invalidV2('cursor is invalid')
  return { key: fieldValue, id }
}

function parse(cursor: string): Record<string, unknown> {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (typeof decoded === 'object' && decoded !== null) return decoded as Record<string, unknown>
  } catch {
    // Not JSON: falls through to the same refusal as JSON of another shape.
  }
  throw invalidV2('cursor is invalid')
}
