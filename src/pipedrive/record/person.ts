/** A Pipedrive person as API v2 answers it. Every field but the id may be absent or null in real accounts. */
import { z } from 'zod'
import {
  addressSchema,
  contactPointSchema,
  customFieldsSchema,
  flagOrNothing,
  idOrNothing,
  idSchema,
  labelIdsSchema,
  numberOrNothing,
  textOrNothing,
  timeOrNothing,
  visibleToSchema,
} from './field-shapes.ts'

/** {@link https://developers.pipedrive.com/docs/api/v1/Persons} */
export const personSchema = z.looseObject({
  id: idSchema,
  name: textOrNothing,
  first_name: textOrNothing,
  last_name: textOrNothing,
  owner_id: idOrNothing,
  org_id: idOrNothing,
  add_time: timeOrNothing,
  update_time: timeOrNothing,
  emails: z.array(contactPointSchema).nullish(),
  phones: z.array(contactPointSchema).nullish(),
  is_deleted: flagOrNothing,
  visible_to: visibleToSchema,
  label_ids: labelIdsSchema,
  picture_id: idOrNothing,
  custom_fields: customFieldsSchema,
  job_title: textOrNothing,
  birthday: textOrNothing,
  notes: textOrNothing,
  postal_address: addressSchema.nullish(),
  /** The rest come only when asked for with `includeFields`. */
  marketing_status: textOrNothing,
  doi_status: z.unknown().optional(),
  open_deals_count: numberOrNothing,
  closed_deals_count: numberOrNothing,
  won_deals_count: numberOrNothing,
  lost_deals_count: numberOrNothing,
  activities_count: numberOrNothing,
  last_activity_id: idOrNothing,
  next_activity_id: idOrNothing,
})
export type PipedrivePerson = z.infer<typeof personSchema>

/** A write; absent means "leave", null means "clear" (an empty set of options, too). Arrays are sent whole. */
export type PipedrivePersonChange = {
  /** Pipedrive splits it into the parts. */
  name?: string
  /**
   * Instead of `name`, and only together with `last_name`; one of the two may be empty. The migration guide names them, the
   * OpenAPI document does not: an account may refuse them. {@link https://pipedrive.readme.io/docs/pipedrive-api-v2-migration-guide}
   */
  first_name?: string
  last_name?: string
  owner_id?: number
  org_id?: number | null
  emails?: readonly PipedriveContactPointChange[]
  phones?: readonly PipedriveContactPointChange[]
  visible_to?: number
  label_ids?: readonly number[]
  job_title?: string | null
  birthday?: string | null
  notes?: string | null
  marketing_status?: 'no_consent' | 'unsubscribed' | 'subscribed' | 'archived'
  custom_fields?: Readonly<Record<string, unknown>>
  /** Only on create. */
  add_time?: string
}

export type PipedriveContactPointChange = { value: string; primary?: boolean; label?: string }
