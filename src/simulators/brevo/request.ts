/** What the endpoints read from a request: body, paging, ids, moments. Refuses in the vendor's words. */
import type { Context } from 'hono'
import { invalidParameter, outOfRange } from './refusal.ts'

export type Body = Record<string, unknown>

export const isBody = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The JSON object in the body; no body at all is an empty object. */
export async function readBody(c: Context): Promise<Body> {
  const text = await c.req.text()
  if (text === '') return {}
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw invalidParameter('Input must be a valid JSON object')
  }
  if (!isBody(body)) throw invalidParameter('Input must be a valid JSON object')
  return body
}

export type Page = { limit: number; offset: number; sort: 'asc' | 'desc' }

export function readPage(c: Context, limits: { standard: number; most: number }): Page {
  const limit = wholeNumber(c, 'limit') ?? limits.standard
  const offset = wholeNumber(c, 'offset') ?? 0
  if (limit > limits.most) throw outOfRange('Limit exceeds max value')
  const sort = c.req.query('sort') ?? 'desc'
  if (sort !== 'asc' && sort !== 'desc') throw invalidParameter('Invalid sort parameter')
  return { limit, offset, sort }
}

/** The page of something that is kept in order of creation. */
export function cutPage<T>(items: readonly T[], { limit, offset, sort }: Page): T[] {
  if (sort === 'asc') return items.slice(offset, offset + limit)
  const end = Math.max(0, items.length - offset)
  return items.slice(Math.max(0, end - limit), end).reverse()
}

function wholeNumber(c: Context, name: string): number | undefined {
  const text = c.req.query(name)
  if (text === undefined) return undefined
  if (!/^\d{1,15}$/.test(text)) throw invalidParameter(`Invalid ${name} parameter`)
  return Number(text)
}

/** `ids=1&ids=2`, `ids=1,2` and `ids[]=1`; undefined when it is not there. */
export function readIds(c: Context, name: string): number[] | undefined {
  const texts = [...(c.req.queries(name) ?? []), ...(c.req.queries(`${name}[]`) ?? [])]
  if (texts.length === 0) return undefined
  const parts = texts.flatMap((text) => text.split(','))
  if (!parts.every((part) => /^\d{1,15}$/.test(part))) throw invalidParameter(`Invalid ${name} parameter`)
  return parts.map(Number)
}

/** An ISO 8601 date-time with a time zone. A `+` that was not encoded arrives as a space and is refused. */
export function readMoment(c: Context, name: string): number | undefined {
  const text = c.req.query(name)
  if (text === undefined) return undefined
  const moment = parseMoment(text)
  if (moment === undefined) throw invalidParameter(`${name} is not a valid date-time`)
  return moment
}

/** Milliseconds of an ISO 8601 date-time with a time zone; undefined for anything else. */
export function parseMoment(text: unknown): number | undefined {
  const isMoment =
    typeof text === 'string' &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:?\d{2})$/.test(text)
  const moment = isMoment ? Date.parse(text) : Number.NaN
  return Number.isNaN(moment) ? undefined : moment
}

/** Both or none of startDate and endDate. */
export function checkDateRange(c: Context): void {
  const [start, end] = [c.req.query('startDate'), c.req.query('endDate')]
  if ((start === undefined) !== (end === undefined)) {
    throw invalidParameter('startDate and endDate must be passed together')
  }
  if (start !== undefined && end !== undefined && start > end) {
    throw invalidParameter('startDate must not be after endDate')
  }
}

const DAY_MS = 86_400_000

/** The days from startDate to endDate (YYYY-MM-DD, both or none), both included; at most `mostDays` apart. */
export function readDays(
  c: Context,
  mostDays = Number.POSITIVE_INFINITY,
): { fromMs: number; untilMs: number } | undefined {
  checkDateRange(c)
  const [start, end] = [c.req.query('startDate'), c.req.query('endDate')]
  if (start === undefined || end === undefined) return undefined
  const [fromMs, lastMs] = [readDay(start, 'startDate'), readDay(end, 'endDate')]
  if (lastMs - fromMs > mostDays * DAY_MS) {
    throw invalidParameter(`startDate and endDate must not be more than ${mostDays} days apart`)
  }
  return { fromMs, untilMs: lastMs + DAY_MS }
}

function readDay(text: string, name: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms)) throw invalidParameter(`${name} is not a valid date (YYYY-MM-DD)`)
  return ms
}

/** The id in a path such as `/contacts/lists/{listId}`. */
export function pathId(c: Context, name: string): number {
  const text = c.req.param(name) ?? ''
  if (!/^\d{1,15}$/.test(text)) throw invalidParameter(`Invalid ${name}`)
  return Number(text)
}

/** A text that must be there and not empty. */
export function requiredText(body: Body, name: string, missing: (message: string) => Error): string {
  const value = body[name]
  if (value === undefined || value === '') throw missing(`${name} is missing`)
  if (typeof value !== 'string') throw invalidParameter(`Invalid ${name}`)
  return value
}
