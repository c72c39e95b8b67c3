/** Records as REST API v2 shows them (https://developers.pipedrive.com/docs/api/v1). Reads only. */
import { includedFields } from './counts.ts'
import type { FieldOption } from './field-catalogue.ts'
import { isDeleted, type Values } from './records.ts'
import type { CustomValues, SeedActivity, SeedDeal, SeedOrganization, SeedPerson } from './seed.ts'
import type { PipedriveState } from './state.ts'

export type CoreEntity = 'person' | 'organization' | 'deal' | 'activity'
export type CoreRecord = SeedPerson | SeedOrganization | SeedDeal | SeedActivity

/** What of a record is asked for. */
export type View = {
  includeFields: readonly string[]
  /** Codes of custom fields to show; null: all. */
  customFields: readonly string[] | null
  optionLabels: boolean
  labels: boolean
}

export const PLAIN_VIEW: View = { includeFields: [], customFields: null, optionLabels: false, labels: false }

/** Shows records of one kind in one view; made once per answer. */
export function createShaper(
  state: PipedriveState,
  entity: CoreEntity,
  view: View,
): (record: CoreRecord) => Values {
  const fields = state.fields.custom(entity)
  const shown = view.customFields
    ? fields.filter((field) => view.customFields?.includes(field.field_code))
    : fields
  const codes = shown.map((field) => field.field_code)
  const options = new Map(shown.map((field) => [field.field_code, field.options ?? []]))
  const labels = state.fields.get(entity, 'label_ids')?.options ?? []
  return (record) => {
    const shape = SHAPES[entity](record as never, state) as Record<string, unknown>
    if (entity !== 'activity') {
      const values = (record as SeedPerson).custom_fields ?? {}
      const absent = leavesOutNulls(state, record.id)
      shape.custom_fields = customFields(values, codes, absent, view.optionLabels ? options : null)
      if (view.labels) shape.labels = pick(labels, (record as SeedPerson).label_ids ?? [])
    }
    if (view.includeFields.length > 0)
      Object.assign(shape, includedFields(state, entity, record as Values, view.includeFields))
    return leavesOutNulls(state, record.id) ? withoutNulls(shape) : shape
  }
}

const SHAPES = {
  person: (record: SeedPerson, state: PipedriveState): Values => ({
    id: record.id,
    name: record.name,
    first_name: record.first_name ?? null,
    last_name: record.last_name ?? null,
    owner_id: record.owner_id,
    org_id: record.org_id ?? null,
    add_time: record.add_time,
    update_time: record.update_time,
    emails: record.emails,
    phones: record.phones,
    is_deleted: isDeleted(record),
    visible_to: record.visible_to ?? 3,
    label_ids: record.label_ids ?? [],
    picture_id: null,
    ...(state.switches.contactSync ? contactSyncFields(record) : {}),
  }),
  organization: (record: SeedOrganization): Values => ({
    id: record.id,
    name: record.name,
    owner_id: record.owner_id,
    add_time: record.add_time,
    update_time: record.update_time,
    address: record.address ?? null,
    is_deleted: isDeleted(record),
    visible_to: record.visible_to ?? 3,
    label_ids: record.label_ids ?? [],
    website: record.website ?? null,
    linkedin: record.linkedin ?? null,
    industry: record.industry ?? null,
    annual_revenue: record.annual_revenue ?? null,
    employee_count: record.employee_count ?? null,
  }),
  deal: toV2Deal,
  activity: toV2Activity,
} as const

function contactSyncFields(record: SeedPerson): Values {
  return {
    notes: record.notes ?? null,
    im: record.im ?? [],
    birthday: record.birthday ?? null,
    job_title: record.job_title ?? null,
    postal_address: record.postal_address ?? null,
  }
}

