/** Sends what waits in the outbox, contact by contact and list by list. What came of it is judged in `read-back.ts`. */

import { TajoError } from '../base/error.ts'
import { eachOf } from '../base/together.ts'
import {
  dropEntries,
  markSent,
  markState,
  releaseKnown,
  removeKnown,
  retrySingly,
  type Scope,
  upsertKnown,
} from '../store/index.ts'
import {
  deliverLists,
  deliverRelease,
  deliverWrite,
  type Outcome,
  releasedExtId,
} from './destination/index.ts'
import { forgetContacts, readContact, toKnownRow } from './feedback/index.ts'
import type { Attribute, Contact, ReleaseCommand, WriteCommand } from './model/index.ts'
import { type Entry, isWrite, pendingEntries } from './outbox/index.ts'
import { noteSmsRefusal, settleFailed } from './reconcile/index.ts'
import { type FailureWords, failureOf } from './remedy.ts'
import type { RunContext } from './run-context.ts'

/** Brevo allows ten contact requests a second on its smallest plans: more at once only wait in line. */
const singlesAtOnce = 8

export type Delivery = {
  readonly context: RunContext
  readonly attributes: readonly Attribute[]
  /** Single requests that failed and may have been carried out all the same, by outbox id: reading back decides. */
  readonly doubts: Map<number, FailureWords>
  /** Persons whose number was refused although nobody was found to have it. */
  readonly refusedNumbers: Set<number>
  /** Contacts sent so far, of those that were planned: for progress only. */
  readonly tally: { done: number; total: number }
  /** A step of a server that is always in step: few contacts, often. Otherwise a pass over everything. */
  readonly live: boolean
  /** Whose contacts are compared; null: everybody's. */
  readonly scope: Scope
}

/** `live`: a step; `scope`: whose contacts it is about. */
export function beginDelivery(
  context: RunContext,
  attributes: readonly Attribute[],
  { live, scope }: Pick<Delivery, 'live' | 'scope'>,
): Delivery {
  const tally = { done: 0, total: 0 }
  return { context, attributes, doubts: new Map(), refusedNumbers: new Set(), tally, live, scope }
}

/** Everything that goes without an import. */
export async function deliverRequests(delivery: Delivery): Promise<void> {
  await deliverSingles(delivery)
  await deliverMemberships(delivery)
}

export function advance({ context, tally }: Delivery, contacts: number): void {
  tally.done = Math.min(tally.total, tally.done + contacts)
  if (tally.total > 0) context.onProgress?.({ stage: 'deliver', what: 'contacts', ...tally })
}

async function deliverSingles(delivery: Delivery): Promise<void> {
  const { store, connection, signal } = delivery.context
  /** Persons whose former contact could not be let go: they must not take another one meanwhile. */
  const held = new Set<number>()
  for await (const entries of pendingEntries(store, connection, 'single', 40)) {
    signal?.throwIfAborted()
    // Releases free an ext_id that a write of the same batch may need.
    const releases = entries.filter((entry) => !isWrite(entry)) as Entry<ReleaseCommand>[]
    await eachOf(releases, singlesAtOnce, async (entry) => {
      if (!(await release(delivery, entry)) && entry.person_id !== null) held.add(entry.person_id)
    })
    const isHeld = (entry: Entry): boolean => entry.person_id !== null && held.has(entry.person_id)
    await dropEntries(
      store.db,
      entries.filter((entry) => isWrite(entry) && isHeld(entry)).map((entry) => entry.id),
    )
    const writes = entries.filter(isWrite).filter((entry) => !isHeld(entry))
    // What gives a number or an address up has no group and goes before the rest.
    for (const batch of [
      writes.filter((entry) => entry.group_key === ''),
      writes.filter((entry) => entry.group_key !== ''),
    ]) {
      await markSent(
        store.db,
        batch.map((entry) => entry.id),
        delivery.context.clock.now(),
      )
      await eachOf(batch, singlesAtOnce, (entry) => writeOne(delivery, entry))
      advance(delivery, batch.length)
    }
  }
}

async function writeOne(delivery: Delivery, entry: Entry<WriteCommand>): Promise<void> {
  const { context } = delivery
  const { store, connection } = context
  const command =
    entry.command.renamedFrom === null ? entry.command : await withFreshConsent(delivery, entry.command)
  if (command === null) return settleGone(delivery, entry)
  const outcome = await deliverWrite(context.brevo, command, context.signal)
  if (outcome.kind === 'gone') return settleGone(delivery, entry)
  if (outcome.kind === 'taken') return learnHolder(delivery, entry, outcome)
  if (outcome.kind === 'failed') {
    const words = failureOf(outcome.error)
    if (mayBeApplied(outcome.error)) delivery.doubts.set(entry.id, words)
    else await settleFailed(store.db, connection, entry, words, context.clock.now())
    return
  }
  context.onNews?.({
    level: 'info',
    event: 'contact.written',
    message: `Contact ${outcome.contactId} got what person ${command.personId} has`,
    details: { connection, person_id: command.personId, contact_id: outcome.contactId },
  })
  if (outcome.withoutSms) {
    const refusal = outcome.withoutSms
    const taken = refusal === 'sms_taken' && command.sms !== null
    const holder = taken ? await learnContact(delivery, command.sms ?? '', 'phone_id') : null
    // A number that nobody has any more was given up meanwhile: it is asked for once more, and not for ever.
    const freed = taken && holder === null && !delivery.refusedNumbers.has(command.personId)
    if (freed) delivery.refusedNumbers.add(command.personId)
    const open = refusal === 'invalid_phone' || holder !== null || freed
    await store.transaction((trx) => noteSmsRefusal(trx, connection, entry, refusal, open))
  }
}

