/** Settings as YAML text, in blocks and in braces. What is written is read back as the same text, whatever is in it. */

export type Literal = string | number | boolean | null

/** One setting to be written. */
export type Entry = {
  readonly key: string
  readonly value: Literal | readonly Entry[]
  /** Becomes a comment beside it. */
  readonly note?: string | undefined
  /** The value in quotes although it needs none. */
  readonly isQuoted?: boolean | undefined
  /** A mapping of a person's own keys, whose order counts. */
  readonly isOrdered?: boolean | undefined
}

/** How a scalar stands in the text. */
export type Quote = '"' | "'" | ''

const PLAIN_KEY = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_ ./-]*[\p{L}\p{N}_])?$/u
const PLAIN_TEXT = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z_][A-Za-z0-9_]*$/i
// Line breaks, controls, halves of characters, and what turns the direction of writing.
const NOT_IN_A_NOTE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu
const NOTE_LENGTH = 100

export function keyText(key: string, quote: Quote = ''): string {
  return quote === '' && PLAIN_KEY.test(key) ? key : JSON.stringify(key)
}

/** Text is never taken for a variable. */
export function literalText(value: Literal, quote: Quote = ''): string {
  if (typeof value !== 'string') return String(value)
  const text = value.replaceAll('${', () => '$${')
  if (quote === '' && PLAIN_TEXT.test(text)) return text
  return quote === "'" && /^[\x20-\x7e]*$/.test(text)
    ? `'${text.replaceAll("'", "''")}'`
    : JSON.stringify(text)
}

/** One line of words, whatever was in them; empty for none. */
export function noteWords(...parts: readonly (string | undefined)[]): string {
  const words = parts.flatMap((part) => {
    const text = part?.replaceAll(NOT_IN_A_NOTE, ' ').replaceAll(/\s+/g, ' ').trim() ?? ''
    return text === '' ? [] : [[...text].slice(0, NOTE_LENGTH).join('').trim()]
  })
  return words.join(' -> ')
}

export function noteText(note: string | undefined): string {
  const words = noteWords(note)
  return words === '' ? '' : ` # ${words}`
}

/** Lines without their ends. */
export function blockLines(entry: Entry, indent: string, step: string): readonly string[] {
  const head = `${indent}${keyText(entry.key)}:`
  const note = noteText(entry.note)
  if (!isBlock(entry.value))
    return [`${head} ${literalText(entry.value, entry.isQuoted === true ? '"' : '')}${note}`]
  if (entry.value.length === 0) return [`${head} {}${note}`]
  return [`${head}${note}`, ...entry.value.flatMap((inner) => blockLines(inner, indent + step, step))]
}

/** In one line, for inside of `{ }`; a comment has no place there. */
export function flowText(entry: Entry, quote: Quote = ''): string {
  const key = keyText(entry.key, quote)
  if (isBlock(entry.value)) return `${key}: ${bracesText(entry.value, quote)}`
  return `${key}: ${literalText(entry.value, entry.isQuoted === true ? '"' : quote)}`
}

export function bracesText(entries: readonly Entry[], quote: Quote = ''): string {
  return entries.length === 0 ? '{}' : `{ ${entries.map((entry) => flowText(entry, quote)).join(', ')} }`
}

export function isBlock(value: Entry['value']): value is readonly Entry[] {
  return typeof value === 'object' && value !== null
}
