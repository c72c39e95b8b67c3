/** Ends a command's life: remembers what Brevo holds now, what of it is Tajo's doing, and what failed. */

import type { TajoError } from '../../base/error.ts'
import type { JsonObject } from '../../base/json.ts'
import {
  addWarnings,
  changeFingerprint,
  clearFailures,
  type Db,
  dropEntries,
  type Failure,
  linkContacts,
  markState,
  recordFailures,
  replaceCommand,
  retrySingly,
  type Settled,
  settleKnown,
} from '../../store/index.ts'
import { type Contact, SMS, type WriteCommand } from '../model/index.ts'
import type { Entry } from '../outbox/index.ts'
import { unmetParts } from './verify.ts'

/** Equal to no wanted state: the contact is compared again. */
const inStepWithNothing = ''

/**
 * Commands whose contact was read back and is as they wanted it. `whole`: with that it is all that is wanted; otherwise it is
 * compared again, since somebody else may have changed it meanwhile.
 */
export async function settleDone(
  trx: Db,
  connection: string,
  done: readonly { entry: Entry<WriteCommand>; contact: Contact; whole: boolean }[],
): Promise<void> {
  if (done.length === 0) return
  const settled = done.filter(({ entry }) => entry.action !== 'rename')
  await settleKnown(
    trx,
    connection,
    settled.map(({ entry, contact, whole }) => {
      const all = toSettled(entry, contact.contactId)
      return whole ? all : { ...all, in_step: inStepWithNothing }
    }),
  )
  const renamed = done.filter(({ entry }) => entry.action === 'rename')
  await linkContacts(
    trx,
    connection,
    renamed.map(({ entry, contact }) => ({
      person_id: entry.command.personId,
      contact_id: contact.contactId,
    })),
  )
  await clearFailures(
    trx,
    connection,
    'person',
    done.map(({ entry }) => entry.command.personId),
  )
  await markState(
    trx,
    done.map(({ entry }) => entry.id),
    'done',
  )
}

function toSettled({ command, fingerprint }: Entry<WriteCommand>, contactId: number): Settled {
  return {
    contact_id: contactId,
    person_id: command.personId,
    in_step: fingerprint,
    written: [...Object.keys(command.attributes), ...(command.sms === null ? [] : [SMS])],
    cleared: command.clear,
    added_lists: command.addLists,
    removed_lists: command.removeLists,
    agreed: command.agreed as JsonObject,
    agreed_with: command.agreedWith,
  }
}

/** A killed run's command that was done in part, or not at all: what Brevo shows of it is Tajo's doing, the rest is planned afresh. */
export async function claimDone(
  trx: Db,
  connection: string,
  entry: Entry<WriteCommand>,
  contact: Contact,
): Promise<void> {
  const { command } = entry
  const unmet = new Set(unmetParts(command, contact))
  const settled = toSettled(entry, contact.contactId)
  const part: Settled = {
    ...settled,
    in_step: inStepWithNothing,
    agreed: {},
    agreed_with: null,
    written: settled.written.filter((name) => !unmet.has(name)),
    cleared: settled.cleared.filter((name) => !unmet.has(name)),
    added_lists: settled.added_lists.filter((id) => !unmet.has(`list ${id}`)),
    removed_lists: settled.removed_lists.filter((id) => !unmet.has(`list ${id}`)),
  }
  const anything = [part.written, part.cleared, part.added_lists, part.removed_lists].some(
    (items) => items.length > 0,
  )
  if (anything) await settleKnown(trx, connection, [part])
  await dropEntries(trx, [entry.id])
}

/** What an import did not do is asked for singly, so that Brevo's own words come back. */
export async function retryOne(trx: Db, entry: Entry<WriteCommand>, contact: Contact | null): Promise<void> {
  const contactId = contact?.contactId ?? entry.command.contactId
  const command: WriteCommand = {
    ...entry.command,
    contactId,
    emailBlocked: contact?.emailBlocked ?? entry.command.emailBlocked,
    smsBlocked: contact?.smsBlocked ?? entry.command.smsBlocked,
  }
  await replaceCommand(trx, entry.id, command as unknown as JsonObject, contactId)
  await retrySingly(trx, [entry.id])
}

/**
 * The number was refused: the rest of the contact is written, the reason is kept as a warning. `open`: whoever has the
 * number is known now, so that the next look at it decides again.
 */
export async function noteSmsRefusal(
  trx: Db,
  connection: string,
  entry: Entry<WriteCommand>,
  refusal: 'sms_taken' | 'invalid_phone',
  open: boolean,
): Promise<void> {
  const { command } = entry
  // Without this number the contact may have to lose the one it has.
  if (open) await changeFingerprint(trx, entry.id, inStepWithNothing)
  // What was not written is not agreed on: else the old number would look like a change made in Brevo.
  const { [SMS]: _, ...agreed } = command.agreed
  const without: WriteCommand = { ...command, sms: null, agreed }
  await replaceCommand(trx, entry.id, without as unknown as JsonObject, command.contactId)
  await addWarnings(trx, connection, [
    refusal === 'sms_taken'
      ? {
          person_id: command.personId,
          code: refusal,
          subject: SMS,
          detail: `the number ${command.sms} belongs to another contact`,
        }
      : {
          person_id: command.personId,
          code: refusal,
          subject: `SMS ${command.sms}`,
          detail: `Brevo refused the number ${command.sms}`,
        },
  ])
}

export async function settleFailed(
  trx: Db,
  connection: string,
  entry: Entry,
  error: Pick<TajoError, 'code' | 'disposition' | 'message'> & {
    vendorMessage?: string | null
    remedy: string
  },
  at: Date,
): Promise<void> {
  const personal = entry.person_id !== null
  const failure: Failure = {
    entity: personal && entry.action !== 'retire' ? 'person' : 'contact',
    record_id: String(personal && entry.action !== 'retire' ? entry.person_id : entry.contact_id),
    code: error.code,
    disposition: error.disposition,
    message: error.message,
    vendor_message: error.vendorMessage ?? null,
    remedy: error.remedy,
    fingerprint: entry.fingerprint,
  }
  await recordFailures(trx, connection, [failure], at)
  await markState(trx, [entry.id], 'failed')
}
