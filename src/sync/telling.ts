/** After the contacts: what became of the deals is told, and the events that wait are sent (rule R5). */
import {
  addHistoricEvents,
  type ConnectionState,
  countEvents,
  readCursors,
  takeDealsAsTold,
  updateConnection,
} from '../store/index.ts'
import { tellDeals } from './events/index.ts'
import type { ChangeAction, DealAction, Entity, EventWatch } from './model/index.ts'
import type { Plan } from './projection/index.ts'
import type { RunContext } from './run-context.ts'
import { type EventTally, sendEvents } from './send-events.ts'

const changeActions: readonly ChangeAction[] = ['added', 'updated', 'deleted', 'merged']
const dealActions: readonly DealAction[] = ['stage_changed', 'won', 'lost', 'reopened']
/** A pass asked for by hand does not end while it is uncertain what arrived, for so long. */
const certaintyPatienceMs = 100_000
const lookAgainMs = 5_000

/** Which changes are told, once the first complete sync is over; null before. */
export function watchOf(
  state: Pick<ConnectionState, 'told_since'>,
  plan: { readonly settings: Pick<Plan['settings'], 'events' | 'noticed'> },
): EventWatch | null {
  if (state.told_since === null) return null
  const { events, noticed } = plan.settings
  const watched = [...Object.keys(events), ...noticed].filter((event) =>
    changeActions.some((action) => event.endsWith(` ${action}`)),
  )
  return { since: state.told_since, watched: new Set(watched) }
}

/** The first complete sync is over: from here on changes are told. What is there already is told only on request. */
export async function beginTelling(context: RunContext, plan: Plan): Promise<Date> {
  const { store, connection, clock } = context
  const cursors = await readCursors(store.db, connection)
  const starts = cursors.flatMap((cursor) => (cursor.watermark === null ? [] : [cursor.watermark.getTime()]))
  // Pipedrive's own clock when the first reading began: what was added while it went on is new, unless it was read.
  const since = new Date(Math.min(...starts, clock.now().getTime()))
  await store.transaction(async (trx) => {
    if (plan.settings.backfillEvents) {
      for (const event of Object.keys(plan.settings.events)) {
        const [entity, action] = event.split(' ') as [Entity, ChangeAction | DealAction]
        if (action === 'added' || action === 'won' || action === 'lost')
          await addHistoricEvents(trx, connection, entity, action, clock.now())
      }
    }
    await takeDealsAsTold(trx, connection)
    await updateConnection(trx, connection, { told_since: since })
  })
  return since
}

export type TellingResult = { readonly tally: EventTally; readonly lookAgainAt: Date | null }

/** `patienceMs`: how long a webhook that explains a gap is waited for; 0 where none come. */
export async function tellAndSend(
  context: RunContext,
  plan: Plan,
  told: { since: Date; patienceMs: number; webUrl: string | null },
): Promise<TellingResult> {
  const { store, connection, clock } = context
  const { events, noticed, keepsHistory } = plan.settings
  const { lookAgainAt } = await tellDeals(store, connection, {
    now: clock.now(),
    since: told.since,
    patienceMs: told.patienceMs,
    events: new Set(
      dealActions.filter((action) => `deal ${action}` in events || noticed.includes(`deal ${action}`)),
    ),
    history: keepsHistory,
  })
  return { tally: await sendEvents(context, plan, told.webUrl), lookAgainAt }
}

/** Goes on until nothing is uncertain, or until it has waited long enough for an answer to come. */
export async function tellToTheEnd(
  context: RunContext,
  plan: Plan,
  told: { since: Date; webUrl: string | null },
): Promise<EventTally> {
  const { store, connection, clock, signal } = context
  const began = clock.now().getTime()
  const { tally } = await tellAndSend(context, plan, { ...told, patienceMs: 0 })
  for (;;) {
    const counts = await countEvents(store.db, connection, null)
    if (counts.sent === 0 || clock.now().getTime() - began > certaintyPatienceMs) return tally
    context.onProgress?.({ stage: 'verify', what: 'events', done: 0, total: counts.sent })
    await clock.sleep(lookAgainMs, signal)
    const more = await sendEvents(context, plan, told.webUrl)
    tally.sent += more.sent
    tally.noContact += more.noContact
    tally.failed += more.failed
  }
}
