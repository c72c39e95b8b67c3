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
  type KnownContactRow,
  linkContacts,
  lostCreations,
  markEditsSent,
  noteAgreed,
  type PersonEditEntry,
  putEdits,
  readKnown,
  setEditState,
} from '../store/index.ts'
import { beginEdits, type EditDelivery, editsOf, laneOf, withReason } from './edits.ts'
import { type EditCommand, normaliseEmail } from './model/index.ts'
import {
  createPerson,
  findCreated,
  type PipedrivePerson,
  readPersons,
  searchByEmail,
} from './person/index.ts'
import { plannedPersons, planPerson } from './plan-persons.ts'
import type { Plan } from './projection/index.ts'
import type { RunContext } from './run-context.ts'
import { postponeLost, settleRefusal } from './settle-refusal.ts'
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

/**
 * Ties contacts to the persons that were made for them without an answer. Before anything else: such a person would seem to
 * be a stranger, and get a contact of its own where this one has another address by now. Returns how many were found.
 */
export async function tieLostPersons(
  context: RunContext,
  plan: Plan,
  { run, live }: Pick<NewPersonRequest, 'run' | 'live'>,
): Promise<number> {
  if (plan.reverse === null || plan.reverse.createPersons === 'never') return 0
  const { store, connection, clock } = context
  const entries = await lostCreations(store.db, connection, live ? clock.now() : null)
  if (entries.length === 0) return 0
  const delivery = await beginEdits(context, plan, run, live)
  const known = await readKnown(
    store.db,
    connection,
    entries.map((entry) => entry.contact_id),
  )
  let tied = 0
  for (const entry of entries) {
    const planned = entry.command as unknown as EditCommand
    const contact = known.find((row) => row.contact_id === entry.contact_id)
    if (!contact || contact.email === planned.email) continue
    const lost = await lookForLost(delivery, entry)
    if (lost instanceof TajoError || lost === null) continue
    if (await adopt(delivery, entry, lost, 'created')) tied++
  }
  return tied
}

/**
 * What Pipedrive could not say is asked again later: until then the address in question gets no contact (`made_for` of a
 * candidate), and nobody else is created for this one.
 */
async function lookForLost(
  delivery: EditDelivery,
  entry: PersonEditEntry,
): Promise<PipedrivePerson | null | TajoError> {
  const { pipedrive, signal } = delivery.context
  try {
    return await findLost(pipedrive, entry, { lane: laneOf(delivery), signal })
  } catch (error) {
    if (!(error instanceof TajoError) || error.disposition === 'pause') throw error
    await postponeLost(delivery, entry, error)
    return error
  }
}

/** The person that was made for this entry, if one was; null also where nothing had left. */
async function findLost(
  pipedrive: RunContext['pipedrive'],
  { state, sent_at, command }: PersonEditEntry,
  call: { lane: 'live' | 'backfill'; signal: AbortSignal | undefined },
): Promise<PipedrivePerson | null> {
  if (state !== 'sent' || sent_at === null) return null
  const { email } = command as unknown as EditCommand
  return findCreated(pipedrive, email, new Date(sent_at.getTime() - clockSkewMs), call)
}

/** True when there is a person now. */
async function createOne(delivery: EditDelivery, entry: PersonEditEntry): Promise<boolean> {
  const { context, plan } = delivery
  const { store, connection, pipedrive, clock, signal, settings } = context
  const call = { lane: laneOf(delivery), signal }
  const planned = entry.command as unknown as EditCommand
  const lost = await lookForLost(delivery, entry)
  if (lost instanceof TajoError) return false
  try {
    const [contact] = await readKnown(store.db, connection, [entry.contact_id])
    // Deleted in Brevo meanwhile, it makes nobody; whom it has made is a person like any other.
    if (!contact) return await letGo(delivery, entry, lost)
    if (lost) return await adopt(delivery, entry, lost, 'created')
    // Nobody was made for the address that it had then: it is another contact now.
    if (entry.state === 'sent' && contact.email !== planned.email)
      return await createAnew(delivery, entry, contact)
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

async function createAnew(
  delivery: EditDelivery,
  { contact_id }: PersonEditEntry,
  { email, ...contact }: KnownContactRow,
): Promise<boolean> {
  const { context, plan, run } = delivery
  const { store, connection, clock, settings } = context
  await endEdit(store.db, connection, contact_id, null)
  if (email === null || normaliseEmail(email) === null) return false
  const row = planPerson({ ...contact, email }, plan, settings.defaultCountry)
  await putEdits(store.db, connection, run, [row], clock.now())
  return createOne(delivery, { ...row, state: 'pending', attempts: 0, sent_at: null })
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
