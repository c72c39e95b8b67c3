/** API v2 persons, organizations, deals (and archived), activities: list, get, create, change, delete. */
import { checkBody } from './body.ts'
import { BODY_RULES } from './body-rules.ts'
import { parseIncludeFields } from './counts.ts'
import { encodeCursor } from './cursor.ts'
import type { Answer, ApiCall, Endpoint } from './endpoint.ts'
import { checkPersonBody, settleNewPerson, settlePersonChange } from './person-body.ts'
import { parseBoolean, parseCustomFields, parseIds, parseInteger, parseMoment, parsePage } from './query.ts'
import { isDeleted, isPurged, isVisible, type Values } from './records.ts'
import { invalidV2, noPermission, notFound, planCap } from './refusal.ts'
import type { SeedPerson } from './seed.ts'
import { type CoreEntity, type CoreRecord, createShaper, PLAIN_VIEW, type View } from './shape-v2.ts'
import type { PipedriveState } from './state.ts'
import { positionOf, type Table } from './table.ts'

export const PLURAL = {
  person: 'persons',
  organization: 'organizations',
  deal: 'deals',
  activity: 'activities',
} as const
const SCOPE = { person: 'contacts', organization: 'contacts', deal: 'deals', activity: 'activities' } as const
const SORTABLE = ['id', 'update_time', 'add_time']
/** Filters by a record's own number; the parameter has the field's name. */
const ID_FILTERS: Readonly<Record<CoreEntity, readonly string[]>> = {
  person: ['owner_id', 'org_id'],
  organization: ['owner_id'],
  deal: ['owner_id', 'person_id', 'org_id', 'pipeline_id', 'stage_id'],
  activity: ['owner_id', 'deal_id', 'person_id', 'org_id'],
}

export function recordEndpoints(entity: CoreEntity): Endpoint[] {
  const [path, scope] = [`/${PLURAL[entity]}`, SCOPE[entity]]
  const read = { version: 'v2', scopes: [`${scope}:read`, `${scope}:full`] } as const
  const write = { version: 'v2', scopes: [`${scope}:full`] } as const
  const archived: Endpoint[] =
    entity === 'deal'
      ? [
          {
            ...read,
            method: 'GET',
            path: '/deals/archived',
            cost: 20,
            handle: (call) => list(entity, call, true),
          },
        ]
      : []
  return [
    { ...read, method: 'GET', path, cost: 10, handle: (call) => list(entity, call, false) },
    ...archived,
    { ...read, method: 'GET', path: `${path}/:id`, cost: 1, handle: (call) => get(entity, call) },
    { ...write, method: 'POST', path, cost: 5, handle: (call) => create(entity, call) },
    { ...write, method: 'PATCH', path: `${path}/:id`, cost: 5, handle: (call) => change(entity, call) },
    { ...write, method: 'DELETE', path: `${path}/:id`, cost: 3, handle: (call) => remove(entity, call) },
  ]
}

const tableOf = (state: PipedriveState, entity: CoreEntity): Table<CoreRecord> =>
  state.tables[entity] as unknown as Table<CoreRecord>

function list(entity: CoreEntity, call: ApiCall, archived: boolean): Answer {
  const { state, query } = call
  const sortable = entity === 'activity' ? [...SORTABLE, 'due_date'] : SORTABLE
  const page = parsePage(query, sortable, state.switches)
  const view = parseView(entity, call, archived)
  const keep = filterOf(entity, call, archived)
  const ids = query.has('filter_id') ? undefined : parseIds(query)
  const wanted = ids && new Set(ids)
  const found = tableOf(state, entity).page({
    ...page,
    keep: (record) => (wanted === undefined || wanted.has(record.id)) && keep(record),
  })
  const last = found.records.at(-1)
  const next =
    found.more && last ? encodeCursor(page.sortBy, page.direction, positionOf(last, page.sortBy)) : null
  const shape = createShaper(state, entity, view)
  return { body: { success: true, data: found.records.map(shape), additional_data: { next_cursor: next } } }
}

