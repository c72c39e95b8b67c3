/** Whether events have arrived in Brevo: asked for when the answer to their sending was lost (rule R5.7). */
import type { BrevoClient } from '../../brevo/index.ts'

export type SoughtEvent = {
  readonly key: string
  readonly name: string
  readonly occurredAt: string
  readonly contactId: number
}

/** Brevo's most in one answer (https://developers.brevo.com/reference/get-events). */
const pageSize = 10_000
/** Dates may come back in whole seconds, or only be compared as such. */
const marginMs = 2_000

/** The keys of those that are there. One name at a time: `GET /events` is counted by the hundred an hour. */
export async function findEvents(
  brevo: BrevoClient,
  sought: readonly SoughtEvent[],
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  const names = new Set(sought.map((event) => event.name))
  for (const name of names) {
    const events = sought.filter((event) => event.name === name)
    const times = events.map((event) => Date.parse(event.occurredAt))
    const contacts = new Set(events.map((event) => event.contactId))
    const [only] = contacts
    const filter = {
      eventName: name,
      since: new Date(Math.min(...times) - marginMs),
      // An end that is taken as a day would leave out that day.
      until: new Date(Math.max(...times) + marginMs),
      limit: pageSize,
      ...(contacts.size === 1 && only !== undefined ? { contactId: only } : {}),
    }
    for (let offset = 0; ; offset += pageSize) {
      const page = await brevo.events.list({ ...filter, offset }, { lane: 'live', signal })
      for (const event of page) {
        const key = event.event_properties?.event_id
        if (typeof key === 'string') found.add(key)
      }
      if (page.length < pageSize) break
    }
  }
  return found
}
