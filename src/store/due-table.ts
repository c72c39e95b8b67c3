/** When the next thing is due that nobody will announce: retries, look-ups, gaps that close by themselves. */
import { sql } from 'kysely'
import type { Db } from './db.ts'
import type { Intake } from './intake.ts'
import { retryAt } from './retry-time.ts'

/** Null when nothing waits. A moment that has passed means: now. */
export async function nextDue(db: Db, connection: string): Promise<Date | null> {
  const result = await sql<{ due: Date | null }>`select min(t.due) as due from (
      select min(coalesce(h.not_before, h.noted_at)) as due from hints h where h.connection = ${connection}
      union all select min(e.not_before) from events e where e.connection = ${connection} and e.state in ('waiting', 'sent')
      union all select min(i.received_at) from inbox i where i.connection = ${connection} and i.state = 'new'
      union all select min(coalesce(p.not_before, p.planned_at)) from person_edits p where p.connection = ${connection}
        and p.state in ('pending', 'sent')
      union all select min(${retryAt}) from failures f where f.connection = ${connection} and f.entity = 'person'
        and f.disposition = 'retry' and not f.discarded
    ) t`.execute(db)
  return result.rows[0]?.due ?? null
}

export type Backlog = {
  inbox: number
  dirty: number
  outbox: number
  /** Edits of persons that have not arrived in Pipedrive. */
  edits: number
  events: number
  /** The oldest delivery, hint or event that waits. */
  oldest: Date | null
}

export async function readBacklog(
  { db, intake }: { readonly db: Db; readonly intake: Intake },
  connection: string,
): Promise<Backlog> {
  // Looked at first: what comes into the inbox meanwhile is counted twice rather than not at all.
  const taken = intake.waiting(connection)
  const result = await sql<Backlog>`select
      (select count(*) from inbox where connection = ${connection} and state = 'new')
        + (select count(*) from hints where connection = ${connection}) as inbox,
      (select count(*) from dirty where connection = ${connection})
        + (select count(*) from untold where connection = ${connection}) as dirty,
      (select count(*) from outbox where connection = ${connection} and state in ('pending', 'sent')) as outbox,
      (select count(*) from person_edits where connection = ${connection} and state in ('pending', 'sent')) as edits,
      (select count(*) from events where connection = ${connection} and state in ('waiting', 'sent')) as events,
      least((select min(received_at) from inbox where connection = ${connection} and state = 'new'),
        (select min(noted_at) from hints where connection = ${connection}),
        (select min(noticed_at) from events where connection = ${connection} and state in ('waiting', 'sent'))) as oldest`.execute(
    db,
  )
  const found = result.rows[0] ?? { inbox: 0, dirty: 0, outbox: 0, edits: 0, events: 0, oldest: null }
  return { ...found, inbox: found.inbox + taken.count, oldest: earlier(found.oldest, taken.oldest) }
}

function earlier(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b
  return a < b ? a : b
}
