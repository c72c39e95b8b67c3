/** Rule R9.1: what Brevo holds, as an edit of the person. Pure; the way there is `projection/convert.ts`. Never makes an option. */
import { canonicalJson } from '../../base/fingerprint.ts'
import {
  type AttributeValue,
  type FieldDefinition,
  type FieldValue,
  normaliseEmail,
  type Person,
  type PersonEdit,
  primaryEntry,
  type ReverseField,
} from '../model/index.ts'
import { convertValue, isDay, type Lookup, toE164 } from '../projection/index.ts'
import { parseChoices } from './parse-choices.ts'

export type TurnBackContext = {
  readonly defaultCurrency: string
  /** The one that the person's sum has now; null: it has none. */
  readonly currency: string | null
  /** For phone numbers without a country code. */
  readonly country: string | null
}

export type TurnedBack =
  | { readonly kind: 'edit'; readonly edit: PersonEdit }
  | { readonly kind: 'problem'; readonly problem: string; readonly remedy: string }

/** `value`: as `Contact` has it; null empties. */
export function turnBack(
  field: ReverseField,
  value: AttributeValue | null,
  context: TurnBackContext,
): TurnedBack {
  const given = value === null || wordsOf(value) === '' ? null : value
  switch (field.part) {
    case 'email':
      return toEmail(field.name, given)
    case 'phone':
      return toPhone(field.name, given, context)
    case 'field':
      return toField(field, field.field, given, context)
  }
}

/** Whether the person has this already, however Brevo spells it. */
export function sameAsPerson(
  field: ReverseField,
  value: AttributeValue,
  person: Person,
  context: TurnBackContext,
): boolean {
  if (field.part === 'field' && readsAs(value, field, person.fields[field.field.key])) return true
  const turned = turnBack(field, value, context)
  if (turned.kind === 'problem') return false
  const { edit } = turned
  if (edit.part === 'email') return normaliseEmail(primaryEntry(person.emails) ?? '') === edit.value
  if (edit.part === 'phone') return toE164(primaryEntry(person.phones) ?? '', context.country) === edit.value
  const has = person.fields[edit.key] ?? null
  if (has === null || edit.value === null) return has === edit.value
  const isPhone = field.part === 'field' && field.field.type === 'phone'
  return sameFieldValue(has, edit.value) || (isPhone && sameNumber(has, edit.value, context.country))
}

/** Whether the person's value comes out as exactly this in Brevo: "012" as the number 12, "TRUE" as true. */
function readsAs(
  value: AttributeValue,
  { field, attribute }: Extract<ReverseField, { part: 'field' }>,
  has: FieldValue | undefined,
): boolean {
  const there = convertValue(has, field, attribute, optionsOnly)
  return there.kind === 'value' && canonicalJson(there.value) === canonicalJson(value)
}

/** Fields that point to other records are never turned back. */
const optionsOnly: Lookup = {
  optionLabel: (field, id) => field?.options[id],
  userName: () => undefined,
  organizationName: () => undefined,
  personName: () => undefined,
}

function sameFieldValue(a: FieldValue, b: FieldValue): boolean {
  // A text field may be answered as a number.
  if (b.kind === 'text' && (a.kind === 'text' || a.kind === 'number'))
    return (a.kind === 'text' ? a.text.trim() : String(a.number)) === b.text
  if (a.kind === 'money' && b.kind === 'money') return a.amount === b.amount
  if (a.kind === 'number' && b.kind === 'number') return a.number === b.number
  if (a.kind === 'date' && b.kind === 'date') return a.date === b.date
  const [some, others] = [optionIds(a), optionIds(b)]
  if (some === null || others === null || some.size !== others.size) return false
  return [...some].every((id) => others.has(id))
}

/** Labels are declared as one option by some accounts, and always answered as a set. */
function optionIds(value: FieldValue): ReadonlySet<string> | null {
  if (value.kind === 'option') return new Set([value.id])
  return value.kind === 'options' ? new Set(value.ids) : null
}

