/**
 * The body of a webhook of version 1.0: `current`, `previous`, `meta`, flat v1 records
 * (https://pipedrive.readme.io/docs/guide-for-webhooks). Decides nothing about whether or when it is sent.
 */
import type { Values } from './records.ts'
import type {
  SeedActivity,
  SeedDeal,
  SeedNote,
  SeedOrganization,
  SeedPerson,
  SeedPipeline,
  SeedStage,
  SeedUser,
} from './seed.ts'
import { toV1Activity, toV1Deal, toV1FullOrganization, toV1Person } from './shape-v1.ts'
import { toV1Note, toV1Pipeline, toV1Stage } from './shape-v1-plain.ts'
import type { Occurrence, PipedriveState } from './state.ts'
import { toV1FullUser } from './v1-account.ts'
import { permittedUserIds } from './webhook-body-v2.ts'
import type { Webhook } from './webhook-store.ts'

export type V1Action = 'added' | 'updated' | 'deleted' | 'merged'

/**
 * The word of version 1.0 for what happened, or null where it has none: it knows no leads, and a merge is one
 * `merged` of the survivor instead of a change and a deletion.
 */
export function toV1Action({ entity, action, mergedTo, mergedFrom }: Occurrence): V1Action | null {
  if (entity === 'lead' || mergedTo !== undefined) return null
  if (mergedFrom !== undefined) return 'merged'
  return ({ create: 'added', change: 'updated', delete: 'deleted' } as const)[action]
}

/** The body as it was when the thing happened; only the number of the attempt (1 to 4, told as `retry` 0 to 3) is still open. */
export function createV1Body(
  state: PipedriveState,
  webhook: Webhook,
  occurrence: Occurrence,
  action: V1Action,
): (attempt: number) => Values {
  const { entity, before, after, id, at, actor } = occurrence
  const shape = (record: Occurrence['before']): unknown =>
    record && entity !== 'lead' ? SHAPES[entity](state, record as never, webhook.user_id) : null
  const noFilters = { current: [], previous: [] }
  const meta = {
    v: 1,
    action,
    object: entity,
    change_source: actor.source,
    id,
    company_id: state.seed.company.id,
    user_id: actor.userId,
    host: `${state.seed.company.domain}.pipedrive.com`,
    timestamp: Math.floor(at.getTime() / 1000),
    timestamp_micro: at.getTime() * 1000,
    permitted_user_ids: permittedUserIds(state, occurrence),
    trans_pending: false,
    is_bulk_update: false,
    pipedrive_service_name: false,
    matches_filters: noFilters,
    webhook_id: String(webhook.id),
  }
  const current = action === 'deleted' ? null : shape(after)
  const previous = shape(before)
  return (attempt) => ({
    v: 1,
    matches_filters: noFilters,
    meta,
    retry: attempt - 1,
    current,
    previous,
    event: `${action}.${entity}`,
  })
}

/** References are plain ids; a user comes as an array of one. */
const SHAPES = {
  person: (state: PipedriveState, record: SeedPerson): Values => toV1Person(state, record, 'ids'),
  organization: (state: PipedriveState, record: SeedOrganization): Values => ({
    ...toV1FullOrganization(state, record),
    owner_id: record.owner_id,
  }),
  deal: (state: PipedriveState, record: SeedDeal): Values => toV1Deal(state, record, 'ids'),
  activity: (state: PipedriveState, record: SeedActivity): Values => toV1Activity(state, record),
  note: (state: PipedriveState, record: SeedNote, meId: number): Values => toV1Note(state, record, meId),
  pipeline: (_state: PipedriveState, record: SeedPipeline): Values => toV1Pipeline(record),
  stage: (state: PipedriveState, record: SeedStage): Values => toV1Stage(state, record),
  user: (state: PipedriveState, record: SeedUser): readonly Values[] => [toV1FullUser(state, record, record)],
} as const
