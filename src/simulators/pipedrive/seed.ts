/**
 * What a simulated Pipedrive account holds at the start: plain data in the shapes of API v2, custom fields sparse.
 * No behaviour, no randomness, no clock. Times are `YYYY-MM-DDTHH:MM:SSZ` (leads: with milliseconds).
 */
import type { SeedChange } from './changelog.ts'
import type { PipedriveSwitches } from './switches.ts'

/** The sixteen types a custom field can have (https://pipedrive.readme.io/docs/core-api-concepts-custom-fields). */
export const CUSTOM_FIELD_TYPES = [
  'varchar',
  'varchar_auto',
  'text',
  'double',
  'monetary',
  'enum',
  'set',
  'user',
  'org',
  'people',
  'phone',
  'date',
  'daterange',
  'time',
  'timerange',
  'address',
] as const
export type CustomFieldType = (typeof CUSTOM_FIELD_TYPES)[number]

export type ContactValue = { value: string; primary: boolean; label: string }

export type PipedriveAddress = {
  value: string
  country?: string | null
  admin_area_level_1?: string | null
  admin_area_level_2?: string | null
  locality?: string | null
  sublocality?: string | null
  route?: string | null
  street_number?: string | null
  subpremise?: string | null
  postal_code?: string | null
  formatted_address?: string | null
}

/** A custom value as REST v2 shows it; unset ones are left out of a record. */
export type CustomValue =
  | string
  | number
  | readonly number[]
  | { value: number; currency: string }
  | { value: string; until: string }
  | { value: string; timezone_id: number; timezone_name: string }
  | { value: string; until: string; timezone_id: number; timezone_name: string }
  | PipedriveAddress
export type CustomValues = { readonly [fieldCode: string]: CustomValue }

/** What every record has. `is_deleted` with `update_time` as the time of deletion; gone for good 30 days later. */
type SeedRecord = {
  id: number
  owner_id: number
  add_time: string
  update_time: string
  is_deleted?: boolean
  /** 1 owner, 3 company (Lite, Growth); 1, 3, 5, 7 (Premium, Ultimate). Default: the whole company. */
  visible_to?: number
  label_ids?: readonly number[]
  custom_fields?: CustomValues
}

export type MarketingStatus = 'no_consent' | 'unsubscribed' | 'subscribed' | 'archived'

export type SeedPerson = SeedRecord & {
  name: string
  first_name?: string | null
  last_name?: string | null
  org_id?: number | null
  emails: readonly ContactValue[]
  phones: readonly ContactValue[]
  marketing_status?: MarketingStatus
  doi_status?: string
  /** These exist only in accounts with Contact Sync. */
  job_title?: string | null
  birthday?: string | null
  notes?: string | null
  im?: readonly ContactValue[]
  postal_address?: PipedriveAddress | null
}

export type SeedOrganization = SeedRecord & {
  name: string
  address?: PipedriveAddress | null
  website?: string | null
  linkedin?: string | null
  industry?: number | null
  annual_revenue?: number | null
  employee_count?: number | null
}

export type DealStatus = 'open' | 'won' | 'lost'

export type SeedDeal = SeedRecord & {
  title: string
  value: number
  currency: string
  person_id?: number | null
  org_id?: number | null
  pipeline_id: number
  stage_id: number
  status: DealStatus
  stage_change_time?: string | null
  won_time?: string | null
  lost_time?: string | null
  close_time?: string | null
  lost_reason?: string | null
  expected_close_date?: string | null
  probability?: number | null
  is_archived?: boolean
  archive_time?: string | null
  source_lead_id?: string | null
  creator_user_id?: number
}

export type Attendee = {
  email: string
  name: string | null
  status: string | null
  is_organizer: boolean
  person_id: number | null
  user_id: number | null
}

export type SeedActivity = Omit<SeedRecord, 'visible_to' | 'label_ids' | 'custom_fields'> & {
  subject: string
  /** The `key_string` of an activity type. */
  type: string
  /** The primary participant. */
  person_id?: number | null
  /** Further participants. */
  other_person_ids?: readonly number[]
  deal_id?: number | null
  lead_id?: string | null
  org_id?: number | null
  project_id?: number | null
  due_date?: string | null
  /** UTC, `HH:MM:SS`. */
  due_time?: string | null
  duration?: string | null
  done?: boolean
  marked_as_done_time?: string | null
  busy?: boolean | null
  location?: PipedriveAddress | null
  attendees?: readonly Attendee[]
  note?: string | null
  public_description?: string | null
  priority?: number | null
  creator_user_id?: number
}

