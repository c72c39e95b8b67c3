/** What is to be done to one contact in Brevo; the outbox keeps these until they are settled. */
import type { ContactChange } from './contact.ts'
import type { Agreed } from './two-way.ts'

/** Makes a contact what is wanted. */
export type WriteCommand = ContactChange & {
  readonly kind: 'write'
  readonly personId: number
  /** Null for a contact to be created. */
  readonly contactId: number | null
  /** All wanted lists: rows of one import share them. */
  readonly lists: readonly number[]
  /** As last known: an import of these says so again (rule R4.1), and an address change keeps it (rule R4.2). */
  readonly emailBlocked: boolean
  readonly smsBlocked: boolean
  /** What both sides agree on once this is done (rule R9.2). */
  readonly agreed: Agreed
  /** Fingerprint of the fields that go both ways; null: none do. */
  readonly agreedWith: string | null
}

/** Lets go of a contact: off the lists Tajo put it on, without our `ext_id`, or deleted. */
export type ReleaseCommand = {
  readonly kind: 'release'
  readonly contactId: number
  readonly removeLists: readonly number[]
  /** Another contact is to get its `ext_id`. */
  readonly freeExtId: boolean
  /** `delete_behavior: hard`. */
  readonly delete: boolean
}

export type ContactCommand = WriteCommand | ReleaseCommand
