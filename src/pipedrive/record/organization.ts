/** A Pipedrive organization as API v2 answers it. */
import { z } from 'zod'
import {
  addressSchema,
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

/** {@link https://developers.pipedrive.com/docs/api/v1/Organizations} */
export const organizationSchema = z.looseObject({
  id: idSchema,
  name: textOrNothing,
  owner_id: idOrNothing,
  add_time: timeOrNothing,
  update_time: timeOrNothing,
  address: addressSchema.nullish(),
  is_deleted: flagOrNothing,
  visible_to: visibleToSchema,
  label_ids: labelIdsSchema,
  website: textOrNothing,
  linkedin: textOrNothing,
  industry: z.union([z.number(), z.string()]).nullish(),
  annual_revenue: numberOrNothing,
  employee_count: numberOrNothing,
  custom_fields: customFieldsSchema,
})
export type PipedriveOrganization = z.infer<typeof organizationSchema>

export type PipedriveOrganizationChange = {
  name?: string
  owner_id?: number
  /** Parts that are left out of an address become null at Pipedrive. */
  address?: Readonly<{ value: string } & Record<string, string | null>> | null
  visible_to?: number
  label_ids?: readonly number[]
  website?: string | null
  linkedin?: string | null
  industry?: number | null
  annual_revenue?: number | null
  employee_count?: number | null
  custom_fields?: Readonly<Record<string, unknown>>
  add_time?: string
}
