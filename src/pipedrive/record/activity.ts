/** A Pipedrive activity as API v2 answers it. */
import { z } from 'zod'
import { flagOrNothing, idOrNothing, idSchema, textOrNothing, timeOrNothing } from './field-shapes.ts'

/** {@link https://developers.pipedrive.com/docs/api/v1/Activities} */
export const activitySchema = z.looseObject({
  id: idSchema,
  subject: textOrNothing,
  /** The activity type's `key_string`. */
  type: textOrNothing,
  owner_id: idOrNothing,
  creator_user_id: idOrNothing,
  is_deleted: flagOrNothing,
  add_time: timeOrNothing,
  update_time: timeOrNothing,
  deal_id: idOrNothing,
  /** A uuid. */
  lead_id: textOrNothing,
  person_id: idOrNothing,
  org_id: idOrNothing,
  project_id: idOrNothing,
  due_date: textOrNothing,
  /** UTC, `HH:MM` or `HH:MM:SS`. */
  due_time: textOrNothing,
  duration: textOrNothing,
  busy: flagOrNothing,
  done: flagOrNothing,
  marked_as_done_time: timeOrNothing,
  location: z.unknown().optional(),
  participants: z.array(z.looseObject({ person_id: idOrNothing, primary: flagOrNothing })).nullish(),
  attendees: z.array(z.looseObject({ email: textOrNothing, name: textOrNothing })).nullish(),
  public_description: textOrNothing,
  note: textOrNothing,
  priority: z.unknown().optional(),
  outcome: z.unknown().optional(),
})
export type PipedriveActivity = z.infer<typeof activitySchema>

export type PipedriveActivityChange = {
  subject?: string
  type?: string
  owner_id?: number
  deal_id?: number | null
  lead_id?: string | null
  org_id?: number | null
  due_date?: string
  due_time?: string
  duration?: string
  busy?: boolean
  done?: boolean
  /** The way to set the person: `person_id` itself is read only in API v2. */
  participants?: readonly { person_id: number; primary: boolean }[]
  public_description?: string
  note?: string
}
