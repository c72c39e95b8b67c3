/** Pipedrive's records to ours. Vendor shapes stop here; what cannot be read says so and keeps its id. */
import type {
  PipedriveActivity,
  PipedriveContactPoint,
  PipedriveDeal,
  PipedriveLead,
  PipedriveOrganization,
  PipedrivePerson,
} from '../../pipedrive/index.ts'
import type {
  Activity,
  Deal,
  DealStatus,
  FieldDefinition,
  Fields,
  FieldValue,
  Lead,
  Organization,
  Person,
} from '../model/index.ts'
import { readFields } from './field-value.ts'

type FieldTable = ReadonlyMap<string, FieldDefinition>

export function fromPipedrivePerson(person: PipedrivePerson, fields: FieldTable): Person {
  return {
    entity: 'person',
    id: person.id,
    updatedAt: toIsoTime(person.update_time),
    addedAt: toIsoTime(person.add_time),
    deleted: person.is_deleted === true,
    emails: toEntries(person.emails),
    phones: toEntries(person.phones),
    organizationId: person.org_id ?? null,
    marketingStatus: person.marketing_status ?? null,
    fields: {
      ...builtIn({
        id: number(person.id),
        name: text(person.name),
        first_name: text(person.first_name),
        last_name: text(person.last_name),
        job_title: text(person.job_title),
        owner_id: reference('user', person.owner_id),
        org_id: reference('organization', person.org_id),
        label_ids: options(person.label_ids),
        add_time: timestamp(person.add_time),
        update_time: timestamp(person.update_time),
        birthday: day(person.birthday),
        marketing_status: text(person.marketing_status),
        notes: text(person.notes),
        postal_address: text(person.postal_address?.formatted_address || person.postal_address?.value),
        visible_to: option(person.visible_to),
      }),
      ...readFields(person.custom_fields, fields),
    },
  }
}

export function fromPipedriveOrganization(
  organization: PipedriveOrganization,
  fields: FieldTable,
): Organization {
  return {
    entity: 'organization',
    id: organization.id,
    updatedAt: toIsoTime(organization.update_time),
    addedAt: toIsoTime(organization.add_time),
    deleted: organization.is_deleted === true,
    name: (organization.name ?? '').trim(),
    fields: {
      ...builtIn({
        id: number(organization.id),
        name: text(organization.name),
        owner_id: reference('user', organization.owner_id),
        label_ids: options(organization.label_ids),
        add_time: timestamp(organization.add_time),
        update_time: timestamp(organization.update_time),
        address: text(organization.address?.formatted_address || organization.address?.value),
        website: text(organization.website),
        linkedin: text(organization.linkedin),
        industry: option(organization.industry),
        annual_revenue: number(organization.annual_revenue),
        employee_count: number(organization.employee_count),
        visible_to: option(organization.visible_to),
      }),
      ...readFields(organization.custom_fields, fields),
    },
  }
}

/** Throws when the status is none that Pipedrive documents: counting such a deal anywhere would be a guess. */
export function fromPipedriveDeal(deal: PipedriveDeal, carried: FieldTable = new Map()): Deal {
  const status = deal.status === 'deleted' ? 'open' : deal.status
  if (status !== 'open' && status !== 'won' && status !== 'lost') {
    throw new Error(
      `status: expected open, won, lost or deleted, found ${JSON.stringify(deal.status ?? null)}`,
    )
  }
  return {
    entity: 'deal',
    id: deal.id,
    updatedAt: toIsoTime(deal.update_time),
    addedAt: toIsoTime(deal.add_time),
    deleted: deal.is_deleted === true || deal.status === 'deleted',
    title: deal.title ?? '',
    status: status satisfies DealStatus,
    value: deal.value ?? 0,
    currency: deal.currency ?? null,
    personId: deal.person_id ?? null,
    organizationId: deal.org_id ?? null,
    stageId: deal.stage_id ?? null,
    pipelineId: deal.pipeline_id ?? null,
    ownerId: deal.owner_id ?? null,
    wonAt: toIsoTime(deal.won_time ?? (status === 'won' ? deal.close_time : null)),
    lostAt: toIsoTime(deal.lost_time ?? (status === 'lost' ? deal.close_time : null)),
    stageChangedAt: toIsoTime(deal.stage_change_time),
    archived: deal.is_archived === true,
    // Only what events carry: nothing else depends on a deal's custom fields.
    fields: carried.size === 0 ? {} : readFields(only(deal.custom_fields, carried), carried),
  }
}

export function fromPipedriveActivity(activity: PipedriveActivity): Activity {
  const participants = activity.participants ?? []
  const primary = participants.find((item) => item.primary === true) ?? participants[0]
  return {
    entity: 'activity',
    id: activity.id,
    updatedAt: toIsoTime(activity.update_time),
    addedAt: toIsoTime(activity.add_time),
    deleted: activity.is_deleted === true,
    type: activity.type ?? '',
    subject: activity.subject ?? '',
    done: activity.done === true,
    dueDate: activity.due_date ?? null,
    doneAt: toIsoTime(activity.marked_as_done_time),
    personId: activity.person_id ?? primary?.person_id ?? null,
    dealId: activity.deal_id ?? null,
    ownerId: activity.owner_id ?? null,
    note: activity.note ?? null,
  }
}

export function fromPipedriveLead(lead: PipedriveLead): Lead {
  return {
    entity: 'lead',
    id: lead.id,
    updatedAt: toIsoTime(lead.update_time),
    addedAt: toIsoTime(lead.add_time),
    deleted: false,
    title: lead.title ?? '',
    personId: lead.person_id ?? null,
    organizationId: lead.organization_id ?? null,
    archived: lead.is_archived === true,
  }
}

function only(values: PipedriveDeal['custom_fields'], carried: FieldTable) {
  return Object.fromEntries(Object.entries(values ?? {}).filter(([key]) => carried.has(key)))
}

/** ISO 8601 in UTC; null for absent, empty and unreadable times. */
export function toIsoTime(time: string | null | undefined): string | null {
  if (!time) return null
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

function toEntries(points: readonly PipedriveContactPoint[] | null | undefined): Person['emails'] {
  return (points ?? []).flatMap((point) =>
    point.value ? [{ value: point.value, primary: point.primary === true }] : [],
  )
}

function builtIn(values: Record<string, FieldValue | null>): Fields {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, FieldValue] => entry[1] !== null),
  )
}

function text(value: string | null | undefined): FieldValue | null {
  return value ? { kind: 'text', text: value } : null
}

function number(value: number | null | undefined): FieldValue | null {
  return value == null ? null : { kind: 'number', number: value }
}

function option(value: number | string | null | undefined): FieldValue | null {
  return value == null || value === '' ? null : { kind: 'option', id: String(value) }
}

function options(values: readonly number[] | null | undefined): FieldValue | null {
  return values && values.length > 0 ? { kind: 'options', ids: values.map(String) } : null
}

function day(value: string | null | undefined): FieldValue | null {
  return value ? { kind: 'date', date: value.slice(0, 10) } : null
}

function timestamp(value: string | null | undefined): FieldValue | null {
  const at = toIsoTime(value)
  return at === null ? null : { kind: 'timestamp', at }
}

function reference(entity: 'user' | 'organization', id: number | null | undefined): FieldValue | null {
  return id == null ? null : { kind: 'reference', entity, id }
}
