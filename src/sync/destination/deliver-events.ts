/** Custom events to Brevo (https://developers.brevo.com/docs/event-endpoints). It repeats nothing: there is no idempotency key. */
import { TajoError } from '../../base/error.ts'
import type { BrevoClient } from '../../brevo/index.ts'

export type OutgoingEvent = {
  readonly id: number
  readonly name: string
  readonly contactId: number
  /** ISO 8601. */
  readonly occurredAt: string
  readonly properties: Readonly<Record<string, string | number | boolean>>
}

export type EventOutcome =
  | { readonly kind: 'accepted' }
  /** Brevo said no, and why. */
  | { readonly kind: 'refused'; readonly error: TajoError }
  /** Not now; it surely did not arrive. */
  | { readonly kind: 'later'; readonly error: TajoError }
  /** It may have arrived: to be looked up before it is sent again (rule R5.7). */
  | { readonly kind: 'uncertain'; readonly error: TajoError }

/** Brevo's most in one request. */
export const eventsAtMost = 200
/** Brevo takes 512 KB in one request; what is not text of ours needs some room. */
const batchBytesAtMost = 500_000

export async function deliverEvent(
  brevo: BrevoClient,
  event: OutgoingEvent,
  signal?: AbortSignal,
): Promise<EventOutcome> {
  try {
    await brevo.events.create(toRequest(event), { lane: 'live', signal })
    return { kind: 'accepted' }
  } catch (error) {
    return toOutcome(error)
  }
}

/** One outcome per event, in order. */
export async function deliverEvents(
  brevo: BrevoClient,
  events: readonly OutgoingEvent[],
  signal?: AbortSignal,
): Promise<readonly EventOutcome[]> {
  try {
    const { failed } = await brevo.events.createBatch(events.map(toRequest), { lane: 'live', signal })
    const words = new Map(failed.map((item) => [item.index, item.message]))
    return events.map((_, index) => {
      const message = words.get(index)
      return message === undefined ? { kind: 'accepted' } : { kind: 'refused', error: refused(message) }
    })
  } catch (error) {
    const outcome = toOutcome(error)
    return events.map(() => outcome)
  }
}

/** As many of the first events as go into one request. */
export function firstBatch(events: readonly OutgoingEvent[]): readonly OutgoingEvent[] {
  let bytes = 0
  let count = 0
  for (const event of events.slice(0, eventsAtMost)) {
    bytes += Buffer.byteLength(JSON.stringify(toRequest(event))) + 1
    if (bytes > batchBytesAtMost && count > 0) break
    count++
  }
  return events.slice(0, count)
}

function toRequest(event: OutgoingEvent) {
  return {
    event_name: event.name,
    identifiers: { contact_id: event.contactId },
    event_date: event.occurredAt,
    event_properties: event.properties,
  }
}

function toOutcome(error: unknown): EventOutcome {
  if (!(error instanceof TajoError)) throw error
  const uncertain = 'applied' in error && error.applied !== 'no'
  if (uncertain) return { kind: 'uncertain', error }
  return error.disposition === 'reject' ? { kind: 'refused', error } : { kind: 'later', error }
}

function refused(message: string): TajoError {
  return new TajoError({
    code: 'brevo_rejected',
    disposition: 'reject',
    message: `Brevo refused the event: ${message}`,
  })
}
