/** The optional response fields of `include_fields`, computed from the records as they stand. Refuses unknown names. */
import { isDeleted, type Values } from './records.ts'
import { featureDisabled, invalidV2 } from './refusal.ts'
import type { SeedActivity, SeedDeal } from './seed.ts'
import type { PipedriveState } from './state.ts'

export type CountedEntity = 'person' | 'organization' | 'deal' | 'activity'

const ACTIVITY_COUNTS = ['activities_count', 'done_activities_count', 'undone_activities_count']
const NEXT_LAST = ['next_activity_id', 'last_activity_id']
const DEAL_COUNTS = ['open', 'closed', 'won', 'lost'].flatMap((kind) => [
  `${kind}_deals_count`,
  `related_${kind}_deals_count`,
])
const OTHER = ['email_messages_count', 'files_count', 'notes_count', 'followers_count', 'smart_bcc_email']
const MAIL_TIMES = ['last_incoming_mail_time', 'last_outgoing_mail_time']

/** The names each entity accepts (https://developers.pipedrive.com/docs/api/v1/Persons#getPersons). */
export const INCLUDE_FIELDS: Readonly<Record<CountedEntity, readonly string[]>> = {
  person: [
    ...NEXT_LAST,
    ...DEAL_COUNTS,
    'participant_open_deals_count',
    'participant_closed_deals_count',
    ...ACTIVITY_COUNTS,
    ...OTHER,
    ...MAIL_TIMES,
    'marketing_status',
    'doi_status',
  ],
  organization: [...NEXT_LAST, ...DEAL_COUNTS, 'people_count', ...ACTIVITY_COUNTS, ...OTHER],
  deal: [
    ...NEXT_LAST,
    'first_won_time',
    'products_count',
    ...ACTIVITY_COUNTS,
    'participants_count',
    ...OTHER,
    ...MAIL_TIMES,
    'source_lead_id',
  ],
  activity: ['attendees'],
}

/** Splits and checks the parameter. */
export function parseIncludeFields(
  entity: CountedEntity,
  text: string | null,
  state: PipedriveState,
): string[] {
  if (!text) return []
  const names = text.split(',').map((name) => name.trim())
  for (const name of names) {
    if (!INCLUDE_FIELDS[entity].includes(name)) throw invalidV2(`include_fields: ${name} is not allowed`)
    if ((name === 'marketing_status' || name === 'doi_status') && !state.switches.campaigns)
      throw featureDisabled('Campaigns')
  }
  return names
}

/** The named fields of one record. */
export function includedFields(
  state: PipedriveState,
  entity: CountedEntity,
  record: Values,
  names: readonly string[],
): Values {
  const id = record.id as number
  const lazyDeals = once(() => dealsOf(state, entity, id))
  const lazyActivities = once(() => activitiesOf(state, entity, id))
  const result: Record<string, unknown> = {}
  for (const name of names) {
    result[name] = name.endsWith('_deals_count')
      ? countDeals(name, entity, lazyDeals(), () => relatedDeals(state, entity, record))
      : (ofActivities(name, lazyActivities) ?? ofRecord(name, state, entity, record))
  }
  return result
}

function countDeals(name: string, entity: CountedEntity, own: SeedDeal[], related: () => SeedDeal[]): number {
  if (name.startsWith('participant_')) return 0
  const deals = name.startsWith('related_') ? related() : own
  if (entity === 'deal') return 0
  if (name.includes('closed')) return deals.filter((deal) => deal.status !== 'open').length
  const status = name.replace('related_', '').split('_')[0]
  return deals.filter((deal) => deal.status === status).length
}

function ofActivities(name: string, activities: () => SeedActivity[]): unknown {
  switch (name) {
    case 'activities_count':
      return activities().length
    case 'done_activities_count':
      return activities().filter((activity) => activity.done).length
    case 'undone_activities_count':
      return activities().filter((activity) => !activity.done).length
    case 'next_activity_id':
      return byDue(activities().filter((activity) => !activity.done))[0]?.id ?? null
    case 'last_activity_id':
      return byDue(activities().filter((activity) => activity.done)).at(-1)?.id ?? null
    default:
      return undefined
  }
}

function ofRecord(name: string, state: PipedriveState, entity: CountedEntity, record: Values): unknown {
  const id = record.id as number
  switch (name) {
    case 'notes_count':
      return state.tables.note.where(entity === 'organization' ? 'org_id' : `${entity}_id`, id).filter(isKept)
        .length
    case 'people_count':
      return state.tables.person.where('org_id', id).filter(isKept).length
    case 'participants_count':
      return record.person_id ? 1 : 0
    case 'followers_count':
      return 1
    case 'marketing_status':
      return record.marketing_status ?? 'no_consent'
    case 'first_won_time':
      return record.won_time ?? null
    case 'smart_bcc_email':
      return `${state.seed.company.domain}+${entity}${id}@pipedrivemail.com`
    case 'attendees':
      return record.attendees ?? []
    case 'doi_status':
    case 'source_lead_id':
      return record[name] ?? null
    default:
      return name.endsWith('_count') ? 0 : null
  }
}

function dealsOf(state: PipedriveState, entity: CountedEntity, id: number): SeedDeal[] {
  const key = entity === 'person' ? 'person_id' : 'org_id'
  return state.tables.deal
    .where(key, id)
    .filter((deal) => isKept(deal) && (state.switches.archivedDealsCount || !deal.is_archived))
}

/** An organization is related to the deals of its people, a person to the deals of its organization. */
function relatedDeals(state: PipedriveState, entity: CountedEntity, record: Values): SeedDeal[] {
  const id = record.id as number
  if (entity === 'person') {
    const org = record.org_id
    return typeof org === 'number'
      ? dealsOf(state, 'organization', org).filter((deal) => deal.person_id !== id)
      : []
  }
  return state.tables.person
    .where('org_id', id)
    .flatMap((person) => dealsOf(state, 'person', person.id))
    .filter((deal) => deal.org_id !== id)
}

function activitiesOf(state: PipedriveState, entity: CountedEntity, id: number): SeedActivity[] {
  const key = entity === 'organization' ? 'org_id' : `${entity}_id`
  return state.tables.activity.where(key, id).filter(isKept)
}

const isKept = (record: Parameters<typeof isDeleted>[0]): boolean => !isDeleted(record)

const byDue = (activities: SeedActivity[]): SeedActivity[] =>
  activities.sort((a, b) =>
    `${a.due_date ?? ''}${a.due_time ?? ''}`.localeCompare(`${b.due_date ?? ''}${b.due_time ?? ''}`),
  )

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
