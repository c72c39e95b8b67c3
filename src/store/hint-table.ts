/** Records of which somebody said that they have changed: read again, once, however often it was said. */
import { sql } from 'kysely'
import { type Db, rowsAs } from './db.ts'

export type Hint = {
  readonly entity: string
  readonly id: string
  /** The update time it speaks of, ISO 8601; null when it gave none. */
  readonly version: string | null
}

export type WaitingHint = Hint & {
  readonly marked: number
  readonly attempts: number
  readonly noted_at: Date
  /** What the mirror has: its version, and whether it has the record at all. */
  readonly known_version: string | null
  readonly known: boolean
}

const columns = 'entity text, id text, version timestamptz'

/** Adds or renews; the newest version wins, the first time of noting stays. */
export async function noteHints(db: Db, connection: string, hints: readonly Hint[], at: Date): Promise<void> {
  const merged = new Map<string, Hint>()
  for (const hint of hints) {
    const key = `${hint.entity} ${hint.id}`
    const before = merged.get(key)
    // Without a version it must be read whatever the mirror has.
    const older = before && before.version !== null && hint.version !== null && before.version > hint.version
    merged.set(key, older || before?.version === null ? before : hint)
  }
  if (merged.size === 0) return
  await sql`insert into hints as h (connection, entity, id, version, noted_at)
    select ${connection}, entity, id, version, ${at}::timestamptz from ${rowsAs([...merged.values()], columns)}
    on conflict (connection, entity, id) do update set marked = nextval('marks'), not_before = null,
      version = case when h.version is null or excluded.version is null then null else greatest(h.version, excluded.version) end`.execute(
    db,
  )
}

export async function waitingHints(
  db: Db,
  connection: string,
  now: Date,
  limit: number,
): Promise<readonly WaitingHint[]> {
  const result = await sql<WaitingHint>`
    select h.entity, h.id, to_char(h.version at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as version,
      h.marked, h.attempts, h.noted_at,
      to_char(r.version at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as known_version, r.id is not null as known
    from hints h left join records r on r.connection = h.connection and r.entity = h.entity and r.id = h.id
    where h.connection = ${connection} and (h.not_before is null or h.not_before <= ${now})
    order by h.entity, h.noted_at, h.id limit ${limit}`.execute(db)
  return result.rows
}

/** Clears these, and not the ones that were noted since on the same records. */
export async function clearHints(
  db: Db,
  connection: string,
  hints: readonly { entity: string; id: string; marked: number }[],
): Promise<void> {
  if (hints.length === 0) return
  await sql`delete from hints h using ${rowsAs(hints, 'entity text, id text, marked bigint')}
    where h.connection = ${connection} and h.entity = r.entity and h.id = r.id and h.marked = r.marked`.execute(
    db,
  )
}

export async function postponeHints(
  db: Db,
  connection: string,
  hints: readonly { entity: string; id: string }[],
  until: Date,
): Promise<void> {
  if (hints.length === 0) return
  await sql`update hints h set attempts = h.attempts + 1, not_before = ${until}::timestamptz
    from ${rowsAs(hints, 'entity text, id text')}
    where h.connection = ${connection} and h.entity = r.entity and h.id = r.id`.execute(db)
}

/**
 * Those of which the mirror does not have this version yet; and from `equalSince` on also those of which it has exactly
 * this one (`newer` false): a record that is edited twice in a second has the same version twice.
 */
export async function newerThanMirror(
  db: Db,
  connection: string,
  hints: readonly Hint[],
  equalSince: Date,
): Promise<readonly { readonly hint: Hint; readonly newer: boolean }[]> {
  if (hints.length === 0) return []
  const rows = hints.map((hint, index) => ({ ...hint, index }))
  const result = await sql<{ index: number; newer: boolean }>`
    select r.index, m.id is null or m.version is null or r.version is null or m.version < r.version as newer
    from ${rowsAs(rows, `${columns}, index integer`)}
    left join records m on m.connection = ${connection} and m.entity = r.entity and m.id = r.id
    where m.id is null or m.version is null or r.version is null or m.version < r.version
      or (m.version = r.version and r.version >= ${equalSince}) order by r.index`.execute(db)
  return result.rows.flatMap(({ index, newer }) => {
    const hint = hints[index]
    return hint ? [{ hint, newer }] : []
  })
}
