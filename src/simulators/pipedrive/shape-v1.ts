/** Records as API v1 shows them: flat custom fields, times without zone, nested owners and organizations. Reads only. */

import { INCLUDE_FIELDS, includedFields } from './counts.ts'
import { toV1CustomFields } from './custom-values.ts'
import { isDeleted, toV1Time, type Values } from './records.ts'
import type { CustomValues, SeedActivity, SeedDeal, SeedLead, SeedOrganization, SeedPerson } from './seed.ts'
import type { PipedriveState } from './state.ts'

/** How references look: objects in lists and gets, plain ids in the answer to a merge. */
export type References = 'objects' | 'ids'

const optionalTime = (time: string | null | undefined): string | null => (time ? toV1Time(time) : null)

export function toV1Person(
  state: PipedriveState,
  person: SeedPerson,
  references: References = 'objects',
): Values {
  const organization = person.org_id ? state.find('organization', person.org_id) : undefined
  const owner = state.users.get(person.owner_id)
  return {
    id: person.id,
    company_id: state.seed.company.id,
    owner_id: references === 'ids' ? person.owner_id : toV1User(state, person.owner_id),
    org_id: references === 'ids' ? (person.org_id ?? null) : toV1Organization(state, person.org_id),
    name: person.name,
    first_name: person.first_name ?? null,
    last_name: person.last_name ?? null,
    ...counts(state, 'person', person),
    active_flag: !isDeleted(person),
    phone: person.phones.length > 0 ? person.phones : [{ value: '', primary: true, label: 'work' }],
    email: person.emails.length > 0 ? person.emails : [{ value: '', primary: true, label: 'work' }],
    primary_email: (person.emails.find((item) => item.primary) ?? person.emails[0])?.value ?? null,
    first_char: person.name.slice(0, 1).toLowerCase(),
    update_time: toV1Time(person.update_time),
    add_time: toV1Time(person.add_time),
    visible_to: String(person.visible_to ?? 3),
    picture_id: null,
    label: person.label_ids?.[0] ?? null,
    label_ids: person.label_ids ?? [],
    org_name: organization?.name ?? null,
    owner_name: owner?.name ?? '',
    cc_email: `${state.seed.company.domain}@pipedrivemail.com`,
    ...custom(state, 'person', person.custom_fields),
  }
}

/** The object that stands for an organization inside a v1 record; `value` is its id. */
function toV1Organization(state: PipedriveState, id: number | null | undefined): Values | null {
  const organization = id ? state.find('organization', id) : undefined
  if (!organization) return null
  return {
    name: organization.name,
    people_count: state.tables.person.where('org_id', organization.id).length,
    owner_id: organization.owner_id,
    address: organization.address?.value ?? null,
    active_flag: !isDeleted(organization),
    cc_email: `${state.seed.company.domain}@pipedrivemail.com`,
    value: organization.id,
  }
}

/** `has_pic` is 0 on the owners of persons and organizations, false on the users of deals. */
function toV1User(state: PipedriveState, id: number, hasPic: 0 | false = 0): Values {
  const user = state.users.get(id)
  return {
    id,
    name: user?.name ?? '',
    email: user?.email ?? '',
    has_pic: hasPic,
    pic_hash: null,
    active_flag: user?.active ?? true,
    value: id,
  }
}

function toV1PersonReference(state: PipedriveState, id: number | null | undefined): Values | null {
  const person = id ? state.find('person', id) : undefined
  return person
    ? {
        active_flag: !isDeleted(person),
        name: person.name,
        email: person.emails,
        phone: person.phones,
        value: person.id,
      }
    : null
}

export function toV1FullOrganization(state: PipedriveState, organization: SeedOrganization): Values {
  return {
    id: organization.id,
    company_id: state.seed.company.id,
    owner_id: toV1User(state, organization.owner_id),
    name: organization.name,
    ...counts(state, 'organization', organization),
    active_flag: !isDeleted(organization),
    first_char: organization.name.slice(0, 1).toLowerCase(),
    update_time: toV1Time(organization.update_time),
    add_time: toV1Time(organization.add_time),
    visible_to: String(organization.visible_to ?? 3),
    picture_id: null,
    label: organization.label_ids?.[0] ?? null,
    label_ids: organization.label_ids ?? [],
    address: organization.address?.value ?? null,
    owner_name: state.users.get(organization.owner_id)?.name ?? '',
    cc_email: `${state.seed.company.domain}@pipedrivemail.com`,
    country_code: null,
    ...custom(state, 'organization', organization.custom_fields),
  }
}

