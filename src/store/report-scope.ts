/** Which deals a report is about, and by what they are grouped, as parts of its statements. Deleted deals are in none. */
import { type RawBuilder, sql } from 'kysely'
import { inStageOrder, type KeptStage } from './catalogue-table.ts'
import { anyOf } from './db.ts'

export type DealScope = {
  readonly connection: string
  readonly pipelineId: number | null
  readonly ownerId: number | null
  readonly only: OnlyDeals | null
}

/** Deals that are grouped under one of these keys; of several choices, under one of them at least. */
export type OnlyDeals = { readonly grouping: Grouping; readonly keys: readonly string[] }

/** From `from` on, up to and without `to`. */
export type Span = { readonly from: Date; readonly to: Date }

export type Grouping =
  | { readonly kind: 'none' | 'pipeline' | 'owner' }
  /** A field of the deal, of its person or of its organization, by key. */
  | { readonly kind: 'field'; readonly of: 'deal' | 'person' | 'organization'; readonly key: string }

/** Conditions on `deals d`. */
export function dealsWithin({ connection, pipelineId, ownerId, only }: DealScope): RawBuilder<unknown> {
  return sql`d.connection = ${connection} and not d.deleted
    ${pipelineId === null ? sql`` : sql`and d.pipeline_id = ${pipelineId}`}
    ${ownerId === null ? sql`` : sql`and d.owner_id = ${ownerId}`}
    ${only === null ? sql`` : sql`and ${isOneOf(only)}`}`
}

function isOneOf({ grouping, keys }: OnlyDeals): RawBuilder<unknown> {
  const { value, join } = groupOf(grouping)
  if (grouping.kind !== 'field') return sql`${value} = ${anyOf(keys, 'text')}`
  return sql`exists (select 1 from (select 1) one ${join}
    where ${value} = ${anyOf(keys, 'text')} or g.value->'ids' ?| ${[...keys]}::text[])`
}

/** ` and <column> …`. */
export function during(column: string, { from, to }: Span): RawBuilder<unknown> {
  const name = sql.raw(column)
  return sql`and ${name} >= ${from}::timestamptz and ${name} < ${to}::timestamptz`
}

/** What a deal of `deals d` is grouped by, as text; '' where it has none. `join` belongs behind `deals d`. */
export function groupOf(grouping: Grouping): { value: RawBuilder<string>; join: RawBuilder<unknown> } {
  switch (grouping.kind) {
    case 'none':
      return { value: sql<string>`''`, join: sql`` }
    case 'pipeline':
      return { value: sql<string>`coalesce(d.pipeline_id::text, '')`, join: sql`` }
    case 'owner':
      return { value: sql<string>`coalesce(d.owner_id::text, '')`, join: sql`` }
    case 'field':
      return { value: fieldText, join: recordJoin(grouping.of, grouping.key) }
  }
}

/** Choices by id, several of them in order; other values as they are. */
const fieldText = sql<string>`coalesce(g.value->>'id', (select string_agg(o, ',' order by o)
  from jsonb_array_elements_text(g.value->'ids') o), g.value->>'text', g.value->>'flag', g.value->>'number', g.value->>'date', '')`

const idColumn = { deal: 'd.deal_id', person: 'd.person_id', organization: 'd.org_id' } as const

function recordJoin(entity: keyof typeof idColumn, key: string): RawBuilder<unknown> {
  return sql`left join lateral (select r.doc #> ${['fields', key]}::text[] as value from records r
    where r.connection = d.connection and r.entity = ${sql.lit(entity)} and r.id = ${sql.raw(idColumn[entity])}::text) g on true`
}

/** The place of a stage in the pipeline, each column named, as a bit of a bigint; 0 for a stage of another pipeline. */
export function stageBit(stages: readonly KeptStage[], pipeline: string, stage: string): RawBuilder<string> {
  const [pipelineColumn, stageColumn] = [sql.raw(pipeline), sql.raw(stage)]
  const pipelines = [...Map.groupBy(stages, ({ pipelineId }) => pipelineId)].map(([id, some]) => {
    // More than a bigint has bits no pipeline was seen to have.
    const ordered = inStageOrder(some).slice(0, 62)
    const bits = ordered.map(
      (one, place) => sql`when ${sql.lit(one.id)} then ${sql.lit(String(1n << BigInt(place)))}::bigint`,
    )
    return sql`when ${sql.lit(id)} then case ${stageColumn} ${sql.join(bits, sql` `)} end`
  })
  if (pipelines.length === 0) return sql<string>`0::bigint`
  return sql<string>`coalesce(case ${pipelineColumn} ${sql.join(pipelines, sql` `)} end, 0)`
}
