/** The tables of companies as Kysely sees them. The SQL that makes them is in `migrations/`. */
import type { Generated, JSONColumnType } from 'kysely'
import type { JsonObject } from '../base/json.ts'

export type CompanyTables = {
  companies: CompanyTable
  company_readings: CompanyReadingTable
  /** Organizations whose company is to be projected anew. */
  dirty_organizations: { connection: string; org_id: number; marked: Generated<number> }
}

export type CompanyTable = {
  connection: string
  org_id: number
  /** Fingerprint of the organization's record when it was projected; null: there was none. */
  source: string | null
  /** Fingerprint of the mapping it was projected with. */
  plan: string | null
  name: string | null
  attributes: JSONColumnType<JsonObject, string, string> | null
  keep: Generated<string[]>
  /** Of the wanted company; null: none is wanted. */
  fingerprint: string | null
  /** Contacts it is to be linked with, ascending. */
  contacts: Generated<number[]>
  /** Why there is no company although there are contacts: `no_name`. */
  problem: string | null
  warnings: Generated<string>
  company_id: string | null
  /** The fingerprint that Brevo holds. */
  written: string | null
  written_names: Generated<string[]>
  /** Links that Tajo made. */
  linked: Generated<number[]>
  /** Links that Tajo asked for, not yet known to be there. */
  asked: Generated<number[]>
  /** Links that somebody else made. */
  others: Generated<number[]>
  /** Its creation was sent and nobody knows what came of it. */
  creating_at: Date | null
  creating_by: string | null
  process_id: number | null
  attempts: Generated<number>
}

export type CompanyReadingTable = {
  connection: string
  attributes: JSONColumnType<JsonObject, string, string> | null
  attributes_at: Date | null
  /** Companies that carried our ids before are known since. */
  adopted_at: Date | null
  /** The page of Brevo's companies that is read next; null: no reading is under way. */
  reading_page: number | null
  reading_since: Date | null
  reading_round: Generated<number>
}
