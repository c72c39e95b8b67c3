/** The kinds of record an account holds, by name, and the questions every part asks of one. Changes nothing. */
import type {
  SeedActivity,
  SeedDeal,
  SeedLead,
  SeedNote,
  SeedOrganization,
  SeedPerson,
  SeedPipeline,
  SeedStage,
  SeedUser,
} from './seed.ts'

export type RecordOf = {
  person: SeedPerson
  organization: SeedOrganization
  deal: SeedDeal
  activity: SeedActivity
  lead: SeedLead
  note: SeedNote
  pipeline: SeedPipeline
  stage: SeedStage
}
export type Entity = keyof RecordOf
export type AnyRecord = RecordOf[Entity]

/** Any record as a bag of values, for code that works on all kinds alike. */
export type Values = { readonly [key: string]: unknown }

const RETENTION_MS = 30 * 86_400_000

/** `YYYY-MM-DDTHH:MM:SSZ`: what v2 calls a time. */
export const toV2Time = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`
/** `YYYY-MM-DD HH:MM:SS`: what v1 calls a time. */
export const toV1Time = (v2Time: string): string => v2Time.slice(0, 19).replace('T', ' ')

/** True once a deleted record has been purged (30 days; `update_time` is the time of deletion). */
export function isPurged(record: AnyRecord, now: Date): boolean {
  return isDeleted(record) && now.getTime() - Date.parse(record.update_time) > RETENTION_MS
}

export function isDeleted(record: AnyRecord): boolean {
  return (record as { is_deleted?: boolean }).is_deleted === true
}

export function isArchived(record: AnyRecord): boolean {
  return (record as { is_archived?: boolean }).is_archived === true
}

/** Who is no admin sees what the company shares and what is theirs. */
export function isVisible(record: AnyRecord, user: SeedUser): boolean {
  const { visible_to, owner_id } = record as { visible_to?: number; owner_id?: number }
  return user.is_admin || visible_to !== 1 || owner_id === user.id
}
