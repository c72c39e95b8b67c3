/**
 * Erases a person (rule R11). The note that keeps it away comes first, so that nothing that happens in between brings it
 * back; the store comes last, since it knows what else is to be deleted. Asked again, it goes on.
 */
import { plainEmail } from '../../base/email-text.ts'
import { TajoError } from '../../base/error.ts'
import {
  markDeleted,
  markDirty,
  markOrganizationsOfPersons,
  noteErased,
  personsWithAddress,
  purgeSubject,
  readHeldRows,
  recordsOfPersons,
  type Store,
  vacuumStore,
} from '../../store/index.ts'
import { extIdOf, forgetInMirror } from '../../sync/index.ts'
import { type Found, findPerson, type Sides } from './find-person.ts'
import type { Erasure } from './privacy-face.ts'

export type ErasureRequest = {
  readonly store: Store
  readonly connection: string
  readonly email: string
  readonly sides: Sides
  readonly pipedrive: boolean
  readonly dryRun: boolean
  readonly now: Date
}

/** Throws a service's refusal; what was done until then stays done. */
export async function erasePerson(request: ErasureRequest): Promise<Erasure> {
  const { store, connection, email, sides, now } = request
  const found = await findPerson(store.db, connection, email, sides)
  const erasure = await describe(request, found)
  if (request.dryRun) return erasure
  await noteErased(store.db, connection, [...found.emails, ...found.personIds.map(extIdOf)], now)
  // What comes from now on is told that it is about somebody erased; what came before is looked through below.
  await store.intake.emptied()
  for (const contact of found.contacts) await deleteContact(sides, contact.id)
  if (request.pipedrive) for (const person of found.persons) await deletePerson(sides, person.id)
  await purge(request, found, erasure.sharedWith)
  await vacuumStore(store)
  return erasure
}

async function describe(request: ErasureRequest, found: Found): Promise<Erasure> {
  const { store, connection } = request
  const sharing = await personsWithAddress(store.db, connection, found.emails)
  const held = await readHeldRows(store.db, connection, found)
  return {
    dryRun: request.dryRun,
    addresses: new Set(found.emails.map(plainEmail)).size,
    brevo: { contactIds: found.contacts.map((contact) => contact.id) },
    pipedrive: { personIds: found.persons.map((person) => person.id), deleted: request.pipedrive },
    sharedWith: sharing.filter((id) => !found.personIds.includes(id)),
    store: Object.fromEntries(Object.entries(held).map(([table, rows]) => [table, rows.length])),
  }
}

/** In one transaction: either all of it is gone, or the next attempt still knows what to look for. */
async function purge(request: ErasureRequest, found: Found, sharedWith: readonly number[]): Promise<void> {
  const { store, connection, now } = request
  await store.transaction(async (trx) => {
    const stubs = [...found.personIds, ...sharedWith]
    // Whose other addresses had a contact: it is let go like that of a person who is gone.
    const rows = await recordsOfPersons(trx, connection, sharedWith)
    const addresses = rows.flatMap(({ entity, doc }) => (entity === 'person' ? addressesIn(doc.emails) : []))
    await markDirty(trx, connection, addresses)
    await markOrganizationsOfPersons(trx, connection, stubs)
    const deleted = request.pipedrive ? found.persons.map((person) => String(person.id)) : []
    await markDeleted(trx, connection, 'person', deleted)
    await forgetInMirror(trx, connection, stubs)
    await purgeSubject(trx, connection, found, now)
  })
}

function addressesIn(emails: unknown): string[] {
  if (!Array.isArray(emails)) return []
  return emails.flatMap(({ value }: { value?: unknown }) =>
    typeof value === 'string' ? [plainEmail(value)] : [],
  )
}

async function deleteContact({ brevo, signal }: Sides, contactId: number): Promise<void> {
  await goneIsFine(brevo?.contacts.delete(contactId, 'contact_id', { lane: 'interactive', signal }))
}

async function deletePerson({ pipedrive, signal }: Sides, personId: number): Promise<void> {
  await goneIsFine(pipedrive?.persons.delete(personId, { lane: 'interactive', signal }))
}

async function goneIsFine(deletion: Promise<void> | undefined): Promise<void> {
  try {
    await deletion
  } catch (error) {
    if (!(error instanceof TajoError) || !/^(pipedrive|brevo)_(not_found|gone)$/.test(error.code)) throw error
  }
}
