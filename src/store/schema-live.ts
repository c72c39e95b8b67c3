/** The tables of `0002-live` as Kysely sees them. */
import type { Generated, JSONColumnType } from 'kysely'
import type { JsonObject } from '../base/json.ts'

export type LiveTables = {
  inbox: InboxTable
  hints: HintTable
  moves: MoveTable
  deal_states: DealStateTable
  /** Deals of which something may have to be told. */
  untold: { connection: string; deal_id: number; marked: Generated<number>; gap_since: Date | null }
  transitions: TransitionTable
  events: EventTable
}

type InboxTable = {
  id: Generated<number>
  connection: string
  source: string
  /** The delivery's own id, or a digest of what it says. */
  delivery: string
  received_at: Date
  /** Null once it is done with. */
  body: string | null
  state: Generated<string>
  problem: string | null
}

type HintTable = {
  connection: string
  entity: string
  id: string
  /** The update time that the hint speaks of; null when it gave none. */
  version: Date | null
  noted_at: Date
  marked: Generated<number>
  attempts: Generated<number>
  not_before: Date | null
}

type MoveTable = {
  connection: string
  deal_id: number
  delivery: string
  /** To the millisecond. */
  at: Date
  /** The deal's update time, whole seconds. */
  version: Date
  facts: JSONColumnType<JsonObject, string, string>
}

type DealStateTable = {
  connection: string
  deal_id: number
  stage_id: number | null
  pipeline_id: number | null
  status: string
  stage_since: Date | null
  version: Date | null
  /** To the millisecond, where a webhook told it. */
  exact: Date | null
  /** Where the deal was lately, for moves that come late. */
  trail: JSONColumnType<JsonObject[] | null, string | null, string | null>
}

type TransitionTable = {
  id: Generated<number>
  connection: string
  deal_id: number
  kind: string
  from_stage: number | null
  to_stage: number | null
  from_pipeline: number | null
  to_pipeline: number | null
  from_status: string
  to_status: string
  value: number
  currency: string | null
  at: Date
  days_in_stage: number | null
  noticed_by: string
}

type EventTable = {
  id: Generated<number>
  connection: string
  /** Made of the change alone: the same change noticed twice has the same key. */
  key: string
  entity: string
  record_id: string
  action: string
  person_id: number | null
  occurred_at: Date
  noticed_at: Date
  facts: JSONColumnType<JsonObject, string, string>
  state: Generated<string>
  name: string | null
  contact_id: number | null
  attempts: Generated<number>
  not_before: Date | null
  sent_at: Date | null
  /** Skills have looked at it. */
  looked: Generated<boolean>
}
