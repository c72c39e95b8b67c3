/** A Pipedrive lead. Leads exist only in API v1; their custom fields are deal fields and are moved to `custom_fields`. */
import { z } from 'zod'
import {
  customFieldsSchema,
  flagOrNothing,
  idOrNothing,
  textOrNothing,
  timeOrNothing,
  visibleToSchema,
} from './field-shapes.ts'

/** {@link https://developers.pipedrive.com/docs/api/v1/Leads} */
export const leadSchema = z.looseObject({
  /** A uuid. */
  id: z.string().min(1),
  title: textOrNothing,
  owner_id: idOrNothing,
  creator_id: idOrNothing,
  /** Uuids of lead labels. */
  label_ids: z.array(z.string()).nullish(),
  person_id: idOrNothing,
  organization_id: idOrNothing,
  source_name: textOrNothing,
  origin: textOrNothing,
  is_archived: flagOrNothing,
  was_seen: flagOrNothing,
  value: z.looseObject({ amount: z.number().nullish(), currency: textOrNothing }).nullish(),
  expected_close_date: textOrNothing,
  next_activity_id: idOrNothing,
  add_time: timeOrNothing,
  update_time: timeOrNothing,
  visible_to: visibleToSchema,
  custom_fields: customFieldsSchema,
})
export type PipedriveLead = z.infer<typeof leadSchema>

export type PipedriveLeadChange = {
  title?: string
  owner_id?: number
  label_ids?: readonly string[]
  person_id?: number | null
  organization_id?: number | null
  is_archived?: boolean
  value?: { amount: number; currency: string } | null
  expected_close_date?: string | null
  visible_to?: string
}
