/** Commands on their way to Brevo. States: pending -> sent (an import took it) -> done | failed. */
import { sql } from 'kysely'
import type { JsonObject } from '../base/json.ts'
import { anyOf, type Db, rowsAs } from './db.ts'
import { wantedFingerprint } from './wanted-table.ts'

export type OutboxAction = 'create' | 'update' | 'rename' | 'release' | 'retire'
/** `single`: one request each. `import`: in bulk by group. `lists`: list membership only, 150 at a time. */
export type OutboxRoute = 'single' | 'import' | 'lists'
export type OutboxState = 'pending' | 'sent' | 'done' | 'failed'

export type OutboxRow = {
  action: OutboxAction
  person_id: number | null
  contact_id: number | null
  email: string | null
  route: OutboxRoute
  /** Rows of one import share it: wanted lists, blocklists, clearing. */
  group_key: string
  command: JsonObject
  fingerprint: string
}

export type OutboxEntry = OutboxRow & { id: number; state: OutboxState; attempts: number }

/** A statement over all rows of a large import would keep webhooks waiting: the embedded store has one session. */
const rowsAtATime = 1_000

function parts(ids: readonly number[]): readonly (readonly number[])[] {
  const starts = Array.from(
    { length: Math.ceil(ids.length / rowsAtATime) },
    (_, index) => index * rowsAtATime,
  )
  return starts.map((start) => ids.slice(start, start + rowsAtATime))
}

const entryColumns = [
  'id',
  'action',
  'person_id',
  'contact_id',
  'email',
  'route',
  'group_key',
  'command',
  'fingerprint',
  'state',
  'attempts',
] as const

