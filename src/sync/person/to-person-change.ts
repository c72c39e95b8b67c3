/**
 * Edits of a person in Pipedrive's own shape. Arrays are replaced whole by a write, so one entry is changed and the others are
 * sent along as they are. https://developers.pipedrive.com/docs/api/v1/Persons
 */
import type {
  PipedriveContactPointChange,
  PipedrivePerson,
  PipedrivePersonChange,
} from '../../pipedrive/index.ts'
import { type FieldValue, normaliseEmail, type PersonEdit } from '../model/index.ts'
import { toE164 } from '../projection/index.ts'

/** Fields that are properties of a person; every other key is a custom field. */
const builtInKeys: readonly string[] = ['name', 'first_name', 'last_name', 'job_title', 'birthday', 'notes']

/** `person`: as Pipedrive has it right now; null: one is to be created. `country`: for numbers without a country code. */
export function toPersonChange(
  person: PipedrivePerson | null,
  edits: readonly PersonEdit[],
  country: string | null,
): PipedrivePersonChange {
  const change: Record<string, unknown> = {}
  const custom: Record<string, unknown> = {}
  for (const edit of edits) {
    if (edit.part === 'email')
      change.emails = withPrimary(person?.emails, edit.value, (text) => normaliseEmail(text) ?? text)
    else if (edit.part === 'phone')
      change.phones = withPrimary(person?.phones, edit.value, (text) => toE164(text, country) ?? text)
    else if (edit.key === 'label_ids') change.label_ids = toLabelIds(edit.value)
    else if (builtInKeys.includes(edit.key)) change[edit.key] = toWire(edit.value)
    else custom[edit.key] = toWire(edit.value)
  }
  if (Object.keys(custom).length > 0) change.custom_fields = custom
  return withNameParts(change, person) as PipedrivePersonChange
}

/** For accounts that refuse the parts of a name: Pipedrive divides it itself. */
export function withNameOnly(change: PipedrivePersonChange): PipedrivePersonChange {
  const { first_name, last_name, ...rest } = change
  const name = [first_name, last_name].filter((part) => part).join(' ')
  return name === '' ? rest : { ...rest, name }
}

/** What a new person gets from the configuration, beside the labels that its contact has in Brevo. */
export function withExtra(
  change: PipedrivePersonChange,
  extra: Pick<PipedrivePersonChange, 'owner_id' | 'label_ids'>,
): PipedrivePersonChange {
  const labels = [...new Set([...(change.label_ids ?? []), ...(extra.label_ids ?? [])])]
  return { ...change, ...extra, ...(labels.length === 0 ? {} : { label_ids: labels }) }
}

/** Both parts go together, and say more than the whole. */
function withNameParts(
  change: Record<string, unknown>,
  person: PipedrivePerson | null,
): Record<string, unknown> {
  if (!('first_name' in change || 'last_name' in change)) return change
  const { name: _whole, ...rest } = change
  const now = partsOf(person)
  const part = (key: 'first_name' | 'last_name'): string =>
    String((key in change ? change[key] : now[key]) ?? '')
  const parts = { first_name: part('first_name'), last_name: part('last_name') }
  // A person has to have a name: emptying all of it leaves it as it is.
  if (parts.first_name.trim() === '' && parts.last_name.trim() === '') {
    const { first_name: _first, last_name: _last, ...others } = rest
    return others
  }
  return { ...rest, ...parts }
}

/** Where an account answers no parts, the name is split as Pipedrive itself splits it: half of it is not to be lost. */
function partsOf(person: PipedrivePerson | null): Pick<PipedrivePerson, 'first_name' | 'last_name'> {
  if (person === null || person.first_name || person.last_name) return person ?? {}
  const name = (person.name ?? '').trim()
  const space = name.lastIndexOf(' ')
  if (space < 0) return { first_name: name }
  return { first_name: name.slice(0, space).trim(), last_name: name.slice(space + 1) }
}

type Entries = PipedrivePerson['emails']

/** Null takes the primary entry away. `normalise`: which entries are one and the same. */
function withPrimary(
  entries: Entries,
  value: string | null,
  normalise: (text: string) => string,
): readonly PipedriveContactPointChange[] {
  const filled = (entries ?? []).flatMap((entry) =>
    entry.value?.trim()
      ? [{ value: entry.value, label: entry.label || 'work', primary: entry.primary === true }]
      : [],
  )
  const marked = filled.findIndex((entry) => entry.primary)
  const at = Math.max(marked, 0)
  if (value === null)
    return onePrimary(
      filled.filter((_, index) => index !== at),
      0,
    )
  const other = filled.findIndex((entry) => normalise(entry.value) === value)
  if (other >= 0) return onePrimary(filled, other)
  if (filled.length === 0) return [{ value, label: 'work', primary: true }]
  return onePrimary(
    filled.map((entry, index) => (index === at ? { ...entry, value } : entry)),
    at,
  )
}

function onePrimary(
  entries: readonly PipedriveContactPointChange[],
  at: number,
): readonly PipedriveContactPointChange[] {
  return entries.map((entry, index) => ({ ...entry, primary: index === at }))
}

/** As API v2 takes it; an empty set is null there, never a list. https://pipedrive.readme.io/docs/core-api-concepts-custom-fields */
function toWire(value: FieldValue | null): unknown {
  switch (value?.kind) {
    case undefined:
      return null
    case 'text':
      return value.text
    case 'number':
      return value.number
    case 'money':
      return { value: value.amount, currency: value.currency }
    case 'option':
      return toId(value.id)
    case 'options':
      return value.ids.length === 0 ? null : value.ids.map(toId)
    case 'date':
      return value.date
    default:
      throw new Error(`a value of kind ${value?.kind} does not go to Pipedrive`)
  }
}

/** Unlike a set among the custom fields, labels are emptied with an empty list. */
function toLabelIds(value: FieldValue | null): readonly unknown[] {
  const ids = toWire(value)
  return ids === null ? [] : [ids].flat()
}

/** Options of custom fields have numbers, some built-in ones have words. */
function toId(id: string): number | string {
  return /^\d+$/.test(id) ? Number(id) : id
}
