/** Tells what became of the deals that are marked: the history is kept, and events are put on their way, in one transaction. */
import type { JsonObject } from '../../base/json.ts'
import {
  addEvents,
  addTransitions,
  type Db,
  type DealState,
  type NewEvent,
  recountDays,
  type Store,
  settleTold,
  type ToldDeal,
  type Transition,
  type UntoldDeal,
  untoldDeals,
  untoldIds,
} from '../../store/index.ts'
import type { Deal, DealAction, ReceivedMove } from '../model/index.ts'
import { type Telling, type ToldChange, type ToldState, tellDeal } from './tell.ts'

const dealsAtATime = 200

export type TellOptions = Telling & {
  /** Which of the changes become events. */
  readonly events: ReadonlySet<DealAction>
  /** Whether the history is kept, which is then of all. */
  readonly history: boolean
}

export type TellResult = {
  readonly changes: number
  /** When the first gap is no longer waited on; null when there is none. */
  readonly lookAgainAt: Date | null
}

export async function tellDeals(store: Store, connection: string, options: TellOptions): Promise<TellResult> {
  let changes = 0
  let lookAgainAt: Date | null = null
  for (let after = 0; ; ) {
    const ids = await untoldIds(store.db, connection, after, dealsAtATime)
    const last = ids.at(-1)
    if (last === undefined) return { changes, lookAgainAt }
    after = last
    const page = await store.transaction(async (trx) =>
      tellPage(trx, connection, await untoldDeals(trx, connection, ids), options),
    )
    changes += page.changes
    if (page.lookAgainAt !== null && (lookAgainAt === null || page.lookAgainAt < lookAgainAt))
      lookAgainAt = page.lookAgainAt
  }
}

async function tellPage(
  trx: Db,
  connection: string,
  deals: readonly UntoldDeal[],
  options: TellOptions,
): Promise<TellResult> {
  let changes = 0
  let lookAgainAt: Date | null = null
  const told: ToldDeal[] = []
  const transitions: Transition[] = []
  const events: NewEvent[] = []
  const overtaken: number[] = []
  for (const deal of deals) {
    const result = tellDeal(toEvidence(deal), options)
    changes += result.changes.length
    if (result.late) overtaken.push(deal.deal_id)
    if (options.history) transitions.push(...result.changes.map(toTransition))
    // A webhook's deal is without its custom fields; the mirror's has those that events carry.
    const fields = (deal.doc as unknown as Deal | null)?.fields ?? {}
    const becomeEvents = result.changes.filter((change) => options.events.has(change.action))
    events.push(...becomeEvents.map((change) => toEvent({ ...change, deal: { ...change.deal, fields } })))
    told.push(toTold(deal, result.state, result.used, result.gapSince))
    if (result.gapSince === null) continue
    const until = new Date(result.gapSince.getTime() + options.patienceMs)
    if (lookAgainAt === null || until < lookAgainAt) lookAgainAt = until
  }
  await addTransitions(trx, connection, transitions)
  if (options.history) await recountDays(trx, connection, overtaken)
  await addEvents(trx, connection, events, options.now)
  await settleTold(trx, connection, told)
  return { changes, lookAgainAt }
}

function toEvidence(deal: UntoldDeal) {
  return {
    state: deal.state && fromState(deal.state),
    mirror: deal.deleted ? null : (deal.doc as unknown as Deal | null),
    moves: deal.moves.map(
      ({ deal_id, delivery, at, version, facts }): ReceivedMove => ({
        ...(facts as unknown as Pick<ReceivedMove, 'from' | 'deal' | 'receivedAt'>),
        dealId: deal_id,
        delivery,
        at,
        version,
      }),
    ),
    gapSince: deal.gap_since,
  }
}

function fromState(state: DealState): ToldState {
  return {
    stageId: state.stage_id,
    pipelineId: state.pipeline_id,
    status: state.status as ToldState['status'],
    stageSince: state.stage_since,
    version: state.version,
    exact: state.exact,
    trail: (state.trail ?? []) as unknown as ToldState['trail'],
  }
}

/** A deal that nothing can be said about is not looked at again before something about it changes. */
function toTold(
  deal: UntoldDeal,
  state: ToldState | null,
  deliveries: readonly string[],
  gapSince: Date | null,
): ToldDeal {
  return {
    deal_id: deal.deal_id,
    marked: deal.marked,
    state: state && {
      stage_id: state.stageId,
      pipeline_id: state.pipelineId,
      status: state.status,
      stage_since: state.stageSince,
      version: state.version,
      exact: state.exact,
      trail: state.trail as unknown as JsonObject[],
    },
    deliveries,
    gap_since: gapSince?.toISOString() ?? null,
  }
}

function toTransition(change: ToldChange): Transition {
  const { from, deal } = change
  const isStage = change.action === 'stage_changed'
  return {
    deal_id: deal.id,
    kind: isStage ? 'stage' : 'status',
    from_stage: from.stageId,
    to_stage: deal.stageId,
    from_pipeline: from.pipelineId,
    to_pipeline: deal.pipelineId,
    from_status: from.status,
    to_status: deal.status,
    value: deal.value,
    currency: deal.currency,
    // To the millisecond where it is known: the order of what happened within a second.
    at: change.noticedBy === 'webhook' ? change.edit : change.at,
    days_in_stage: change.daysInStage,
    noticed_by: change.noticedBy,
  }
}

function toEvent(change: ToldChange): NewEvent {
  const { action, from, deal, at, edit } = change
  const move =
    action === 'stage_changed' ? `${from.stageId}>${deal.stageId}` : `${from.status}>${deal.status}`
  return {
    key: `deal:${deal.id}:${action}:${move}:${edit}`,
    entity: 'deal',
    record_id: String(deal.id),
    action,
    person_id: deal.personId,
    occurred_at: at,
    facts: { record: deal, from, daysInStage: change.daysInStage } as unknown as JsonObject,
  }
}
