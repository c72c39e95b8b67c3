/**
 * Records as the `data` and `previous` of webhooks v2 show them, a third shape beside those of REST v2 and v1
 * (https://pipedrive.readme.io/docs/webhooks-v2-migration-guide). Reads only. No counts, no marketing status: webhooks have none.
 */
import { isDeleted, type Values } from './records.ts'
import type {
  CustomValues,
  SeedActivity,
  SeedDeal,
  SeedLead,
  SeedNote,
  SeedOrganization,
  SeedPerson,
  SeedPipeline,
  SeedStage,
  SeedUser,
} from './seed.ts'
import type { Occurrence, PipedriveState } from './state.ts'
import { toWebhookCustomFields } from './webhook-custom-values.ts'

/** `visible_to` is a string here; a user's id is one too. */
export function toWebhookRecord(
  state: PipedriveState,
  entity: Occurrence['entity'],
  record: NonNullable<Occurrence['before']>,
): Values {
  return SHAPES[entity](record as never, state)
}

const SHAPES: { readonly [E in Occurrence['entity']]: (record: never, state: PipedriveState) => Values } = {
  person: (record: SeedPerson, state) => ({
    add_time: record.add_time,
    custom_fields: custom(state, 'person', record),
    emails: record.emails,
    first_name: record.first_name ?? null,
    id: record.id,
    label: record.label_ids?.[0] ?? null,
    last_name: record.last_name ?? null,
    name: record.name,
    org_id: record.org_id ?? null,
    owner_id: record.owner_id,
    phones: record.phones,
    update_time: record.update_time,
    visible_to: String(record.visible_to ?? 3),
  }),
  organization: (record: SeedOrganization, state) => ({
    add_time: record.add_time,
    address: record.address ?? null,
    annual_revenue: record.annual_revenue ?? null,
    country_code: null,
    custom_fields: custom(state, 'organization', record),
    employee_count: record.employee_count ?? null,
    id: record.id,
    industry: record.industry ?? null,
    label: record.label_ids?.[0] ?? null,
    linkedin: record.linkedin ?? null,
    name: record.name,
    owner_id: record.owner_id,
    picture_id: null,
    update_time: record.update_time,
    visible_to: String(record.visible_to ?? 3),
    website: record.website ?? null,
  }),
  deal: toWebhookDeal,
  activity: toWebhookActivity,
  lead: toWebhookLead,
  note: (record: SeedNote) => ({
    active_flag: !isDeleted(record),
    add_time: record.add_time,
    content: record.content,
    deal_id: record.deal_id ?? null,
    id: record.id,
    lead_id: record.lead_id ?? null,
    org_id: record.org_id ?? null,
    person_id: record.person_id ?? null,
    project_id: null,
    update_time: record.update_time,
    user_id: record.user_id,
  }),
  pipeline: (record: SeedPipeline) => ({
    active_flag: !isDeleted(record),
    add_time: record.add_time,
    deal_probability: record.is_deal_probability_enabled ?? true,
    id: record.id,
    name: record.name,
    order_nr: record.order_nr,
    update_time: record.update_time,
  }),
  stage: (record: SeedStage) => ({
    active_flag: !isDeleted(record),
    add_time: record.add_time,
    deal_probability: record.deal_probability ?? 100,
    id: record.id,
    name: record.name,
    order_nr: record.order_nr,
    pipeline_id: record.pipeline_id,
    rotten_days: record.days_to_rotten ?? null,
    rotten_flag: record.is_deal_rot_enabled ?? false,
    update_time: record.update_time,
  }),
  user: (user: SeedUser) => ({
    active_flag: user.active ?? true,
    email: user.email,
    id: String(user.id),
    is_admin: user.is_admin,
    name: user.name,
    timezone_name: user.timezone_name ?? 'Asia/Seoul',
  }),
}

