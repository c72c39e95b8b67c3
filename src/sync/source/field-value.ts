/**
 * Custom field values: from the shapes of API v2 to ours, by the field's declared type.
 * https://pipedrive.readme.io/docs/core-api-concepts-custom-fields
 */
import { isJsonObject, type Json } from '../../base/json.ts'
import type { FieldDefinition, Fields, FieldValue } from '../model/index.ts'

/** As much as Pipedrive itself lets a text field hold. */
const maxTextLength = 65_535

export function readFields(
  values: Readonly<Record<string, unknown>> | null | undefined,
  definitions: ReadonlyMap<string, FieldDefinition>,
): Fields {
  const fields: Record<string, FieldValue> = {}
  for (const [key, raw] of Object.entries(values ?? {})) {
    const value = readFieldValue((raw ?? null) as Json, definitions.get(key))
    if (value !== null) fields[key] = value
  }
  return fields
}

/** Null is empty; a value that contradicts its type is `unreadable`. */
export function readFieldValue(raw: Json, definition: FieldDefinition | undefined): FieldValue | null {
  if (raw === null || raw === '') return null
  switch (definition?.type) {
    case 'number':
      return readNumber(raw, (number) => ({ kind: 'number', number }))
    case 'money':
      return readMoney(raw)
    case 'option':
      return readId(raw, (id) => ({ kind: 'option', id }))
    case 'options':
      return readOptions(raw)
    case 'user':
    case 'organization':
    case 'person':
      return readReference(raw, definition.type)
    case 'date':
      return readPart(raw, (date) => ({ kind: 'date', date: date.slice(0, 10) }))
    case 'timestamp':
      return readTimestamp(raw)
    case 'date-range':
      return readRange(raw, 'date-range')
    case 'time-range':
      return readRange(raw, 'time-range')
    case 'time':
      return readPart(raw, (time) => ({ kind: 'time', time: toSeconds(time) }))
    case 'address':
      return readText(isJsonObject(raw) ? raw.formatted_address || raw.value || null : raw)
    case 'flag':
      return typeof raw === 'boolean' ? { kind: 'flag', flag: raw } : unreadable('is not true or false')
    default:
      return readText(raw)
  }
}

function readText(raw: Json): FieldValue | null {
  if (raw === null || raw === '') return null
  if (typeof raw === 'number') return { kind: 'number', number: raw }
  if (typeof raw === 'boolean') return { kind: 'flag', flag: raw }
  if (typeof raw !== 'string') return unreadable('is not a text')
  return raw.length > maxTextLength
    ? unreadable(`is ${raw.length} characters long; ${maxTextLength} is the most a text field holds`)
    : { kind: 'text', text: raw }
}

function readNumber(raw: Json, make: (number: number) => FieldValue): FieldValue | null {
  if (typeof raw === 'number' && Number.isFinite(raw)) return make(raw)
  if (typeof raw === 'string' && raw.trim() !== '' && Number.isFinite(Number(raw))) return make(Number(raw))
  return unreadable('is not a number')
}

function readMoney(raw: Json): FieldValue | null {
  if (!isJsonObject(raw)) return readNumber(raw, (amount) => ({ kind: 'money', amount, currency: null }))
  if (raw.value === null || raw.value === undefined) return null
  const currency = typeof raw.currency === 'string' ? raw.currency : null
  return readNumber(raw.value, (amount) => ({ kind: 'money', amount, currency }))
}

function readId(raw: Json, make: (id: string) => FieldValue): FieldValue | null {
  const id = isJsonObject(raw) ? raw.id : raw
  if (id === null || id === undefined || id === '') return null
  return typeof id === 'number' || typeof id === 'string'
    ? make(String(id))
    : unreadable('is not an option id')
}

function readOptions(raw: Json): FieldValue | null {
  const items = typeof raw === 'string' ? raw.split(',') : Array.isArray(raw) ? raw : [raw]
  const ids = items
    .map((item) => (isJsonObject(item) ? item.id : item))
    .filter((id) => id !== null && id !== '')
  if (!ids.every((id) => typeof id === 'number' || typeof id === 'string'))
    return unreadable('is not a list of option ids')
  return ids.length === 0 ? null : { kind: 'options', ids: ids.map((id) => String(id).trim()) }
}

function readReference(raw: Json, entity: 'user' | 'organization' | 'person'): FieldValue | null {
  const id = isJsonObject(raw) ? (raw.id ?? raw.value) : raw
  const number = typeof id === 'string' ? Number(id) : id
  return typeof number === 'number' && Number.isInteger(number)
    ? { kind: 'reference', entity, id: number }
    : unreadable(`is not the id of a ${entity}`)
}

function readTimestamp(raw: Json): FieldValue | null {
  const date = typeof raw === 'string' ? new Date(raw) : null
  return date && !Number.isNaN(date.getTime())
    ? { kind: 'timestamp', at: date.toISOString() }
    : unreadable('is not a time')
}

/** A value that may stand alone or in an object's `value`. */
function readPart(raw: Json, make: (text: string) => FieldValue): FieldValue | null {
  const value = isJsonObject(raw) ? raw.value : raw
  if (value === null || value === undefined || value === '') return null
  return typeof value === 'string' ? make(value) : unreadable('is not a text')
}

function readRange(raw: Json, kind: 'date-range' | 'time-range'): FieldValue | null {
  const from = isJsonObject(raw) ? raw.value : raw
  const until = isJsonObject(raw) ? raw.until : null
  if (from === null || from === undefined || from === '') return null
  if (typeof from !== 'string') return unreadable('is not a range')
  const end = typeof until === 'string' && until !== '' ? until : null
  return kind === 'time-range'
    ? { kind, from: toSeconds(from), until: end === null ? null : toSeconds(end) }
    : { kind, from, until: end }
}

/** `HH:MM` to `HH:MM:SS`. */
function toSeconds(time: string): string {
  return /^\d{2}:\d{2}$/.test(time) ? `${time}:00` : time
}

function unreadable(problem: string): FieldValue {
  return { kind: 'unreadable', problem }
}
