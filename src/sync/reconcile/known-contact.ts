/** A row of what Brevo is known to hold, as the comparison reads it. */
import type { KnownContactRow } from '../../store/index.ts'
import type { Attributes, KnownContact } from '../model/index.ts'

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
    blockedBy: row.blocked_by,
    modifiedAt: row.modified_at === null ? null : new Date(row.modified_at).toISOString(),
    written: row.written,
    ourLists: row.our_lists,
  }
}
