/** A Pipedrive deal as API v2 answers it. Open deals often lack the won, lost and close fields entirely. */
import { z } from 'zod'
import {
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

/** {@link https://developers.pipedrive.com/docs/api/v1/Deals} */
export const dealSchema = z.looseObject({
  id: idSchema,
  title: textOrNothing,
  creator_user_id: idOrNothing,
  owner_id: idOrNothing,
  value: numberOrNothing,
  currency: textOrNothing,
  person_id: idOrNothing,
  org_id: idOrNothing,
  stage_id: idOrNothing,
  pipeline_id: idOrNothing,
  /** `open`, `won`, `lost` or `deleted`. */
  status: textOrNothing,
  is_archived: flagOrNothing,
  is_deleted: flagOrNothing,
  archive_time: timeOrNothing,
  add_time: timeOrNothing,
  update_time: timeOrNothing,
  stage_change_time: timeOrNothing,
  close_time: timeOrNothing,
  won_time: timeOrNothing,
  lost_time: timeOrNothing,
  first_won_time: timeOrNothing,
  expected_close_date: textOrNothing,
  probability: numberOrNothing,
  lost_reason: textOrNothing,
  visible_to: visibleToSchema,
  label_ids: labelIdsSchema,
  origin: textOrNothing,
  origin_id: z.unknown().optional(),
  channel: z.unknown().optional(),
  channel_id: z.unknown().optional(),
  acv: numberOrNothing,
  arr: numberOrNothing,
  mrr: numberOrNothing,
  custom_fields: customFieldsSchema,
})
export type PipedriveDeal = z.infer<typeof dealSchema>

export type PipedriveDealChange = {
  title?: string
  owner_id?: number
  person_id?: number | null
  org_id?: number | null
  pipeline_id?: number
  stage_id?: number
  value?: number | null
  currency?: string
  status?: 'open' | 'won' | 'lost'
  probability?: number | null
  lost_reason?: string | null
  visible_to?: number
  label_ids?: readonly number[]
  expected_close_date?: string | null
  close_time?: string | null
  won_time?: string | null
  lost_time?: string | null
  is_archived?: boolean
  custom_fields?: Readonly<Record<string, unknown>>
  add_time?: string
}
