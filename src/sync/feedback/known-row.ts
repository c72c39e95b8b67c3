/** A contact as a row of the store. */
import type { JsonObject } from '../../base/json.ts'
import type { KnownRow } from '../../store/index.ts'
import type { Contact } from '../model/index.ts'

export function toKnownRow(contact: Contact): KnownRow {
  return {
    contact_id: contact.contactId,
    email: contact.email,
    ext_id: contact.extId,
    sms: contact.sms,
    attributes: contact.attributes as unknown as JsonObject,
    lists: contact.lists,
    email_blocked: contact.emailBlocked,
    sms_blocked: contact.smsBlocked,
    blocked_by: contact.blockedBy,
    modified_at: contact.modifiedAt,
  }
}
