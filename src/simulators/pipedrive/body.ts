/** Bodies of API v2 writes, checked key by key against a table: wrong types, unknown keys and bad items are refused. */
import { checkCustomFields, completeAddress } from './custom-values.ts'
import type { Field } from './field-catalogue.ts'
import type { Values } from './records.ts'
import { invalidV2 } from './refusal.ts'
import type { PipedriveAddress } from './seed.ts'

/** Returns what is wrong with a value, in the vendor's manner, or null. */
export type Rule = (value: unknown) => string | null
export type BodyRules = Readonly<Record<string, Rule>>

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const text: Rule = (value) => (typeof value === 'string' ? null : 'must be a string')
export const integer: Rule = (value) => (Number.isInteger(value) ? null : 'must be an integer')
export const number: Rule = (value) => (typeof value === 'number' ? null : 'must be a number')
export const boolean: Rule = (value) => (typeof value === 'boolean' ? null : 'must be a boolean')
export const date: Rule = (value) =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))
    ? null
    : 'must be a date (YYYY-MM-DD)'
export const time: Rule = (value) =>
  typeof value === 'string' && /^\d{2}:\d{2}(:\d{2})?$/.test(value) ? null : 'must be a time (HH:MM:SS)'
export const moment: Rule = (value) =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}/.test(value)
    ? null
    : 'is not a valid datetime'

export const oneOf =
  (...choices: readonly unknown[]): Rule =>
  (value) =>
    choices.includes(value) ? null : `must be one of ${choices.join(', ')}`

export const nullable =
  (rule: Rule): Rule =>
  (value) =>
    value === null ? null : rule(value)

export const arrayOf =
  (rule: Rule): Rule =>
  (value) => {
    if (!Array.isArray(value)) return 'must be an array'
    return value.map(rule).find((fault) => fault !== null) ?? null
  }

export const address: Rule = (value) =>
  isObject(value) && typeof value.value === 'string' ? null : 'must be an object with value (string)'

/** `emails`, `phones`, `im`: objects with `value`; at most one is primary. */
export const contactValues: Rule = (value) => {
  if (!Array.isArray(value)) return 'must be an array'
  for (const item of value) {
    if (!isObject(item)) return 'items must be objects'
    if (typeof item.value !== 'string') return 'items must have a value (string)'
    if ('primary' in item && typeof item.primary !== 'boolean') return 'primary must be a boolean'
    if ('label' in item && typeof item.label !== 'string') return 'label must be a string'
    const extra = Object.keys(item).find((key) => !['value', 'primary', 'label'].includes(key))
    if (extra) return `items must not have ${extra}`
  }
  return value.filter((item) => item.primary === true).length > 1
    ? 'must not have more than one primary'
    : null
}

export const participants: Rule = (value) => {
  if (!Array.isArray(value)) return 'must be an array'
  return value.every((item) => isObject(item) && Number.isInteger(item.person_id))
    ? null
    : 'items must have a person_id (integer)'
}

/** The body as an object that obeys its rules; custom fields and addresses are completed. */
export function checkBody(
  body: unknown,
  rules: BodyRules,
  options: { fields?: readonly Field[]; unknownKeys: 'reject' | 'ignore' },
): Record<string, unknown> {
  if (!isObject(body)) throw invalidV2('body must be an object')
  const checked: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(body)) {
    if (key === 'custom_fields' && options.fields) {
      checked[key] = checkCustomFields(value, options.fields)
      continue
    }
    const rule = rules[key]
    if (!rule) {
      if (options.unknownKeys === 'reject') throw invalidV2(`${key} is not allowed`)
      continue
    }
    const fault = rule(value)
    if (fault) throw invalidV2(`${key} ${fault}`)
    checked[key] = rule === address && value !== null ? completeAddress(value as PipedriveAddress) : value
  }
  return checked
}
