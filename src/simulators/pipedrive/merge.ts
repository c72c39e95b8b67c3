/** Merging two records as the vendor does: the survivor wins, its gaps are filled, everything linked moves over. */
import type { AnyRecord, Values } from './records.ts'
import type { ContactValue } from './seed.ts'
import type { Actor, PipedriveState } from './state.ts'

type Mergeable = 'person' | 'organization' | 'deal'

/** Where other records point to a person, an organization or a deal. */
const LINKS = {
  person: [
    ['deal', 'person_id'],
    ['activity', 'person_id'],
    ['lead', 'person_id'],
    ['note', 'person_id'],
  ],
  organization: [
    ['person', 'org_id'],
    ['deal', 'org_id'],
    ['activity', 'org_id'],
    ['lead', 'organization_id'],
    ['note', 'org_id'],
  ],
  deal: [
    ['activity', 'deal_id'],
    ['note', 'deal_id'],
  ],
} as const

export function mergeRecords(
  state: PipedriveState,
  entity: Mergeable,
  loser: AnyRecord,
  survivor: AnyRecord,
  actor: Partial<Actor>,
): AnyRecord {
  const [from, to] = [Number(loser.id), Number(survivor.id)]
  for (const [linked, key] of LINKS[entity]) {
    for (const record of state.tables[linked]
      .where(key, from)
      .filter(({ id }) => state.find(linked, id as never)))
      state.patch(linked, record.id as never, { [key]: to }, actor)
  }
  if (entity === 'person') moveParticipants(state, from, to, actor)
  state.changelog.move(entity, from, to)
  const merged = state.patch(entity, to, filled(survivor as Values, loser as Values), actor, from)
  state.delete(entity, from, actor, to)
  return merged
}

/** Further participants of activities; the primary one is a link like any other. */
function moveParticipants(state: PipedriveState, from: number, to: number, actor: Partial<Actor>): void {
  const joined = [...state.tables.activity.all()].filter((activity) =>
    activity.other_person_ids?.includes(from),
  )
  for (const { id, person_id, other_person_ids = [] } of joined) {
    const others = new Set(other_person_ids.map((person) => (person === from ? to : person)))
    if (typeof person_id === 'number') others.delete(person_id)
    state.patch('activity', id, { other_person_ids: [...others] }, actor)
  }
}

/** The parts of a name belong to the name, and the survivor has one. */
const NOT_INHERITED = ['is_deleted', 'first_name', 'last_name']

/** What the loser adds: values where the survivor has none, and its e-mails and phones behind the survivor's. */
function filled(survivor: Values, loser: Values): Values {
  const isEmpty = (value: unknown): boolean =>
    value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  const gaps = Object.entries(loser).filter(
    ([key, value]) => !isEmpty(value) && isEmpty(survivor[key]) && !NOT_INHERITED.includes(key),
  )
  const custom = {
    ...((loser.custom_fields as Values | undefined) ?? {}),
    ...((survivor.custom_fields as Values | undefined) ?? {}),
  }
  return {
    ...Object.fromEntries(gaps),
    custom_fields: custom,
    ...joined(survivor, loser, 'emails'),
    ...joined(survivor, loser, 'phones'),
  }
}

function joined(survivor: Values, loser: Values, key: 'emails' | 'phones'): Values {
  const own = survivor[key] as readonly ContactValue[] | undefined
  if (!own) return {}
  const known = new Set(own.map((item) => item.value.toLowerCase()))
  const added = ((loser[key] as readonly ContactValue[] | undefined) ?? []).filter(
    (item) => item.value !== '' && !known.has(item.value.toLowerCase()),
  )
  const anyPrimary = own.some((item) => item.primary)
  return { [key]: [...own, ...added.map((item) => (anyPrimary ? { ...item, primary: false } : item))] }
}
