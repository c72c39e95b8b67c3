/** Reads Brevo's rows against their schemas: listings of contacts keep what they cannot read, other lists must be whole. */
import type { z } from 'zod'
import { TajoError } from '../base/error.ts'
import { isJsonObject } from '../base/json.ts'

export type Unreadable = { readonly id: string | null; readonly problem: string; readonly raw: unknown }

export function readRows<S extends z.ZodType>(
  rows: unknown,
  schema: S,
): { items: z.output<S>[]; unreadable: Unreadable[] } {
  const items: z.output<S>[] = []
  const unreadable: Unreadable[] = []
  for (const raw of toRows(rows)) {
    const parsed = schema.safeParse(raw)
    if (parsed.success) items.push(parsed.data)
    else unreadable.push({ id: idOf(raw), problem: firstProblem(parsed.error), raw })
  }
  return { items, unreadable }
}

export function readAll<S extends z.ZodType>(rows: unknown, schema: S, what: string): z.output<S>[] {
  return toRows(rows).map((row) => readOne(row, schema, what))
}

export function readOne<S extends z.ZodType>(value: unknown, schema: S, what: string): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new TajoError({
    code: 'brevo_record_unreadable',
    message: `Brevo's ${what} ${idOf(value) ?? ''} has a shape this version does not know (${firstProblem(parsed.error)}); please report this.`,
    details: { id: idOf(value) },
  })
}

/** Empty lists may be absent altogether. */
function toRows(rows: unknown): readonly unknown[] {
  if (Array.isArray(rows)) return rows
  if (rows === undefined || rows === null) return []
  throw new TajoError({
    code: 'brevo_answer_invalid',
    message: 'Brevo answered a listing with something that is no list; it is asked again later.',
    disposition: 'retry',
  })
}

function idOf(value: unknown): string | null {
  return isJsonObject(value) && (typeof value.id === 'number' || typeof value.id === 'string')
    ? String(value.id)
    : null
}

function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0]
  return `${issue?.path.join('.') || 'row'}: ${issue?.message ?? 'unreadable'}`
}
