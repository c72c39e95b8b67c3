/** What the table files share: the database handle, and rows sent as one JSON parameter. */
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import type { Database } from './schema.ts'

export type Db = Kysely<Database> | Transaction<Database>

/** `jsonb_to_recordset` over rows: one parameter whatever their number, so statements stay short and cached. */
export function rowsAs(rows: readonly unknown[], columns: string): RawBuilder<unknown> {
  return sql`jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(${sql.raw(columns)})`
}

/** A list of ids or names as one array parameter. */
export function anyOf(
  values: readonly (number | string)[],
  type: 'bigint' | 'text' | 'integer',
): RawBuilder<unknown> {
  return sql`(select v::${sql.raw(type)} from jsonb_array_elements_text(${JSON.stringify(values)}::text::jsonb) v)`
}