export type SeedLead = {
  /** A UUID. */
  id: string
  title: string
  owner_id: number
  creator_id?: number
  person_id?: number | null
  organization_id?: number | null
  /** UUIDs of lead labels. */
  label_ids?: readonly string[]
  value?: { amount: number; currency: string } | null
  expected_close_date?: string | null
  is_archived?: boolean
  was_seen?: boolean
  /** ISO 8601 with milliseconds. */
  add_time: string
  update_time: string
  visible_to?: number
  source_name?: string
  origin_id?: string | null
  channel?: number | null
  channel_id?: string | null
  /** Leads have the custom fields of deals. */
  custom_fields?: CustomValues
}

export type SeedNote = {
  id: number
  content: string
  user_id: number
  person_id?: number | null
  org_id?: number | null
  deal_id?: number | null
  lead_id?: string | null
  add_time: string
  update_time: string
  is_deleted?: boolean
}

export type SeedPipeline = {
  id: number
  name: string
  order_nr: number
  is_deleted?: boolean
  is_deal_probability_enabled?: boolean
  add_time: string
  update_time: string
}

export type SeedStage = {
  id: number
  name: string
  pipeline_id: number
  order_nr: number
  deal_probability?: number
  is_deleted?: boolean
  is_deal_rot_enabled?: boolean
  days_to_rotten?: number | null
  add_time: string
  update_time: string
}

export type FieldEntity = 'person' | 'organization' | 'deal' | 'activity'

/** A custom field; the built-in ones come with the simulator. */
export type SeedField = {
  entity: FieldEntity
  /** The numeric id of API v1. */
  id: number
  /** 40 hexadecimal digits. */
  field_code: string
  field_name: string
  field_type: CustomFieldType
  /** Enum and set only. */
  options?: readonly { id: number; label: string; color?: string | null }[]
  description?: string | null
}

export type SeedUser = {
  id: number
  name: string
  email: string
  is_admin: boolean
  active?: boolean
  timezone_name?: string
}

export type Label = { id: number; label: string; color: string }
export type LeadLabel = { id: string; name: string; color: string; add_time: string; update_time: string }

export type PipedriveSeed = {
  company: {
    id: number
    name: string
    /** `yourcompany` of `https://yourcompany.pipedrive.com`. */
    domain: string
    /** ISO 3166 alpha-2. */
    country: string
    default_currency: string
  }
  users: readonly SeedUser[]
  labels: { person: readonly Label[]; organization: readonly Label[]; deal: readonly Label[] }
  leadLabels: readonly LeadLabel[]
  fields: readonly SeedField[]
  pipelines: readonly SeedPipeline[]
  stages: readonly SeedStage[]
  persons: readonly SeedPerson[]
  organizations: readonly SeedOrganization[]
  deals: readonly SeedDeal[]
  activities: readonly SeedActivity[]
  leads: readonly SeedLead[]
  notes: readonly SeedNote[]
  /** What happened to deals before the start, in the order of time for each; default: nobody noted it. */
  changelogs?: readonly SeedChange[]
  /** Ways of this account that the vendor does not document; options of the simulator win over them. */
  switches?: Partial<PipedriveSwitches>
}

/** An account with one admin, one pipeline of one stage and nothing in it. */
export function emptyPipedriveSeed(): PipedriveSeed {
  const times = { add_time: '2025-01-01T00:00:00Z', update_time: '2025-01-01T00:00:00Z' }
  return {
    company: { id: 1, name: 'Empty', domain: 'empty', country: 'EE', default_currency: 'EUR' },
    users: [{ id: 1, name: 'Olive Owner', email: 'olive@example.com', is_admin: true }],
    labels: { person: [], organization: [], deal: [] },
    leadLabels: [],
    fields: [],
    pipelines: [{ id: 1, name: 'Pipeline', order_nr: 1, ...times }],
    stages: [{ id: 1, name: 'Qualified', pipeline_id: 1, order_nr: 1, ...times }],
    persons: [],
    organizations: [],
    deals: [],
    activities: [],
    leads: [],
    notes: [],
  }
}
