/** When failures are due again, in SQL, so that what is due can be searched for. */
import { sql } from 'kysely'

/** When a failure that may go better later is due again: ten seconds, doubled with every attempt up to an hour, and not all at once. */
export const retryAt = sql`f.last_at + least(3600, 10 * power(2, least(f.attempts, 12) - 1)) * interval '1 second'
  * (1 + (abs(hashtext(f.record_id)) % 100) / 400.0)`