function parseView(entity: CoreEntity, { state, query }: ApiCall, archived = false): View {
  const custom = state.fields.custom(entity).map((field) => field.field_code)
  return {
    includeFields: parseIncludeFields(entity, query.get('include_fields'), state),
    customFields: entity === 'activity' ? null : parseCustomFields(query, custom),
    optionLabels: !archived && parseBoolean(query, 'include_option_labels') === true,
    labels: !archived && parseBoolean(query, 'include_labels') === true,
  }
}

type Keep = (record: CoreRecord) => boolean

/** All filters of a list as one predicate. A `filter_id` switches the others off, silently. */
function filterOf(entity: CoreEntity, call: ApiCall, archived: boolean): Keep {
  const { state, query, user } = call
  const now = state.clock.now()
  const [since, until] = [parseMoment(query, 'updated_since'), parseMoment(query, 'updated_until')]
  const status = entity === 'deal' ? statusFilter(call) : deletedFilter(state)
  const isDeal = entity === 'deal'
  const base: Keep = (record) =>
    (since === undefined || record.update_time >= since) &&
    (until === undefined || record.update_time < until) &&
    status(record) &&
    (!isDeal || ((record as { is_archived?: boolean }).is_archived === true) === archived) &&
    isVisible(record, user) &&
    !isPurged(record, now)
  if (query.has('filter_id')) {
    parseInteger(query, 'filter_id')
    return base
  }
  const numbers = ID_FILTERS[entity].flatMap((name) => {
    const value = parseInteger(query, name)
    return value === undefined ? [] : [[name, value] as const]
  })
  const special = specialFilter(entity, call)
  return (record) =>
    numbers.every(([name, value]) => (record as unknown as Values)[name] === value) &&
    special(record) &&
    base(record)
}

/** What only one entity can be filtered by. */
function specialFilter(entity: CoreEntity, { state, query }: ApiCall): Keep {
  if (entity === 'person') {
    const dealId = parseInteger(query, 'deal_id')
    if (dealId === undefined) return () => true
    const personId = state.find('deal', dealId)?.person_id
    return (record) => record.id === personId
  }
  if (entity !== 'activity') return () => true
  const done = parseBoolean(query, 'done')
  const leadId = query.get('lead_id')
  return (record) => {
    const activity = record as { done?: boolean; lead_id?: string | null }
    return (
      (done === undefined || (activity.done ?? false) === done) &&
      (leadId === null || activity.lead_id === leadId)
    )
  }
}

function deletedFilter(state: PipedriveState): Keep {
  return state.switches.deletedInLists ? () => true : (record) => !isDeleted(record)
}

/** `status=open,won,lost,deleted`; without it all but the deleted. */
function statusFilter({ query }: ApiCall): Keep {
  const text = query.has('filter_id') ? null : query.get('status')
  if (text === null) return (record) => !isDeleted(record)
  const wanted = new Set(text.split(',').map((part) => part.trim()))
  for (const status of wanted) {
    if (!['open', 'won', 'lost', 'deleted'].includes(status))
      throw invalidV2('status must be one of open, won, lost, deleted')
  }
  return (record) => wanted.has(isDeleted(record) ? 'deleted' : (record as { status: string }).status)
}

function get(entity: CoreEntity, call: ApiCall): Answer {
  const view = parseView(entity, call)
  const record = required(entity, call)
  return { body: { success: true, data: createShaper(call.state, entity, view)(record) } }
}

function create(entity: CoreEntity, call: ApiCall): Answer {
  const { state, actor } = call
  const values = checked(entity, call)
  requireName(entity, values)
  const { deal, lead } = state.tables
  if (entity === 'deal' && deal.size + lead.size >= state.meter.limits.deals) throw planCap('deals')
  const settled = entity === 'person' ? settleNewPerson(values) : values
  const record = state.insert(entity, settled, actor) as CoreRecord
  return { body: { success: true, data: createShaper(state, entity, PLAIN_VIEW)(record) } }
}

