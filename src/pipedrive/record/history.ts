/** Records about other records: search hits, recent changes, change logs, notes. */
import { z } from 'zod'
import { idOrNothing, idSchema, numberOrNothing, textOrNothing, timeOrNothing } from './field-shapes.ts'

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
  }),
})
export type PipedriveSearchHit = z.infer<typeof searchHitSchema>

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

export const noteSchema = z.looseObject({
  id: idSchema,
  content: textOrNothing,
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
