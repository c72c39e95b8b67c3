/** Who has an address: in the store, in Pipedrive by exact search, in Brevo by address, tie and ext_id. It changes nothing. */
import { plainEmail } from '../../base/email-text.ts'
import { TajoError } from '../../base/error.ts'
import type { BrevoClient, BrevoContact, BrevoIdentifierType } from '../../brevo/index.ts'
import type { PipedriveClient, PipedrivePerson } from '../../pipedrive/index.ts'
import {
  contactsAround,
  type Db,
  personsOfContacts,
  personsWithAddress,
  recordsOfPersons,
  type Subject,
} from '../../store/index.ts'
import { extIdOf } from '../../sync/index.ts'

export type Sides = {
  /** Null: not connected. */
  readonly pipedrive: PipedriveClient | null
  readonly brevo: BrevoClient | null
  readonly signal?: AbortSignal | undefined
}

export type Found = Subject & {
  readonly persons: readonly PipedrivePerson[]
  readonly contacts: readonly BrevoContact[]
}

type Call = { readonly lane: 'interactive'; readonly signal: AbortSignal | undefined }

/** Throws `email_invalid`: anything else would erase nobody, or everybody. */
export function readEmail(text: string): string {
  const email = plainEmail(text)
  if (isAddress(email)) return email
  throw new TajoError({
    code: 'email_invalid',
    message: 'This is no e-mail address. Give one single address, such as ada@example.com.',
  })
}

/** People write all sorts of things where an address belongs. */
function isAddress(text: string): boolean {
  return /^[^\s@<>(),;:"\\]+@[^\s@<>(),;:"\\]+\.[^\s@<>(),;:"\\]+$/.test(text)
}

/** Throws what a service refuses with. */
export async function findPerson(db: Db, connection: string, email: string, sides: Sides): Promise<Found> {
  const found = await findAround(db, connection, email, sides, [])
  const tied = (await personsOf(db, connection, email, found)).filter((id) => !found.personIds.includes(id))
  return tied.length === 0 ? found : findAround(db, connection, email, sides, tied)
}

/** Whose the contact with this very address is: changed in Brevo, it may not have reached the person yet. */
async function personsOf(
  db: Db,
  connection: string,
  email: string,
  { contacts }: Found,
): Promise<readonly number[]> {
  const own = contacts.filter((contact) => addressOf(contact).includes(email))
  const named = own.flatMap(({ attributes }) => {
    const [, id] = /^pipedrive-person-(\d+)$/.exec(String(attributes?.EXT_ID ?? '')) ?? []
    return id === undefined ? [] : [Number(id)]
  })
  const linked = await personsOfContacts(
    db,
    connection,
    own.map((contact) => contact.id),
  )
  return distinct([...named, ...linked])
}

/** `tied`: persons that are this one although they have another address. */
async function findAround(
  db: Db,
  connection: string,
  email: string,
  sides: Sides,
  tied: readonly number[],
): Promise<Found> {
  const persons = await findPersons(db, connection, email, sides, tied)
  const personIds = persons.ids
  const mirrored = await valuesInMirror(db, connection, personIds)
  const emails = distinct(
    [email, ...persons.records.flatMap(addressesOf), ...mirrored.emails].map(plainEmail).filter(isAddress),
  )
  const known = await contactsAround(db, connection, { emails, personIds })
  const contacts = await findContacts(sides, { emails, personIds, contactIds: known })
  return {
    emails: distinct([...emails, ...contacts.flatMap(addressOf)]),
    phones: distinct([...persons.records.flatMap(numbersOf), ...mirrored.phones, ...contacts.flatMap(smsOf)]),
    personIds,
    contactIds: distinct([...known, ...contacts.map((contact) => contact.id)]),
    persons: persons.records,
    contacts,
  }
}

/** Persons with the very address; the records of those that Pipedrive still has. */
export async function findPersons(
  db: Db,
  connection: string,
  email: string,
  { pipedrive, signal }: Sides,
  tied: readonly number[] = [],
): Promise<{ ids: readonly number[]; records: readonly PipedrivePerson[] }> {
  const stored = distinct([...(await personsWithAddress(db, connection, [email])), ...tied])
  if (pipedrive === null) return { ids: stored, records: [] }
  const call: Call = { lane: 'interactive', signal }
  const hits: number[] = []
  for await (const page of pipedrive.persons.search(email, { ...call, exactMatch: true, fields: ['email'] }))
    hits.push(...page.items.map((hit) => Number(hit.item.id)))
  const records: PipedrivePerson[] = []
  for (const id of distinct([...stored, ...hits])) {
    const person = await orNull(pipedrive.persons.get(id, call))
    if (person === null || person.is_deleted === true) continue
    // A search may be kinder than the address is exact.
    if (stored.includes(id) || addressesOf(person).some((other) => plainEmail(other) === email))
      records.push(person)
  }
  return { ids: distinct([...stored, ...records.map((person) => person.id)]), records }
}

export function addressesOf({ emails }: PipedrivePerson): string[] {
  return (emails ?? []).flatMap(({ value }) => textsOf(value))
}

/** What Brevo has now: each contact once, however it was found. */
async function findContacts(
  { brevo, signal }: Sides,
  { emails, personIds, contactIds }: Pick<Subject, 'emails' | 'personIds' | 'contactIds'>,
): Promise<readonly BrevoContact[]> {
  if (brevo === null) return []
  const asked: readonly (readonly [string | number, BrevoIdentifierType])[] = [
    ...emails.map((email) => [email, 'email_id'] as const),
    ...contactIds.map((id) => [id, 'contact_id'] as const),
    ...personIds.map((id) => [extIdOf(id), 'ext_id'] as const),
  ]
  const found = new Map<number, BrevoContact>()
  for (const [identifier, type] of asked) {
    if (type === 'contact_id' && found.has(Number(identifier))) continue
    const contact = await orNull(brevo.contacts.get(identifier, type, { lane: 'interactive', signal }))
    if (contact !== null) found.set(contact.id, contact)
  }
  return [...found.values()]
}

/** Also of persons that Pipedrive no longer has. */
async function valuesInMirror(
  db: Db,
  connection: string,
  personIds: readonly number[],
): Promise<{ emails: readonly string[]; phones: readonly string[] }> {
  const rows = await recordsOfPersons(db, connection, personIds)
  const docs = rows.flatMap((row) => (row.entity === 'person' ? [row.doc] : []))
  const valuesOf = (list: unknown): string[] =>
    Array.isArray(list) ? list.flatMap((entry: { value?: unknown }) => textsOf(entry.value)) : []
  return {
    emails: docs.flatMap((doc) => valuesOf(doc.emails)),
    phones: docs.flatMap((doc) => valuesOf(doc.phones)),
  }
}

function numbersOf({ phones }: PipedrivePerson): string[] {
  return (phones ?? []).flatMap(({ value }) => textsOf(value))
}

/** A contact without an address is answered with a made-up one. */
function addressOf({ email }: BrevoContact): string[] {
  return textsOf(email)
    .map(plainEmail)
    .filter((address) => isAddress(address) && !address.endsWith('@mailin-sms.com'))
}

function smsOf({ attributes }: BrevoContact): string[] {
  const sms = attributes?.SMS
  return typeof sms === 'number' ? [String(sms)] : textsOf(sms)
}

function textsOf(value: unknown): string[] {
  return typeof value === 'string' && value.trim() !== '' ? [value.trim()] : []
}

/** Null where the service says that there is none. */
async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof TajoError && /^(pipedrive|brevo)_not_found$/.test(error.code)) return null
    throw error
  }
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}
