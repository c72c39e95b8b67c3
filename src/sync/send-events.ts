/**
 * Sends the events that wait, each once in effect: what may have arrived is looked up before it is sent again (R5.7), a
 * contact is written before its events (R5.4), and events of one contact keep their order.
 */
import type { TajoError } from '../base/error.ts'
import { eachOf } from '../base/together.ts'
import {
  clearFailures,
  countEvents,
  type EventRow,
  type EventTarget,
  markEventsSent,
  postponeEvents,
  readRecord,
  recordFailures,
  returnEvents,
  settleEvents,
  uncertainEvents,
  waitingEvents,
} from '../store/index.ts'
import {
  deliverEvent,
  deliverEvents,
  type EventOutcome,
  firstBatch,
  type OutgoingEvent,
} from './destination/index.ts'
import { type EventWords, eventProperties, toFacts } from './events/index.ts'
import { findEvents } from './feedback/index.ts'
import type { SourceRecord } from './model/index.ts'
import type { Plan } from './projection/index.ts'
import { failureOf } from './remedy.ts'
import type { RunContext } from './run-context.ts'

/** Above so many, batches of 200: ten single events a second would take longer than a batch, which costs one of a hundred requests an hour. */
const singlesAtMost = 50
const singlesAtOnce = 8
const eventsAtATime = 400
/** Brevo lists an event some moments after it took it. */
const lookUpAfterMs = 15_000
/** Brevo must not have listed it for so long before it counts as not arrived. */
const doubtMs = 60_000
const firstRetryMs = 5_000
const longestRetryMs = 3_600_000

export type EventTally = { sent: number; noContact: number; failed: number }

type Sending = {
  readonly context: RunContext
  readonly plan: Plan
  readonly words: EventWords
  readonly tally: EventTally
}

/** Everything that is due. Throws what stops all work (credentials, our own store); an event that fails stops no other. */
export async function sendEvents(
  context: RunContext,
  plan: Plan,
  webUrl: string | null,
): Promise<EventTally> {
  const tally: EventTally = { sent: 0, noContact: 0, failed: 0 }
  const sending: Sending = {
    context,
    plan,
    words: { catalogue: plan.catalogue, dealFields: plan.dealFields, webUrl },
    tally,
  }
  await settleUncertain(sending)
  for (let after = 0; ; ) {
    const { store, connection, clock, signal } = context
    signal?.throwIfAborted()
    const rows = await waitingEvents(store.db, connection, clock.now(), after, eventsAtATime)
    const last = rows[rows.length - 1]
    if (!last) return tally
    after = last.id
    await sendSome(sending, await toOutgoing(sending, rows))
  }
}

/** Those that can go now. What has nowhere to go is settled; what waits for its contact stays. */
async function toOutgoing(
  { context, plan, words, tally }: Sending,
  rows: readonly (EventRow & EventTarget)[],
): Promise<readonly OutgoingEvent[]> {
  const { store, connection } = context
  const nowhere: number[] = []
  const unwanted: number[] = []
  const outgoing: OutgoingEvent[] = []
  for (const row of rows) {
    const name = plan.settings.events[`${row.entity} ${row.action}`]
    if (name === undefined) unwanted.push(row.id)
    else if (row.pending) continue
    else if (row.contact !== null) {
      const facts = toFacts(row.facts)
      const record = facts.record ?? (await currentRecord(context, row))
      outgoing.push({
        id: row.id,
        name,
        contactId: row.contact,
        occurredAt: row.occurred_at,
        properties: eventProperties(row, { ...facts, record }, words),
      })
    } else if (!row.expected || row.given_up) nowhere.push(row.id)
  }
  tally.noContact += nowhere.length
  await settleEvents(store.db, nowhere, 'no_contact')
  await settleEvents(store.db, unwanted, 'unwanted')
  const settled = new Set([...nowhere, ...unwanted])
  const keys = rows.filter((row) => settled.has(row.id)).map((row) => row.key)
  await clearFailures(store.db, connection, 'event', keys)
  if (nowhere.length > 0) {
    context.onNews?.({
      level: 'info',
      event: 'event.no_contact',
      message: `${nowhere.length} events have no contact to go to`,
      details: { connection, events: nowhere.length },
    })
  }
  return outgoing
}

async function currentRecord({ store, connection }: RunContext, row: EventRow): Promise<SourceRecord | null> {
  const record = await readRecord(store.db, connection, row.entity, row.record_id)
  return (record?.doc as unknown as SourceRecord | undefined) ?? null
}

async function sendSome(sending: Sending, events: readonly OutgoingEvent[]): Promise<void> {
  if (events.length > singlesAtMost) return sendBatches(sending, events)
  const byContact = Map.groupBy(events, (event) => event.contactId)
  await eachOf([...byContact.values()], singlesAtOnce, async (ofContact) => {
    for (const event of ofContact) {
      if (!(await sendOne(sending, event))) return
    }
  })
}

/** False when the events of the same contact must wait with it. */
async function sendOne(sending: Sending, event: OutgoingEvent): Promise<boolean> {
  const { context } = sending
  await markSent(context, [event])
  const outcome = await deliverEvent(context.brevo, event, context.signal)
  await settle(sending, [event], [outcome])
  return outcome.kind === 'accepted' || outcome.kind === 'refused'
}

