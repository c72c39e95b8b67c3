/** Believes nothing that was sent until Brevo shows it (rule R6.3): reads contacts back and settles the commands. */
import { TajoError } from '../base/error.ts'
import {
  dropEntries,
  markOrganizationsOfPersons,
  openImports,
  readKnown,
  type Store,
  sentByEmail,
  sentEntries,
  upsertKnown,
} from '../store/index.ts'
import type { Delivery } from './deliver.ts'
import { readContact, readContacts, toKnownRow } from './feedback/index.ts'
import type { Contact, WriteCommand } from './model/index.ts'
import { type Entry, isWrite, toEntry } from './outbox/index.ts'
import {
  claimDone,
  fromKnownRow,
  isOtherwiseAs,
  retryOne,
  settleDone,
  settleFailed,
  unmetParts,
} from './reconcile/index.ts'
import { notKept, notThere } from './remedy.ts'

/** Contacts that the listing did not show are asked for one by one, up to so many; more are sent again singly. */
const askSinglyAtMost = 200

/**
 * `now`: what an import left undone is pending again as a single request, what a single request left undone has failed.
 * `earlier`: a killed run's commands; what they left undone, if they left at all, is planned afresh.
 */
export type Judgement = 'now' | 'earlier'

/** Settles every command that was sent. `since`: when the first of them left; null asks for each contact by itself. */
export async function readBack(
  delivery: Delivery,
  since: Date | null,
  judgement: Judgement = 'now',
): Promise<void> {
  const { context, attributes } = delivery
  const { store, connection, brevo, signal } = context
  const { rows } = await openImports(store.db, connection)
  if (rows === 0) return
  if (since !== null) {
    await readContacts(
      {
        brevo,
        attributes,
        since,
        signal,
        onProgress: (done, total) => context.onProgress?.({ stage: 'verify', what: 'contacts', done, total }),
      },
      (contacts) => settlePage(delivery, contacts, judgement),
    )
  }
  await settleUnseen(delivery, judgement)
}

async function settlePage(
  { context, doubts, live }: Delivery,
  contacts: readonly Contact[],
  judgement: Judgement,
): Promise<void> {
  const { store, connection, clock } = context
  for (let start = 0; start < contacts.length; start += 250) {
    const some = contacts.slice(start, start + 250)
    const byEmail = new Map(
      some.flatMap((contact) => (contact.email === null ? [] : [[contact.email, contact] as const])),
    )
    await store.transaction(async (trx) => {
      const entries = (await sentByEmail(trx, connection, [...byEmail.keys()])).map(toEntry).filter(isWrite)
      const before = new Map(
        (await readKnown(trx, connection, idsOf(entries))).map((row) => [row.contact_id, fromKnownRow(row)]),
      )
      await upsertKnown(trx, connection, some.map(toKnownRow))
      const done: { entry: Entry<WriteCommand>; contact: Contact; whole: boolean }[] = []
      for (const entry of entries) {
        const contact = byEmail.get(entry.command.email)
        if (!contact) continue
        const unmet = unmetParts(entry.command, contact)
        const known = before.get(contact.contactId)
        // An earlier run's command was made of what was known then, which nobody remembers.
        const asPlanned = judgement === 'now' && (!known || isOtherwiseAs(known, entry.command, contact))
        // Whom Tajo blocklisted is looked at once more: the consent field has to say so (rule R9.5).
        const whole = asPlanned && !entry.command.block
        if (unmet.length === 0) done.push({ entry, contact, whole })
        else if (judgement === 'earlier') await claimDone(trx, connection, entry, contact)
        else if (entry.route !== 'single') await retryOne(trx, entry, contact)
        else await settleFailed(trx, connection, entry, doubts.get(entry.id) ?? notKept(unmet), clock.now())
      }
      await settleDone(trx, connection, done)
      // A pass compares all companies at its end; between passes, who has a contact now may have a company.
      if (live)
        await markOrganizationsOfPersons(
          trx,
          connection,
          done.map(({ entry }) => entry.command.personId),
        )
    })
  }
}

function idsOf(entries: readonly Entry<WriteCommand>[]): readonly number[] {
  return entries.flatMap(({ command }) => command.contactId ?? [])
}

/** Commands whose contact did not show up as modified: unchanged by them, or not there at all. */
async function settleUnseen(delivery: Delivery, judgement: Judgement): Promise<void> {
  const { context, attributes, doubts } = delivery
  const { store, connection, brevo, clock, signal } = context
  let asked = 0
  for await (const entry of unseen(store, connection)) {
    if (judgement === 'now' && asked++ >= askSinglyAtMost) {
      await store.transaction((trx) => retryOne(trx, entry, null))
      continue
    }
    const contact = await lookUp(() =>
      readContact(brevo, entry.command.email, 'email_id', attributes, signal),
    )
    const moved = contact ? null : await lookUp(() => readMoved(delivery, entry.command))
    if (contact) await settlePage(delivery, [contact], judgement)
    else if (moved) await settleMoved(delivery, entry, moved)
    else if (judgement === 'earlier') await dropEntries(store.db, [entry.id])
    else if (entry.route !== 'single') await store.transaction((trx) => retryOne(trx, entry, null))
    else await settleFailed(store.db, connection, entry, doubts.get(entry.id) ?? notThere, clock.now())
  }
}

/** The contact that was written to, where it has another address by now: somebody in Brevo changed it meanwhile. */
async function readMoved(
  { context, attributes }: Delivery,
  { contactId, renamedFrom }: WriteCommand,
): Promise<Contact | null> {
  if (contactId === null || renamedFrom !== null) return null
  return readContact(context.brevo, contactId, 'contact_id', attributes, context.signal)
}

/** What was written counts; what is wanted of the contact is planned afresh, with its new address known. */
async function settleMoved(
  { context: { store, connection } }: Delivery,
  entry: Entry<WriteCommand>,
  contact: Contact,
): Promise<void> {
  await store.transaction(async (trx) => {
    await upsertKnown(trx, connection, [toKnownRow(contact)])
    await claimDone(trx, connection, entry, contact)
  })
}

/** An address that Brevo refuses even to look up is no contact's; sent singly, its own words come back. */
async function lookUp(ask: () => Promise<Contact | null>): Promise<Contact | null> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof TajoError && error.disposition === 'reject') return null
    throw error
  }
}

async function* unseen(store: Store, connection: string): AsyncGenerator<Entry<WriteCommand>> {
  let after = 0
  for (;;) {
    const rows = (await sentEntries(store.db, connection, after, 200)).map(toEntry)
    const last = rows[rows.length - 1]
    if (!last) return
    after = last.id
    yield* rows.filter(isWrite)
  }
}
