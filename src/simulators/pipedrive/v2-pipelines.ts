/** API v2 pipelines and stages. Anybody reads them; only admins change them. */
import { checkBody } from './body.ts'
import { PIPELINE_RULES, STAGE_RULES } from './body-rules.ts'
import { encodeCursor } from './cursor.ts'
import type { Answer, ApiCall, Endpoint } from './endpoint.ts'
import { parseInteger, parsePage } from './query.ts'
import { isDeleted, type Values } from './records.ts'
import { invalidV2, notFound } from './refusal.ts'
import type { SeedPipeline, SeedStage } from './seed.ts'
import { positionOf, type Table } from './table.ts'

type Kind = 'pipeline' | 'stage'

const read = { version: 'v2', scopes: ['deals:read', 'deals:full', 'admin'] } as const
const write = { version: 'v2', scopes: ['admin'], adminOnly: true } as const

export const PIPELINE_ENDPOINTS: readonly Endpoint[] = (['pipeline', 'stage'] as const).flatMap(
  (kind): Endpoint[] => [
    { ...read, method: 'GET', path: `/${kind}s`, cost: 5, handle: (call) => list(kind, call) },
    { ...read, method: 'GET', path: `/${kind}s/:id`, cost: 1, handle: (call) => get(kind, call) },
    { ...write, method: 'POST', path: `/${kind}s`, cost: 5, handle: (call) => create(kind, call) },
    { ...write, method: 'PATCH', path: `/${kind}s/:id`, cost: 5, handle: (call) => change(kind, call) },
    { ...write, method: 'DELETE', path: `/${kind}s/:id`, cost: 3, handle: (call) => remove(kind, call) },
  ],
)

function list(kind: Kind, { state, query }: ApiCall): Answer {
  const sortable = ['id', 'update_time', 'add_time', ...(kind === 'stage' ? ['order_nr'] : [])]
  const page = parsePage(query, sortable, state.switches)
  const pipelineId = kind === 'stage' ? parseInteger(query, 'pipeline_id') : undefined
  const table = state.tables[kind] as unknown as Table<SeedStage>
  const { records, more } = table.page({
    ...page,
    keep: (record) => !isDeleted(record) && (pipelineId === undefined || record.pipeline_id === pipelineId),
  })
  const last = records.at(-1)
  const next = more && last ? encodeCursor(page.sortBy, page.direction, positionOf(last, page.sortBy)) : null
  return {
    body: {
      success: true,
      data: records.map((record) => shape(kind, record)),
      additional_data: { next_cursor: next },
    },
  }
}

function shape(kind: Kind, record: SeedPipeline | SeedStage): Values {
  return kind === 'pipeline' ? toV2Pipeline(record as SeedPipeline) : toV2Stage(record as SeedStage)
}

export function toV2Pipeline(pipeline: SeedPipeline): Values {
  return {
    id: pipeline.id,
    name: pipeline.name,
    order_nr: pipeline.order_nr,
    is_deleted: isDeleted(pipeline),
    is_deal_probability_enabled: pipeline.is_deal_probability_enabled ?? true,
    add_time: pipeline.add_time,
    update_time: pipeline.update_time,
  }
}

export function toV2Stage(stage: SeedStage): Values {
  return {
    id: stage.id,
    order_nr: stage.order_nr,
    name: stage.name,
    is_deleted: isDeleted(stage),
    deal_probability: stage.deal_probability ?? 100,
    pipeline_id: stage.pipeline_id,
    is_deal_rot_enabled: stage.is_deal_rot_enabled ?? false,
    days_to_rotten: stage.days_to_rotten ?? null,
    add_time: stage.add_time,
    update_time: stage.update_time,
  }
}

function get(kind: Kind, call: ApiCall): Answer {
  return { body: { success: true, data: shape(kind, required(kind, call)) } }
}

function create(kind: Kind, { state, body, actor }: ApiCall): Answer {
  const values = checkBody(body, kind === 'pipeline' ? PIPELINE_RULES : STAGE_RULES, {
    unknownKeys: state.switches.unknownBodyKeys,
  })
  if (values.name === undefined) throw invalidV2('name is required')
  if (kind === 'stage' && !state.find('pipeline', Number(values.pipeline_id)))
    throw invalidV2('pipeline_id was not found')
  return { body: { success: true, data: shape(kind, state.insert(kind, values, actor)) } }
}

function change(kind: Kind, call: ApiCall): Answer {
  const { state, actor, body } = call
  const record = required(kind, call)
  const values = checkBody(body, kind === 'pipeline' ? PIPELINE_RULES : STAGE_RULES, {
    unknownKeys: state.switches.unknownBodyKeys,
  })
  return { body: { success: true, data: shape(kind, state.patch(kind, record.id, values, actor)) } }
}

function remove(kind: Kind, call: ApiCall): Answer {
  const record = required(kind, call)
  call.state.delete(kind, record.id, call.actor)
  return { body: { success: true, data: { id: record.id } } }
}

function required(kind: Kind, { state, param }: ApiCall): SeedPipeline | SeedStage {
  const id = param('id')
  if (!/^\d+$/.test(id)) throw invalidV2('id must be an integer')
  const record = state.find(kind, Number(id))
  if (!record || isDeleted(record)) throw notFound()
  return record
}