function toWebhookDeal(record: SeedDeal, state: PipedriveState): Values {
  return {
    add_time: record.add_time,
    archive_time: record.archive_time ?? null,
    channel: null,
    channel_id: null,
    close_time: record.close_time ?? null,
    creator_user_id: record.creator_user_id ?? record.owner_id,
    currency: record.currency,
    custom_fields: custom(state, 'deal', record),
    expected_close_date: record.expected_close_date ?? null,
    first_won_time: record.won_time ?? null,
    id: record.id,
    is_archived: record.is_archived ?? false,
    label_ids: record.label_ids ?? [],
    lost_reason: record.lost_reason ?? null,
    lost_time: record.lost_time ?? null,
    org_id: record.org_id ?? null,
    origin: 'ManuallyCreated',
    origin_id: null,
    owner_id: record.owner_id,
    person_id: record.person_id ?? null,
    pipeline_id: record.pipeline_id,
    probability: record.probability ?? null,
    stage_change_time: record.stage_change_time ?? null,
    stage_id: record.stage_id,
    status: record.status,
    title: record.title,
    update_time: record.update_time,
    value: record.value,
    visible_to: String(record.visible_to ?? 3),
    won_time: record.won_time ?? null,
  }
}

/** The names of v1, mostly. */
function toWebhookActivity(record: SeedActivity): Values {
  const time = (value: string | null | undefined): Values | null =>
    value ? { timezone_id: null, value } : null
  return {
    active_flag: !isDeleted(record),
    add_time: record.add_time,
    attendees: record.attendees?.map(({ email, ...rest }) => ({ email_address: email, ...rest })) ?? null,
    busy_flag: record.busy ?? false,
    creator_user_id: record.creator_user_id ?? record.owner_id,
    deal_id: record.deal_id ?? null,
    done: record.done ?? false,
    due_date: record.due_date ?? null,
    due_time: time(record.due_time),
    duration: time(record.duration),
    id: record.id,
    lead_id: record.lead_id ?? null,
    location: record.location ?? null,
    marked_as_done_time: record.marked_as_done_time ?? null,
    note: record.note ?? null,
    org_id: record.org_id ?? null,
    owner_id: record.owner_id,
    participants: [
      ...(typeof record.person_id === 'number' ? [{ person_id: record.person_id, primary_flag: true }] : []),
      ...(record.other_person_ids ?? []).map((person_id) => ({ person_id, primary_flag: false })),
    ],
    person_id: record.person_id ?? null,
    priority: record.priority ?? null,
    project_id: record.project_id ?? null,
    public_description: record.public_description ?? null,
    subject: record.subject,
    type: record.type,
    update_time: record.update_time,
  }
}

/** Leads have the custom fields of deals. */
function toWebhookLead(record: SeedLead, state: PipedriveState): Values {
  return {
    add_time: record.add_time,
    channel: record.channel ?? null,
    channel_id: record.channel_id ?? null,
    creator_id: record.creator_id ?? record.owner_id,
    custom_fields: custom(state, 'deal', record),
    expected_close_date: record.expected_close_date ?? null,
    id: record.id,
    is_archived: record.is_archived ?? false,
    label_ids: record.label_ids ?? [],
    organization_id: record.organization_id ?? null,
    origin: record.source_name === 'API' ? 'API' : 'ManuallyCreated',
    origin_id: record.origin_id ?? null,
    owner_id: record.owner_id,
    person_id: record.person_id ?? null,
    source_name: record.source_name ?? 'Manually created',
    title: record.title,
    update_time: record.update_time,
    value: record.value ?? null,
    visible_to: String(record.visible_to ?? 3),
    was_seen: record.was_seen ?? false,
  }
}

function custom(
  state: PipedriveState,
  entity: 'person' | 'organization' | 'deal',
  { id, custom_fields: values = {} }: { id: number | string; custom_fields?: CustomValues },
): Values {
  const { emptyKeys } = state.switches
  const isSparse = emptyKeys === 'absent' || (emptyKeys === 'mixed' && Number(id) % 3 === 0)
  return toWebhookCustomFields(values, state.fields.custom(entity), isSparse ? 'absent' : 'null')
}
