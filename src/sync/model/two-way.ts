/** What goes from Brevo back to Pipedrive (rule R9): settings, the fields that can be turned back, and edits of a person. */

import type { FieldDefinition } from './catalogue.ts'
import type { Attribute, AttributeValue } from './contact.ts'
import type { FieldValue } from './records.ts'

export type FieldDirection = 'both' | 'to_brevo' | 'to_pipedrive'
export type ConflictRule = 'newest' | 'pipedrive' | 'brevo'

export type ReverseSettings = {
  readonly conflict: ConflictRule
  readonly createPersons: 'never' | 'all' | { readonly lists: readonly number[] }
  /** Who owns new persons: id, e-mail or name of a Pipedrive user; null: whoever the token belongs to. */
  readonly personOwner: string | null
  /** Name or id of the label that new persons get; null: none. */
  readonly personLabel: string | null
  /** Key, name or slug of the person field that receives the consent. */
  readonly consentField: string | null
  /** Attribute (or `SMS`, `EMAIL`) to direction; `both` where nothing is said. */
  readonly fields: Readonly<Record<string, FieldDirection>>
}

/** The name under which a contact's address takes part in what is agreed on, beside its attributes and `SMS`. */
export const EMAIL = 'EMAIL'

/** Where in a person a value lives that goes both ways. */
export type PersonPart =
  /** The primary entry of `emails`: the identity. */
  | { readonly part: 'email' }
  /** The primary entry of `phones`. */
  | { readonly part: 'phone' }
  /** A field of its own; `name`, `first_name`, `last_name` and `job_title` among them. */
  | { readonly part: 'field'; readonly field: FieldDefinition }

export type ReverseField = PersonPart & {
  /** Attribute name, `SMS` or `EMAIL`. */
  readonly name: string
  /** How Brevo types it; text for `SMS` and `EMAIL`. */
  readonly attribute: Attribute
  /** `to_pipedrive`: Brevo's value is always the right one. */
  readonly way: 'both' | 'to_pipedrive'
}

/** One change of a person; null empties. */
export type PersonEdit =
  | { readonly part: 'email'; readonly value: string }
  /** E.164. */
  | { readonly part: 'phone'; readonly value: string | null }
  | { readonly part: 'field'; readonly key: string; readonly value: FieldValue | null }

/** The last values both sides had in common, by attribute name; null: both were empty. A missing name: nothing was agreed yet. */
export type Agreed = Readonly<Record<string, AttributeValue | null>>

/** What the consent field says (rule R9.5). Every word but the first says no. */
export const consentWords = ['subscribed', 'bounced', 'unsubscribed', 'complained'] as const
export type Consent = (typeof consentWords)[number]

/** One attribute's value as Brevo has it, and what it means for the person. */
export type FieldEdit = {
  readonly name: string
  readonly value: AttributeValue | null
  readonly edit: PersonEdit
}

export type ConsentEdit = {
  readonly word: Consent
  readonly edit: PersonEdit
  /** Brevo did not say why the contact is blocklisted: it is asked before this is written. */
  readonly assumed: boolean
}

/** What one person is to get, or what a new person is made of; kept until it is settled. */
export type EditCommand = {
  /** The contact's address. */
  readonly email: string
  readonly edits: readonly FieldEdit[]
  readonly consent: ConsentEdit | null
  /** What both sides agree on once it is done. */
  readonly agreed: Agreed
}

export type ReversePlan = {
  readonly fields: readonly ReverseField[]
  readonly conflict: ConflictRule
  readonly createPersons: ReverseSettings['createPersons']
  /** Null: whoever the token belongs to. */
  readonly ownerId: number | null
  readonly labelId: number | null
  /** A text field, or one with options named as `consentWords`. */
  readonly consentField: FieldDefinition | null
}
