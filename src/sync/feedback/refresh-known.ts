/** Brings what Brevo is known to hold up to date: everything once, then only what was modified since. */

import { TajoError } from '../../base/error.ts'
import type { BrevoClient } from '../../brevo/index.ts'
import {
  clearListed,
  holdWanted,
  noteListed,
  removeKnown,
  type Store,
  unlistedContacts,
  upsertKnown,
} from '../../store/index.ts'
import type { Attribute } from '../model/index.ts'
import { fromBrevoContact } from './from-brevo.ts'
import { toKnownRow } from './known-row.ts'
import { type ContactReading, type ContactsRead, readContacts } from './read-contacts.ts'

/** A complete listing also notices contacts that were deleted in Brevo; `since` does not. */
export async function refreshKnown(
  store: Store,
  connection: string,
  /** `hold`: see `forgetContacts`. */
  reading: ContactReading & { readonly hold: boolean },
): Promise<ContactsRead> {
  const complete = reading.since === null
  if (complete) await clearListed(store.db, connection, 'contact')
  const result = await readContacts(reading, (contacts) =>
    store.transaction(async (trx) => {
      for (let start = 0; start < contacts.length; start += 250) {
        await upsertKnown(trx, connection, contacts.slice(start, start + 250).map(toKnownRow))
      }
      if (complete)
        await noteListed(
          trx,
          connection,
          'contact',
          contacts.map((contact) => String(contact.contactId)),
        )
    }),
  )
  if (complete) {
    const missing = await unlistedContacts(store.db, connection)
    const gone = await confirmGone(
      reading.brevo,
      missing,
      reading.attributes,
      store,
      connection,
      reading.signal,
    )
    await forgetContacts(store, connection, gone, reading.hold)
    await clearListed(store.db, connection, 'contact')
  }
  return result
}

/** `hold`: their persons are not pushed again until they change (rule R9.6). */
export async function forgetContacts(
  store: Store,
  connection: string,
  contactIds: readonly number[],
  hold: boolean,
): Promise<void> {
  await store.transaction(async (trx) => {
    const personIds = await removeKnown(trx, connection, contactIds)
    if (hold) await holdWanted(trx, connection, personIds)
  })
}

/** Asks for each by id: a listing that shifted under our feet must not look like a deletion. */
async function confirmGone(
  brevo: BrevoClient,
  contactIds: readonly number[],
  attributes: readonly Attribute[],
  store: Store,
  connection: string,
  signal: AbortSignal | undefined,
): Promise<readonly number[]> {
  const gone: number[] = []
  for (const contactId of contactIds) {
    const contact = await readContact(brevo, contactId, 'contact_id', attributes, signal)
    if (contact === null) gone.push(contactId)
    else await upsertKnown(store.db, connection, [toKnownRow(contact)])
  }
  return gone
}

/** One contact as it is now; null when Brevo says that there is none. */
export async function readContact(
  brevo: BrevoClient,
  identifier: string | number,
  type: 'contact_id' | 'email_id' | 'ext_id' | 'phone_id',
  attributes: readonly Attribute[],
  signal?: AbortSignal,
): Promise<ReturnType<typeof fromBrevoContact> | null> {
  try {
    return fromBrevoContact(
      await brevo.contacts.get(identifier, type, { lane: 'interactive', signal }),
      attributes,
    )
  } catch (error) {
    if (error instanceof TajoError && error.code === 'brevo_not_found') return null
    throw error
  }
}
