/**
 * The v1 endpoints that left support on 2026-08-01 (persons, organizations, deals, activities, pipelines, stages,
 * itemSearch): they may still answer, in v1 shapes with start and limit, or be gone. A switch says which.
 */
import { fromV1CustomFields } from './custom-values.ts'
import type { Answer, ApiCall, Endpoint } from './endpoint.ts'
import { pagination, parseOffset } from './query.ts'
import { isArchived, isDeleted, isPurged, isVisible, type Values } from './records.ts'
import { gone, invalidV1, notFound, planCap } from './refusal.ts'
import { parseSearch, type SearchedEntity, search } from './search-index.ts'
import type { SeedActivity, SeedDeal, SeedOrganization, SeedPerson, SeedPipeline, SeedStage } from './seed.ts'
import { toV1Activity, toV1Deal, toV1FullOrganization, toV1Person } from './shape-v1.ts'
import { toV1Pipeline, toV1Stage } from './shape-v1-plain.ts'
import type { PipedriveState } from './state.ts'
import type { Table } from './table.ts'
import { scoredItem } from './v2-search.ts'

const PATHS = {
  person: 'persons',
  organization: 'organizations',
  deal: 'deals',
  activity: 'activities',
  pipeline: 'pipelines',
  stage: 'stages',
} as const
const SCOPES = {
  person: 'contacts',
  organization: 'contacts',
  deal: 'deals',
  activity: 'activities',
  pipeline: 'deals',
  stage: 'deals',
} as const
type V1Entity = keyof typeof PATHS
type V1Record = SeedPerson | SeedDeal | SeedOrganization | SeedActivity | SeedPipeline | SeedStage

export function v1EntityEndpoints(switches: { v1Entities: 'answers' | 'gone' }): Endpoint[] {
  const unlessGone = (endpoint: Endpoint): Endpoint => ({
    ...endpoint,
    handle: (call) => {
      if (switches.v1Entities === 'gone') throw gone()
      return endpoint.handle(call)
    },
  })
  const itemSearch: Endpoint = {
    version: 'v1',
    method: 'GET',
    path: '/itemSearch',
    cost: 40,
    isSearch: true,
    scopes: ['search:read'],
    handle: searchItems,
  }
  const personSearch: Endpoint = {
    ...itemSearch,
    path: '/persons/search',
    scopes: ['contacts:read', 'contacts:full', 'search:read'],
    handle: (call) => searchIn(call, ['person'], {}),
  }
  return [itemSearch, personSearch, ...(Object.keys(PATHS) as V1Entity[]).flatMap(endpointsOf)].map(
    unlessGone,
  )
}

function endpointsOf(entity: V1Entity): Endpoint[] {
  const path = `/${PATHS[entity]}`
  const read = { version: 'v1', scopes: [`${SCOPES[entity]}:read`, `${SCOPES[entity]}:full`] } as const
  const adminOnly = entity === 'pipeline' || entity === 'stage'
  const write = { version: 'v1', scopes: [`${SCOPES[entity]}:full`, 'admin'], adminOnly } as const
  return [
    {
      ...read,
      method: 'GET',
      path,
      cost: entity === 'pipeline' || entity === 'stage' ? 10 : 20,
      handle: (call) => list(entity, call),
    },
    { ...read, method: 'GET', path: `${path}/:id`, cost: 2, handle: (call) => get(entity, call) },
    { ...write, method: 'POST', path, cost: 10, handle: (call) => create(entity, call) },
    { ...write, method: 'PUT', path: `${path}/:id`, cost: 10, handle: (call) => change(entity, call) },
    { ...write, method: 'DELETE', path: `${path}/:id`, cost: 6, handle: (call) => remove(entity, call) },
  ]
}

const tableOf = (state: PipedriveState, entity: V1Entity): Table<V1Record> =>
  state.tables[entity] as unknown as Table<V1Record>

const SHAPES = {
  person: (state: PipedriveState, record: SeedPerson): Values => toV1Person(state, record),
  organization: (state: PipedriveState, record: SeedOrganization): Values =>
    toV1FullOrganization(state, record),
  deal: (state: PipedriveState, record: SeedDeal): Values => toV1Deal(state, record),
  activity: (state: PipedriveState, record: SeedActivity): Values => toV1Activity(state, record),
  pipeline: (_state: PipedriveState, record: SeedPipeline): Values => toV1Pipeline(record),
  stage: (state: PipedriveState, record: SeedStage): Values => toV1Stage(state, record),
} as const

const shape = (entity: V1Entity, { state }: ApiCall, record: V1Record): Values =>
  SHAPES[entity](state, record as never)

function list(entity: V1Entity, call: ApiCall): Answer {
  const { state, query, user } = call
  const offset = parseOffset(query, state.switches)
  const now = state.clock.now()
  const fits = filters(entity, query)
  const { sortBy, direction } = orderOf(query)
  let seen = 0
  const found = tableOf(state, entity).page({
    sortBy,
    direction,
    after: null,
    limit: offset.limit,
    keep: (record) =>
      fits(record as unknown as Values) &&
      !isArchived(record) &&
      isVisible(record, user) &&
      !isPurged(record, now) &&
      seen++ >= offset.start,
  })
  const data = found.records.map((record) => shape(entity, call, record))
  return {
    body: {
      success: true,
      data: data.length === 0 && state.switches.emptyV1List === 'null' ? null : data,
      ...(entity === 'pipeline' || entity === 'stage'
        ? {}
        : { additional_data: { pagination: pagination(offset, found.more) } }),
    },
  }
}

