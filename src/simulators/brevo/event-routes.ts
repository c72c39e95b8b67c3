/** `/events` and `/events/batch`: sending custom events and reading them back. There is no idempotency key. */
import type { Context, Hono } from 'hono'
import { acceptEvent, type EventOrder, readEvent } from './event-intake.ts'
import type { StoredEvent } from './event-store.ts'
import { BrevoRefusal, invalidParameter, missingParameter, outOfRange } from './refusal.ts'
import { checkDateRange, parseMoment, readBody, readIds, readPage } from './request.ts'
import type { BrevoWorld } from './world.ts'

/** https://developers.brevo.com/docs/event-endpoints; "512 KB" in the smaller reading. */
const MOST_EVENTS = 200
const MOST_BATCH_BYTES = 512_000
const DAY_MS = 86_400_000

export function eventRoutes(app: Hono, world: BrevoWorld): void {
  app.post('/events', async (c) => {
    acceptEvent(readEvent(await readBody(c), world), world)
    return c.body(null, 204)
  })

  app.post('/events/batch', async (c) => {
    const events = await readBatch(c)
    const failures = takeIn(events, world)
    const failed = [...failures.values()].flat().length
    if (failed === 0) {
      const message = 'Batch accepted. Valid events have been added to the processing queue.'
      return c.json({ message, count: events.length }, 202)
    }
    const isLost = failed === events.length
    const report = {
      status: isLost ? 'failed' : 'partiallyQueued',
      total_events: events.length,
      successful_events: events.length - failed,
      failed_events: failed,
      errors: [...failures].map(([message, eventIndex]) => ({ eventIndex, message })),
    }
    return c.json(report, isLost ? 400 : 207)
  })

  app.get('/events', (c) => {
    const page = readPage(c, { standard: 100, most: 10_000 })
    if (page.limit === 0) throw outOfRange('limit must be at least 1')
    const found = world.events.find({
      contactIds: readIds(c, 'contact_id'),
      names: texts(c, 'event_name'),
      ...readRange(c, world),
      arrivedByMs: world.nowMs() - world.switches.eventVisibleAfterMs,
      isContact: (id) => world.contacts.get(id) !== undefined,
    })
    // Objects are ignored where the account has none of the type, so no event here has one.
    const matching = texts(c, 'object_type') ? [] : found
    const shown = matching.slice(page.offset, page.offset + page.limit)
    return c.json({ events: shown.map((event) => presentEvent(event, world)), count: matching.length })
  })
}

async function readBatch(c: Context): Promise<unknown[]> {
  const bytes = (await c.req.arrayBuffer()).byteLength
  if (bytes > MOST_BATCH_BYTES) throw outOfRange('Request body size exceeds the limit of 512KB')
  const { events } = await readBody(c)
  if (events === undefined) throw missingParameter('events is missing')
  if (!Array.isArray(events) || events.length === 0) throw invalidParameter('Invalid events')
  if (events.length > MOST_EVENTS) throw outOfRange(`events must not have more than ${MOST_EVENTS} elements`)
  return events
}

/** The positions of the events that were not taken, by what was wrong with them. */
function takeIn(events: readonly unknown[], world: BrevoWorld): Map<string, number[]> {
  const failures = new Map<string, number[]>()
  for (const [index, event] of events.entries()) {
    try {
      const order: EventOrder = readEvent(event, world)
      acceptEvent(order, world)
    } catch (error) {
      if (!(error instanceof BrevoRefusal)) throw error
      const { message } = error.body
      failures.set(message, [...(failures.get(message) ?? []), index])
    }
  }
  return failures
}

/** Both or none of startDate and endDate, days or moments; without them the last six months and the future. */
function readRange(c: Context, { switches, nowMs }: BrevoWorld): { fromMs: number; toMs: number } {
  checkDateRange(c)
  const from = readDay(c, 'startDate')
  const to = readDay(c, 'endDate')
  if (!from || !to) {
    const sixMonthsAgo = new Date(nowMs())
    sixMonthsAgo.setUTCMonth(sixMonthsAgo.getUTCMonth() - 6)
    return { fromMs: sixMonthsAgo.getTime(), toMs: Number.POSITIVE_INFINITY }
  }
  const isWholeDay = to.isDay && switches.eventEndDay === 'included'
  return { fromMs: from.atMs, toMs: isWholeDay ? to.atMs + DAY_MS - 1 : to.atMs }
}

function readDay(c: Context, name: string): { atMs: number; isDay: boolean } | undefined {
  const text = c.req.query(name)
  if (text === undefined) return undefined
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text)
  const atMs = parseMoment(isDay ? `${text}T00:00:00Z` : text)
  if (atMs === undefined) throw invalidParameter(`Invalid ${name}`)
  return { atMs, isDay }
}

function texts(c: Context, name: string): string[] | undefined {
  const found = [...(c.req.queries(name) ?? []), ...(c.req.queries(`${name}[]`) ?? [])]
  return found.length === 0 ? undefined : found
}

function presentEvent(event: StoredEvent, world: BrevoWorld): object {
  return {
    contact_id: event.contactId,
    event_date: presentDate(event.dateMs, world),
    event_name: event.name,
    event_properties: event.eventProperties,
    contact_properties: event.contactProperties,
  }
}

/** The moment in UTC, whatever zone it was sent in. */
export function presentDate(dateMs: number, { switches }: BrevoWorld): string {
  const text = new Date(dateMs).toISOString()
  return switches.eventDateKept === 'seconds' ? text.replace(/\.\d{3}Z$/, 'Z') : text
}
