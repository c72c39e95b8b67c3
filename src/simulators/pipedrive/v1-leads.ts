/** API v1 leads (and archived) and lead labels. Leads exist in v1 only; archived ones cannot be changed. */
import { fromV1CustomFields } from './custom-values.ts'
import type { Answer, ApiCall, Endpoint } from './endpoint.ts'
import { pagination, parseOffset } from './query.ts'
import { isArchived, isDeleted, isVisible, type Values } from './records.ts'
import { invalidV1, notFound, planCap } from './refusal.ts'
import type { SeedLead } from './seed.ts'
import { toV1Lead } from './shape-v1.ts'

const read = { version: 'v1', scopes: ['leads:read', 'leads:full'] } as const
const write = { version: 'v1', scopes: ['leads:full'] } as const

export const LEAD_ENDPOINTS: readonly Endpoint[] = [
  { ...read, method: 'GET', path: '/leads', cost: 20, handle: (call) => list(call, false) },
  { ...read, method: 'GET', path: '/leads/archived', cost: 40, handle: (call) => list(call, true) },
  {
    ...read,
    method: 'GET',
    path: '/leads/:id',
    cost: 2,
    handle: (call) => ({ body: { success: true, data: toV1Lead(call.state, required(call)) } }),
  },
  { ...write, method: 'POST', path: '/leads', cost: 10, handle: create },
  { ...write, method: 'PATCH', path: '/leads/:id', cost: 10, handle: change },
  { ...write, method: 'DELETE', path: '/leads/:id', cost: 6, handle: remove },
  { ...read, method: 'GET', path: '/leadLabels', cost: 10, handle: listLabels },
  { ...write, method: 'POST', path: '/leadLabels', cost: 10, handle: createLabel },
  { ...write, method: 'PATCH', path: '/leadLabels/:id', cost: 10, handle: changeLabel },
  { ...write, method: 'DELETE', path: '/leadLabels/:id', cost: 6, handle: removeLabel },
]

/** Oldest first unless `sort` says otherwise; `updated_since` works on the leads that are not archived. */
function list(call: ApiCall, archived: boolean): Answer {
  const { state, query, user } = call
  const offset = parseOffset(query, state.switches)
  const since = archived ? undefined : updatedSince(query)
  const fits = filters(query)
  const found = [...state.tables.lead.all()].filter(
    (lead) =>
      !isDeleted(lead) &&
      isArchived(lead) === archived &&
      (since === undefined || Date.parse(lead.update_time) >= since) &&
      fits(lead as unknown as Values) &&
      isVisible(lead, user),
  )
  found.sort(orderOf(query.get('sort') ?? 'add_time ASC'))
  const data = found.slice(offset.start, offset.start + offset.limit).map((lead) => toV1Lead(state, lead))
  const place = pagination(offset, offset.start + offset.limit < found.length)
  const shown = data.length === 0 && state.switches.emptyV1List === 'null' ? null : data
  return {
    body: {
      success: true,
      data: shown,
      additional_data: state.switches.leadPagination === 'nested' ? { pagination: place } : place,
    },
  }
}

function updatedSince(query: URLSearchParams): number | undefined {
  const text = query.get('updated_since')
  if (text === null) return undefined
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$/.test(text))
    throw invalidV1(`updated_since: '${text}' is not a valid datetime`)
  return Date.parse(text)
}

function filters(query: URLSearchParams): (lead: Values) => boolean {
  const wanted = ['owner_id', 'person_id', 'organization_id'].flatMap((name) => {
    const text = query.get(name)
    return text === null ? [] : [[name, Number(text)] as const]
  })
  return (lead) => wanted.every(([name, id]) => lead[name] === id)
}

function orderOf(sort: string): (a: SeedLead, b: SeedLead) => number {
  const [field = 'add_time', direction = 'ASC'] = sort.split(' ')
  const sortable = [
    'id',
    'title',
    'owner_id',
    'creator_id',
    'was_seen',
    'expected_close_date',
    'next_activity_id',
    'add_time',
    'update_time',
  ]
  if (!sortable.includes(field)) throw invalidV1(`sort: ${field} is not allowed`)
  const sign = direction.toUpperCase() === 'DESC' ? -1 : 1
  const key = (lead: SeedLead): string => String((lead as unknown as Values)[field] ?? '')
  return (a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0)
}

function required({ state, param, user }: ApiCall): SeedLead {
  const lead = state.find('lead', param('id'))
  if (!lead || isDeleted(lead) || !isVisible(lead, user)) throw notFound('requested lead not found')
  return lead
}

