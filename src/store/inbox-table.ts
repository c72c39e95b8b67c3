/** Deliveries as they came, until what they say has been noted. The insert is the only thing a sender waits for. */
import { sql } from 'kysely'
import { anyOf, type Db, rowsAs } from './db.ts'

export type NewDelivery = {
  readonly connection: string
  readonly source: string
  /** The same delivery sent again has the same; unique for a connection and source. */
  readonly delivery: string
  readonly received_at: Date
  readonly body: string
}

export type Delivery = {
  readonly id: number
  readonly source: string
  readonly delivery: string
  readonly body: string
  readonly received_at: Date
  /** Nobody understood it before, and it is looked at again. */
  readonly reopened: boolean
}

/** Keeps those that had not come before, in one statement and one commit. Returns them. */
export async function insertDeliveries(
  db: Db,
  deliveries: readonly NewDelivery[],
): Promise<readonly NewDelivery[]> {
  const rows = deliveries.map((delivery, index) => ({ ...delivery, index }))
  const result = await sql<{ index: number }>`
    with incoming as materialized (
      select distinct on (connection, source, delivery) connection, source, delivery, received_at, body, index
      from ${rowsAs(rows, 'connection text, source text, delivery text, received_at timestamptz, body text, index integer')}
      order by connection, source, delivery, index
    ), kept as (
      insert into inbox (connection, source, delivery, received_at, body)
      select connection, source, delivery, received_at, body from incoming order by index
      on conflict (connection, source, delivery) do nothing
      returning connection, source, delivery
    )
    select i.index from incoming i join kept k using (connection, source, delivery) order by i.index`.execute(
    db,
  )
  const kept = new Set(result.rows.map((row) => row.index))
  return deliveries.filter((_, index) => kept.has(index))
}

/**
 * The oldest that nobody has looked at: at least one where one waits, even if fewer than `limit` come. They are looked
 * for near the oldest only: a planner that expects a handful would sort the whole backlog for every reading.
 */
export async function waitingDeliveries(
  db: Db,
  connection: string,
  limit: number,
): Promise<readonly Delivery[]> {
  const result = await sql<Delivery>`
    select id, source, delivery, body, received_at, problem is not null as reopened from inbox
    where connection = ${connection} and state = 'new' and id < ${2 * limit} + (
      select id from inbox where connection = ${connection} and state = 'new' order by id limit 1)
    order by id limit ${limit}`.execute(db)
  return result.rows
}

/** What they said is noted; only that they came is kept on. */
export async function finishDeliveries(db: Db, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await sql`update inbox set state = 'done', body = null, problem = null where id = ${anyOf(ids, 'bigint')}`.execute(
    db,
  )
}

export async function refuseDeliveries(
  db: Db,
  refused: readonly { id: number; problem: string }[],
): Promise<void> {
  if (refused.length === 0) return
  await sql`update inbox i set state = 'unreadable', problem = r.problem
    from ${rowsAs(refused, 'id bigint, problem text')} where i.id = r.id`.execute(db)
}

/** Says this in the place of what they said. */
export async function replaceBodies(db: Db, ids: readonly number[], body: string): Promise<void> {
  if (ids.length === 0) return
  await sql`update inbox set body = ${body} where id = ${anyOf(ids, 'bigint')}`.execute(db)
}

/** Lets those that could not be understood be looked at again, which they stay marked with; an empty list means all. */
export async function reopenDeliveries(db: Db, connection: string, ids: readonly number[]): Promise<number> {
  const reopened = await sql<{ id: number }>`update inbox set state = 'new'
    where connection = ${connection} and state = 'unreadable'
    ${ids.length > 0 ? sql`and id = ${anyOf(ids, 'bigint')}` : sql``} returning id`.execute(db)
  return reopened.rows.length
}

/** Forgets that deliveries came which no sender repeats any more. A few at a time; returns how many went. */
export async function pruneInbox(db: Db, before: Date, limit: number): Promise<number> {
  const gone = await sql<{ id: number }>`delete from inbox where id in (
    select id from inbox where state = 'done' and received_at < ${before} order by received_at limit ${limit}) returning id`.execute(
    db,
  )
  return gone.rows.length
}
