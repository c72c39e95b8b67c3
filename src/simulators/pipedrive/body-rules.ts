/** What the body of a v2 write may hold, per entity (https://developers.pipedrive.com/docs/api/v1). Data only. */
import {
  address,
  arrayOf,
  type BodyRules,
  boolean,
  contactValues,
  date,
  integer,
  moment,
  nullable,
  number,
  oneOf,
  participants,
  text,
  time,
} from './body.ts'
import type { CoreEntity } from './shape-v2.ts'

const visibility = oneOf(1, 3, 5, 7)
const common: BodyRules = { owner_id: integer, visible_to: visibility, label_ids: nullable(arrayOf(integer)) }

/** Only accounts with Contact Sync have these. */
export const CONTACT_SYNC_KEYS = ['notes', 'im', 'birthday', 'job_title', 'postal_address'] as const

export const BODY_RULES: Readonly<Record<CoreEntity, BodyRules>> = {
  person: {
    ...common,
    name: text,
    first_name: text,
    last_name: nullable(text),
    org_id: nullable(integer),
    add_time: moment,
    emails: contactValues,
    phones: contactValues,
    marketing_status: oneOf('no_consent', 'unsubscribed', 'subscribed', 'archived'),
    notes: nullable(text),
    im: contactValues,
    birthday: nullable(date),
    job_title: nullable(text),
    postal_address: nullable(address),
  },
  organization: {
    ...common,
    name: text,
    add_time: moment,
    address: nullable(address),
    website: nullable(text),
    linkedin: nullable(text),
    industry: nullable(integer),
    annual_revenue: nullable(integer),
    employee_count: nullable(integer),
  },
  deal: {
    ...common,
    title: text,
    person_id: nullable(integer),
    org_id: nullable(integer),
    pipeline_id: integer,
    stage_id: integer,
    value: nullable(number),
    currency: text,
    is_deleted: boolean,
    is_archived: boolean,
    archive_time: nullable(moment),
    status: oneOf('open', 'won', 'lost', 'deleted'),
    probability: nullable(number),
    lost_reason: nullable(text),
    close_time: nullable(moment),
    won_time: nullable(moment),
    lost_time: nullable(moment),
    expected_close_date: nullable(date),
  },
  activity: {
    subject: text,
    type: text,
    owner_id: integer,
    deal_id: nullable(integer),
    lead_id: nullable(text),
    org_id: nullable(integer),
    project_id: nullable(integer),
    due_date: nullable(date),
    due_time: nullable(time),
    duration: nullable(time),
    busy: boolean,
    done: boolean,
    location: nullable(address),
    participants,
    attendees: arrayOf((value) =>
      typeof value === 'object' && value !== null ? null : 'items must be objects',
    ),
    public_description: nullable(text),
    priority: nullable(integer),
    note: nullable(text),
  },
}

export const PIPELINE_RULES: BodyRules = { name: text, is_deal_probability_enabled: boolean }
export const STAGE_RULES: BodyRules = {
  name: text,
  pipeline_id: integer,
  deal_probability: integer,
  is_deal_rot_enabled: boolean,
  days_to_rotten: nullable(integer),
}
