/** A vendor's refusal as something a person can act on. */
import type { TajoError } from '../base/error.ts'
import type { Failure } from '../store/index.ts'

export type FailureWords = {
  readonly code: string
  readonly disposition: TajoError['disposition']
  readonly message: string
  readonly vendorMessage: string | null
  readonly remedy: string
}

const remedies: Readonly<Record<string, string>> = {
  brevo_rejected:
    'Correct the value that Brevo names in Pipedrive; the next change of the person is sent again, or run `tajo failures retry`.',
  pipedrive_rejected:
    'Correct the value in Brevo, or in Pipedrive what its message names; the next change is sent again, or run `tajo failures retry`.',
  pipedrive_forbidden:
    'Give the user of the token the right to edit persons (or the field that the message names), then run `tajo failures retry`.',
  brevo_no_answer: 'Nothing to do: the next sync sends it again.',
  brevo_unavailable: 'Nothing to do: the next sync sends it again.',
  brevo_busy: 'Nothing to do: the next sync sends it again.',
  brevo_limited: 'Nothing to do: the next sync sends it again.',
}

export function failureOf(error: TajoError): FailureWords {
  const vendorMessage =
    'vendorMessage' in error && typeof error.vendorMessage === 'string' ? error.vendorMessage : null
  return {
    code: error.code,
    disposition: error.disposition,
    message: error.message,
    vendorMessage,
    remedy: remedies[error.code] ?? 'See the message; run `tajo failures retry` once it is mended.',
  }
}

/** Pipedrive refused what was changed in Brevo. */
export function editFailure(
  entry: { person_id: number | null; contact_id: number; fingerprint: string },
  error: TajoError,
): Failure {
  const { code, disposition, message, vendorMessage, remedy } = failureOf(error)
  return {
    entity: entry.person_id === null ? 'new person' : 'person edit',
    record_id: String(entry.person_id ?? entry.contact_id),
    code,
    disposition,
    message,
    vendor_message: vendorMessage,
    remedy,
    fingerprint: entry.fingerprint,
  }
}

/** Brevo took the write and did not keep all of it. */
export function notKept(parts: readonly string[]): FailureWords {
  return {
    code: 'brevo_not_kept',
    disposition: 'reject',
    message: `Brevo accepted the contact but did not keep: ${parts.join(', ')}`,
    vendorMessage: null,
    remedy:
      'Compare the type of the attribute in Brevo (Contacts > Settings > Contact attributes) with the value in Pipedrive, or take the field out of person_mapping.',
  }
}

export const notThere: FailureWords = {
  code: 'brevo_not_there',
  disposition: 'retry',
  message: 'Brevo accepted the contact, but has none with this address',
  vendorMessage: null,
  remedy:
    'Nothing to do: the next sync sends it again. If it stays, look in Brevo whether the address is refused there.',
}
