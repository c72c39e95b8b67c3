/** How far the companies of a Brevo account are known: its attributes, and where a reading of its companies stands. */
import { sql } from 'kysely'
import type { JsonObject } from '../base/json.ts'
import type { Db } from './db.ts'

export type CompanyReading = {
  /** Brevo's company attributes as last listed, and when; null: never, or not to be relied on. */
  attributes: JsonObject | null
  attributes_at: Date | null
  /** Companies that carried our ids before this store knew of them are known since; null: not yet. */
  adopted_at: Date | null
  /** The page that is read next; null: no reading is under way. */
  reading_page: number | null
  /** The reading shows what was modified since; null: everything. */
  reading_since: Date | null
  /** Companies that a reading did not show are looked for a second time when it had several pages. */
  reading_round: number
}

const untouched: CompanyReading = {
  attributes: null,
  attributes_at: null,
  adopted_at: null,
  reading_page: null,
  reading_since: null,
  reading_round: 1,
}

export async function readCompanyReading(db: Db, connection: string): Promise<CompanyReading> {
  const row = await db
    .selectFrom('company_readings')
    .select(['attributes', 'attributes_at', 'adopted_at', 'reading_page', 'reading_since', 'reading_round'])
    .where('connection', '=', connection)
    .executeTakeFirst()
  return row ?? untouched
}

export async function updateCompanyReading(
  db: Db,
  connection: string,
  change: Partial<CompanyReading>,
): Promise<void> {
  await sql`insert into company_readings (connection) values (${connection}) on conflict do nothing`.execute(
    db,
  )
  const { attributes, ...rest } = change
  const set = {
    ...rest,
    ...(attributes === undefined ? {} : { attributes: attributes && JSON.stringify(attributes) }),
  }
  await db.updateTable('company_readings').set(set).where('connection', '=', connection).execute()
}
