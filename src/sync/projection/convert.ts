/** Rule R2.4: a Pipedrive value as a Brevo attribute's type asks for it. Pure. */
import type { Attribute, AttributeValue, FieldDefinition, FieldValue } from '../model/index.ts'

/** What turns ids into words. */
export type Lookup = {
  readonly optionLabel: (field: FieldDefinition | null, id: string) => string | undefined
  readonly userName: (id: number) => string | undefined
  readonly organizationName: (id: number) => string | undefined
  readonly personName: (id: number) => string | undefined
}

export type Converted =
  | { readonly kind: 'value'; readonly value: AttributeValue }
  /** Nothing there: not sent (rule R2.5). */
  | { readonly kind: 'empty' }
  /** Does not fit; Brevo would drop it in silence. */
  | { readonly kind: 'mismatch'; readonly problem: string }

/** Pipedrive's own limit for a text field, so nothing honest is longer. */
export const maxTextLength = 65_535

const empty: Converted = { kind: 'empty' }
const mismatch = (problem: string): Converted => ({ kind: 'mismatch', problem })
const found = (value: AttributeValue): Converted => ({ kind: 'value', value })

export function convertValue(
  value: FieldValue | null | undefined,
  field: FieldDefinition | null,
  attribute: Attribute,
  lookup: Lookup,
): Converted {
  if (value == null) return empty
  if (value.kind === 'unreadable') return mismatch(value.problem)
  if (value.kind === 'options' && attribute.type === 'multiple-choice') {
    return choices(
      value.ids.map((id) => lookup.optionLabel(field, id) ?? id),
      attribute,
    )
  }
  const text = toText(value, field, lookup)
  if (text === null) return mismatch('the record it points to is not known')
  if (text === '') return empty
  if (text.length > maxTextLength) return mismatch(`longer than ${maxTextLength} characters`)
  switch (attribute.type) {
    case 'text':
      return found(text)
    case 'float':
      return toFloat(value, text)
    case 'date':
      return toDate(value, text)
    case 'boolean':
      return toBoolean(value, text)
    case 'category': {
      const label = matchLabel(text, attribute)
      return label === undefined ? mismatch(`"${shorten(text)}" is not one of its categories`) : found(label)
    }
    case 'multiple-choice':
      return choices([text], attribute)
    case 'id':
    case 'user':
      return mismatch(`an attribute of type ${attribute.type} cannot be written`)
  }
}

/** The value in words; '' for empty, null when an id has no name. */
export function toText(
  value: Exclude<FieldValue, { kind: 'unreadable' }>,
  field: FieldDefinition | null,
  lookup: Lookup,
): string | null {
  switch (value.kind) {
    case 'text':
      return value.text.trim()
    case 'number':
      return String(value.number)
    case 'money':
      return String(value.amount)
    case 'option':
      return (lookup.optionLabel(field, value.id) ?? value.id).trim()
    case 'options':
      return value.ids.map((id) => (lookup.optionLabel(field, id) ?? id).trim()).join(', ')
    case 'reference':
      return referenceName(value, lookup)
    case 'date':
      return value.date
    case 'date-range':
    case 'time-range':
      return value.until === null ? value.from : `${value.from}/${value.until}`
    case 'time':
      return value.time
    case 'timestamp':
      return value.at
    case 'flag':
      return String(value.flag)
  }
}

function referenceName(value: { entity: string; id: number }, lookup: Lookup): string | null {
  const name =
    value.entity === 'user'
      ? lookup.userName(value.id)
      : value.entity === 'organization'
        ? lookup.organizationName(value.id)
        : lookup.personName(value.id)
  return name === undefined ? null : name.trim()
}

function toFloat(value: FieldValue, text: string): Converted {
  if (value.kind === 'number') return found(value.number)
  if (value.kind === 'money') return found(value.amount)
  if (value.kind === 'flag') return mismatch('a yes/no value is no number')
  return /^[+-]?\d+(\.\d+)?$/.test(text) && Number.isFinite(Number(text))
    ? found(Number(text))
    : mismatch(`"${shorten(text)}" is no plain number`)
}

function toDate(value: FieldValue, text: string): Converted {
  if (value.kind === 'timestamp') return found(new Date(value.at).toISOString().slice(0, 10))
  return isDay(text) ? found(text) : mismatch(`"${shorten(text)}" is no date (YYYY-MM-DD)`)
}

function toBoolean(value: FieldValue, text: string): Converted {
  if (value.kind === 'flag') return found(value.flag)
  if (/^(true|false)$/i.test(text)) return found(text.toLowerCase() === 'true')
  return mismatch(`"${shorten(text)}" is neither true nor false`)
}

function choices(labels: readonly string[], attribute: Attribute): Converted {
  if (labels.length === 0) return empty
  const matched = labels.map((label) => matchLabel(label.trim(), attribute))
  const missing = labels.filter((_, i) => matched[i] === undefined)
  if (missing.length > 0) return mismatch(`"${shorten(missing.join(', '))}" is not among its options`)
  return found([...new Set(matched as string[])].sort())
}

function matchLabel(text: string, attribute: Attribute): string | undefined {
  if (attribute.labels === null) return text
  return (
    attribute.labels.find((label) => label === text) ??
    attribute.labels.find((label) => label.toLowerCase() === text.toLowerCase())
  )
}

/** True for a day that exists. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
