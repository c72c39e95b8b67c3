/** Which names conditions and templates may use: what a skill is told about an event, record by record. */
import { nearestName } from '../base/suggest.ts'

const record = {
  deal: 'id title value currency status stage stage_id pipeline pipeline_id owner person_id organization_id url archived added_at updated_at stage_changed_at won_at lost_at',
  person: 'id name first_name last_name email phone owner organization_id url added_at updated_at',
  organization: 'id name owner url added_at updated_at',
  activity: 'id type subject done due_date note owner deal_id person_id url added_at updated_at done_at',
  lead: 'id title archived person_id organization_id url added_at updated_at',
} as const

/** Objects, with what they hold; `fields`, `attributes` and `input` hold whatever the accounts and the caller have. */
const OBJECTS: Readonly<Record<string, readonly string[] | null>> = {
  ...Object.fromEntries(Object.entries(record).map(([name, keys]) => [name, [...keys.split(' '), 'fields']])),
  event: ['id', 'name', 'action', 'object', 'occurred_at'],
  contact: ['id', 'email', 'attributes'],
  skill: ['name', 'version'],
  input: null,
}
const OPEN = ['fields', 'attributes']

/** What events carry to Brevo as properties, under the same names. */
const PLAIN = [
  ...'deal_id deal_title pipeline pipeline_id stage stage_id previous_stage previous_stage_id previous_pipeline_id'.split(
    ' ',
  ),
  ...'status previous_status value currency owner days_in_stage person_id activity_id type subject done due_date note'.split(
    ' ',
  ),
  ...'organization_id organization_name lead_id lead_title archived action url merged_id event_id'.split(' '),
  ...'time_since_event time_since_change time_since_activity now today'.split(' '),
]

/** Null when there may be something of that name; else what is wrong, with the nearest name that there is. */
export function nameProblem(name: string): { readonly message: string; readonly suggestion?: string } | null {
  const [first = '', second, ...more] = name.split('.')
  if (!Object.hasOwn(OBJECTS, first)) {
    if (second === undefined && PLAIN.includes(first)) return null
    const near = nearestName(name, [...PLAIN, ...allPaths()])
    return unknown(`nothing is called ${JSON.stringify(name)} in the facts of an event`, near)
  }
  const keys = OBJECTS[first]
  if (keys === null || keys === undefined) return null
  if (second === undefined)
    return unknown(`${first} is a whole record: name one of its values`, `${first}.${keys[0]}`)
  if (OPEN.includes(second) && keys.includes(second)) return null
  if (keys.includes(second) && more.length === 0) return null
  const near = nearestName(second, keys)
  return unknown(`${first} has no ${JSON.stringify([second, ...more].join('.'))}`, near && `${first}.${near}`)
}

function allPaths(): readonly string[] {
  return Object.entries(OBJECTS).flatMap(([name, keys]) => (keys ?? []).map((key) => `${name}.${key}`))
}

function unknown(message: string, suggestion: string | undefined) {
  return { message, ...(suggestion === undefined ? {} : { suggestion }) }
}
