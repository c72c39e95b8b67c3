/** Which contacts would become persons, and what these are made of (rule R9.4). It reads the store and writes nothing. */
import type { JsonObject } from '../base/json.ts'
import { type NewContact, newContacts, type PersonEditRow } from '../store/index.ts'
import { consentEdit, turnBack } from './merge/index.ts'
import {
  type AttributeValue,
  consentWords,
  type EditCommand,
  EMAIL,
  type FieldEdit,
  normaliseEmail,
  type PersonEdit,
  SMS,
} from './model/index.ts'
import type { Plan } from './projection/index.ts'
import type { RunContext } from './run-context.ts'

const contactsAtATime = 200

/** Batches of persons that are to be created; nothing is written. */
export async function* plannedPersons(
  { store, connection, settings }: Pick<RunContext, 'store' | 'connection' | 'settings'>,
  plan: Plan,
  emails: readonly string[] | null,
): AsyncGenerator<readonly PersonEditRow[]> {
  const create = plan.reverse?.createPersons ?? 'never'
  if (create === 'never') return
  const lists = create === 'all' ? null : create.lists
  let after = 0
  for (;;) {
    const contacts = await newContacts(store.db, connection, { lists, emails, after, limit: contactsAtATime })
    const last = contacts[contacts.length - 1]
    if (!last) return
    after = last.contact_id
    // An address that Pipedrive's persons could not have as theirs would be skipped as invalid right after.
    const able = contacts.filter((contact) => normaliseEmail(contact.email) !== null)
    yield able.map((contact) => planPerson(contact, plan, settings.defaultCountry))
  }
}

/** What a person is made of for this contact. */
export function planPerson(contact: NewContact, plan: Plan, country: string | null): PersonEditRow {
  const { reverse, catalogue } = plan
  const context = { defaultCurrency: catalogue.defaultCurrency, currency: null, country }
  const values = contact.attributes as unknown as Readonly<Record<string, AttributeValue>>
  const edits: FieldEdit[] = []
  const heard = new Set<string>()
  for (const field of reverse?.fields ?? []) {
    const value =
      field.name === EMAIL ? contact.email : field.name === SMS ? contact.sms : (values[field.name] ?? null)
    const part = field.part === 'field' ? field.field.key : field.part
    if (value === null || heard.has(part)) continue
    const turned = turnBack(field, value, context)
    // What cannot be turned is told once the person is there, with the next comparison.
    if (turned.kind === 'problem') continue
    heard.add(part)
    edits.push({ name: field.name, value, edit: turned.edit })
  }
  const word = contact.email_blocked
    ? (consentWords.find((item) => item === contact.blocked_by) ?? 'unsubscribed')
    : 'subscribed'
  const field = reverse?.consentField
  const command: EditCommand = {
    email: contact.email,
    edits: named(edits, contact.email),
    consent: field
      ? {
          word,
          edit: consentEdit(field, word),
          assumed: contact.email_blocked && contact.blocked_by === null,
        }
      : null,
    agreed: Object.fromEntries(edits.map(({ name, value }) => [name, value])),
  }
  return {
    contact_id: contact.contact_id,
    person_id: null,
    command: command as unknown as JsonObject,
    fingerprint: contact.email,
  }
}

/** A person has to have a name: where the contact has none, the address stands in. */
function named(edits: readonly FieldEdit[], email: string): readonly FieldEdit[] {
  const isName = ({ edit }: FieldEdit): boolean =>
    edit.part === 'field' && ['name', 'first_name', 'last_name'].includes(edit.key)
  const parts = edits.some(({ edit }) => edit.part === 'field' && /^(first|last)_name$/.test(edit.key))
  const kept = edits.filter(({ edit }) => !(parts && edit.part === 'field' && edit.key === 'name'))
  if (kept.some(isName)) return kept
  const edit: PersonEdit = { part: 'field', key: 'name', value: { kind: 'text', text: email } }
  return [...kept, { name: 'name', value: null, edit }]
}
