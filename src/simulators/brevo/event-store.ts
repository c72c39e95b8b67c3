/**
 * The custom events that the account accepted, in order of arrival, and what of them can be read back. Judges no event
 * and knows no HTTP.
 */

export type StoredEvent = {
  /** Null: accepted and lost, because nobody was found who it belongs to. */
  readonly contactId: number | null
  readonly name: string
  /** When it happened, as kept. */
  readonly dateMs: number
  readonly eventProperties: Record<string, unknown>
  readonly contactProperties: Record<string, unknown>
  readonly receivedAtMs: number
}

export type EventQuery = {
  /** Undefined: of everybody, or of every name. */
  contactIds: readonly number[] | undefined
  names: readonly string[] | undefined
  fromMs: number
  toMs: number
  /** Only what arrived by then. */
  arrivedByMs: number
  isContact: (id: number) => boolean
}

export class EventStore {
  readonly #events: StoredEvent[] = []

  add(event: StoredEvent): void {
    this.#events.push(event)
  }

  /** In order of arrival, the lost ones among them. */
  all(): readonly StoredEvent[] {
    return this.#events
  }

  /** Newest date first; of equal dates the one that arrived last. Both ends of the range belong to it. */
  find(query: EventQuery): StoredEvent[] {
    const { contactIds, names, fromMs, toMs, arrivedByMs, isContact } = query
    const found = this.#events.filter(
      ({ contactId, name, dateMs, receivedAtMs }) =>
        contactId !== null &&
        isContact(contactId) &&
        (contactIds === undefined || contactIds.includes(contactId)) &&
        (names === undefined || names.includes(name)) &&
        dateMs >= fromMs &&
        dateMs <= toMs &&
        receivedAtMs <= arrivedByMs,
    )
    return found.reverse().sort((a, b) => b.dateMs - a.dateMs)
  }
}
