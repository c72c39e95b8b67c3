/**
 * Brings persons what was changed in Brevo. Each person is read right before it is written: what turns out to have changed
 * there meanwhile is merged first. A person that fails stops no other, and an edit that did not arrive waits.
 */
import { TajoError } from '../base/error.ts'
import type { JsonObject } from '../base/json.ts'
import { eachOf } from '../base/together.ts'
import {
  clearFailures,
  dueEdits,
  endEdit,
  findKnown,
  markEditsSent,
  noteAgreed,
  type PersonEditEntry,
  readConnection,
  recordFailures,
  upsertKnown,
} from '../store/index.ts'
import { readContact, toKnownRow } from './feedback/index.ts'
import { consentEdit } from './merge/index.ts'
import { createMirror, type Mirror } from './mirror/index.ts'
import { consentWords, type EditCommand, type PersonEdit } from './model/index.ts'
import {
  deliverEdit,
  ignoredEdits,
  type PersonsNow,
  type PipedrivePerson,
  readPersons,
} from './person/index.ts'
import type { Plan } from './projection/index.ts'
import { mappedAttributes } from './read.ts'
import { editFailure } from './remedy.ts'
import type { RunContext } from './run-context.ts'
import { postpone, settleRefusal } from './settle-refusal.ts'
import { createConverters } from './source/index.ts'
import { watchOf } from './telling.ts'

/** A listing names a hundred ids at most. */
const editsAtATime = 100
const atOnce = 4
/** What was read longer ago is read again: a write sends all phones and addresses along, and none of them is to be lost. */
const freshForMs = 2_000

export type EditDelivery = {
  readonly context: RunContext
  readonly plan: Plan
  readonly run: string
  readonly live: boolean
  readonly own: Mirror
  readonly others: Mirror
}

export type EditTally = {
  /** Persons that are different now: written to, or found changed. Their contacts are to be compared again. */
  readonly changed: number
}

/** Everything that is due. Throws what concerns the whole account. */
export async function deliverEdits(
  context: RunContext,
  plan: Plan,
  { run, live }: { run: string; live: boolean },
): Promise<EditTally> {
  if (plan.reverse === null) return { changed: 0 }
  const delivery = await beginEdits(context, plan, run, live)
  let changed = 0
  let after = 0
  for (;;) {
    context.signal?.throwIfAborted()
    // A pass asked for by hand asks again at once.
    const now = live ? context.clock.now() : null
    const entries = await dueEdits(context.store.db, context.connection, { now, after, limit: editsAtATime })
    const last = entries[entries.length - 1]
    if (!last) return { changed }
    after = last.contact_id
    changed += await deliverSome(
      delivery,
      entries.filter((entry) => entry.person_id !== null),
    )
    if (changed > 0) context.onProgress?.({ stage: 'deliver', what: 'persons', done: changed, total: null })
  }
}

export async function beginEdits(
  context: RunContext,
  plan: Plan,
  run: string,
  live: boolean,
): Promise<EditDelivery> {
  const { store, connection, clock } = context
  const state = await readConnection(store.db, connection)
  const now = (): Date => clock.now()
  return {
    context,
    plan,
    run,
    live,
    // What Tajo writes itself is nothing to tell of (rule R9.3); what it finds on the way is.
    own: createMirror(store, connection, now, null),
    others: createMirror(store, connection, now, watchOf(state, plan)),
  }
}

export function laneOf({ live }: EditDelivery): 'live' | 'backfill' {
  return live ? 'live' : 'backfill'
}

async function deliverSome(delivery: EditDelivery, entries: readonly PersonEditEntry[]): Promise<number> {
  const { clock } = delivery.context
  const ids = entries.flatMap((entry) => entry.person_id ?? [])
  if (ids.length === 0) return 0
  const together = await look(delivery, ids)
  const freshUntil = clock.now().getTime() + freshForMs
  let changed = together.deletions
  await eachOf(entries, atOnce, async (entry) => {
    const isFresh = clock.now().getTime() <= freshUntil
    const alone = isFresh ? null : await look(delivery, [entry.person_id ?? 0])
    changed += alone?.deletions ?? 0
    if (await deliverOne(delivery, entry, alone ?? together)) changed++
  })
  return changed
}

/** `deletions`: persons that the mirror did not know to be gone. */
type Look = PersonsNow & { readonly deletions: number }

async function look(delivery: EditDelivery, ids: readonly number[]): Promise<Look> {
  const { pipedrive, signal } = delivery.context
  const now = await readPersons(pipedrive, ids, { lane: laneOf(delivery), signal })
  const gone = now.gone.map(String)
  return {
    ...now,
    deletions: await delivery.others.applyRead('person', { records: [], unreadable: [], gone }),
  }
}

