/** The mirror's deals in numbers, narrow enough for reports over all of them. Written with the mirror, and never alone. */
import { type RawBuilder, sql } from 'kysely'
import { anyOf, type Db } from './db.ts'

/** A part of the statement that writes deals to the mirror: `incoming` are the records, `written` the ids that changed. */
export function dealNumbers(connection: string): RawBuilder<unknown> {
  return sql`numbers as (
      insert into deals (connection, deal_id, person_id, org_id, owner_id, pipeline_id, stage_id, status, value, currency,
        added_at, stage_at, closed_at, deleted)
      select ${connection}, i.id::bigint, i.person_id, i.org_id, (i.doc->>'ownerId')::bigint, (i.doc->>'pipelineId')::bigint,
        (i.doc->>'stageId')::bigint, coalesce(i.doc->>'status', 'open'), coalesce((i.doc->>'value')::numeric, 0),
        i.doc->>'currency', (i.doc->>'addedAt')::timestamptz, (i.doc->>'stageChangedAt')::timestamptz,
        case i.doc->>'status' when 'won' then i.doc->>'wonAt' when 'lost' then i.doc->>'lostAt' end::timestamptz, i.deleted
      from incoming i join written w on w.id = i.id
      on conflict (connection, deal_id) do update set
        person_id = excluded.person_id, org_id = excluded.org_id, owner_id = excluded.owner_id,
        pipeline_id = excluded.pipeline_id, stage_id = excluded.stage_id, status = excluded.status, value = excluded.value,
        currency = excluded.currency, added_at = excluded.added_at, stage_at = excluded.stage_at,
        closed_at = excluded.closed_at, deleted = excluded.deleted
    )`
}

export async function noteDealsDeleted(db: Db, connection: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`update deals set deleted = true where connection = ${connection}
    and deal_id = ${anyOf(ids.map(Number), 'bigint')}`.execute(db)
}
