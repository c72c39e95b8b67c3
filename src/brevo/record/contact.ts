/** Brevo contacts, read and written. The write types cannot carry `emailBlacklisted: false` nor null. */
import { z } from 'zod'
import { contactStatisticsSchema } from './campaign-statistics.ts'

/** {@link https://developers.brevo.com/reference/getcontacts-1} */
export const contactSchema = z.looseObject({
  id: z.number().int(),
  email: z.string().nullish(),
  emailBlacklisted: z.boolean().nullish(),
  smsBlacklisted: z.boolean().nullish(),
  /** Two formats exist: `2017-05-02T16:40:31.000Z` and `2017-05-02 16:40:31+00:00`. */
  createdAt: z.string().nullish(),
  modifiedAt: z.string().nullish(),
  listIds: z.array(z.number()).nullish(),
  listUnsubscribed: z.array(z.number()).nullish(),
  /** Keys in capitals; `SMS`, `EXT_ID` and the names are here too. */
  attributes: z.record(z.string(), z.unknown()).nullish(),
  /** Of the last 90 days, and only from `contacts.get`. */
  statistics: contactStatisticsSchema.nullish(),
})
export type BrevoContact = z.infer<typeof contactSchema>

export type BrevoUnreadableContact = {
  readonly id: string | null
  readonly problem: string
  readonly raw: unknown
}

export type BrevoContactPage = {
  readonly contacts: readonly BrevoContact[]
  /** All contacts that match, over all pages. */
  readonly count: number
  readonly serverTime: Date | null
  readonly unreadable: readonly BrevoUnreadableContact[]
}

/** Attribute values that Brevo accepts; an empty text erases. */
export type BrevoAttributeValue = string | number | boolean | readonly string[]
export type BrevoAttributeValues = Readonly<Record<string, BrevoAttributeValue>>

/** {@link https://developers.brevo.com/reference/createcontact} */
export type BrevoCreateContact = {
  email?: string
  ext_id?: string
  attributes?: BrevoAttributeValues
  listIds?: readonly number[]
  /** Only `true`: lifting a blocklisting is the contact's decision, not ours. */
  emailBlacklisted?: true
  smsBlacklisted?: true
  updateEnabled?: boolean
}

/** {@link https://developers.brevo.com/reference/updatecontact} */
export type BrevoUpdateContact = {
  /**
   * `EMAIL` here changes the address and, at Brevo, **lifts an existing blocklisting**: send `emailBlacklisted: true`
   * along when the contact is blocked.
   */
  attributes?: BrevoAttributeValues
  ext_id?: string
  /** Lists to add to. */
  listIds?: readonly number[]
  unlinkListIds?: readonly number[]
  emailBlacklisted?: true
  smsBlacklisted?: true
}

/** `id` is null when Brevo updated an existing contact. */
export type BrevoCreated = { readonly id: number | null }

export type BrevoImportRow = {
  email?: string
  ext_id?: string
  attributes?: BrevoAttributeValues
}

/** {@link https://developers.brevo.com/reference/importcontacts-1} */
export type BrevoImportRequest = {
  listIds: readonly number[]
  /**
   * The rows, or their JSON text (an array) already serialised, so that a caller who counts bytes need not do it twice.
   * At most 8,000,000 bytes.
   */
  jsonBody: readonly BrevoImportRow[] | string
  /** Default true. */
  updateExistingContacts?: boolean
  /** Default false; true lets empty values erase. */
  emptyContactsAttributes?: boolean
  /** Blocklists **every** row. */
  emailBlacklist?: true
  smsBlacklist?: true
  /** Default true: otherwise Brevo writes an e-mail to the account after each import. */
  disableNotification?: boolean
  notifyUrl?: string
}
