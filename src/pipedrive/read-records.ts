/** Reads an answer's rows one by one: what fits the schema becomes an item, the rest is kept as unreadable. */

import type { z } from 'zod'
import { TajoError } from '../base/error.ts'
import { isJsonObject } from '../base/json.ts'
import type { UnreadableRecord } from './page.ts'

export type RowReader<T> = (
  row: unknown,
) => { ok: true; record: T } | { ok: false; unreadable: UnreadableRecord }

/** `prepare` may give an old row the shape of v2 first. */
export function createRowReader<S extends z.ZodType>(
  schema: S,
  prepare: (row: Readonly<Record<string, unknown>>) => unknown = (row) => row,
): RowReader<z.output<S>> {
  return (row) => {
    if (!isJsonObject(row)) {
      return { ok: false, unreadable: { id: null, problem: 'the row is no object', raw: row } }
    }
    const parsed = schema.safeParse(prepare(row))
    if (parsed.success) return { ok: true, record: parsed.data }
    const issue = parsed.error.issues[0]
    const problem = `${issue?.path.join('.') || 'row'}: ${issue?.message ?? 'unreadable'}`
    const id = typeof row.id === 'string' || typeof row.id === 'number' ? String(row.id) : null
    return { ok: false, unreadable: { id, problem, raw: row } }
  }
}

export function readRows<T>(
  data: unknown,
  read: RowReader<T>,
): { items: T[]; unreadable: UnreadableRecord[] } {
  const items: T[] = []
  const unreadable: UnreadableRecord[] = []
  for (const row of toRows(data)) {
    const result = read(row)
    if (result.ok) items.push(result.record)
    else unreadable.push(result.unreadable)
  }
  return { items, unreadable }
}

/** One record that the caller asked for by name: unreadable means an error. */
export function readOne<T>(data: unknown, read: RowReader<T>, what: string): T {
  const result = read(data)
  if (result.ok) return result.record
  throw unreadableRecord(what, result.unreadable)
}

/** A list that is useless unless all of it can be read. */
export function readAll<T>(data: unknown, read: RowReader<T>, what: string): T[] {
  const { items, unreadable } = readRows(data, read)
  if (unreadable[0]) throw unreadableRecord(what, unreadable[0])
  return items
}

function unreadableRecord(what: string, unreadable: UnreadableRecord): TajoError {
  return new TajoError({
    code: 'pipedrive_record_unreadable',
    message: `Pipedrive's ${what} ${unreadable.id ?? ''} has a shape this version does not know (${unreadable.problem}); please report this.`,
    disposition: 'reject',
    details: { id: unreadable.id, problem: unreadable.problem },
  })
}

/** Some v1 lists answer `null` when they are empty. */
function toRows(data: unknown): readonly unknown[] {
  if (Array.isArray(data)) return data
  if (data === null || data === undefined) return []
  throw new TajoError({
    code: 'pipedrive_answer_invalid',
    message: 'Pipedrive answered a listing with something that is no list; it is asked again later.',
    disposition: 'retry',
  })
}