async function sendBatches(sending: Sending, events: readonly OutgoingEvent[]): Promise<void> {
  const { context } = sending
  for (let rest = events; rest.length > 0; ) {
    const batch = firstBatch(rest)
    rest = rest.slice(batch.length)
    await markSent(context, batch)
    const outcomes = await deliverEvents(context.brevo, batch, context.signal)
    const first = outcomes[0]
    // The hourly budget of batches is spent: singly they go by another one.
    if (first?.kind === 'later' && first.error.code === 'brevo_limited') {
      const { store } = context
      await returnEvents(
        store.db,
        batch.map((event) => event.id),
        null,
      )
      for (const event of [...batch, ...rest]) await sendOne(sending, event)
      return
    }
    await settle(sending, batch, outcomes)
    if (first?.kind === 'later') return
  }
}

function markSent({ store, clock }: RunContext, events: readonly OutgoingEvent[]): Promise<void> {
  const now = clock.now()
  return markEventsSent(
    store.db,
    events.map(({ id, name, contactId }) => ({ id, name, contact_id: contactId })),
    now,
    new Date(now.getTime() + lookUpAfterMs),
  )
}

async function settle(
  { context, tally }: Sending,
  events: readonly OutgoingEvent[],
  outcomes: readonly EventOutcome[],
): Promise<void> {
  const { store, connection, clock } = context
  const now = clock.now()
  const by = (kind: EventOutcome['kind']): readonly OutgoingEvent[] =>
    events.filter((_, index) => outcomes[index]?.kind === kind)
  const accepted = by('accepted')
  const refused = by('refused')
  const later = by('later')
  const errorOf = (event: OutgoingEvent): TajoError | null => {
    const outcome = outcomes[events.indexOf(event)]
    return outcome && outcome.kind !== 'accepted' ? outcome.error : null
  }
  await store.transaction(async (trx) => {
    await settleEvents(trx, idsOf(accepted), 'done')
    await settleEvents(trx, idsOf(refused), 'failed')
    await clearFailures(trx, connection, 'event', accepted.map(keyOf))
    await recordFailures(
      trx,
      connection,
      refused.map((event) => toFailure(event, errorOf(event))),
      now,
    )
    const notBefore = later.map((event) => errorOf(event)?.notBefore).find((date) => date !== undefined)
    await returnEvents(trx, idsOf(later), notBefore ?? new Date(now.getTime() + firstRetryMs))
  })
  tally.sent += accepted.length
  tally.failed += refused.length
  for (const event of accepted) {
    context.onNews?.({
      level: 'info',
      event: 'event.sent',
      message: `${event.name} for contact ${event.contactId}`,
      details: {
        connection,
        event_id: keyOf(event),
        event_name: event.name,
        contact_id: event.contactId,
        lag_seconds: (now.getTime() - Date.parse(event.occurredAt)) / 1000,
      },
    })
  }
  const stop = events.map(errorOf).find((error) => error?.disposition === 'pause')
  if (stop) throw stop
}

/** Looks up what may have arrived; what Brevo does not list after a while is sent again. */
async function settleUncertain({ context, tally }: Sending): Promise<void> {
  const { store, connection, brevo, clock, signal } = context
  const rows = await uncertainEvents(store.db, connection, clock.now(), 1_000)
  const sought = rows.flatMap((row) =>
    row.name === null || row.contact_id === null
      ? []
      : [{ key: row.key, name: row.name, occurredAt: row.occurred_at, contactId: row.contact_id }],
  )
  if (sought.length === 0) return
  const found = await findEvents(brevo, sought, signal)
  const now = clock.now()
  const isIn = (row: EventRow): boolean => found.has(row.key)
  const doubtful = (row: EventRow): boolean =>
    !isIn(row) && row.sent_at !== null && now.getTime() - row.sent_at.getTime() < doubtMs
  const arrived = rows.filter(isIn)
  await store.transaction(async (trx) => {
    await settleEvents(trx, idsOf(arrived), 'done')
    await clearFailures(
      trx,
      connection,
      'event',
      arrived.map((row) => row.key),
    )
    await postponeEvents(trx, idsOf(rows.filter(doubtful)), new Date(now.getTime() + lookUpAfterMs))
    for (const row of rows) {
      if (isIn(row) || doubtful(row)) continue
      const delayMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.max(0, row.attempts - 2))
      await returnEvents(trx, [row.id], row.attempts > 1 ? new Date(now.getTime() + delayMs) : null)
    }
  })
  tally.sent += arrived.length
}

/** Whether anything about events is still open, for the accounting of a run. */
export async function openEvents({ store, connection }: RunContext): Promise<number> {
  const counts = await countEvents(store.db, connection, null)
  return counts.waiting + counts.sent
}

function toFailure(event: OutgoingEvent, error: TajoError | null) {
  const words = error ? failureOf(error) : null
  return {
    entity: 'event',
    record_id: keyOf(event),
    code: words?.code ?? 'brevo_rejected',
    disposition: 'reject',
    message: `The event ${event.name} was refused. ${words?.message ?? ''}`.trim(),
    vendor_message: words?.vendorMessage ?? null,
    remedy:
      'Correct what Brevo names (the event name stands in the configuration), then run `tajo failures retry`.',
    fingerprint: null,
  }
}

function keyOf(event: OutgoingEvent): string {
  return String(event.properties.event_id)
}

function idsOf(rows: readonly { readonly id: number }[]): readonly number[] {
  return rows.map((row) => row.id)
}
