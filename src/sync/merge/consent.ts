/** What the consent field of a person has to say (rules R4 and R9.5): it moves towards "no" by itself, and never back. Pure. */
import {
  type Consent,
  type ConsentEdit,
  consentWords,
  type FieldDefinition,
  type KnownContact,
  type Person,
  type PersonEdit,
  type WantedContact,
} from '../model/index.ts'

type Sides = {
  readonly wanted: Pick<WantedContact, 'unsubscribed'>
  readonly known: KnownContact
  readonly blockedBy: string | null
  readonly person: Person
}

/**
 * `alongside`: the person is written to anyway. Only then, and only an empty field, is filled with "subscribed": that costs
 * nothing, and takes back nothing that somebody said there in other words.
 */
export function mergeConsent(
  { wanted, known, blockedBy, person }: Sides,
  field: FieldDefinition | null,
  alongside: boolean,
): ConsentEdit | null {
  if (field === null) return null
  const reason = consentWords.find((word) => word === blockedBy)
  const word = known.emailBlocked ? (reason ?? 'unsubscribed') : 'subscribed'
  const has = consentOf(person, field)
  if (has !== null && consentWords.indexOf(word) <= consentWords.indexOf(has)) return null
  if (word === 'subscribed' && !(alongside && isEmpty(person, field) && !wanted.unsubscribed)) return null
  return { word, edit: consentEdit(field, word), assumed: known.emailBlocked && reason === undefined }
}

/** An edit that puts this word into the field. */
export function consentEdit(field: FieldDefinition, word: Consent): PersonEdit {
  const { key } = field
  if (field.type !== 'option') return { part: 'field', key, value: { kind: 'text', text: word } }
  const option = Object.entries(field.options).find(([, label]) => isWord(label, word))
  return { part: 'field', key, value: option ? { kind: 'option', id: option[0] } : null }
}

function isEmpty(person: Person, field: FieldDefinition): boolean {
  const value = person.fields[field.key]
  return value === undefined || (value.kind === 'text' && value.text.trim() === '')
}

/** Null for nothing, and for what is none of our words. */
export function consentOf(person: Person, field: FieldDefinition): Consent | null {
  const value = person.fields[field.key]
  const text =
    value?.kind === 'text' ? value.text : value?.kind === 'option' ? (field.options[value.id] ?? '') : ''
  return consentWords.find((word) => isWord(text, word)) ?? null
}

function isWord(text: string, word: Consent): boolean {
  return text.trim().toLowerCase() === word
}
