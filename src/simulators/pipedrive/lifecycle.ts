/** What follows from creating or changing a record: defaults, split names, times of stage and status. No storage. */
import { type AnyRecord, type Entity, toV2Time, type Values } from './records.ts'
import type { ContactValue, CustomValues, SeedDeal } from './seed.ts'
import type { PipedriveState } from './state.ts'

export type Context = { state: PipedriveState; at: Date; userId: number }
type Draft = { id: number | string; [key: string]: unknown }

/** A complete record from what was given. */
export function settleInsert(entity: Entity, draft: Draft, context: Context): AnyRecord {
  const time = context.state.timeOf(entity)
  const base: Draft = { id: draft.id, add_time: time, ...withCustomFields({}, draft), update_time: time }
  return (defaults[entity]?.(base, context) ?? base) as unknown as AnyRecord
}

/** The record after a change; keys that are not given stay. */
export function settlePatch(entity: Entity, before: AnyRecord, values: Values, context: Context): AnyRecord {
  const time = context.state.timeOf(entity)
  const after = {
    ...before,
    ...withCustomFields(before as Values, values),
    update_time: time,
  } as unknown as Draft
  if (entity === 'person') settleName(after, values)
  if (entity === 'deal') settleDeal(after, before as SeedDeal, context)
  if (entity === 'activity') settleActivity(after, before as unknown as Draft, context)
  settleContactValues(after)
  // Without an address there is nothing to consent to: the vendor ignores such a change silently.
  const { marketing_status: status } = before as { marketing_status?: string }
  if (entity === 'person' && (after.emails as unknown[]).length === 0 && status !== undefined)
    after.marketing_status = status
  return after as unknown as AnyRecord
}

const defaults: Partial<Record<Entity, (draft: Draft, context: Context) => Draft>> = {
  person: (draft, { userId }) => {
    const person: Draft = {
      owner_id: userId,
      org_id: null,
      emails: [],
      phones: [],
      visible_to: 3,
      label_ids: [],
      ...draft,
    }
    settleName(person, draft)
    settleContactValues(person)
    return person
  },
  organization: (draft, { userId }) => ({
    owner_id: userId,
    address: null,
    visible_to: 3,
    label_ids: [],
    ...draft,
  }),
  deal: dealDefaults,
  activity: (draft, context) => {
    const activity: Draft = {
      subject: 'Call',
      type: 'call',
      owner_id: context.userId,
      creator_user_id: context.userId,
      done: false,
      ...draft,
    }
    settleActivity(activity, null, context)
    return activity
  },
  lead: (draft, { userId }) => ({
    owner_id: userId,
    creator_id: userId,
    label_ids: [],
    is_archived: false,
    was_seen: true,
    source_name: 'API',
    visible_to: 3,
    ...draft,
  }),
  note: (draft, { userId }) => ({ user_id: userId, ...draft }),
  pipeline: (draft, { state }) => ({ order_nr: state.tables.pipeline.size + 1, ...draft }),
  stage: (draft, { state }) => ({
    order_nr: state.tables.stage.where('pipeline_id', Number(draft.pipeline_id)).length + 1,
    deal_probability: 100,
    ...draft,
  }),
}

function dealDefaults(draft: Draft, context: Context): Draft {
  const { state, userId } = context
  const firstOf = (pipelineId: number): number | undefined =>
    state.tables.stage
      .where('pipeline_id', pipelineId)
      .filter((stage) => !stage.is_deleted)
      .sort((a, b) => a.order_nr - b.order_nr)[0]?.id
  const stage = state.tables.stage.get(Number(draft.stage_id))
  const pipelineId = Number(stage?.pipeline_id ?? draft.pipeline_id ?? state.seed.pipelines[0]?.id ?? 1)
  const deal: Draft = {
    owner_id: userId,
    creator_user_id: userId,
    value: 0,
    currency: state.seed.company.default_currency,
    status: 'open',
    person_id: null,
    org_id: null,
    stage_id: firstOf(pipelineId) ?? null,
    visible_to: 3,
    label_ids: [],
    ...draft,
    pipeline_id: pipelineId,
  }
  const open = { ...deal, status: 'open' } as unknown as SeedDeal
  settleDeal(deal, open, context)
  return deal
}

function settleDeal(deal: Draft, before: SeedDeal, { state, at }: Context): void {
  const now = toV2Time(at)
  if (deal.pipeline_id !== before.pipeline_id && deal.stage_id === before.stage_id) {
    const first = state.tables.stage.where('pipeline_id', Number(deal.pipeline_id))[0]
    if (first) deal.stage_id = first.id
  }
  if (deal.stage_id !== before.stage_id) {
    deal.stage_change_time = now
    deal.pipeline_id = state.tables.stage.get(Number(deal.stage_id))?.pipeline_id ?? deal.pipeline_id
  }
  if (deal.is_archived !== before.is_archived && deal.archive_time === before.archive_time)
    deal.archive_time = deal.is_archived ? now : null
  if (deal.status === before.status) return
  const status = deal.status
  const given = (key: keyof SeedDeal): unknown => (deal[key] === before[key] ? null : deal[key])
  deal.won_time = status === 'won' ? (given('won_time') ?? now) : null
  deal.lost_time = status === 'lost' ? (given('lost_time') ?? now) : null
  deal.close_time = status === 'open' ? null : (given('close_time') ?? deal.won_time ?? deal.lost_time)
  if (status !== 'lost') deal.lost_reason = null
}

function settleActivity(activity: Draft, before: Draft | null, { at }: Context): void {
  const participants = activity.participants as { person_id: number; primary?: boolean }[] | undefined
  if (participants) {
    const primary = participants.find((item) => item.primary) ?? participants[0]
    activity.person_id = primary?.person_id ?? null
    activity.other_person_ids = participants.filter((item) => item !== primary).map((item) => item.person_id)
    delete activity.participants
  }
  if (activity.done !== before?.done) activity.marked_as_done_time = activity.done ? toV2Time(at) : null
}

/** The vendor splits a name at its last space, and joins given parts. */
function settleName(person: Draft, given: Values): void {
  if (typeof given.name === 'string') {
    const name = given.name.trim()
    const space = name.lastIndexOf(' ')
    person.first_name = given.first_name ?? (space < 0 ? name : name.slice(0, space))
    person.last_name = given.last_name ?? (space < 0 ? null : name.slice(space + 1))
  } else if ('first_name' in given || 'last_name' in given) {
    person.name = [person.first_name, person.last_name].filter(Boolean).join(' ')
  }
}

/** `label` is `work` unless given; the first is primary unless another is. */
function settleContactValues(record: Draft): void {
  for (const key of ['emails', 'phones', 'im']) {
    const items = record[key]
    if (!Array.isArray(items)) continue
    const anyPrimary = items.some((item: Partial<ContactValue>) => item.primary === true)
    record[key] = items.map((item: Partial<ContactValue>, index) => ({
      value: item.value ?? '',
      primary: anyPrimary ? item.primary === true : index === 0,
      label: item.label ?? 'work',
    }))
  }
}

/** Custom fields are merged key by key; null takes one away. */
function withCustomFields(before: Values, values: Values): Values {
  const given = values.custom_fields as Values | undefined
  if (!given) return values
  const merged = { ...((before.custom_fields as CustomValues | undefined) ?? {}), ...given }
  const kept = Object.entries(merged).filter(([, value]) => value !== null && value !== undefined)
  return { ...values, custom_fields: Object.fromEntries(kept) }
}
