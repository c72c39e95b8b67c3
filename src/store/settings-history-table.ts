/** What settings were before each saving, newest last, so that a saving can be taken back. */
import { sql } from 'kysely'
import type { Db } from './db.ts'

export type SettingsSaving = {
  readonly id: number
  readonly saved_at: Date
  /** Sealed by the caller; null: there was no text. */
  readonly before: string | null
  /** Of the text that was put in its place. */
  readonly revision: string
}

/** So many savings can be taken back. */
const KEPT = 20

export async function latestSaving(db: Db, connection: string): Promise<SettingsSaving | null> {
  const row = await db
    .selectFrom('settings_history')
    .select(['id', 'saved_at', 'before', 'revision'])
    .where('connection', '=', connection)
    .orderBy('id', 'desc')
    .executeTakeFirst()
  return row ?? null
}

/** Forgets the oldest ones; returns the id of this one. */
export async function keepSaving(
  db: Db,
  connection: string,
  { saved_at, before, revision }: Omit<SettingsSaving, 'id'>,
): Promise<number> {
  const { id } = await db
    .insertInto('settings_history')
    .values({ connection, saved_at, before, revision })
    .returning('id')
    .executeTakeFirstOrThrow()
  await sql`delete from settings_history where connection = ${connection} and id <= (
      select id from settings_history where connection = ${connection} order by id desc offset ${KEPT} limit 1
    )`.execute(db)
  return id
}

export async function dropSaving(db: Db, connection: string, id: number): Promise<void> {
  await db.deleteFrom('settings_history').where('connection', '=', connection).where('id', '=', id).execute()
}

/** Of every connection: what seals them anew looks at all. */
export async function listSavings(
  db: Db,
): Promise<readonly { readonly id: number; readonly connection: string; readonly before: string }[]> {
  const rows = await db
    .selectFrom('settings_history')
    .select(['id', 'connection', 'before'])
    .where('before', 'is not', null)
    .orderBy('id')
    .execute()
  return rows.map(({ id, connection, before }) => ({ id, connection, before: before ?? '' }))
}

export async function resealSaving(db: Db, id: number, before: string): Promise<void> {
  await db.updateTable('settings_history').set({ before }).where('id', '=', id).execute()
}