export async function addToOutbox(
  db: Db,
  connection: string,
  run: string,
  rows: readonly OutboxRow[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`insert into outbox (connection, run, action, person_id, contact_id, email, route, group_key, command, fingerprint)
    select ${connection}, ${run}, action, person_id, contact_id, email, route, group_key, command, fingerprint
    from ${rowsAs(rows, 'action text, person_id bigint, contact_id bigint, email text, route text, group_key text, command jsonb, fingerprint text')}`.execute(
    db,
  )
}

/** What a killed run had planned but not begun is planned afresh; what it had begun once counts as sent, and failures are tried again. */
export async function dropUnbegun(db: Db, connection: string): Promise<void> {
  await sql`update outbox set state = 'sent' where connection = ${connection} and state = 'pending' and attempts > 0`.execute(
    db,
  )
  await sql`delete from outbox where connection = ${connection} and state in ('pending', 'failed')`.execute(
    db,
  )
}

/** Rows of earlier runs have been accounted for; what nobody has looked at since it left becomes this run's to judge. */
export async function dropOtherRuns(db: Db, connection: string, run: string): Promise<void> {
  await sql`update outbox set run = ${run} where connection = ${connection} and run <> ${run} and state in ('pending', 'sent')`.execute(
    db,
  )
  await db.deleteFrom('outbox').where('connection', '=', connection).where('run', '<>', run).execute()
}

/** Pending rows by group, to decide which groups are worth an import. */
export async function countGroups(
  db: Db,
  connection: string,
  run: string,
): Promise<readonly { group_key: string; route: OutboxRoute; count: number }[]> {
  const result = await sql<{ group_key: string; route: OutboxRoute; count: number }>`
    select group_key, route, count(*) as count from outbox
    where connection = ${connection} and run = ${run} and state = 'pending' group by group_key, route order by group_key, route`.execute(
    db,
  )
  return result.rows
}

export async function routeGroups(
  db: Db,
  connection: string,
  run: string,
  from: OutboxRoute,
  groupKeys: readonly string[],
  to: OutboxRoute,
): Promise<void> {
  for (const groupKey of groupKeys) {
    let moved = rowsAtATime
    while (moved === rowsAtATime) {
      const result = await sql<{ id: number }>`update outbox set route = ${to} where id in (
        select id from outbox where connection = ${connection} and run = ${run} and state = 'pending'
          and route = ${from} and group_key = ${groupKey} limit ${rowsAtATime}) returning id`.execute(db)
      moved = result.rows.length
    }
  }
}

/** Pending rows of a route in order of group and id, after a given place. */
export async function pendingOf(
  db: Db,
  connection: string,
  route: OutboxRoute,
  after: { groupKey: string; id: number },
  limit: number,
): Promise<readonly OutboxEntry[]> {
  const result = await sql<OutboxEntry>`
    select ${sql.raw(entryColumns.join(', '))} from outbox
    where connection = ${connection} and state = 'pending' and route = ${route}
      and (group_key, id) > (${after.groupKey}, ${after.id})
    order by group_key, id limit ${limit}`.execute(db)
  return result.rows
}

/** Written before the request leaves: a process that dies in between finds them and reads back. */
export async function markSent(db: Db, ids: readonly number[], sentAt: Date): Promise<void> {
  for (const some of parts(ids)) {
    await sql`update outbox set state = 'sent', process_id = null, sent_at = ${sentAt}, attempts = attempts + 1
      where id = ${anyOf(some, 'bigint')}`.execute(db)
  }
}

/** The process at Brevo that works on these rows. */
export async function assignProcess(db: Db, ids: readonly number[], processId: number): Promise<void> {
  for (const some of parts(ids)) {
    await sql`update outbox set process_id = ${processId} where id = ${anyOf(some, 'bigint')}`.execute(db)
  }
}

export async function markState(db: Db, ids: readonly number[], state: OutboxState): Promise<void> {
  if (ids.length === 0) return
  await sql`update outbox set state = ${state} where id = ${anyOf(ids, 'bigint')}`.execute(db)
}

/** The command as it turned out to be needed: without its number, or for a contact that exists by now. */
export async function replaceCommand(
  db: Db,
  id: number,
  command: JsonObject,
  contactId: number | null,
): Promise<void> {
  await db
    .updateTable('outbox')
    .set({ command: JSON.stringify(command), contact_id: contactId })
    .where('id', '=', id)
    .execute()
}

/** The wanted state that the command amounts to by now. */
export async function changeFingerprint(db: Db, id: number, fingerprint: string): Promise<void> {
  await db.updateTable('outbox').set({ fingerprint }).where('id', '=', id).execute()
}

/** What was planned on outdated knowledge is planned again. */
export async function dropEntries(db: Db, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await sql`delete from outbox where id = ${anyOf(ids, 'bigint')}`.execute(db)
}

/** Back to pending as a single request, so that Brevo says in words what is wrong with it. */
export async function retrySingly(db: Db, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await sql`update outbox set state = 'pending', route = 'single' where id = ${anyOf(ids, 'bigint')}`.execute(
    db,
  )
}

export async function sentByEmail(
  db: Db,
  connection: string,
  emails: readonly string[],
): Promise<readonly OutboxEntry[]> {
  if (emails.length === 0) return []
  // By address first: statistics lag behind the states, and would have it walk through everything that was sent.
  const result = await sql<OutboxEntry>`
    with addressed as materialized (
      select ${sql.raw(entryColumns.join(', '))} from outbox
      where connection = ${connection} and email = ${anyOf(emails, 'text')}
    )
    select * from addressed where state = 'sent'`.execute(db)
  return result.rows
}

export async function sentEntries(
  db: Db,
  connection: string,
  after: number,
  limit: number,
): Promise<readonly OutboxEntry[]> {
  return (await db
    .selectFrom('outbox')
    .select([...entryColumns])
    .where('connection', '=', connection)
    .where('state', '=', 'sent')
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()) as unknown as readonly OutboxEntry[]
}

/** What has not been read back yet: the processes, rows of imports whose process nobody knows, and when the first of all left. */
export async function openImports(
  db: Db,
  connection: string,
): Promise<{ processIds: readonly number[]; unnamed: number; rows: number; firstSentAt: Date | null }> {
  const result = await sql<{
    process_ids: number[] | null
    unnamed: number
    rows: number
    first: Date | null
  }>`
    select array_agg(distinct process_id) filter (where process_id is not null) as process_ids,
      count(*) filter (where process_id is null and route = 'import') as unnamed, count(*) as rows, min(sent_at) as first
    from outbox where connection = ${connection} and state = 'sent'`.execute(db)
  const row = result.rows[0]
  return {
    processIds: row?.process_ids ?? [],
    unnamed: row?.unnamed ?? 0,
    rows: row?.rows ?? 0,
    firstSentAt: row?.first ?? null,
  }
}

/** How many persons' contacts a run created or updated; only contacts that are as wanted now count, and failures do not. */
export async function countOutcomes(
  db: Db,
  connection: string,
  run: string,
): Promise<{ created: number; updated: number }> {
  const result = await sql<{ created: number; updated: number }>`
    select count(*) filter (where created) as created, count(*) filter (where not created) as updated from (
      select o.person_id, bool_or(o.action = 'create') as created from outbox o
      join wanted w on w.connection = o.connection and w.person_id = o.person_id and w.held is distinct from w.fingerprint
      join links l on l.connection = w.connection and l.person_id = w.person_id
      join known k on k.connection = l.connection and k.contact_id = l.contact_id and k.in_step = ${wantedFingerprint}
      where o.connection = ${connection} and o.run = ${run} and o.state = 'done' and o.action in ('create', 'update', 'rename')
        and not exists (select 1 from failures f where f.connection = o.connection and f.entity = 'person'
          and f.record_id = o.person_id::text)
      group by o.person_id
    ) t`.execute(db)
  return result.rows[0] ?? { created: 0, updated: 0 }
}

/** Memberships that a run has made and ended, verified. */
export async function countMemberships(
  db: Db,
  connection: string,
  run: string,
): Promise<{ added: number; removed: number }> {
  const result = await sql<{ added: number; removed: number }>`
    select coalesce(sum(jsonb_array_length(coalesce(command->'addLists', '[]'))), 0)::bigint as added,
      coalesce(sum(jsonb_array_length(coalesce(command->'removeLists', '[]'))), 0)::bigint as removed
    from outbox where connection = ${connection} and run = ${run} and state = 'done'`.execute(db)
  return result.rows[0] ?? { added: 0, removed: 0 }
}

/** Rows of imports that Brevo reports as failed, by how often they were tried. */
export async function reopenImports(
  db: Db,
  connection: string,
  processIds: readonly number[],
  triesAtMost: number,
): Promise<void> {
  if (processIds.length === 0) return
  await sql`update outbox set state = 'pending', process_id = null, route = case when attempts < ${triesAtMost} then 'import' else 'single' end
    where connection = ${connection} and state = 'sent' and process_id = ${anyOf(processIds, 'bigint')}`.execute(
    db,
  )
}

export async function pendingFor(
  db: Db,
  connection: string,
  personId: number,
): Promise<readonly OutboxEntry[]> {
  return (await db
    .selectFrom('outbox')
    .select([...entryColumns])
    .where('connection', '=', connection)
    .where('person_id', '=', personId)
    .orderBy('id')
    .execute()) as unknown as readonly OutboxEntry[]
}
