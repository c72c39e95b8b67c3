/** Custom events: sent to Brevo to start automations, and read back to learn whether they arrived. */
import { z } from 'zod'

/** At least one; `contact_id` wins over the others. */
export type BrevoEventIdentifiers = {
  contact_id?: number
  email_id?: string
  ext_id?: string
  phone_id?: string
  whatsapp_id?: string
}

/** {@link https://developers.brevo.com/reference/createevent} */
export type BrevoEventRequest = {
  /** At most 255 characters of `A-Z a-z 0-9 _ -`. */
  event_name: string
  identifiers: BrevoEventIdentifiers
  /** ISO 8601 with offset; Brevo's default is the time of arrival. */
  event_date?: string
  /** Changes attributes of the contact; never its address (`EMAIL`), which would lift a blocklisting. */
  contact_properties?: Readonly<Record<string, string | number | boolean>>
  /** At most 50 KB; keys as in `event_name`. */
  event_properties?: Readonly<Record<string, unknown>>
}

export type BrevoEventsBatchResult = {
  readonly accepted: number
  /** Index in the request and Brevo's words. */
  readonly failed: readonly { readonly index: number; readonly message: string }[]
}

export const storedEventSchema = z.looseObject({
  contact_id: z.number().int().nullish(),
  event_name: z.string().nullish(),
  event_date: z.string().nullish(),
  event_properties: z.record(z.string(), z.unknown()).nullish(),
  contact_properties: z.record(z.string(), z.unknown()).nullish(),
})
export type BrevoStoredEvent = z.infer<typeof storedEventSchema>