export function toV1Deal(state: PipedriveState, deal: SeedDeal, references: References = 'objects'): Values {
  const money = (value: number): string => `${deal.currency} ${value}`
  const ids = references === 'ids'
  return {
    id: deal.id,
    creator_user_id: ids
      ? (deal.creator_user_id ?? deal.owner_id)
      : toV1User(state, deal.creator_user_id ?? deal.owner_id, false),
    user_id: ids ? deal.owner_id : toV1User(state, deal.owner_id, false),
    person_id: ids ? (deal.person_id ?? null) : toV1PersonReference(state, deal.person_id),
    org_id: ids ? (deal.org_id ?? null) : toV1Organization(state, deal.org_id),
    stage_id: deal.stage_id,
    title: deal.title,
    value: deal.value,
    currency: deal.currency,
    add_time: toV1Time(deal.add_time),
    update_time: toV1Time(deal.update_time),
    stage_change_time: optionalTime(deal.stage_change_time),
    active: deal.status === 'open' && !isDeleted(deal),
    deleted: isDeleted(deal),
    is_archived: deal.is_archived ?? false,
    status: isDeleted(deal) ? 'deleted' : deal.status,
    probability: deal.probability ?? null,
    lost_reason: deal.lost_reason ?? null,
    visible_to: String(deal.visible_to ?? 3),
    close_time: optionalTime(deal.close_time),
    pipeline_id: deal.pipeline_id,
    won_time: optionalTime(deal.won_time),
    lost_time: optionalTime(deal.lost_time),
    ...counts(state, 'deal', deal),
    expected_close_date: deal.expected_close_date ?? null,
    label: deal.label_ids?.[0] === undefined ? null : String(deal.label_ids[0]),
    stage_order_nr: state.tables.stage.get(deal.stage_id)?.order_nr ?? 0,
    person_name: deal.person_id ? (state.find('person', deal.person_id)?.name ?? null) : null,
    org_name: deal.org_id ? (state.find('organization', deal.org_id)?.name ?? null) : null,
    formatted_value: money(deal.value),
    weighted_value: deal.value,
    formatted_weighted_value: money(deal.value),
    weighted_value_currency: deal.currency,
    rotten_time: null,
    owner_name: state.users.get(deal.owner_id)?.name ?? '',
    cc_email: `${state.seed.company.domain}+deal${deal.id}@pipedrivemail.com`,
    org_hidden: false,
    person_hidden: false,
    ...custom(state, 'deal', deal.custom_fields),
  }
}

export function toV1Activity(state: PipedriveState, activity: SeedActivity): Values {
  return {
    id: activity.id,
    company_id: state.seed.company.id,
    user_id: activity.owner_id,
    done: activity.done ?? false,
    type: activity.type,
    due_date: activity.due_date ?? null,
    due_time: activity.due_time?.slice(0, 5) ?? '',
    duration: activity.duration?.slice(0, 5) ?? '',
    busy_flag: activity.busy ?? false,
    add_time: toV1Time(activity.add_time),
    update_time: toV1Time(activity.update_time),
    marked_as_done_time: activity.marked_as_done_time ? toV1Time(activity.marked_as_done_time) : '',
    subject: activity.subject,
    note: activity.note ?? null,
    public_description: activity.public_description ?? null,
    org_id: activity.org_id ?? null,
    person_id: activity.person_id ?? null,
    deal_id: activity.deal_id ?? null,
    lead_id: activity.lead_id ?? null,
    active_flag: !isDeleted(activity),
    created_by_user_id: activity.creator_user_id ?? activity.owner_id,
    assigned_to_user_id: activity.owner_id,
    location: activity.location?.value ?? null,
    participants: activity.person_id ? [{ person_id: activity.person_id, primary_flag: true }] : null,
    attendees: activity.attendees?.map(({ email, ...rest }) => ({ email_address: email, ...rest })) ?? null,
  }
}

/** Milliseconds in times; unset custom fields are absent; `organization_id`. */
export function toV1Lead(state: PipedriveState, lead: SeedLead): Values {
  const next = state.tables.activity.where('lead_id', lead.id).find((activity) => !activity.done)
  return {
    id: lead.id,
    title: lead.title,
    owner_id: lead.owner_id,
    creator_id: lead.creator_id ?? lead.owner_id,
    label_ids: lead.label_ids ?? [],
    person_id: lead.person_id ?? null,
    organization_id: lead.organization_id ?? null,
    source_name: lead.source_name ?? 'Manually created',
    origin: lead.source_name === 'API' ? 'API' : 'ManuallyCreated',
    origin_id: lead.origin_id ?? null,
    channel: lead.channel ?? null,
    channel_id: lead.channel_id ?? null,
    is_archived: lead.is_archived ?? false,
    was_seen: lead.was_seen ?? false,
    value: lead.value ?? null,
    expected_close_date: lead.expected_close_date ?? null,
    next_activity_id: next?.id ?? null,
    add_time: lead.add_time,
    update_time: lead.update_time,
    visible_to: String(lead.visible_to ?? 3),
    cc_email: `${state.seed.company.domain}+lead${lead.id}@pipedrivemail.com`,
    ...toV1CustomFields(lead.custom_fields ?? {}, state.fields.custom('deal'), 'absent'),
  }
}

const V2_ONLY = ['doi_status', 'smart_bcc_email', 'source_lead_id', 'first_won_time']

function counts(state: PipedriveState, entity: 'person' | 'organization' | 'deal', record: object): Values {
  const names = INCLUDE_FIELDS[entity].filter((name) => !V2_ONLY.includes(name))
  return includedFields(state, entity, record as Values, names)
}

function custom(
  state: PipedriveState,
  entity: 'person' | 'organization' | 'deal',
  values: CustomValues | undefined,
): Values {
  return toV1CustomFields(values ?? {}, state.fields.custom(entity), 'null')
}
