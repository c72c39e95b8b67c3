/** The tables as Kysely sees them. The SQL that makes them is in `migrations/`. */
import type { Generated, JSONColumnType } from 'kysely'
import type { JsonObject } from '../base/json.ts'
import type { AccessTables } from './schema-access.ts'
import type { CompanyTables } from './schema-companies.ts'
import type { LiveTables } from './schema-live.ts'
import type { OAuthTables } from './schema-oauth.ts'
import type { ReportTables } from './schema-reports.ts'
import type { SkillTables } from './schema-skills.ts'
import type { TwoWayTables } from './schema-two-way.ts'

export type Database = LiveTables &
  AccessTables &
  CompanyTables &
  TwoWayTables &
  OAuthTables &
  ReportTables &
  SkillTables & {
    connections: ConnectionTable
    records: RecordTable
    cursors: CursorTable
    listed: { connection: string; entity: string; id: string }
    /** Clusters (by identity e-mail) whose projection is out of date. */
    dirty: { connection: string; identity: string; marked: Generated<number> }
    wanted: WantedTable
    warnings: { connection: string; person_id: number; code: string; subject: string; detail: string }
    known: KnownTable
    links: { connection: string; person_id: number; contact_id: number; linked_at: Generated<Date> }
    outbox: OutboxTable
    failures: FailureTable
    runs: RunTable
  }

export type ConnectionTable = {
  id: string
  credentials: JSONColumnType<JsonObject, string, string>
  pipedrive_company: JSONColumnType<JsonObject, string, string> | null
  brevo_account: JSONColumnType<JsonObject, string, string> | null
  /** When the last complete listing of every stream ended. */
  listed_at: Date | null
  /** Brevo's contacts are known up to this moment of Brevo's clock. */
  known_until: Date | null
  /** What the stored `wanted` rows were computed with. */
  plan_fingerprint: string | null
  /** The plan in short, to explain records without asking the accounts. */
  plan: JSONColumnType<JsonObject, string, string> | null
  /** What the stored `known` rows were read with (the attributes that are kept). */
  known_fingerprint: string | null
  lease_holder: string | null
  lease_until: Date | null
  /** Changes are told as events from this moment of Pipedrive's clock on; null before the first complete sync. */
  told_since: Generated<Date | null>
  /** YAML, sealed; null: the file describes the connection. */
  settings: Generated<string | null>
  /** Since when the server lets it rest; null: it does not. */
  held_at: Generated<Date | null>
  held_because: Generated<'setup' | 'person' | null>
  /** Null until an address is erased. */
  erasure_salt: Generated<string | null>
  created_at: Generated<Date>
}

export type RecordTable = {
  connection: string
  entity: string
  id: string
  doc: JSONColumnType<JsonObject, string, string>
  version: Date | null
  fingerprint: string
  deleted: boolean
  person_id: number | null
  org_id: number | null
  identity: string | null
  problem: string | null
}

export type CursorTable = {
  connection: string
  stream: string
  run: string
  mode: string
  cursor: string | null
  finished: boolean
  since: Date | null
  started_at: Date | null
  watermark: Date | null
  rows_read: number
  sweep: boolean
}

export type WantedTable = {
  connection: string
  person_id: number
  identity: string
  sms: string | null
  sms_granted: boolean
  attributes: JSONColumnType<JsonObject, string, string>
  lists: number[]
  keep: string[]
  unsubscribed: boolean
  fingerprint: string
  /** The fingerprint at which the contact was deleted in Brevo: not pushed again until it differs. */
  held: string | null
}

export type KnownTable = {
  connection: string
  contact_id: number
  email: string | null
  ext_id: string | null
  sms: string | null
  attributes: JSONColumnType<JsonObject, string, string>
  lists: number[]
  email_blocked: boolean
  sms_blocked: boolean
  modified_at: Date | null
  written: string[]
  our_lists: number[]
  in_step: string | null
  /** Attribute to the last value both sides had in common; null for empty. */
  agreed: Generated<JsonObject>
  /** Fingerprint of the fields that `agreed` is complete for. */
  agreed_with: string | null
  /** `unsubscribed`, `complained` or `bounced`, where Brevo said why the contact is blocklisted. */
  blocked_by: string | null
}

export type OutboxTable = {
  id: Generated<number>
  connection: string
  run: string
  action: string
  person_id: number | null
  contact_id: number | null
  email: string | null
  route: string
  group_key: string
  command: JSONColumnType<JsonObject, string, string>
  fingerprint: string
  state: string
  process_id: number | null
  attempts: number
  sent_at: Date | null
}

export type FailureTable = {
  connection: string
  entity: string
  record_id: string
  code: string
  disposition: string
  message: string
  vendor_message: string | null
  remedy: string
  fingerprint: string | null
  attempts: number
  discarded: boolean
  first_at: Date
  last_at: Date
}

export type RunTable = {
  id: string
  connection: string
  mode: string
  dry_run: boolean
  status: string
  stage: string
  started_at: Date
  finished_at: Date | null
  resume_at: Date | null
  reason: string | null
  counters: JSONColumnType<JsonObject, string, string>
}
