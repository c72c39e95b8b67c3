/**
 * How column values become JavaScript values, the same on every engine and in every time zone: int8 is a
 * number, dates and timestamps without a zone stay text, timestamptz is a Date, numeric stays text.
 */
import pg from 'pg'

/** Type oids: https://github.com/postgres/postgres/blob/REL_18_STABLE/src/include/catalog/pg_type.dat */
const INT8 = 20
const DATE = 1082
const TIMESTAMP = 1114
const INTERVAL = 1186
const INT8_ARRAY = 1016

const parseTextArray: (text: string) => (string | null)[] = pg.types.getTypeParser(1009 as number, 'text')

const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [INT8]: Number,
  [DATE]: String,
  [TIMESTAMP]: String,
  [INTERVAL]: String,
  [INT8_ARRAY]: (text) => parseTextArray(text).map((item) => (item === null ? null : Number(item))),
}

/** For the `types` of a `pg` connection. */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers[oid]) ||
    pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}
