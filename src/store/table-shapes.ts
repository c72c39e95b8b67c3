/** Which tables the store has and how their columns are typed, asked of PostgreSQL itself. It changes no shape. */
import { type Kysely, sql } from 'kysely'
import type { Database } from './schema.ts'

export type TableShape = { name: string; columns: ColumnShape[] }
export type ColumnShape = {
  name: string
  /** As in `create table`: `timestamp with time zone`, `integer[]`. */
  type: string
  /** Its own sequence, for identity and serial columns. */
  sequence: string | null
}

type ShapeRow = { table: string; name: string; type: string; sequence: string | null }
type ReferenceRow = { from: string; to: string }

/** Tables with the referenced before the referring; without the migrator's own, without computed columns. */
export async function listTables(db: Kysely<Database>): Promise<TableShape[]> {
  const { rows } = await sql<ShapeRow>`
    select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
      pg_get_serial_sequence(quote_ident(c.relname), a.attname) as sequence
    from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where n.nspname = current_schema() and c.relkind = 'r' and c.relname not like 'kysely\\_%'
    order by c.relname, a.attnum`.execute(db)
  const references = await sql<ReferenceRow>`
    select c.relname as from, r.relname as to
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class r on r.oid = k.confrelid
    where k.contype = 'f' and k.connamespace = (select oid from pg_namespace where nspname = current_schema())`.execute(
    db,
  )
  const tables = new Map<string, ColumnShape[]>()
  for (const { table, ...column } of rows) tables.set(table, [...(tables.get(table) ?? []), column])
  return inOrderOfReference([...tables.keys()], references.rows).map((name) => ({
    name,
    columns: tables.get(name) ?? [],
  }))
}

/** After rows came in with their numbers: the next number is one that is free. */
export async function resetSequences(db: Kysely<Database>, shape: TableShape): Promise<void> {
  for (const { name, sequence } of shape.columns) {
    if (sequence === null) continue
    await sql`select setval(${sequence}::regclass, coalesce(max(${sql.id(name)}), 0) + 1, false)
      from ${sql.id(shape.name)}`.execute(db)
  }
}

function inOrderOfReference(names: string[], references: ReferenceRow[]): string[] {
  const ordered: string[] = []
  const seen = new Set<string>()
  const visit = (name: string) => {
    if (seen.has(name)) return
    seen.add(name)
    for (const reference of references) if (reference.from === name) visit(reference.to)
    ordered.push(name)
  }
  for (const name of names) visit(name)
  return ordered
}
