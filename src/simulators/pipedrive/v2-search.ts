/** API v2 searches: persons, organizations, deals, leads, all items, and one field's values. All count as searches. */
import { decodeCursor, encodeCursor } from './cursor.ts'
import type { Answer, ApiCall, Endpoint } from './endpoint.ts'
import { parseInteger, parseLimit } from './query.ts'
import { isDeleted, type Values } from './records.ts'
import { invalidV2 } from './refusal.ts'
import { customTexts, notesOf, parseSearch, type SearchedEntity, search } from './search-index.ts'
import type { SeedDeal, SeedLead, SeedOrganization, SeedPerson } from './seed.ts'
import type { PipedriveState } from './state.ts'

const read = { version: 'v2', method: 'GET', cost: 20, isSearch: true } as const

export const SEARCH_ENDPOINTS: readonly Endpoint[] = [
  {
    ...read,
    path: '/persons/search',
    scopes: ['contacts:read', 'contacts:full', 'search:read'],
    handle: (c) => one('person', c),
  },
  {
    ...read,
    path: '/organizations/search',
    scopes: ['contacts:read', 'contacts:full', 'search:read'],
    handle: (c) => one('organization', c),
  },
  {
    ...read,
    path: '/deals/search',
    scopes: ['deals:read', 'deals:full', 'search:read'],
    handle: (c) => one('deal', c),
  },
  {
    ...read,
    path: '/leads/search',
    scopes: ['leads:read', 'leads:full', 'search:read'],
    handle: (c) => one('lead', c),
  },
  { ...read, path: '/itemSearch', scopes: ['search:read'], handle: items },
  { ...read, path: '/itemSearch/field', scopes: ['search:read'], handle: fieldValues },
]

type Found = { result_score: number; item: Values }

function one(entity: SearchedEntity, call: ApiCall): Answer {
  const { query } = call
  const limits = (name: string, key: string): ((item: Values) => boolean) => {
    const id = parseInteger(query, name)
    return (record) => id === undefined || record[key] === id
  }
  const organization = limits('organization_id', entity === 'lead' ? 'organization_id' : 'org_id')
  const person = limits('person_id', 'person_id')
  const status = query.get('status')
  const found = search(call.state, call.user, entity, parseSearch(query, [entity]))
    .map((record) => record as unknown as Values)
    .filter(
      (record) => organization(record) && person(record) && (status === null || record.status === status),
    )
  return page(
    call,
    found.map((record) => scoredItem(call.state, entity, record)),
    500,
    (shown) => ({ items: shown }),
  )
}

function items(call: ApiCall): Answer {
  const types = (call.query.get('item_types') ?? 'deal,person,organization,lead').split(',')
  const known = ['deal', 'person', 'organization', 'lead', 'product', 'file', 'mail_attachment', 'project']
  const unknown = types.find((type) => !known.includes(type))
  if (unknown !== undefined) throw invalidV2(`item_types: ${unknown} is not allowed`)
  const searched = (['deal', 'person', 'organization', 'lead'] as const).filter((entity) =>
    types.includes(entity),
  )
  const request = parseSearch(call.query, searched)
  const found = searched.flatMap((entity) =>
    search(call.state, call.user, entity, request).map((record) =>
      scoredItem(call.state, entity, record as unknown as Values),
    ),
  )
  return page(call, found, 100, (shown) => ({ items: shown, related_items: [] }))
}

/** Values of one field; case matters here, unlike in the other searches. */
function fieldValues(call: ApiCall): Answer {
  const { query, state } = call
  const entity = query.get('entity_type') as SearchedEntity
  if (!['person', 'organization', 'deal', 'lead'].includes(entity))
    throw invalidV2('entity_type is not allowed')
  const [term, field, match] = [
    query.get('term') ?? '',
    query.get('field') ?? '',
    query.get('match') ?? 'exact',
  ]
  if (term.length < (match === 'exact' ? 1 : 2)) throw invalidV2('term is too short')
  if (field === '') throw invalidV2('field is required')
  const fits = (text: string): boolean =>
    match === 'exact' ? text === term : match === 'beginning' ? text.startsWith(term) : text.includes(term)
  const found: Values[] = []
  for (const record of state.tables[entity].all()) {
    const values = record as unknown as Values
    const [text] =
      field in values ? [String(values[field])] : customTexts((values.custom_fields ?? {}) as Values, [field])
    if (text !== undefined && !isDeleted(record) && fits(text)) found.push({ id: record.id, [field]: text })
  }
  return page(call, found, 500, (shown) => shown)
}

function page<T>(call: ApiCall, found: T[], maximum: number, data: (shown: T[]) => object): Answer {
  const { query, state } = call
  const limit = parseLimit(query, state.switches, maximum)
  const cursor = query.get('cursor')
  const start = cursor === null ? 0 : Number(decodeCursor(cursor, 'rank', 'asc').id) + 1
  const shown = found.slice(start, start + limit)
  const last = start + shown.length - 1
  const next = last + 1 < found.length ? encodeCursor('rank', 'asc', { key: last, id: last }) : null
  return { body: { success: true, data: data(shown), additional_data: { next_cursor: next } } }
}

export function scoredItem(state: PipedriveState, entity: SearchedEntity, record: Values): Found {
  const fields = state.fields.custom(entity === 'lead' ? 'deal' : entity)
  const texts = fields.filter((field) => ['varchar', 'text', 'phone'].includes(field.field_type))
  const common = {
    id: record.id,
    type: entity,
    visible_to: Number(record.visible_to ?? 3),
    owner: { id: record.owner_id },
    custom_fields: customTexts(
      (record.custom_fields ?? {}) as Values,
      texts.map((field) => field.field_code),
    ),
    notes: notesOf(state, entity, record.id as number | string),
  }
  return { result_score: 0.5, item: { ...common, ...ITEMS[entity](record as never, state) } }
}

const ITEMS = {
  person: (person: SeedPerson, state: PipedriveState): Values => ({
    name: person.name,
    phones: person.phones.map((item) => item.value),
    emails: person.emails.map((item) => item.value),
    organization: organizationOf(state, person.org_id),
  }),
  organization: (organization: SeedOrganization): Values => ({
    name: organization.name,
    address: organization.address?.value ?? null,
  }),
  deal: (deal: SeedDeal, state: PipedriveState): Values => ({
    title: deal.title,
    value: deal.value,
    currency: deal.currency,
    status: deal.status,
    stage: { id: deal.stage_id, name: state.tables.stage.get(deal.stage_id)?.name ?? '' },
    person: personOf(state, deal.person_id),
    organization: organizationOf(state, deal.org_id),
    is_archived: deal.is_archived ?? false,
  }),
  lead: (lead: SeedLead, state: PipedriveState): Values => ({
    title: lead.title,
    value: lead.value?.amount ?? null,
    currency: lead.value?.currency ?? null,
    person: personOf(state, lead.person_id),
    organization: organizationOf(state, lead.organization_id),
    is_archived: lead.is_archived ?? false,
  }),
} as const

function personOf(state: PipedriveState, id: number | null | undefined): Values | null {
  const person = typeof id === 'number' ? state.find('person', id) : undefined
  return person ? { id: person.id, name: person.name } : null
}

function organizationOf(state: PipedriveState, id: number | null | undefined): Values | null {
  const organization = typeof id === 'number' ? state.find('organization', id) : undefined
  return organization
    ? { id: organization.id, name: organization.name, address: organization.address?.value ?? null }
    : null
}
