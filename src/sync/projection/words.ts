/** A value as a person reads it in Pipedrive, before it is fitted to any attribute. Pure. */
import type { FieldDefinition, FieldValue } from '../model/index.ts'
import { type Lookup, toText } from './convert.ts'

const wordsAtMost = 200

/** Null where there is nothing to read. */
export function inWords(
  value: FieldValue | null,
  field: FieldDefinition | null,
  lookup: Lookup,
): string | null {
  const words = value === null ? null : wordsOf(value, field, lookup)?.trim()
  if (!words) return null
  return words.length > wordsAtMost ? `${words.slice(0, wordsAtMost - 1)}…` : words
}

function wordsOf(value: FieldValue, field: FieldDefinition | null, lookup: Lookup): string | null {
  switch (value.kind) {
    case 'unreadable':
      return null
    case 'money':
      return value.currency === null ? String(value.amount) : `${value.amount} ${value.currency}`
    case 'reference':
      return toText(value, field, lookup) ?? `${value.entity} ${value.id}`
    case 'timestamp':
      return `${value.at.slice(0, 10)} ${value.at.slice(11, 16)}`
    default:
      return toText(value, field, lookup)
  }
}
