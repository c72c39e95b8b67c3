/** Brevo's contact in our words: as it is known to be, as it is wanted, and the difference. */

/** The types of Brevo attributes. https://developers.brevo.com/reference/create-attribute */
export type AttributeType =
  | 'text'
  | 'date'
  | 'float'
  | 'boolean'
  | 'category'
  | 'multiple-choice'
  | 'id'
  | 'user'

export type Attribute = {
  /** Upper case. */
  readonly name: string
  readonly type: AttributeType
  /** The labels that a `category` or `multiple-choice` attribute allows; null for other types. */
  readonly labels: readonly string[] | null
  /** For `category`: what Brevo may answer instead of the label. */
  readonly labelOfValue: Readonly<Record<string, string>>
}

/** A value as it is compared: dates `YYYY-MM-DD`, multiple choice sorted. Empty is absent, never "". */
export type AttributeValue = string | number | boolean | readonly string[]
export type Attributes = Readonly<Record<string, AttributeValue>>

/** A contact as Brevo last showed it, limited to what Tajo maps. */
export type Contact = {
  readonly contactId: number
  /** Lower case; null for a contact without an address. */
  readonly email: string | null
  readonly extId: string | null
  /** E.164. */
  readonly sms: string | null
  readonly attributes: Attributes
  /** Ascending. */
  readonly lists: readonly number[]
  readonly emailBlocked: boolean
  readonly smsBlocked: boolean
  /** `complained`, `unsubscribed` or `bounced`, where Brevo says why the contact is blocklisted. */
  readonly blockedBy: string | null
  /** ISO 8601. */
  readonly modifiedAt: string | null
}

/** A contact and what Tajo itself did to it (rules R2.5 and R3.2 depend on that). */
export type KnownContact = Contact & {
  /** Attributes (and `SMS`) to which Tajo gave a value. */
  readonly written: readonly string[]
  /** Lists that Tajo put it on. */
  readonly ourLists: readonly number[]
}

/** What a cluster of persons should be in Brevo. */
export type WantedContact = {
  /** The lead person (rule R1.2). */
  readonly personId: number
  readonly email: string
  /** E.164, or null when there is none or somebody else has it. */
  readonly sms: string | null
  readonly attributes: Attributes
  /** Ascending. */
  readonly lists: readonly number[]
  /** Attributes (and `SMS`) whose source holds something unusable: neither written nor cleared. */
  readonly keep: readonly string[]
  /** True: must be blocklisted. False says nothing: Tajo never resubscribes anybody (rule R4.1). */
  readonly unsubscribed: boolean
}

/** The smallest set of changes that makes a contact what is wanted. */
export type ContactChange = {
  readonly action: 'create' | 'update'
  readonly email: string
  /** The address it had, '' for none; null when it stays. The request must also keep a blocklisting (rule R4.2). */
  readonly renamedFrom: string | null
  readonly extId: string | null
  readonly sms: string | null
  readonly attributes: Attributes
  /** Attributes (and `SMS`) to empty: Tajo had written them and the source is empty now. */
  readonly clear: readonly string[]
  readonly addLists: readonly number[]
  readonly removeLists: readonly number[]
  readonly block: boolean
}

/** Rule R1.3. */
export function extIdOf(personId: number): string {
  return `pipedrive-person-${personId}`
}

/** The attribute name under which a contact's phone number travels. */
export const SMS = 'SMS'

export type WarningCode = 'invalid_phone' | 'sms_taken' | 'type_mismatch' | 'currency_skipped'

/** Something that was left out, and why; the rest of the contact is still written. */
export type Warning = {
  readonly code: WarningCode
  /** The attribute or source path concerned. */
  readonly subject: string
  readonly detail: string
}
