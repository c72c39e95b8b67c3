/** The tables of `0007-skills` as Kysely sees them. */
import type { Generated, JSONColumnType } from 'kysely'
import type { JsonObject } from '../base/json.ts'

export type SkillTables = {
  skill_runs: SkillRunTable
  skill_schedules: { connection: string; skill: string; schedule: string; next_at: Date }
}

type SkillRunTable = {
  id: Generated<number>
  connection: string
  skill: string
  key: string
  trigger: string
  subject: string
  person_id: number | null
  contact_id: number | null
  chain: Generated<string[]>
  facts: JSONColumnType<JsonObject, string, string>
  version: string | null
  actions: JSONColumnType<JsonObject[], string, string> | null
  step: Generated<number>
  state: Generated<string>
  reason: string | null
  attempts: Generated<number>
  due_at: Date | null
  noticed_at: Date
  triggered_at: Date | null
  sent_at: Date | null
  ended_at: Date | null
}
