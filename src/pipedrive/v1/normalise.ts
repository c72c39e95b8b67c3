/** Gives records of API v1 the shapes of v2. Pure; what it does not know it leaves as it is. */
import { isJsonObject } from '../../base/json.ts'
import { type FieldTypes, splitCustomFields, toId } from './custom-fields.ts'

type Row = Readonly<Record<string, unknown>>
type Draft = Record<string, unknown>

export type NormalisedKind =
  | 'person'
  | 'organization'
  | 'deal'
  | 'activity'
  | 'lead'
  | 'pipeline'
  | 'stage'
  | 'field'
  | 'note'

/** A record of v1 (or a lead, which v2 does not have) as v2 would send it. */
export function fromV1(kind: NormalisedKind, row: Row, types: FieldTypes): Record<string, unknown> {
  const { plain, custom } = splitCustomFields(row, types)
  const draft: Draft = {}
  for (const [name, value] of Object.entries(plain)) {
    if (!DROPPED.has(name)) draft[name] = name.endsWith('_time') ? toIsoTime(value) : value
  }
  if (typeof draft.visible_to === 'string') draft.visible_to = Number(draft.visible_to)
  RULES[kind](draft)
  if (CUSTOMISABLE.has(kind)) draft.custom_fields = custom ?? {}
  return draft
}

/** Copies of other records' facts, display forms, and things of the old web client: v2 has none of them. */
const DROPPED = new Set([
  'company_id',
  'first_char',
  'owner_name',
  'org_name',
  'person_name',
  'deal_title',
  'cc_email',
  'primary_email',
  'active',
  'formatted_value',
  'weighted_value',
  'formatted_weighted_value',
  'weighted_value_currency',
  'org_hidden',
  'person_hidden',
  'stage_order_nr',
  'rotten_time',
  'person_dropbox_bcc',
  'deal_dropbox_bcc',
  'url_title',
  'selected',
  'pipeline_name',
  'pipeline_deal_probability',
])
const CUSTOMISABLE: ReadonlySet<NormalisedKind> = new Set(['person', 'organization', 'deal', 'lead'])

const RULES: Readonly<Record<NormalisedKind, (draft: Draft) => void>> = {
  person(draft) {
    toIds(draft, ['owner_id', 'org_id', 'picture_id'])
    move(draft, 'email', 'emails', toContactPoints)
    move(draft, 'phone', 'phones', toContactPoints)
    move(draft, 'active_flag', 'is_deleted', not)
    toLabelIds(draft)
    gatherAddress(draft, 'postal_address')
  },
  organization(draft) {
    toIds(draft, ['owner_id', 'picture_id'])
    move(draft, 'active_flag', 'is_deleted', not)
    toLabelIds(draft)
    gatherAddress(draft, 'address')
  },
  deal(draft) {
    move(draft, 'user_id', 'owner_id', toId)
    toIds(draft, ['creator_user_id', 'person_id', 'org_id'])
    move(draft, 'deleted', 'is_deleted', Boolean)
    toLabelIds(draft)
  },
  activity(draft) {
    move(draft, 'user_id', 'owner_id', toId)
    move(draft, 'created_by_user_id', 'creator_user_id', toId)
    toIds(draft, ['person_id', 'org_id', 'deal_id'])
    move(draft, 'active_flag', 'is_deleted', not)
    move(draft, 'busy_flag', 'busy', (value) => (value === null ? null : Boolean(value)))
    if (typeof draft.done === 'number') draft.done = draft.done === 1
    move(draft, 'participants', 'participants', (value) => renameIn(value, 'primary_flag', 'primary'))
    move(draft, 'attendees', 'attendees', (value) => renameIn(value, 'email_address', 'email'))
    gatherAddress(draft, 'location')
  },
  // Leads are a v1 resource that already speaks ids and ISO times; only their custom fields had to move.
  lead() {},
  // Notes are no different in v1 than anywhere: they have no other form, and only their times are brought into line.
  note() {},
  pipeline(draft) {
    move(draft, 'deal_probability', 'is_deal_probability_enabled', Boolean)
    draft.is_deleted ??= false
  },
  stage(draft) {
    move(draft, 'active_flag', 'is_deleted', not)
    move(draft, 'rotten_flag', 'is_deal_rot_enabled', Boolean)
    move(draft, 'rotten_days', 'days_to_rotten', (value) => value)
  },
  field(draft) {
    move(draft, 'key', 'field_code', (value) => value)
    move(draft, 'name', 'field_name', (value) => value)
    draft.is_custom_field = typeof draft.field_code === 'string' && /^[0-9a-f]{40}$/.test(draft.field_code)
  },
}

/** `2020-05-08 05:30:20` is UTC; the year zero and the empty text mean "never". */
export function toIsoTime(value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (value === '' || value.startsWith('0000-00-00')) return null
  const [, day, time] = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/.exec(value) ?? []
  return day === undefined ? value : `${day}T${time}Z`
}

function move(draft: Draft, from: string, to: string, change: (value: unknown) => unknown): void {
  if (!(from in draft)) return
  const value = draft[from]
  delete draft[from]
  draft[to] = change(value)
}

function toIds(draft: Draft, names: readonly string[]): void {
  for (const name of names) if (name in draft) draft[name] = toId(draft[name])
}

function not(value: unknown): unknown {
  return value === null || value === undefined ? null : !value
}

/** An empty value is v1's way to say that there is none. */
function toContactPoints(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  return value.filter((item) => isJsonObject(item) && typeof item.value === 'string' && item.value !== '')
}

/** `label_ids` where present, else the older `label`: a number, or text such as `"11,12"`. */
function toLabelIds(draft: Draft): void {
  const { label } = draft
  delete draft.label
  if (Array.isArray(draft.label_ids)) return
  if (typeof label === 'number') draft.label_ids = [label]
  else if (typeof label === 'string' && label !== '') draft.label_ids = label.split(',').map(Number)
  else draft.label_ids = []
}

/** `address` with `address_route`, ... becomes one object; an empty part becomes null as in v2. */
function gatherAddress(draft: Draft, name: string): void {
  if (!(name in draft)) return
  const parts: Draft = {}
  for (const [key, value] of Object.entries(draft)) {
    if (!key.startsWith(`${name}_`)) continue
    parts[key.slice(name.length + 1)] = value === '' ? null : value
    delete draft[key]
  }
  const value = draft[name]
  if (typeof value === 'string' && value !== '') draft[name] = { value, ...parts }
  else if (!isJsonObject(value)) draft[name] = null
}

function renameIn(value: unknown, from: string, to: string): unknown {
  if (!Array.isArray(value)) return value
  return value.map((item) => {
    if (!isJsonObject(item) || !(from in item)) return item
    const { [from]: moved, ...rest } = item
    return { ...rest, [to]: moved }
  })
}
