/**
 * Moves the custom fields of a v1 record (40-hex keys beside the built-in ones, parts under `<key>_currency` and the like)
 * into `custom_fields` in the shapes of v2. {@link https://pipedrive.readme.io/docs/pipedrive-api-v2-migration-guide}
 */
import { isJsonObject } from '../../base/json.ts'

/** Field types by key, from the field definitions. */
export type FieldTypes = ReadonlyMap<string, string>

const CUSTOM_KEY = /^([0-9a-f]{40})(?:_(\w+))?$/

export function isCustomKey(name: string): boolean {
  return /^[0-9a-f]{40}$/.test(name)
}

type Row = Readonly<Record<string, unknown>>

/** The record without its custom keys, and those as v2 sends them; undefined when there are none. */
export function splitCustomFields(
  row: Row,
  types: FieldTypes,
): { plain: Record<string, unknown>; custom: Record<string, unknown> | undefined } {
  const plain: Record<string, unknown> = {}
  const values = new Map<string, unknown>()
  const parts = new Map<string, Record<string, unknown>>()
  for (const [name, value] of Object.entries(row)) {
    const [, key, part] = CUSTOM_KEY.exec(name) ?? []
    if (key === undefined) plain[name] = value
    else if (part === undefined) values.set(key, value)
    else parts.set(key, { ...parts.get(key), [part]: value })
  }
  if (values.size === 0) return { plain, custom: undefined }
  const custom: Record<string, unknown> = {}
  for (const [key, value] of values) {
    const own = parts.get(key) ?? {}
    custom[key] = toV2Value(value, own, types.get(key) ?? guessType(own))
  }
  return { plain, custom }
}

/** For a field that is newer than the definitions we hold. */
function guessType(parts: Row): string {
  if ('currency' in parts) return 'monetary'
  if ('until' in parts) return 'timezone_id' in parts ? 'timerange' : 'daterange'
  if ('timezone_id' in parts) return 'time'
  if ('route' in parts || 'locality' in parts || 'formatted_address' in parts) return 'address'
  return 'varchar'
}

function toV2Value(value: unknown, parts: Row, type: string): unknown {
  if (value === null || value === undefined) return null
  switch (type) {
    case 'monetary':
      return { value: toNumber(value), currency: parts.currency ?? null }
    case 'double':
      return toNumber(value)
    case 'enum':
      return value === '' ? null : toNumber(value)
    case 'set':
      return toSet(value)
    case 'user':
    case 'org':
    case 'people':
      return toId(value)
    case 'daterange':
      return { value, until: parts.until ?? null }
    case 'time':
    case 'timerange':
      return {
        value,
        ...(type === 'timerange' ? { until: parts.until ?? null } : {}),
        timezone_id: parts.timezone_id ?? null,
      }
    case 'address':
      return isJsonObject(value) ? value : { value, ...parts }
    default:
      return value
  }
}

function toNumber(value: unknown): unknown {
  if (typeof value !== 'string' || value.trim() === '') return value === '' ? null : value
  const number = Number(value)
  return Number.isNaN(number) ? value : number
}

function toSet(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toNumber)
  if (typeof value === 'number') return [value]
  if (typeof value !== 'string' || value === '') return null
  return value.split(',').map((item) => toNumber(item.trim()))
}

/** v1 answers ids as numbers or as objects that carry the id in `value`. */
export function toId(value: unknown): unknown {
  if (isJsonObject(value)) return value.value ?? value.id ?? null
  return toNumber(value)
}
