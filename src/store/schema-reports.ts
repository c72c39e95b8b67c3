/** The tables of `0005-reports` as Kysely sees them. */
import type { Generated, JSONColumnType } from 'kysely'
import type { JsonObject } from '../base/json.ts'

export type ReportTables = {
  touches: TouchTable
  campaigns: { connection: string; id: number; name: string }
  touch_readings: { connection: string; contact_id: number; since: Date; until: Date }
  catalogues: { connection: string; doc: JSONColumnType<JsonObject, string, string>; read_at: Date }
  deals: DealTable
}

type TouchTable = {
  id: Generated<number>
  connection: string
  contact_id: number | null
  /** Only while the contact is not known. */
  email: string | null
  campaign_id: number
  /** `delivered`, `opened` or `clicked`. */
  kind: string
  /** Of the clicked link; else ''. */
  url: string
  at: Date
  /** `webhook` or `statistics`. */
  source: string
  /** A mail program opened it, and nobody need have seen it. */
  machine: boolean
}

/** The numbers of a deal, as the mirror has it. */
type DealTable = {
  connection: string
  deal_id: number
  person_id: number | null
  org_id: number | null
  owner_id: number | null
  pipeline_id: number | null
  stage_id: number | null
  status: string
  value: string
  currency: string | null
  added_at: Date | null
  stage_at: Date | null
  /** When it was won or lost. */
  closed_at: Date | null
  deleted: boolean
  /** `read` or `part`: its changelog was read; null: it was not. */
  history: string | null
}