function mayBeApplied(error: TajoError): boolean {
  return 'applied' in error && error.applied !== 'no'
}

/** A stale idea of the blocklist must not resubscribe anybody: ask right before the address changes (rule R4.2). */
async function withFreshConsent(
  { context, attributes }: Delivery,
  command: WriteCommand,
): Promise<WriteCommand | null> {
  if (command.contactId === null) return command
  const contact = await readContact(
    context.brevo,
    command.contactId,
    'contact_id',
    attributes,
    context.signal,
  )
  return contact && { ...command, emailBlocked: contact.emailBlocked, smsBlocked: contact.smsBlocked }
}

/** False when Brevo refused. */
async function release({ context }: Delivery, entry: Entry<ReleaseCommand>): Promise<boolean> {
  const { store, connection, brevo, clock } = context
  const { command } = entry
  const outcome = await deliverRelease(brevo, command, context.signal)
  if (outcome.kind === 'failed' || outcome.kind === 'taken') {
    await settleFailed(store.db, connection, entry, failureOf(outcome.error), clock.now())
    return false
  }
  await store.transaction(async (trx) => {
    // Not by `forgetContacts`: this contact went because its person left it, which holds nobody back.
    if (outcome.kind === 'gone' || command.delete) await removeKnown(trx, connection, [command.contactId])
    else {
      const extId = command.freeExtId ? releasedExtId(command.contactId) : null
      await releaseKnown(trx, connection, { contactId: command.contactId, lists: command.removeLists, extId })
    }
    await markState(trx, [entry.id], 'done')
  })
  return true
}

async function settleGone({ context }: Delivery, entry: Entry<WriteCommand>): Promise<void> {
  const { store, connection, settings } = context
  const { contactId } = entry.command
  if (contactId !== null) await forgetContacts(store, connection, [contactId], !settings.resurrect)
  await dropEntries(store.db, [entry.id])
}

/** Brevo has a contact that was not known: learn it, and let the next round decide with open eyes. */
async function learnHolder(
  delivery: Delivery,
  entry: Entry<WriteCommand>,
  taken: Extract<Outcome, { kind: 'taken' }>,
): Promise<void> {
  const { context } = delivery
  const { command } = entry
  const holder =
    taken.identifier === 'email'
      ? await learnContact(delivery, command.email, 'email_id')
      : await learnContact(delivery, command.extId ?? '', 'ext_id')
  // Our own request, whose answer was lost, made it: reading back settles that.
  if (holder && holder.extId === command.extId && holder.email === command.email) return
  const known = holder?.contactId ?? null
  const isAnother = known !== null && known !== command.contactId
  if (!isAnother || entry.attempts > 2) {
    await settleFailed(
      context.store.db,
      context.connection,
      entry,
      failureOf(taken.error),
      context.clock.now(),
    )
    return
  }
  if (taken.identifier === 'ext_id') {
    await deliverRelease(
      context.brevo,
      { kind: 'release', contactId: known, removeLists: [], freeExtId: true, delete: false },
      context.signal,
    )
  }
  await dropEntries(context.store.db, [entry.id])
}

async function learnContact(
  { context, attributes }: Delivery,
  identifier: string,
  type: 'email_id' | 'ext_id' | 'phone_id',
): Promise<Contact | null> {
  const contact = await readContact(context.brevo, identifier, type, attributes, context.signal)
  if (contact) await upsertKnown(context.store.db, context.connection, [toKnownRow(contact)])
  return contact
}

async function deliverMemberships(delivery: Delivery): Promise<void> {
  const { context } = delivery
  const { store, connection, brevo, clock } = context
  for await (const entries of pendingEntries(store, connection, 'lists', 3000)) {
    const writes = entries.filter(isWrite)
    const ids = writes.map((entry) => entry.id)
    await markSent(store.db, ids, clock.now())
    try {
      await deliverLists(
        brevo,
        writes.map((entry) => entry.command),
        context.signal,
      )
      advance(delivery, ids.length)
    } catch (error) {
      if (!(error instanceof TajoError) || error.disposition !== 'reject') throw error
      // One bad member or list spoils a request of 150: singly, Brevo says which.
      await retrySingly(store.db, ids)
      await deliverSingles(delivery)
    }
  }
}
