/** What the table files share: the database handle, and rows sent as one JSON parameter. */
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import type { Database } from './schema.ts'

export type Db = Kysely<Database> | Transaction<Database>

/** `jsonb_to_recordset` over rows: one parameter whatever their number, so statements stay short and cached. */
export function rowsAs(rows: readonly unknown[], columns: string): RawBuilder<unknown> {
  return sql`jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(${sql.raw(columns)})`
}

/** `= any(…)` over one array parameter, which both engines answer from an index: `column = ${anyOf(ids, 'bigint')}`. */
export function anyOf(
  values: readonly (number | string)[],
  type: 'bigint' | 'text' | 'integer',
): RawBuilder<unknown> {
  return sql`any(${[...values]}::${sql.raw(type)}[])`
}

/** The values as rows of one column `v`: `from ${valuesAs(ids, 'text')}`. */
export function valuesAs(
  values: readonly (number | string)[],
  type: 'bigint' | 'text' | 'integer',
): RawBuilder<unknown> {
  return sql`unnest(${[...values]}::${sql.raw(type)}[]) t(v)`
}
