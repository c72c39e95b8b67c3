/** Small schemas that several Pipedrive records share. They judge shape, never meaning. */
import { z } from 'zod'

export const idSchema = z.number().int()
/** An id that real accounts leave out or send as null. */
export const idOrNothing = z.number().int().nullish()
export const textOrNothing = z.string().nullish()
/** Times stay the vendor's text (`2021-01-01T00:00:00Z`); readers decide how to read them. */
export const timeOrNothing = z.string().nullish()
export const numberOrNothing = z.number().nullish()
export const flagOrNothing = z.boolean().nullish()

/** One entry of `emails` or `phones`. */
export const contactPointSchema = z.looseObject({
  value: z.string().nullish(),
  primary: z.boolean().nullish(),
  label: z.string().nullish(),
})
export type PipedriveContactPoint = z.infer<typeof contactPointSchema>

/** `value` is the text as one line; the parts are Google's. */
export const addressSchema = z.looseObject({
  value: textOrNothing,
  country: textOrNothing,
  admin_area_level_1: textOrNothing,
  admin_area_level_2: textOrNothing,
  locality: textOrNothing,
  sublocality: textOrNothing,
  route: textOrNothing,
  street_number: textOrNothing,
  subpremise: textOrNothing,
  postal_code: textOrNothing,
  formatted_address: textOrNothing,
})
export type PipedriveAddress = z.infer<typeof addressSchema>

/**
 * Custom field values by their 40-hex key, in the shapes of API v2: text, number, option id (enum), option ids
 * (set), `{value, currency}`, `{value, until}`, `{value, timezone_id}`, an address, or null.
 */
export const customFieldsSchema = z.record(z.string(), z.unknown()).nullish()
export const labelIdsSchema = z.array(z.number()).nullish()
export const visibleToSchema = z.union([z.number(), z.string()]).nullish()
