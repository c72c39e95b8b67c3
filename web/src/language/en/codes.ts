/** Causes of failures by code, in a few words, with the remedy. A code that is not here is shown in the server's words. */
export const codes = {
  address_held: {
    cause: 'The address still belongs to another contact',
    remedy: 'Mend the failure of the other person first.',
  },
  brevo_rejected: {
    cause: 'Brevo refused a value',
    remedy: 'Correct the value in Pipedrive; the record is then tried again by itself.',
  },
  brevo_not_kept: {
    cause: 'Brevo dropped a part of the contact',
    remedy: 'Compare the attribute’s type with the value, or take the attribute out of the mapping.',
  },
  brevo_not_there: {
    cause: 'Brevo took the contact and does not have it',
    remedy: 'The next sync tries again. If it stays, look whether Brevo refuses the address.',
  },
  brevo_unavailable: { cause: 'Brevo was not available', remedy: 'Nothing; the next sync tries again.' },
  brevo_unreachable: {
    cause: 'Brevo could not be reached',
    remedy: 'Check network and address, then try again.',
  },
  brevo_busy: { cause: 'Brevo was busy with the contact', remedy: 'Nothing; the next sync tries again.' },
  brevo_limited: { cause: 'A limit of Brevo’s was used up', remedy: 'Try again when the limit is renewed.' },
  record_unreadable: {
    cause: 'A record of Pipedrive’s cannot be read',
    remedy: 'Open the record in Pipedrive and correct the field that the message names.',
  },
  pipedrive_record_unreadable: {
    cause: 'A record of Pipedrive’s cannot be read',
    remedy: 'Open the record in Pipedrive and correct the field that the message names.',
  },
  pipedrive_rejected: {
    cause: 'Pipedrive refused a value',
    remedy: 'Correct the value in Brevo, or let the field go to Brevo only.',
  },
  pipedrive_not_kept: {
    cause: 'Pipedrive dropped a part of the change',
    remedy: 'Give the account the feature that the field belongs to, or let the field go to Brevo only.',
  },
  webhook_unreadable: {
    cause: 'A webhook nobody understands',
    remedy: 'Discard it if the record is right; polling has read it meanwhile.',
  },
}
