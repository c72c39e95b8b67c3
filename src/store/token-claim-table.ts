/**
 * Who renews the tokens of a connector now. A claim is a row with an end, not a lock: no transaction stays open while the
 * service is asked, and a process that dies leaves nothing that others wait for longer than the claim lasts.
 */
import { sql } from 'kysely'
import type { Db } from './db.ts'

/** False while somebody else has it. By the clock of the database, which all processes share. */
export async function claimTokens(
  db: Db,
  claim: { connection: string; connector: string; holder: string },
  seconds: number,
): Promise<boolean> {
  const taken = await sql`insert into token_claims (connection, connector, holder, claimed_until)
    values (${claim.connection}, ${claim.connector}, ${claim.holder}, now() + make_interval(secs => ${seconds}))
    on conflict (connection, connector) do update
      set holder = excluded.holder, claimed_until = excluded.claimed_until
      where token_claims.claimed_until < now() or token_claims.holder = excluded.holder
    returning holder`.execute(db)
  return taken.rows.length > 0
}

export async function dropTokenClaim(
  db: Db,
  claim: { connection: string; connector: string; holder: string },
): Promise<void> {
  await db
    .deleteFrom('token_claims')
    .where('connection', '=', claim.connection)
    .where('connector', '=', claim.connector)
    .where('holder', '=', claim.holder)
    .execute()
}
