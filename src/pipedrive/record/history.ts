/** Records about other records: search hits, recent changes, change logs, notes. */
import { z } from 'zod'
import {
  flagOrNothing,
  idOrNothing,
  idSchema,
  numberOrNothing,
  textOrNothing,
  timeOrNothing,
} from './field-shapes.ts'

/** One line of `GET /v1/recents`. `data` keeps the old v1 shape: use it as a hint and fetch the record again. */
export const recentSchema = z.looseObject({
  item: z.string(),
  id: z.union([z.number(), z.string()]),
  data: z.unknown().optional(),
})
export type PipedriveRecent = z.infer<typeof recentSchema>

export const searchHitSchema = z.looseObject({
  result_score: numberOrNothing,
  item: z.looseObject({
    id: z.union([z.number(), z.string()]),
    type: textOrNothing,
    name: textOrNothing,
    title: textOrNothing,
    /** Plain texts here, unlike in a person. */
    emails: z.array(z.string()).nullish(),
    phones: z.array(z.string()).nullish(),
    organization: z.looseObject({ id: idOrNothing, name: textOrNothing }).nullish(),
  }),
})
export type PipedriveSearchHit = z.infer<typeof searchHitSchema>

/**
 * A person that a search found. Closed, unlike other records: a wrong name for `item.emails` would read as "nobody found".
 * A search matches more than was meant (other cases, other fields), so that the values have to be compared.
 * {@link https://developers.pipedrive.com/docs/api/v1/Persons#searchPersons}
 */
export const personHitSchema = z.object({
  result_score: numberOrNothing,
  item: z.object({
    id: idSchema,
    name: textOrNothing,
    /** Plain texts, unlike in a person. */
    emails: z.array(z.string()).nullish(),
    phones: z.array(z.string()).nullish(),
    owner: z.looseObject({ id: idOrNothing }).nullish(),
    organization: z.looseObject({ id: idOrNothing, name: textOrNothing }).nullish(),
  }),
})
export type PipedrivePersonHit = z.infer<typeof personHitSchema>

/** Values are text whatever the field's type; `time` is UTC with a space: `2024-02-12 09:10:12`. */
export const changeSchema = z.looseObject({
  field_key: z.string(),
  old_value: z.unknown().optional(),
  new_value: z.unknown().optional(),
  actor_user_id: idOrNothing,
  time: timeOrNothing,
  change_source: textOrNothing,
})
export type PipedriveChange = z.infer<typeof changeSchema>

/** Lives in API v1 only; its times are given the form of v2. {@link https://developers.pipedrive.com/docs/api/v1/Notes} */
export const noteSchema = z.looseObject({
  id: idSchema,
  /** HTML. */
  content: textOrNothing,
  active_flag: flagOrNothing,
  person_id: idOrNothing,
  deal_id: idOrNothing,
  org_id: idOrNothing,
  lead_id: textOrNothing,
  user_id: idOrNothing,
  add_time: timeOrNothing,
  update_time: timeOrNothing,
})
export type PipedriveNote = z.infer<typeof noteSchema>

export type PipedriveNoteRequest = {
  content: string
  person_id?: number
  deal_id?: number
  org_id?: number
  lead_id?: string
}
