/** Conditions of triggers: one comparison each, read from `"> 5000"` and decided by facts and a time. Pure. */
import { durationMs } from '../config/index.ts'

const COMPARISONS = ['>=', '<=', '==', '!=', '>', '<'] as const
export type Comparison = (typeof COMPARISONS)[number]

export type Literal =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'flag'; readonly value: boolean }
  | { readonly kind: 'duration'; readonly ms: number }
  /** ISO 8601, a day or a moment. */
  | { readonly kind: 'time'; readonly at: number; readonly text: string }
  | { readonly kind: 'text'; readonly value: string }

export type Condition = {
  /** A dotted path into the facts. */
  readonly property: string
  readonly comparison: Comparison
  readonly literal: Literal
  /** As written, for messages: `value: "> 5000"`. */
  readonly text: string
}

export type Verdict =
  | { readonly kind: 'holds' }
  | { readonly kind: 'fails' }
  /** Fails now; holds from then on, if nothing changes. */
  | { readonly kind: 'waits'; readonly until: Date }

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)$/
const TIME = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/
const ORDERS: readonly Comparison[] = ['>', '>=', '<', '<=']

/** The value is what stands in the file: text, number or flag. */
export function parseCondition(
  property: string,
  written: string | number | boolean,
): { readonly condition: Condition } | { readonly problem: string } {
  const text = `${property}: ${JSON.stringify(written)}`
  if (typeof written !== 'string')
    return { condition: { property, comparison: '==', literal: plain(written), text } }
  const trimmed = written.trim()
  const comparison = COMPARISONS.find((known) => trimmed.startsWith(known)) ?? null
  if (comparison === null && /^[=!~]/.test(trimmed))
    return {
      problem: `expected one of ${COMPARISONS.join(', ')} before the value; found ${JSON.stringify(written)}`,
    }
  const rest = comparison === null ? trimmed : trimmed.slice(comparison.length).trim()
  if (rest === '') return { problem: `expected a value after "${comparison ?? ''}", as in "> 5000"` }
  const literal = readLiteral(rest)
  const chosen = comparison ?? '=='
  const isOrder = ORDERS.includes(chosen)
  if (isOrder && (literal.kind === 'text' || literal.kind === 'flag'))
    return {
      problem: `"${chosen}" compares numbers, durations such as 30m and times; found ${JSON.stringify(rest)}`,
    }
  if (!isOrder && literal.kind === 'duration')
    return { problem: `a duration is compared with >, >=, < or <=; put "${rest}" in quotes if it is text` }
  return { condition: { property, comparison: chosen, literal, text } }
}

function plain(value: number | boolean): Literal {
  return typeof value === 'number' ? { kind: 'number', value } : { kind: 'flag', value }
}

function readLiteral(text: string): Literal {
  const quoted = /^"(.*)"$|^'(.*)'$/s.exec(text)
  if (quoted) return { kind: 'text', value: quoted[1] ?? quoted[2] ?? '' }
  if (NUMBER.test(text)) return { kind: 'number', value: Number(text) }
  if (text === 'true' || text === 'false') return { kind: 'flag', value: text === 'true' }
  const ms = durationMs(text)
  if (ms !== null) return { kind: 'duration', ms }
  const at = timeOf(text)
  return at === null ? { kind: 'text', value: text } : { kind: 'time', at, text }
}

/** Milliseconds of a day (its beginning, UTC) or a moment (UTC where no zone is named); null when it is neither. */
export function timeOf(value: unknown): number | null {
  if (typeof value !== 'string' || !TIME.test(value)) return null
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/.test(value) || value.length === 10
  const at = Date.parse(zoned ? value.replace(' ', 'T') : `${value.replace(' ', 'T')}Z`)
  return Number.isNaN(at) ? null : at
}

/** What is not there fails every comparison but `!=`. */
export function decide({ property, comparison, literal }: Condition, value: unknown, now: Date): Verdict {
  if (literal.kind === 'duration') return decideDuration(property, comparison, literal.ms, value, now)
  if (value === undefined || value === null) return verdict(comparison === '!=')
  if (Array.isArray(value)) {
    const isOne = value.some((item) => equals(literal, item))
    return verdict(comparison === '==' ? isOne : comparison === '!=' ? !isOne : false)
  }
  if (comparison === '==' || comparison === '!=')
    return verdict(equals(literal, value) === (comparison === '=='))
  const [left, right] =
    literal.kind === 'time'
      ? [timeOf(value), literal.at]
      : [numberOf(value), literal.kind === 'number' ? literal.value : null]
  return verdict(left !== null && right !== null && inOrder(left, comparison, right))
}

/** The age of a time, or a number with its unit. `> 30m` of a time that is not so old yet waits until it is. */
function decideDuration(
  property: string,
  comparison: Comparison,
  ms: number,
  value: unknown,
  now: Date,
): Verdict {
  const number = typeof value === 'number' ? value : null
  if (number !== null) return verdict(inOrder(number * unitMs(property), comparison, ms))
  const at = timeOf(value)
  if (at === null) return verdict(false)
  const isOlder = comparison === '>' || comparison === '>='
  if (inOrder(now.getTime() - at, comparison, ms)) return verdict(true)
  return isOlder ? { kind: 'waits', until: new Date(at + ms + (comparison === '>' ? 1 : 0)) } : verdict(false)
}

/** Seconds, unless the name says something else: `days_in_stage`, `wait_hours`. */
export function unitMs(property: string): number {
  const name = property.split('.').at(-1) ?? property
  if (/(?:^|_)days(?:$|_)/.test(name)) return 86_400_000
  if (/(?:^|_)hours(?:$|_)/.test(name)) return 3_600_000
  return /(?:^|_)minutes(?:$|_)/.test(name) ? 60_000 : 1_000
}

function equals(literal: Literal, value: unknown): boolean {
  switch (literal.kind) {
    case 'number': {
      const number = numberOf(value)
      return number !== null && number === literal.value
    }
    case 'flag':
      return value === literal.value || value === String(literal.value)
    case 'time':
      return timeOf(value) === literal.at || value === literal.text
    case 'text':
      return String(value) === literal.value
    case 'duration':
      return false
  }
}

function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  return typeof value === 'string' && NUMBER.test(value) ? Number(value) : null
}

function inOrder(left: number, comparison: Comparison, right: number): boolean {
  switch (comparison) {
    case '>':
      return left > right
    case '>=':
      return left >= right
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '==':
      return left === right
    case '!=':
      return left !== right
  }
}

function verdict(holds: boolean): Verdict {
  return holds ? { kind: 'holds' } : { kind: 'fails' }
}