/** True when the person is different now: written to, or found changed. */
async function deliverOne(delivery: EditDelivery, entry: PersonEditEntry, now: PersonsNow): Promise<boolean> {
  const { context, plan, others } = delivery
  const personId = entry.person_id ?? 0
  const refusal = now.failed.get(personId)
  const person = now.persons.get(personId)
  if (refusal) await postpone(delivery, entry, refusal)
  else if (!person) await endEdit(context.store.db, context.connection, entry.contact_id, null)
  if (!person) return false
  const convert = createConverters(plan.catalogue).person
  const news = await others.applyRead('person', { records: [convert(person)], unreadable: [], gone: [] })
  // Somebody edited it meanwhile: merged with that, the edit may look different, or not be owed any more.
  return news > 0 || writeOne(delivery, entry, person)
}

async function writeOne(
  delivery: EditDelivery,
  entry: PersonEditEntry,
  person: PipedrivePerson,
): Promise<boolean> {
  const { context, plan, own } = delivery
  const { store, connection, pipedrive, clock, signal, settings } = context
  const command = await commandOf(delivery, entry)
  if (command === null) return false
  const edits = editsOf(command)
  await markEditsSent(store.db, connection, [entry.contact_id], clock.now())
  const options = { lane: laneOf(delivery), country: settings.defaultCountry, signal }
  const outcome = await deliverEdit(pipedrive, person, edits, options)
  if (outcome.kind === 'gone') {
    await own.applyRead('person', { records: [], unreadable: [], gone: [String(person.id)] })
    await endEdit(store.db, connection, entry.contact_id, null)
    return true
  }
  if (outcome.kind === 'failed') {
    await settleRefusal(delivery, entry, outcome.error)
    return false
  }
  const convert = createConverters(plan.catalogue).person
  // The answer leaves out what is sent only on request.
  const after = convert({ ...outcome.person, marketing_status: person.marketing_status })
  await own.applyRead('person', { records: [after], unreadable: [], gone: [] })
  await settleWritten(delivery, entry, command, ignoredEdits(command, convert(person), after))
  context.onNews?.({
    level: 'info',
    event: 'person.written',
    message: `Person ${person.id} got what was changed in Brevo: ${namesOf(command).join(', ')}`,
    details: { connection, person_id: person.id, contact_id: entry.contact_id, fields: namesOf(command) },
  })
  return true
}

/** Null when Brevo could not be asked for what is missing in it: that edit waits, and no other. */
async function commandOf(delivery: EditDelivery, entry: PersonEditEntry): Promise<EditCommand | null> {
  try {
    return await withReason(delivery, entry, entry.command as unknown as EditCommand)
  } catch (error) {
    if (!(error instanceof TajoError) || error.disposition === 'pause') throw error
    await settleRefusal(delivery, entry, error)
    return null
  }
}

/** What Pipedrive took without doing it stays a difference, and is told: Brevo's value must not give way to the one it replaced. */
async function settleWritten(
  { context, run }: EditDelivery,
  entry: PersonEditEntry,
  command: EditCommand,
  ignored: readonly string[],
): Promise<void> {
  const { store, connection, clock } = context
  const kept = Object.entries(command.agreed).filter(([name]) => !ignored.includes(name))
  const isUpdate = ignored.length < editsOf(command).length
  await store.transaction(async (trx) => {
    await noteAgreed(trx, connection, [
      { contact_id: entry.contact_id, agreed: Object.fromEntries(kept) as JsonObject },
    ])
    await endEdit(trx, connection, entry.contact_id, isUpdate ? { run, outcome: 'updated' } : null)
    if (ignored.length === 0) await clearFailures(trx, connection, 'person edit', [entry.person_id ?? 0])
    else await recordFailures(trx, connection, [editFailure(entry, notKept(ignored))], clock.now())
  })
}

function notKept(names: readonly string[]): TajoError {
  return new TajoError({
    code: 'pipedrive_not_kept',
    disposition: 'reject',
    message: `Pipedrive accepted the change and did not keep: ${names.join(', ')}; give the account the feature that the field belongs to, or set reverse_sync.fields for it to to_brevo`,
  })
}

export function editsOf({ edits, consent }: EditCommand): readonly PersonEdit[] {
  return [...edits.map(({ edit }) => edit), ...(consent ? [consent.edit] : [])]
}

function namesOf({ edits, consent }: EditCommand): readonly string[] {
  return [...edits.map(({ name }) => name), ...(consent ? [`consent ${consent.word}`] : [])]
}

/** Why Brevo blocklisted a contact is only said by the contact itself: asked once, right before it is written down. */
export async function withReason(
  { context, plan }: EditDelivery,
  { contact_id }: Pick<PersonEditEntry, 'contact_id'>,
  command: EditCommand,
): Promise<EditCommand> {
  const { store, connection, brevo, signal } = context
  const field = plan.reverse?.consentField
  if (!command.consent?.assumed || !field) return command
  const contact = await readContact(brevo, contact_id, 'contact_id', mappedAttributes(plan), signal)
  if (contact === null) return command
  await upsertKnown(store.db, connection, [toKnownRow(contact)])
  const known = await findKnown(store.db, connection, { email: contact.email ?? '' })
  const word = consentWords.find((item) => item === known?.blocked_by) ?? command.consent.word
  return { ...command, consent: { word, edit: consentEdit(field, word), assumed: false } }
}