function toV2Deal(record: SeedDeal): Values {
  const [won, lost] = [record.won_time ?? null, record.lost_time ?? null]
  return {
    id: record.id,
    title: record.title,
    creator_user_id: record.creator_user_id ?? record.owner_id,
    owner_id: record.owner_id,
    value: record.value,
    person_id: record.person_id ?? null,
    org_id: record.org_id ?? null,
    stage_id: record.stage_id,
    pipeline_id: record.pipeline_id,
    currency: record.currency,
    archive_time: record.archive_time ?? null,
    add_time: record.add_time,
    update_time: record.update_time,
    stage_change_time: record.stage_change_time ?? null,
    status: isDeleted(record) ? 'deleted' : record.status,
    is_archived: record.is_archived ?? false,
    is_deleted: isDeleted(record),
    probability: record.probability ?? null,
    lost_reason: record.lost_reason ?? null,
    visible_to: record.visible_to ?? 3,
    close_time: record.close_time ?? null,
    won_time: won,
    lost_time: lost,
    local_won_date: won?.slice(0, 10) ?? null,
    local_lost_date: lost?.slice(0, 10) ?? null,
    local_close_date: record.close_time?.slice(0, 10) ?? null,
    expected_close_date: record.expected_close_date ?? null,
    label_ids: record.label_ids ?? [],
    origin: 'ManuallyCreated',
    origin_id: null,
    channel: null,
    channel_id: null,
    acv: null,
    arr: null,
    mrr: null,
  }
}

function toV2Activity(record: SeedActivity): Values {
  const others = record.other_person_ids ?? []
  return {
    id: record.id,
    subject: record.subject,
    type: record.type,
    owner_id: record.owner_id,
    creator_user_id: record.creator_user_id ?? record.owner_id,
    is_deleted: isDeleted(record),
    add_time: record.add_time,
    update_time: record.update_time,
    deal_id: record.deal_id ?? null,
    lead_id: record.lead_id ?? null,
    person_id: record.person_id ?? null,
    org_id: record.org_id ?? null,
    project_id: record.project_id ?? null,
    due_date: record.due_date ?? null,
    due_time: record.due_time ?? null,
    duration: record.duration ?? null,
    busy: record.busy ?? false,
    done: record.done ?? false,
    marked_as_done_time: record.marked_as_done_time ?? null,
    location: record.location ?? null,
    participants: [
      ...(typeof record.person_id === 'number' ? [{ person_id: record.person_id, primary: true }] : []),
      ...others.map((person_id) => ({ person_id, primary: false })),
    ],
    conference_meeting_client: null,
    conference_meeting_url: null,
    conference_meeting_id: null,
    public_description: record.public_description ?? null,
    priority: record.priority ?? null,
    outcome: null,
    note: record.note ?? null,
  }
}

function customFields(
  values: CustomValues,
  codes: readonly string[],
  absent: boolean,
  options: Map<string, FieldOption[]> | null,
): Values {
  const shown: Record<string, unknown> = {}
  for (const code of codes) {
    const value = values[code] ?? null
    if (value === null && absent) continue
    const known = options?.get(code) ?? []
    shown[code] = known.length > 0 && value !== null ? withLabels(known, value) : value
  }
  return shown
}

/** `include_option_labels`: an enum becomes `{id, label}`, a set an array of them. */
function withLabels(options: readonly FieldOption[], value: unknown): unknown {
  if (Array.isArray(value)) return pick(options, value)
  return pick(options, [value])[0] ?? value
}

function pick(
  options: readonly FieldOption[],
  ids: readonly unknown[],
): { id: number | string; label: string }[] {
  return options
    .filter((option) => ids.includes(option.id))
    .map(({ id, label, ...rest }) => ({ id, label, ...rest }))
}

function leavesOutNulls(state: PipedriveState, id: number): boolean {
  const { emptyKeys } = state.switches
  return emptyKeys === 'absent' || (emptyKeys === 'mixed' && id % 3 === 0)
}

function withoutNulls(shape: Values): Values {
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== null))
}