function sameNumber(a: FieldValue, b: FieldValue, country: string | null): boolean {
  if (a.kind !== 'text' || b.kind !== 'text') return false
  const number = toE164(a.text, country)
  return number !== null && number === toE164(b.text, country)
}

function toEmail(name: string, value: AttributeValue | null): TurnedBack {
  const email = value === null ? null : normaliseEmail(wordsOf(value))
  return email === null
    ? problem(`${shown(value)} is no address`, `Give the contact a valid address in Brevo (${name}).`)
    : { kind: 'edit', edit: { part: 'email', value: email } }
}

function toPhone(name: string, value: AttributeValue | null, { country }: TurnBackContext): TurnedBack {
  if (value === null) return { kind: 'edit', edit: { part: 'phone', value: null } }
  const number = toE164(wordsOf(value), country)
  return number === null
    ? problem(
        `${shown(value)} is no valid phone number`,
        `Correct ${name} in Brevo: a number with its country code, such as +82 10 1234 5678.`,
      )
    : { kind: 'edit', edit: { part: 'phone', value: number } }
}

function toField(
  { name }: ReverseField,
  field: FieldDefinition,
  value: AttributeValue | null,
  context: TurnBackContext,
): TurnedBack {
  const edit = (to: FieldValue | null): TurnedBack => ({
    kind: 'edit',
    edit: { part: 'field', key: field.key, value: to },
  })
  if (value === null)
    return field.key === 'name'
      ? problem('a person has to have a name', `Fill ${name} in Brevo.`)
      : edit(null)
  const wrong = (what: string, example: string): TurnedBack =>
    problem(
      `${shown(value)} is no ${what}`,
      `Correct ${name} in Brevo: "${field.name}" in Pipedrive takes ${example}.`,
    )
  switch (field.type) {
    case 'number':
    case 'money': {
      const number = numberOf(value)
      if (number === null) return wrong('plain number', 'a number such as 12.5')
      const currency = context.currency ?? context.defaultCurrency
      return edit(
        field.type === 'number' ? { kind: 'number', number } : { kind: 'money', amount: number, currency },
      )
    }
    case 'date': {
      const date = wordsOf(value)
      return isDay(date) ? edit({ kind: 'date', date }) : wrong('day', 'a day such as 2026-05-31')
    }
    case 'option': {
      const ids = parseChoices([wordsOf(value)], field.options)
      if (ids.kind === 'problem') return problem(ids.problem, optionRemedy(name, field))
      const [id] = ids.ids
      return edit(id === undefined ? null : { kind: 'option', id })
    }
    case 'options': {
      const ids = parseChoices(Array.isArray(value) ? value : wordsOf(value), field.options)
      if (ids.kind === 'problem') return problem(ids.problem, optionRemedy(name, field))
      return edit(ids.ids.length === 0 ? null : { kind: 'options', ids: ids.ids })
    }
    default:
      if (Array.isArray(value) && value.length > 1) return wrong('single value', 'one text')
      return edit({ kind: 'text', text: wordsOf(value) })
  }
}

const optionsShown = 12

function optionRemedy(name: string, { name: label, options }: FieldDefinition): string {
  const all = Object.values(options)
  const shownOptions = all.slice(0, optionsShown).map((option) => `"${option}"`)
  const more = all.length > optionsShown ? ` and ${all.length - optionsShown} more` : ''
  const has = all.length === 0 ? 'which has none' : `which has ${shownOptions.join(', ')}${more}`
  return `Add the option to "${label}" in Pipedrive, ${has}; or correct ${name} in Brevo.`
}

function problem(text: string, remedy: string): TurnedBack {
  return { kind: 'problem', problem: text, remedy }
}

function wordsOf(value: AttributeValue): string {
  return (Array.isArray(value) ? value.join(', ') : String(value)).trim()
}

function numberOf(value: AttributeValue): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  const text = wordsOf(value)
  // What Brevo's own numbers look like as text; a comma may be a decimal point or a thousand.
  return /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text)) ? Number(text) : null
}

function shown(value: AttributeValue | null): string {
  const text = value === null ? '' : wordsOf(value)
  return `"${text.length > 60 ? `${text.slice(0, 59)}…` : text}"`
}