/** `sort=update_time DESC`; only the first field counts here. */
function orderOf(query: URLSearchParams): { sortBy: string; direction: 'asc' | 'desc' } {
  const [field = 'id', direction = 'ASC'] =
    (query.get('sort') ?? 'id ASC').split(',')[0]?.trim().split(' ') ?? []
  const known = ['id', 'add_time', 'update_time', 'name', 'title', 'due_date', 'order_nr']
  return {
    sortBy: known.includes(field) ? field : 'id',
    direction: direction.toUpperCase() === 'DESC' ? 'desc' : 'asc',
  }
}

function filters(entity: V1Entity, query: URLSearchParams): (record: Values) => boolean {
  const status = entity === 'deal' ? (query.get('status') ?? 'all_not_deleted') : 'all_not_deleted'
  const userId = query.get('user_id')
  const numbers = ['stage_id', 'pipeline_id', 'org_id', 'person_id'].flatMap((name) => {
    const text = query.get(name)
    return text === null ? [] : [[name, Number(text)] as const]
  })
  const done = query.get('done')
  return (record) => {
    const deleted = record.is_deleted === true
    if (status === 'all_not_deleted' ? deleted : status !== (deleted ? 'deleted' : record.status))
      return false
    if (userId !== null && userId !== '0' && record.owner_id !== Number(userId)) return false
    if (
      entity === 'activity' &&
      done !== null &&
      (record.done === true) !== (done === '1' || done === 'true')
    )
      return false
    return numbers.every(([name, id]) => record[name] === id)
  }
}

function required(entity: V1Entity, { state, param, user }: ApiCall): V1Record {
  const record = state.find(entity, Number(param('id'))) as V1Record | undefined
  if (!record || !isVisible(record, user)) throw notFound()
  return record
}

function get(entity: V1Entity, call: ApiCall): Answer {
  return { body: { success: true, data: shape(entity, call, required(entity, call)) } }
}

function create(entity: V1Entity, call: ApiCall): Answer {
  const { state, actor } = call
  const values = fromV1Body(entity, call)
  const needed = {
    person: 'name',
    organization: 'name',
    deal: 'title',
    pipeline: 'name',
    stage: 'name',
  } as const
  if (entity !== 'activity' && values[needed[entity]] === undefined)
    throw invalidV1(`${needed[entity]} is required`)
  if (entity === 'deal' && state.tables.deal.size + state.tables.lead.size >= state.meter.limits.deals)
    throw planCap('deals')
  const record = state.insert(entity, values, actor) as V1Record
  return { status: 201, body: { success: true, data: shape(entity, call, record) } }
}

function change(entity: V1Entity, call: ApiCall): Answer {
  const before = required(entity, call)
  if (isDeleted(before)) throw notFound()
  if (isArchived(before)) throw invalidV1('Archived deals cannot be updated')
  const record = call.state.patch(entity, before.id, fromV1Body(entity, call), call.actor) as V1Record
  return { body: { success: true, data: shape(entity, call, record) } }
}

function remove(entity: V1Entity, call: ApiCall): Answer {
  const record = required(entity, call)
  if (isDeleted(record)) throw notFound()
  call.state.delete(entity, record.id, call.actor)
  return { body: { success: true, data: { id: record.id } } }
}

/** v1 names for v2 fields; numbers may come as text. */
const RENAMED: Readonly<Record<string, string>> = {
  user_id: 'owner_id',
  email: 'emails',
  phone: 'phones',
  busy_flag: 'busy',
}
const NUMBERS = [
  'owner_id',
  'org_id',
  'person_id',
  'deal_id',
  'stage_id',
  'pipeline_id',
  'value',
  'visible_to',
  'probability',
  'order_nr',
]

function fromV1Body(entity: V1Entity, { state, body }: ApiCall): Values {
  if (typeof body !== 'object' || body === null) throw invalidV1('body must be an object')
  const given = body as Values
  const values: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(given)) {
    if (/^[0-9a-f]{40}/.test(key)) continue
    const name = RENAMED[key] ?? key
    values[name] = fromV1Value(name, value)
  }
  if (entity === 'pipeline' || entity === 'stage' || entity === 'activity') return values
  return { ...values, custom_fields: fromV1CustomFields(given, state.fields.custom(entity)) }
}

function fromV1Value(name: string, value: unknown): unknown {
  if (name === 'emails' || name === 'phones') return contactValues(value)
  if (name === 'done') return value === true || value === 1 || value === '1'
  if (name === 'address' && typeof value === 'string') return { value }
  return NUMBERS.includes(name) && value !== null && value !== '' ? Number(value) : value
}

function contactValues(value: unknown): unknown[] {
  const items = Array.isArray(value) ? value : [value]
  return items.map((item) => (typeof item === 'string' ? { value: item } : item))
}

function searchItems(call: ApiCall): Answer {
  const types = (call.query.get('item_types') ?? 'deal,person,organization,lead').split(',')
  const searched = (['deal', 'person', 'organization', 'lead'] as const).filter((entity) =>
    types.includes(entity),
  )
  return searchIn(call, searched, { related_items: [] })
}

function searchIn(
  { state, query, user }: ApiCall,
  searched: readonly SearchedEntity[],
  more: Values,
): Answer {
  const request = parseSearch(query, searched)
  const offset = parseOffset(query, state.switches)
  const found = searched.flatMap((entity) =>
    search(state, user, entity, request).map((record) => ({ entity, record: record as unknown as Values })),
  )
  const items = found
    .slice(offset.start, offset.start + offset.limit)
    .map(({ entity, record }) => scoredItem(state, entity, record))
  const isMore = offset.start + offset.limit < found.length
  return {
    body: {
      success: true,
      data: { items, ...more },
      additional_data: { pagination: pagination(offset, isMore) },
    },
  }
}
