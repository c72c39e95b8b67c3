/** A contact as a row of the store, and back. */
import type { JsonObject } from '../../base/json.ts'
import type { KnownContactRow, KnownRow } from '../../store/index.ts'
import type { Attributes, Contact, KnownContact } from '../model/index.ts'

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
    modified_at: contact.modifiedAt,
  }
}

export function fromKnownRow(row: KnownContactRow): KnownContact {
  return {
    contactId: row.contact_id,
    email: row.email,
    extId: row.ext_id,
    sms: row.sms,
    attributes: row.attributes as unknown as Attributes,
    lists: row.lists,
    emailBlocked: row.email_blocked,
    smsBlocked: row.sms_blocked,
    modifiedAt: null,
    written: row.written,
    ourLists: row.our_lists,
  }
}