function create(call: ApiCall): Answer {
  const { state, actor } = call
  const values = checked(call)
  if (typeof values.title !== 'string' || values.title === '') throw invalidV1('title is required')
  if (typeof values.person_id !== 'number' && typeof values.organization_id !== 'number')
    throw invalidV1('A lead must be linked to a person or an organization')
  if (state.tables.deal.size + state.tables.lead.size >= state.meter.limits.deals) throw planCap('deals')
  return { status: 201, body: { success: true, data: toV1Lead(state, state.insert('lead', values, actor)) } }
}

function change(call: ApiCall): Answer {
  const before = required(call)
  const values = checked(call)
  if (isArchived(before) && values.is_archived !== false) throw invalidV1('Archived leads cannot be updated')
  const lead = call.state.patch('lead', before.id, values, call.actor)
  return { body: { success: true, data: toV1Lead(call.state, lead) } }
}

function remove(call: ApiCall): Answer {
  const lead = required(call)
  call.state.delete('lead', lead.id, call.actor)
  return { body: { success: true, data: { id: lead.id } } }
}

const OWN_KEYS: Readonly<Record<string, (value: unknown) => boolean>> = {
  title: (value) => typeof value === 'string',
  owner_id: Number.isInteger,
  label_ids: Array.isArray,
  person_id: (value) => value === null || Number.isInteger(value),
  organization_id: (value) => value === null || Number.isInteger(value),
  is_archived: (value) => typeof value === 'boolean',
  value: (value) => value === null || (typeof value === 'object' && 'amount' in value && 'currency' in value),
  expected_close_date: (value) => value === null || typeof value === 'string',
  visible_to: (value) => ['1', '3', '5', '7'].includes(String(value)),
  was_seen: (value) => typeof value === 'boolean',
  origin_id: (value) => value === null || typeof value === 'string',
  channel: (value) => value === null || Number.isInteger(value),
  channel_id: (value) => value === null || typeof value === 'string',
}

function checked({ state, body }: ApiCall): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalidV1('body must be an object')
  const given = body as Values
  const values: Record<string, unknown> = {}
  for (const [key, fits] of Object.entries(OWN_KEYS)) {
    if (!(key in given)) continue
    if (!fits(given[key])) throw invalidV1(`${key} is not valid`)
    values[key] = key === 'visible_to' ? Number(given[key]) : given[key]
  }
  const unknown = Object.keys(given).find((key) => !(key in OWN_KEYS) && !/^[0-9a-f]{40}/.test(key))
  if (unknown !== undefined) throw invalidV1(`${unknown} is not allowed`)
  const { person_id, organization_id, label_ids } = values
  if (typeof person_id === 'number' && !state.find('person', person_id)) throw invalidV1('Person not found')
  if (typeof organization_id === 'number' && !state.find('organization', organization_id))
    throw invalidV1('Organization not found')
  if (Array.isArray(label_ids) && label_ids.some((id) => !state.leadLabels.has(id as string)))
    throw invalidV1('Lead label not found')
  const custom = fromV1CustomFields(given, state.fields.custom('deal'))
  return Object.keys(custom).length > 0 ? { ...values, custom_fields: custom } : values
}

function listLabels({ state }: ApiCall): Answer {
  return { body: { success: true, data: [...state.leadLabels.values()] } }
}

function createLabel({ state, body }: ApiCall): Answer {
  const { name, color } = (body ?? {}) as Values
  if (typeof name !== 'string' || typeof color !== 'string') throw invalidV1('name and color are required')
  const now = state.clock.now().toISOString()
  const label = { id: state.newUuid(), name, color, add_time: now, update_time: now }
  state.leadLabels.set(label.id, label)
  return { body: { success: true, data: label } }
}

function changeLabel({ state, body, param }: ApiCall): Answer {
  const before = state.leadLabels.get(param('id'))
  if (!before) throw notFound('Lead label not found')
  const { name, color } = (body ?? {}) as Values
  const label = {
    ...before,
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof color === 'string' ? { color } : {}),
    update_time: state.clock.now().toISOString(),
  }
  state.leadLabels.set(label.id, label)
  return { body: { success: true, data: label } }
}

function removeLabel({ state, param }: ApiCall): Answer {
  if (!state.leadLabels.delete(param('id'))) throw notFound('Lead label not found')
  return { body: { success: true, data: { id: param('id') } } }
}
