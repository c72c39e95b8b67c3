/**
 * Finding records by a term, as the vendor's search does: case is ignored, deleted records are not found, nor (by switch)
 * those that changed a moment ago. Scans.
 */
import { isDeleted, isPurged, isVisible, type Values } from './records.ts'
import { invalidV2 } from './refusal.ts'
import type { SeedDeal, SeedLead, SeedOrganization, SeedPerson, SeedUser } from './seed.ts'
import type { PipedriveState } from './state.ts'

export type SearchedEntity = 'person' | 'organization' | 'deal' | 'lead'
type Searched = SeedPerson | SeedOrganization | SeedDeal | SeedLead

export type SearchRequest = {
  term: string
  exact: boolean
  /** Names of fields to look in; null: all. */
  fields: readonly string[] | null
}

/** Field names each entity can be searched by. */
export const SEARCH_FIELDS: Readonly<Record<SearchedEntity, readonly string[]>> = {
  person: ['name', 'email', 'phone', 'notes', 'custom_fields'],
  organization: ['name', 'address', 'notes', 'custom_fields'],
  deal: ['title', 'notes', 'custom_fields'],
  lead: ['title', 'notes', 'custom_fields'],
}
const SEARCHABLE_TYPES = ['address', 'varchar', 'text', 'varchar_auto', 'double', 'monetary', 'phone']

/** The term has two characters at least, one when it must match exactly. */
export function parseSearch(query: URLSearchParams, entities: readonly SearchedEntity[]): SearchRequest {
  const exact = query.get('exact_match') === 'true'
  const term = (query.get('term') ?? '').trim()
  if (term.length < (exact ? 1 : 2)) throw invalidV2(`term must be at least ${exact ? 1 : 2} characters long`)
  const fields =
    query
      .get('fields')
      ?.split(',')
      .map((name) => name.trim()) ?? null
  const known = new Set(entities.flatMap((entity) => SEARCH_FIELDS[entity]))
  const unknown = fields?.find((name) => !known.has(name))
  if (unknown !== undefined) throw invalidV2(`fields: ${unknown} is not allowed`)
  return { term: term.toLowerCase(), exact, fields }
}

/** In order of id. While a change is not indexed, the record is found neither as it was nor as it is. */
export function search(
  state: PipedriveState,
  user: SeedUser,
  entity: SearchedEntity,
  request: SearchRequest,
): Searched[] {
  const now = state.clock.now()
  const hit = (text: string): boolean => {
    const lower = text.toLowerCase()
    return request.exact ? lower === request.term : lower.includes(request.term)
  }
  const names = SEARCH_FIELDS[entity].filter((name) => request.fields?.includes(name) ?? true)
  const custom = state.fields
    .custom(entity === 'lead' ? 'deal' : entity)
    .filter((field) => SEARCHABLE_TYPES.includes(field.field_type))
    .map((field) => field.field_code)
  const found: Searched[] = []
  for (const record of state.tables[entity].all() as IterableIterator<Searched>) {
    if (isDeleted(record) || isPurged(record, now) || !isVisible(record, user)) continue
    if (now.getTime() - state.changedAtMs(record) < state.switches.searchLagMs) continue
    if (names.some((name) => textsOf(state, entity, record, name, custom).some(hit))) found.push(record)
  }
  return found
}

function textsOf(
  state: PipedriveState,
  entity: SearchedEntity,
  record: Searched,
  name: string,
  custom: readonly string[],
): string[] {
  switch (name) {
    case 'email':
      return (record as SeedPerson).emails.map((item) => item.value)
    case 'phone':
      return (record as SeedPerson).phones.map((item) => item.value)
    case 'address':
      return [(record as SeedOrganization).address?.value ?? '']
    case 'notes':
      return notesOf(state, entity, record.id)
    case 'custom_fields':
      return customTexts(record.custom_fields ?? {}, custom)
    default:
      return [String((record as unknown as Values)[name] ?? '')]
  }
}

export function notesOf(state: PipedriveState, entity: SearchedEntity, id: number | string): string[] {
  if (state.tables.note.size === 0) return []
  const key = entity === 'organization' ? 'org_id' : `${entity}_id`
  return state.tables.note
    .where(key, id)
    .filter((note) => !isDeleted(note))
    .map((note) => note.content)
}

export function customTexts(values: Values, codes: readonly string[]): string[] {
  return codes.flatMap((code) => {
    const value = values[code]
    if (value === undefined || value === null) return []
    return [String(typeof value === 'object' ? (value as { value?: unknown }).value : value)]
  })
}
