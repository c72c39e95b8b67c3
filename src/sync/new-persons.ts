/**
 * Contacts that no person has become persons (rule R9.4), if that is wanted: looked for by their exact address first, tied at
 * once, and created once whatever the network does.
 */
import { TajoError } from '../base/error.ts'
import type { JsonObject } from '../base/json.ts'
import {
  clearFailures,
  dueEdits,
  endEdit,
  linkContacts,
  markEditsSent,
  type NewContact,
  newContacts,
  noteAgreed,
  type PersonEditEntry,
  type PersonEditRow,
  putEdits,
  readKnown,
  setEditState,
} from '../store/index.ts'
import { beginEdits, type EditDelivery, editsOf, laneOf, settleRefusal, withReason } from './edits.ts'
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
import {
  createPerson,
  findCreated,
  type PipedrivePerson,
  readPersons,
  searchByEmail,
} from './person/index.ts'
import type { Plan } from './projection/index.ts'
import type { RunContext } from './run-context.ts'
import { createConverters } from './source/index.ts'

const contactsAtATime = 200
/** Pipedrive's clock may be behind ours by so much. */
const clockSkewMs = 10 * 60_000

export type NewPersonRequest = {
  readonly run: string
  readonly live: boolean
  /** Whose contacts something was learnt about; null: everybody's. */
  readonly emails: readonly string[] | null
}

/** Notes whom to create, and creates. Returns how many persons there are now that were not known before. */
export async function bringNewPersons(
  context: RunContext,
  plan: Plan,
  request: NewPersonRequest,
): Promise<number> {
  if (plan.reverse === null || plan.reverse.createPersons === 'never') return 0
  const { store, connection, clock } = context
  for await (const rows of plannedPersons(context, plan, request.emails))
    await putEdits(store.db, connection, request.run, rows, clock.now())
  const delivery = await beginEdits(context, plan, request.run, request.live)
  let made = 0
  let after = 0
  for (;;) {
    context.signal?.throwIfAborted()
    const now = request.live ? clock.now() : null
    const entries = await dueEdits(store.db, connection, { now, after, limit: contactsAtATime })
    const last = entries[entries.length - 1]
    if (!last) return made
    after = last.contact_id
    for (const entry of entries) {
      context.signal?.throwIfAborted()
      if (entry.person_id !== null || !(await createOne(delivery, entry))) continue
      made++
      context.onProgress?.({ stage: 'deliver', what: 'new persons', done: made, total: null })
    }
  }
}

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
    yield able.map((contact) => toRow(contact, plan, settings.defaultCountry))
  }
}

function toRow(contact: NewContact, plan: Plan, country: string | null): PersonEditRow {
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

/** True when there is a person now. */
async function createOne(delivery: EditDelivery, entry: PersonEditEntry): Promise<boolean> {
  const { context, plan } = delivery
  const { store, connection, pipedrive, clock, signal, settings } = context
  const call = { lane: laneOf(delivery), signal }
  const planned = entry.command as unknown as EditCommand
  try {
    const lost =
      entry.state === 'sent' && entry.sent_at !== null
        ? await findCreated(pipedrive, planned.email, new Date(entry.sent_at.getTime() - clockSkewMs), call)
        : null
    const [contact] = await readKnown(store.db, connection, [entry.contact_id])
    // Deleted in Brevo meanwhile, it makes nobody; whom it has made is a person like any other.
    if (!contact) return await letGo(delivery, entry, lost)
    if (lost) return await adopt(delivery, entry, lost, 'created')
    const known = await searchByEmail(pipedrive, planned.email, call)
    if (known !== null) return await adoptKnown(delivery, entry, known)
    const command = await withReason(delivery, entry, planned)
    await markEditsSent(store.db, connection, [entry.contact_id], clock.now())
    const extra = {
      ...(plan.reverse?.ownerId == null ? {} : { owner_id: plan.reverse.ownerId }),
      ...(plan.reverse?.labelId == null ? {} : { label_ids: [plan.reverse.labelId] }),
    }
    const outcome = await createPerson(pipedrive, editsOf(command), extra, {
      ...call,
      country: settings.defaultCountry,
    })
    if (outcome.kind === 'done') return await adopt(delivery, entry, outcome.person, 'created')
    if (outcome.kind === 'failed') await settleRefusal(delivery, entry, outcome.error)
    return false
  } catch (error) {
    if (!(error instanceof TajoError) || error.disposition === 'pause') throw error
    // Looking for it failed: nothing was created.
    await settleRefusal(delivery, entry, error)
    return false
  }
}

/** Somebody has the address. As their first one, they are tied to the contact; as another one, nothing is to be done. */
async function adoptKnown(delivery: EditDelivery, entry: PersonEditEntry, id: number): Promise<boolean> {
  const { store, connection, pipedrive, signal } = delivery.context
  const { email } = entry.command as unknown as EditCommand
  const { persons } = await readPersons(pipedrive, [id], { lane: laneOf(delivery), signal })
  const person = persons.get(id)
  const first = (person?.emails ?? []).find((item) => item.primary === true) ?? person?.emails?.[0]
  if (!person || normaliseEmail(first?.value ?? '') !== email) {
    await setEditState(store.db, connection, entry.contact_id, { state: 'settled', notBefore: null })
    return false
  }
  return adopt(delivery, entry, person, null)
}

async function letGo(
  { context, plan, others }: EditDelivery,
  entry: PersonEditEntry,
  made: PipedrivePerson | null,
): Promise<boolean> {
  await endEdit(context.store.db, context.connection, entry.contact_id, null)
  if (made === null) return false
  const records = [createConverters(plan.catalogue).person(made)]
  await others.applyRead('person', { records, unreadable: [], gone: [] })
  return true
}

async function adopt(
  delivery: EditDelivery,
  entry: PersonEditEntry,
  person: PipedrivePerson,
  outcome: 'created' | null,
): Promise<boolean> {
  const { context, plan, own, others, run } = delivery
  const { store, connection } = context
  const command = entry.command as unknown as EditCommand
  const mirror = outcome === null ? others : own
  await mirror.applyRead('person', {
    records: [createConverters(plan.catalogue).person(person)],
    unreadable: [],
    gone: [],
  })
  await store.transaction(async (trx) => {
    await linkContacts(trx, connection, [{ contact_id: entry.contact_id, person_id: person.id }])
    if (outcome)
      await noteAgreed(trx, connection, [
        { contact_id: entry.contact_id, agreed: command.agreed as JsonObject },
      ])
    await endEdit(trx, connection, entry.contact_id, outcome && { run, outcome })
    await clearFailures(trx, connection, 'new person', [entry.contact_id])
  })
  context.onNews?.({
    level: 'info',
    event: outcome ? 'person.created' : 'person.found',
    message: `Contact ${entry.contact_id} has become person ${person.id}`,
    details: { connection, person_id: person.id, contact_id: entry.contact_id },
  })
  return true
}