function change(entity: CoreEntity, call: ApiCall): Answer {
  const { state, actor } = call
  const before = required(entity, call)
  const values = checked(entity, call)
  if (isDeleted(before)) throw notFound()
  if ((before as { is_archived?: boolean }).is_archived === true && values.is_archived !== false)
    throw invalidV2('Archived deals cannot be updated')
  if (values.status === 'deleted' || values.is_deleted === true) return remove(entity, call)
  if (entity === 'deal')
    checkDealTimes(values, (values.status ?? (before as { status: string }).status) as string)
  const settled = entity === 'person' ? settlePersonChange(before as SeedPerson, values, state) : values
  const record = state.patch(entity, before.id, settled, actor) as CoreRecord
  return { body: { success: true, data: createShaper(state, entity, PLAIN_VIEW)(record) } }
}

function remove(entity: CoreEntity, call: ApiCall): Answer {
  const record = required(entity, call)
  if (isDeleted(record)) throw notFound()
  if (!call.user.is_admin && record.owner_id !== call.user.id) throw noPermission()
  call.state.delete(entity, record.id, call.actor)
  return { body: { success: true, data: { id: record.id } } }
}

function required(entity: CoreEntity, { state, param, user }: ApiCall): CoreRecord {
  const id = param('id')
  if (!/^\d+$/.test(id)) throw invalidV2('id must be an integer')
  const record = state.find(entity, Number(id)) as CoreRecord | undefined
  if (!record || !isVisible(record, user)) throw notFound()
  return record
}

function checked(entity: CoreEntity, { state, body }: ApiCall): Record<string, unknown> {
  const fields = entity === 'activity' ? undefined : state.fields.custom(entity)
  const values = checkBody(body, BODY_RULES[entity], {
    ...(fields ? { fields } : {}),
    unknownKeys: state.switches.unknownBodyKeys,
  })
  const settled = entity === 'person' ? checkPersonBody(values, state.switches) : values
  checkReferences(state, settled)
  return settled
}

function requireName(entity: CoreEntity, values: Values): void {
  if (entity === 'deal' && values.title === undefined) throw invalidV2('title is required')
  if (entity === 'organization' && values.name === undefined) throw invalidV2('name is required')
  const bothNames = values.first_name !== undefined && values.last_name !== undefined
  if (entity === 'person' && values.name === undefined && !bothNames) throw invalidV2('name is required')
  if (entity === 'deal') checkDealTimes(values, (values.status ?? 'open') as string)
}

/** A time of winning goes with a won deal only, and so on. */
function checkDealTimes(values: Values, status: string): void {
  const given = (key: string): boolean => values[key] !== undefined && values[key] !== null
  if (given('won_time') && status !== 'won') throw invalidV2('won_time can only be set for won deals')
  if ((given('lost_time') || given('lost_reason')) && status !== 'lost')
    throw invalidV2('lost_time and lost_reason can only be set for lost deals')
  if (given('close_time') && status === 'open')
    throw invalidV2('close_time can only be set for won or lost deals')
}

/** What a record points to must be there. */
function checkReferences(state: PipedriveState, values: Values): void {
  const targets = [
    ['person_id', 'person'],
    ['org_id', 'organization'],
    ['deal_id', 'deal'],
    ['pipeline_id', 'pipeline'],
    ['stage_id', 'stage'],
  ] as const
  for (const [key, entity] of targets) {
    const id = values[key]
    if (typeof id !== 'number') continue
    const target = state.find(entity, id)
    if (!target || isDeleted(target)) throw invalidV2(`${key} ${id} was not found`)
  }
  const { owner_id, type } = values
  if (typeof owner_id === 'number' && !state.users.has(owner_id))
    throw invalidV2(`owner_id ${owner_id} was not found`)
  if (typeof type === 'string' && !state.activityTypes.some((known) => known.key_string === type))
    throw invalidV2(`type ${type} is not a known activity type`)
}
