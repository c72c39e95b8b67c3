/**
 * Values of custom fields: the check a v2 write undergoes, and the flat v1 form
 * (https://pipedrive.readme.io/docs/pipedrive-api-v2-migration-guide). Errors name the field's code.
 */
import { type Field, SUBFIELDS } from './field-catalogue.ts'
import type { Values } from './records.ts'
import { invalidV2 } from './refusal.ts'
import type { CustomValue, CustomValues, PipedriveAddress } from './seed.ts'

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isInteger = (value: unknown): boolean => Number.isInteger(value)
const isDate = (value: unknown): boolean =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))
const isTime = (value: unknown): boolean => typeof value === 'string' && /^\d{2}:\d{2}(:\d{2})?$/.test(value)

type Check = { says: string; fits: (value: unknown, field: Field) => boolean }

const hasOption = (field: Field, id: unknown): boolean =>
  isInteger(id) && (field.options ?? []).some((option) => option.id === id)
const textUpTo = (length: number): Check => ({
  says: `must be a string of at most ${length} characters`,
  fits: (value) => typeof value === 'string' && value.length <= length,
})
const idCheck: Check = { says: 'must be an integer', fits: isInteger }

const CHECKS: Readonly<Record<string, Check>> = {
  varchar: textUpTo(255),
  varchar_auto: textUpTo(255),
  text: textUpTo(65_535),
  phone: textUpTo(255),
  double: { says: 'must be a number', fits: (value) => typeof value === 'number' && Number.isFinite(value) },
  monetary: {
    says: 'must be an object with value (number) and currency (string)',
    fits: (value) => isObject(value) && typeof value.value === 'number' && typeof value.currency === 'string',
  },
  enum: { says: 'must be the id of an option', fits: (value, field) => hasOption(field, value) },
  set: {
    says: 'must be a non-empty array of option ids',
    fits: (value, field) =>
      Array.isArray(value) && value.length > 0 && value.every((item) => hasOption(field, item)),
  },
  user: idCheck,
  org: idCheck,
  people: idCheck,
  date: { says: 'must be a date (YYYY-MM-DD)', fits: isDate },
  daterange: {
    says: 'must be an object with value and until (YYYY-MM-DD)',
    fits: (value) => isObject(value) && isDate(value.value) && isDate(value.until),
  },
  time: {
    says: 'must be an object with value (HH:MM:SS)',
    fits: (value) => isObject(value) && isTime(value.value),
  },
  timerange: {
    says: 'must be an object with value and until (HH:MM:SS)',
    fits: (value) => isObject(value) && isTime(value.value) && isTime(value.until),
  },
  address: {
    says: 'must be an object with value (string)',
    fits: (value) => isObject(value) && typeof value.value === 'string',
  },
}

/** Refuses the whole request for one wrong value, as the vendor does; null clears a field. */
export function checkCustomFields(given: unknown, fields: readonly Field[]): Values {
  if (!isObject(given)) throw invalidV2('custom_fields must be an object')
  const byCode = new Map(fields.map((field) => [field.field_code, field]))
  const checked: Record<string, unknown> = {}
  for (const [code, value] of Object.entries(given)) {
    const field = byCode.get(code)
    if (!field) throw invalidV2(`custom_fields.${code} is not a known field`)
    const check = CHECKS[field.field_type]
    if (value !== null && check && !check.fits(value, field))
      throw invalidV2(`custom_fields.${code} ${check.says}`)
    checked[code] = value === null ? null : completed(field.field_type, value)
  }
  return checked
}

function completed(type: string, value: unknown): unknown {
  if ((type === 'time' || type === 'timerange') && isObject(value))
    return { timezone_id: 1, timezone_name: 'Etc/UTC', ...value }
  return type === 'address' ? completeAddress(value as PipedriveAddress) : value
}

/** Only `value` is needed of an address; the parts that are not given become null, on PATCH too. */
export function completeAddress(address: PipedriveAddress): PipedriveAddress {
  const parts = (SUBFIELDS.address ?? []).map((part) => [part, (address as Values)[part] ?? null])
  return { ...(Object.fromEntries(parts) as object), value: address.value }
}

/** The flat v1 form: the value under the field's key, its parts under `key_part`. All types. */
export function toV1CustomFields(
  values: CustomValues,
  fields: readonly Field[],
  unset: 'null' | 'absent',
): Values {
  const flat: Record<string, unknown> = {}
  for (const field of fields) {
    const value = values[field.field_code]
    if (value === undefined) {
      if (unset === 'null') setParts(flat, field, null, {})
      continue
    }
    if (isObject(value)) setParts(flat, field, value.value, value)
    else flat[field.field_code] = toV1Scalar(field.field_type, value)
  }
  return flat
}

function setParts(flat: Record<string, unknown>, field: Field, value: unknown, parts: Values): void {
  flat[field.field_code] = value
  for (const part of SUBFIELDS[field.field_type] ?? [])
    flat[`${field.field_code}_${part}`] = parts[part] ?? null
}

function toV1Scalar(type: string, value: CustomValue): unknown {
  if (type === 'set') return (value as readonly number[]).join(',')
  return type === 'enum' ? String(value) : value
}

/** A v1 value (flat) as the v2 one, as far as leads need it: scalars, options, sets, money, ranges. */
export function fromV1CustomFields(body: Values, fields: readonly Field[]): Values {
  const values: Record<string, unknown> = {}
  for (const field of fields) {
    if (!(field.field_code in body)) continue
    const value = body[field.field_code]
    values[field.field_code] = value === null || value === '' ? null : fromV1Value(field, value, body)
  }
  return values
}

function fromV1Value(field: Field, value: unknown, body: Values): unknown {
  if (field.field_type === 'set') return String(value).split(',').map(Number)
  if (['enum', 'user', 'org', 'people', 'double'].includes(field.field_type)) return Number(value)
  const parts = SUBFIELDS[field.field_type]
  if (!parts) return value
  const given = parts.map((part) => [part, body[`${field.field_code}_${part}`] ?? null])
  return { ...Object.fromEntries(given), value: field.field_type === 'monetary' ? Number(value) : value }
}
