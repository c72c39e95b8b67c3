/** Authorisations under way: a ticket begins one, a state brings it back, an outcome ends it. Knows hashes, never the secrets. */
import type { Selectable } from 'kysely'
import type { Db } from './db.ts'
import type { AuthorisationTable } from './schema-oauth.ts'

export type AuthorisationRow = Selectable<AuthorisationTable>

const keptMs = 24 * 3_600_000

/** Also forgets those that ended long ago. */
export async function addAuthorisation(
  db: Db,
  row: Pick<AuthorisationRow, 'id' | 'connection' | 'redirect_uri' | 'expires_at'>,
): Promise<void> {
  const forgotten = new Date(row.expires_at.getTime() - keptMs)
  await db.deleteFrom('authorisations').where('expires_at', '<', forgotten).execute()
  await db
    .insertInto('authorisations')
    .values({ ...row, state: null, browser: null, taken_at: null, outcome: null, message: null })
    .execute()
}

export function readAuthorisation(db: Db, id: string): Promise<AuthorisationRow | undefined> {
  return db.selectFrom('authorisations').selectAll().where('id', '=', id).executeTakeFirst()
}

export function findAuthorisation(db: Db, state: string): Promise<AuthorisationRow | undefined> {
  return db.selectFrom('authorisations').selectAll().where('state', '=', state).executeTakeFirst()
}

/** A browser begins, or begins again: only its newest state counts. Undefined: it has ended, or expired, or never was. */
export function startAuthorisation(
  db: Db,
  id: string,
  browser: { state: string; browser: string },
  now: Date,
): Promise<AuthorisationRow | undefined> {
  return db
    .updateTable('authorisations')
    .set({ ...browser, taken_at: null })
    .where('id', '=', id)
    .where('outcome', 'is', null)
    .where('expires_at', '>', now)
    .returningAll()
    .executeTakeFirst()
}

/** True once per state, and only for the browser that began it. */
export async function takeAuthorisation(
  db: Db,
  back: { state: string; browser: string },
  now: Date,
): Promise<boolean> {
  const taken = await db
    .updateTable('authorisations')
    .set({ taken_at: now })
    .where('state', '=', back.state)
    .where('browser', '=', back.browser)
    .where('taken_at', 'is', null)
    .where('outcome', 'is', null)
    .where('expires_at', '>', now)
    .returning('id')
    .executeTakeFirst()
  return taken !== undefined
}

export async function endAuthorisation(
  db: Db,
  id: string,
  outcome: 'connected' | 'failed',
  message: string,
): Promise<void> {
  await db.updateTable('authorisations').set({ outcome, message }).where('id', '=', id).execute()
}
