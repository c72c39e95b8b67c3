/** API v1 recents, changelogs and merging: all entities in one list of changes, one record's history, two made one. */
import type { Answer, ApiCall, Endpoint } from './endpoint.ts'
import { pagination, parseOffset } from './query.ts'
import { isDeleted, isVisible, toV1Time, type Values } from './records.ts'
import { invalidV1, notFound } from './refusal.ts'
import type {
  SeedActivity,
  SeedDeal,
  SeedNote,
  SeedOrganization,
  SeedPerson,
  SeedPipeline,
  SeedStage,
} from './seed.ts'
import { toV1Activity, toV1Deal, toV1FullOrganization, toV1Person } from './shape-v1.ts'
import { toV1Note, toV1Pipeline, toV1Stage } from './shape-v1-plain.ts'
import type { PipedriveState } from './state.ts'

type Mergeable = 'person' | 'organization' | 'deal'
const PATHS = { person: 'persons', organization: 'organizations', deal: 'deals' } as const
const SCOPES = { person: 'contacts', organization: 'contacts', deal: 'deals' } as const

export const HISTORY_ENDPOINTS: readonly Endpoint[] = [
  {
    version: 'v1',
    method: 'GET',
    path: '/recents',
    cost: 20,
    scopes: ['recents:read', 'search:read'],
    handle: recents,
  },
  ...(['person', 'organization', 'deal'] as const).flatMap((entity): Endpoint[] => [
    {
      version: 'v1',
      method: 'GET',
      path: `/${PATHS[entity]}/:id/changelog`,
      cost: 20,
      scopes: ['recents:read'],
      handle: (call) => changelog(entity, call),
    },
    {
      version: 'v1',
      method: 'PUT',
      path: `/${PATHS[entity]}/:id/merge`,
      cost: 40,
      scopes: [`${SCOPES[entity]}:full`],
      handle: (call) => merge(entity, call),
    },
  ]),
]

const RECENT = ['activity', 'deal', 'note', 'organization', 'person', 'pipeline', 'stage'] as const
type Recent = (typeof RECENT)[number]
const DAY_MS = 86_400_000

/** Changes since a moment, oldest first, in v1 shape; no further back than the vendor keeps. */
function recents({ state, query, user }: ApiCall): Answer {
  const since = query.get('since_timestamp') ?? ''
  if (!/^\d{4}-\d{2}-\d{2}[ T+]\d{2}:\d{2}:\d{2}$/.test(since)) throw invalidV1('since_timestamp is required')
  const asked = query.get('items')?.split(',') ?? [...RECENT]
  const oldest = state.clock.now().getTime() - state.switches.recentsDays * DAY_MS
  const from = Math.max(oldest, Date.parse(`${since.slice(0, 10)}T${since.slice(11)}Z`))
  const floor = `${new Date(from).toISOString().slice(0, 19)}Z`
  const offset = parseOffset(query, state.switches)
  const found = RECENT.filter((kind) => asked.includes(kind)).flatMap((kind) =>
    changedSince(state, kind, floor)
      .filter((record) => isVisible(record as SeedPerson, user))
      .map((record) => ({ kind, record })),
  )
  found.sort((a, b) =>
    a.record.update_time < b.record.update_time ? -1 : a.record.update_time > b.record.update_time ? 1 : 0,
  )
  const page = found.slice(offset.start, offset.start + offset.limit)
  const data = page.map(({ kind, record }) => ({
    item: kind,
    id: record.id,
    data: RECENT_SHAPES[kind](state, record as never, user.id),
  }))
  const last = page.at(-1)?.record.update_time
  return {
    body: {
      success: true,
      data,
      additional_data: {
        since_timestamp: since.replace('+', ' '),
        last_timestamp_on_page: last ? toV1Time(last) : null,
        pagination: pagination(offset, offset.start + offset.limit < found.length),
      },
    },
  }
}

function changedSince(
  state: PipedriveState,
  kind: Recent,
  floor: string,
): { id: number; update_time: string }[] {
  return state.tables[kind].page({
    sortBy: 'update_time',
    direction: 'asc',
    // The id 0 stands before every record of that second.
    after: { key: floor, id: 0 },
    limit: Number.POSITIVE_INFINITY,
    keep: () => true,
  }).records
}

const RECENT_SHAPES = {
  activity: (state: PipedriveState, record: SeedActivity): Values => toV1Activity(state, record),
  deal: (state: PipedriveState, record: SeedDeal): Values => toV1Deal(state, record, 'ids'),
  note: (state: PipedriveState, record: SeedNote, meId: number): Values => toV1Note(state, record, meId),
  organization: (state: PipedriveState, record: SeedOrganization): Values =>
    toV1FullOrganization(state, record),
  person: (state: PipedriveState, record: SeedPerson): Values => toV1Person(state, record, 'ids'),
  pipeline: (_state: PipedriveState, record: SeedPipeline): Values => toV1Pipeline(record),
  stage: (state: PipedriveState, record: SeedStage): Values => toV1Stage(state, record),
} as const

/** Cursor-paginated, unlike the rest of v1: base64 of `id:` and the place. */
function changelog(entity: Mergeable, { state, query, param, user }: ApiCall): Answer {
  const record = state.find(entity, Number(param('id')))
  if (!record || !isVisible(record, user)) throw notFound()
  const { limit } = parseOffset(query, state.switches)
  const entries = state.changelog.of(entity, record.id)
  const start = placeOf(query.get('cursor'))
  const next = start + limit < entries.length ? Buffer.from(`id:${start + limit}`).toString('base64') : null
  return {
    body: {
      success: true,
      data: entries.slice(start, start + limit),
      additional_data: { next_cursor: next },
    },
  }
}

function placeOf(cursor: string | null): number {
  if (cursor === null) return 0
  const [, place] = /^id:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString('utf8')) ?? []
  if (place === undefined) throw invalidV1('cursor is invalid')
  return Number(place)
}

/** The record in the path goes, `merge_with_id` stays. */
function merge(entity: Mergeable, { state, param, body, actor }: ApiCall): Answer {
  const loser = state.find(entity, Number(param('id')))
  const withId = Number((body as Values | undefined)?.merge_with_id ?? Number.NaN)
  if (!Number.isInteger(withId)) throw invalidV1('merge_with_id is required')
  const survivor = state.find(entity, withId)
  if (!loser || !survivor || isDeleted(loser) || isDeleted(survivor)) throw notFound()
  if (loser.id === survivor.id) throw invalidV1('A record cannot be merged with itself')
  const merged = state.merge(entity, loser.id, survivor.id, actor)
  if (entity === 'organization') return { body: { success: true, data: { id: merged.id } } }
  const shape =
    entity === 'person'
      ? toV1Person(state, merged as SeedPerson, 'ids')
      : toV1Deal(state, merged as SeedDeal, 'ids')
  return { body: { success: true, data: { ...shape, merge_what_id: loser.id } } }
}
