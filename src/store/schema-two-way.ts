/** The tables of the way back as Kysely sees them. The SQL that makes them is in `migrations/`. */
import type { Generated, JSONColumnType } from 'kysely'
import type { JsonObject } from '../base/json.ts'

export type TwoWayTables = {
  person_edits: PersonEditTable
  /** What became of the edits of a run: `created`, `updated`, `conflict`. */
  edit_outcomes: { connection: string; run: string; contact_id: number; outcome: string }
  field_writes: FieldWriteTable
  /** Fields that went back and forth too often; nothing is written to them on either side. */
  stopped_fields: { connection: string; contact_id: number; attribute: string; stopped_at: Date }
  person_merges: PersonMergeTable
  /** Salted hashes of the addresses that were erased (rule R11). */
  erased: { connection: string; hash: string; erased_at: Date }
}

export type PersonEditTable = {
  connection: string
  contact_id: number
  /** Null: a person is to be created. */
  person_id: number | null
  run: string
  command: JSONColumnType<JsonObject, string, string>
  fingerprint: string
  /** `pending`; `sent`: nobody knows what came of it; `failed`: not tried again as it is. */
  state: Generated<string>
  attempts: Generated<number>
  not_before: Date | null
  planned_at: Date
  sent_at: Date | null
}

export type FieldWriteTable = {
  connection: string
  contact_id: number
  attribute: string
  /** `to_brevo` or `to_pipedrive`. */
  direction: string
  value: unknown
  at: Date
}

export type PersonMergeTable = {
  connection: string
  loser_id: number
  survivor_id: number
  /** `planned`; `sent`: nobody knows what came of it; `done`; `failed`. */
  state: Generated<string>
  planned_at: Date
  ended_at: Date | null
  message: string | null
}
