/** One contact command, one conversation with Brevo; expected refusals come back as outcomes, not as errors. */
import { TajoError } from '../../base/error.ts'
import {
  type BrevoAttributeValues,
  type BrevoClient,
  type BrevoUpdateContact,
  duplicateIdentifiers,
  isInvalidPhone,
} from '../../brevo/index.ts'
import { type AttributeValue, type ReleaseCommand, SMS, type WriteCommand } from '../model/index.ts'

export type Outcome =
  /** Brevo took it. `contactId` is null when Brevo did not say which contact it is. */
  | { readonly kind: 'accepted'; readonly contactId: number | null; readonly withoutSms: SmsRefusal | null }
  /** Another contact has this identifier: what is known of Brevo is out of date. */
  | { readonly kind: 'taken'; readonly identifier: 'email' | 'ext_id'; readonly error: TajoError }
  /** The contact no longer exists. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly error: TajoError }

/** Why a contact was written without its number (rule R2.2). */
export type SmsRefusal = 'sms_taken' | 'invalid_phone'

/** Throws only what concerns the whole account (disposition `pause`) and defects. */
export async function deliverWrite(
  brevo: BrevoClient,
  command: WriteCommand,
  signal?: AbortSignal,
): Promise<Outcome> {
  const first = await attemptWrite(brevo, command, signal)
  if (first.kind !== 'failed' || command.sms === null) return first
  const refusal = smsRefusal(first.error)
  if (refusal === null) return first
  const rest = { ...command, sms: null }
  if (command.contactId !== null && Object.keys(toUpdate(rest)).length === 0)
    return { kind: 'accepted', contactId: command.contactId, withoutSms: refusal }
  const second = await attemptWrite(brevo, rest, signal)
  return second.kind === 'accepted' ? { ...second, withoutSms: refusal } : second
}

async function attemptWrite(
  brevo: BrevoClient,
  command: WriteCommand,
  signal?: AbortSignal,
): Promise<Outcome> {
  const options = { lane: 'backfill', signal } as const
  try {
    if (command.contactId === null) {
      const { id } = await brevo.contacts.create(toCreate(command), options)
      return { kind: 'accepted', contactId: id, withoutSms: null }
    }
    await brevo.contacts.update(command.contactId, 'contact_id', toUpdate(command), options)
    return { kind: 'accepted', contactId: command.contactId, withoutSms: null }
  } catch (error) {
    return toOutcome(error)
  }
}

/** What stands in for the `ext_id` that another contact gets: an identifier cannot be left empty everywhere. */
export function releasedExtId(contactId: number): string {
  return `tajo-released-${contactId}`
}

/** Off the lists, free of our `ext_id`, or deleted. A contact that is gone already is what was wanted. */
export async function deliverRelease(
  brevo: BrevoClient,
  command: ReleaseCommand,
  signal?: AbortSignal,
): Promise<Outcome> {
  const options = { lane: 'backfill', signal } as const
  try {
    if (command.delete) await brevo.contacts.delete(command.contactId, 'contact_id', options)
    else {
      await brevo.contacts.update(
        command.contactId,
        'contact_id',
        {
          ...(command.removeLists.length > 0 ? { unlinkListIds: command.removeLists } : {}),
          ...(command.freeExtId ? { ext_id: releasedExtId(command.contactId) } : {}),
        },
        options,
      )
    }
    return { kind: 'accepted', contactId: command.contactId, withoutSms: null }
  } catch (error) {
    return toOutcome(error)
  }
}

function toOutcome(error: unknown): Outcome {
  if (!(error instanceof TajoError) || error.disposition === 'pause') throw error
  if (error.code === 'brevo_not_found') return { kind: 'gone' }
  const taken = duplicateIdentifiers(error).map((name) => name.toLowerCase())
  if (taken.includes('email')) return { kind: 'taken', identifier: 'email', error }
  if (taken.includes('ext_id')) return { kind: 'taken', identifier: 'ext_id', error }
  return { kind: 'failed', error }
}

function smsRefusal(error: TajoError): SmsRefusal | null {
  if (duplicateIdentifiers(error).some((name) => name.toUpperCase() === SMS)) return 'sms_taken'
  return isInvalidPhone(error) ? 'invalid_phone' : null
}

function toCreate(command: WriteCommand): Parameters<BrevoClient['contacts']['create']>[0] {
  return {
    email: command.email,
    ...(command.extId === null ? {} : { ext_id: command.extId }),
    attributes: toAttributes(command),
    ...(command.addLists.length > 0 ? { listIds: command.addLists } : {}),
    ...(command.block ? { emailBlacklisted: true as const } : {}),
    updateEnabled: false,
  }
}

function toUpdate(command: WriteCommand): BrevoUpdateContact {
  const attributes = toAttributes(command)
  const renamed = command.renamedFrom !== null
  if (renamed) attributes.EMAIL = command.email
  return {
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
    ...(command.extId === null ? {} : { ext_id: command.extId }),
    ...(command.addLists.length > 0 ? { listIds: command.addLists } : {}),
    ...(command.removeLists.length > 0 ? { unlinkListIds: command.removeLists } : {}),
    // Brevo lifts a blocklisting when the address changes unless the same request says it again (rule R4.2).
    ...(command.block || (renamed && command.emailBlocked) ? { emailBlacklisted: true as const } : {}),
    ...((renamed || command.sms !== null) && command.smsBlocked ? { smsBlacklisted: true as const } : {}),
  }
}

/** Changed values, and "" for what is to be emptied. */
export function toAttributes(command: WriteCommand): Record<string, AttributeValue> & BrevoAttributeValues {
  return {
    ...command.attributes,
    ...Object.fromEntries(command.clear.map((name) => [name, ''])),
    ...(command.sms === null ? {} : { [SMS]: command.sms }),
  }
}
