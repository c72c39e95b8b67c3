/**
 * What merging would do to the survivor's values: its own win, its gaps are filled from the others, and their addresses
 * and numbers come behind its own (https://developers.pipedrive.com/tutorials/merging-two-persons-via-pipedrive-api). Pure.
 */
import { canonicalJson } from '../../base/fingerprint.ts'
import type { FieldDefinition, FieldValue, Person } from '../model/index.ts'
import { normaliseEmail } from '../model/index.ts'
import { toE164 } from '../projection/index.ts'
import type { Gain, Loss } from './report.ts'

/** Of the record itself, or parts of the name. */
const notCompared: ReadonlySet<string> = new Set(['id', 'add_time', 'update_time', 'first_name', 'last_name'])

const builtInNames: Readonly<Record<string, string>> = {
  name: 'Name',
  job_title: 'Job title',
  owner_id: 'Owner',
  org_id: 'Organization',
  label_ids: 'Labels',
  birthday: 'Birthday',
  marketing_status: 'Marketing status',
  notes: 'Notes',
  postal_address: 'Postal address',
  visible_to: 'Visible to',
}

export type FieldNames = ReadonlyMap<string, FieldDefinition>

/** `losers` in the order in which they are merged: the first that has a value fills the gap. */
export function mergeOutcome(
  survivor: Person,
  losers: readonly Person[],
  fields: FieldNames,
  country: string | null,
): { gains: readonly Gain[]; losses: readonly Loss[] } {
  const gains: Gain[] = []
  const losses: Loss[] = []
  const kept = new Map(Object.entries(survivor.fields))
  const emails = new Set(survivor.emails.map(({ value }) => emailKey(value)))
  const phones = new Set(survivor.phones.map(({ value }) => phoneKey(value, country)))
  const gain = (field: string, name: string, value: string, fromPersonId: number): void => {
    gains.push({ field, name, value, fromPersonId })
  }
  for (const loser of losers) {
    for (const value of unknownAmong(loser.emails, emails, emailKey))
      gain('emails', 'E-mail', value, loser.id)
    for (const value of unknownAmong(loser.phones, phones, (text) => phoneKey(text, country)))
      gain('phones', 'Phone', value, loser.id)
    for (const [field, value] of Object.entries(loser.fields)) {
      if (notCompared.has(field)) continue
      const own = kept.get(field)
      const name = fields.get(field)?.name ?? builtInNames[field] ?? field
      const text = textOf(value, fields.get(field))
      if (own === undefined) {
        kept.set(field, value)
        gain(field, name, text, loser.id)
      } else if (canonicalJson(own) !== canonicalJson(value)) {
        losses.push({ field, name, kept: textOf(own, fields.get(field)), lost: text, fromPersonId: loser.id })
      }
    }
  }
  return { gains, losses }
}

/** Notes them as known on the way. */
function unknownAmong(
  entries: Person['emails'],
  known: Set<string>,
  keyOf: (text: string) => string,
): readonly string[] {
  return entries.flatMap(({ value }) => {
    const key = keyOf(value)
    if (key === '' || known.has(key)) return []
    known.add(key)
    return [value.trim()]
  })
}

function emailKey(text: string): string {
  return normaliseEmail(text) ?? text.trim().toLowerCase()
}

function phoneKey(text: string, country: string | null): string {
  return toE164(text, country) ?? text.trim()
}

function textOf(value: FieldValue, field: FieldDefinition | undefined): string {
  const label = (id: string): string => field?.options[id] ?? id
  switch (value.kind) {
    case 'text':
      return value.text
    case 'number':
      return String(value.number)
    case 'money':
      return value.currency === null ? String(value.amount) : `${value.amount} ${value.currency}`
    case 'option':
      return label(value.id)
    case 'options':
      return value.ids.map(label).join(', ')
    case 'reference':
      return `${value.entity} ${value.id}`
    case 'date':
      return value.date
    case 'time':
      return value.time
    case 'date-range':
    case 'time-range':
      return value.until === null ? value.from : `${value.from} to ${value.until}`
    case 'timestamp':
      return value.at
    case 'flag':
      return value.flag ? 'yes' : 'no'
    case 'unreadable':
      return `(cannot be read: ${value.problem})`
  }
}
