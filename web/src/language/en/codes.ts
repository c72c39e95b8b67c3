/** Names of causes, for headings. What happened and what to do is said by the server, in more detail. */
import type { CodeWords } from '../use-code-words.ts'

const causes = {
  address_held: 'The address still belongs to another contact',
  address_in_doubt: 'Whether the person was made for a contact is not known yet',
  brevo_rejected: 'Brevo refused a value',
  brevo_not_kept: 'Brevo dropped a part of the contact',
  brevo_not_there: 'Brevo took the contact and does not have it',
  brevo_unavailable: 'Brevo was not available',
  brevo_unreachable: 'Brevo could not be reached',
  brevo_busy: 'Brevo was busy with the contact',
  brevo_limited: 'A limit of Brevo’s was used up',
  record_unreadable: 'A record of Pipedrive’s cannot be read',
  pipedrive_record_unreadable: 'A record of Pipedrive’s cannot be read',
  pipedrive_rejected: 'Pipedrive refused a value',
  pipedrive_not_kept: 'Pipedrive dropped a part of the change',
  webhook_unreadable: 'A webhook nobody understands',
  invalid_phone: 'Not a usable phone number',
  sms_taken: 'The phone number belongs to another contact',
  type_mismatch: 'The value does not fit the attribute',
  currency_skipped: 'A currency without an exchange rate',
}

export const codes: Readonly<Record<string, CodeWords>> = Object.fromEntries(
  Object.entries(causes).map(([code, cause]) => [code, { cause, remedy: null }]),
)
