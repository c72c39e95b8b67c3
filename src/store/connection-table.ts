/** One row per connection: credentials (encrypted by the caller), milestones, and who works on it now. */
import { sql } from 'kysely'
import type { JsonObject } from '../base/json.ts'
import type { Db } from './db.ts'

export type ConnectionState = {
  id: string
  credentials: JsonObject
  pipedrive_company: JsonObject | null
  brevo_account: JsonObject | null
  listed_at: Date | null
  known_until: Date | null
  plan_fingerprint: string | null
  plan: JsonObject | null
  known_fingerprint: string | null
  /** Changes are told as events from this moment of Pipedrive's clock on. */
  told_since: Date | null
}

const columns = [
  'id',
  'credentials',
  'pipedrive_company',
  'brevo_account',
  'listed_at',
  'known_until',
  'plan_fingerprint',
  'plan',
  'known_fingerprint',
  'told_since',
] as const

/** Creates the row when it is not there. */
export async function readConnection(db: Db, id: string): Promise<ConnectionState> {
  await db
    .insertInto('connections')
    .values({
      id,
      credentials: '{}',
      pipedrive_company: null,
      brevo_account: null,
      listed_at: null,
      known_until: null,
      plan_fingerprint: null,
      plan: null,
      known_fingerprint: null,
      lease_holder: null,
      lease_until: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return db
    .selectFrom('connections')
    .select([...columns])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

export async function updateConnection(
  db: Db,
  id: string,
  change: Partial<Omit<ConnectionState, 'id'>>,
): Promise<void> {
  const { credentials, pipedrive_company, brevo_account, plan, ...rest } = change
  const json = (value: JsonObject | null | undefined): string | null | undefined =>
    value ? JSON.stringify(value) : value
  const set = Object.fromEntries(
    Object.entries({
      ...rest,
      credentials: json(credentials),
      pipedrive_company: json(pipedrive_company),
      brevo_account: json(brevo_account),
      plan: json(plan),
    }).filter(([, value]) => value !== undefined),
  )
  if (Object.keys(set).length > 0) await db.updateTable('connections').set(set).where('id', '=', id).execute()
}

/**
 * Puts credentials in the place of others, unless somebody else was there first: then nothing changes and false is returned.
 */
export async function replaceCredentials(
  db: Db,
  id: string,
  former: JsonObject,
  next: JsonObject,
): Promise<boolean> {
  const replaced = await db
    .updateTable('connections')
    .set({ credentials: JSON.stringify(next) })
    .where('id', '=', id)
    .where('credentials', '=', sql<JsonObject>`${JSON.stringify(former)}::jsonb`)
    .returning('id')
    .executeTakeFirst()
  return replaced !== undefined
}

/** Of every connection that ever was opened. */
export async function listCredentials(db: Db): Promise<readonly { id: string; credentials: JsonObject }[]> {
  return db.selectFrom('connections').select(['id', 'credentials']).orderBy('id').execute()
}

/** Takes or renews the right to work on a connection; returns null, or who has it. An expired lease is free. */
export async function takeLease(
  db: Db,
  id: string,
  holder: string,
  seconds: number,
): Promise<{ holder: string; until: Date } | null> {
  const taken =
    await sql`update connections set lease_holder = ${holder}, lease_until = now() + make_interval(secs => ${seconds})
    where id = ${id} and (lease_holder is null or lease_holder = ${holder} or lease_until < now()) returning id`.execute(
      db,
    )
  if (taken.rows.length > 0) return null
  const row = await db
    .selectFrom('connections')
    .select(['lease_holder', 'lease_until'])
    .where('id', '=', id)
    .executeTakeFirst()
  return { holder: row?.lease_holder ?? 'unknown', until: row?.lease_until ?? new Date(0) }
}

export async function dropLease(db: Db, id: string, holder: string): Promise<void> {
  await db
    .updateTable('connections')
    .set({ lease_holder: null, lease_until: null })
    .where('id', '=', id)
    .where('lease_holder', '=', holder)
    .execute()
}
