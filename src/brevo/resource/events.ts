/** Custom events. There is no idempotency key, so an event is sent at most once per call unless surely not applied. */
import { isJsonObject, type JsonObject } from '../../base/json.ts'
import type { BrevoCalls } from '../calls.ts'
import { assertCount, assertNoLift, assertNoNull, MOST_BATCH_EVENTS, refusal } from '../check-request.ts'
import type { BrevoClient } from '../client-face.ts'
import { ENDPOINTS } from '../endpoints.ts'
import { readAll } from '../read-records.ts'
import { type BrevoEventRequest, type BrevoEventsBatchResult, storedEventSchema } from '../record/event.ts'

const { events } = ENDPOINTS

export function createEvents(calls: BrevoCalls): BrevoClient['events'] {
  return {
    async create(event, options) {
      assertEvent(event)
      await calls.request(events.create, { body: { json: event }, options })
    },
    async createBatch(batch, options) {
      assertCount(batch.length, MOST_BATCH_EVENTS, 'events')
      for (const event of batch) assertEvent(event)
      const { body } = await calls.request(events.createBatch, { body: { json: { events: batch } }, options })
      return toBatchResult(body, batch.length)
    },
    async list(filter, options) {
      if ((filter.since === undefined) !== (filter.until === undefined)) {
        throw refusal('Brevo lists events between two times: give both since and until, or neither.')
      }
      const { body } = await calls.request(events.list, {
        query: {
          contact_id: filter.contactId,
          event_name: filter.eventName,
          startDate: filter.since?.toISOString(),
          endDate: filter.until?.toISOString(),
          limit: filter.limit ?? 100,
          offset: filter.offset ?? 0,
        },
        options,
      })
      return readAll(body.events, storedEventSchema, 'event')
    },
  }
}

function assertEvent(event: BrevoEventRequest): void {
  assertNoNull(event)
  assertNoLift(event)
  if (Object.keys(event.contact_properties ?? {}).some((name) => name.toUpperCase() === 'EMAIL')) {
    throw refusal(
      'An event must not change the address of its contact: Brevo would take a blocked contact off the blocklist. Update the contact instead.',
    )
  }
  if (!/^[\w-]{1,255}$/.test(event.event_name)) {
    throw refusal(`"${event.event_name}" is no event name: use 1 to 255 letters, digits, _ and -.`)
  }
  if (Object.keys(event.identifiers).length === 0) throw refusal('An event needs at least one identifier.')
}

/** 2xx: all accepted; 207: `errors` names the indexes that were not. */
function toBatchResult(body: JsonObject, sent: number): BrevoEventsBatchResult {
  const failed: { index: number; message: string }[] = []
  for (const error of Array.isArray(body.errors) ? body.errors : []) {
    if (!isJsonObject(error)) continue
    const indexes = Array.isArray(error.eventIndex) ? error.eventIndex : [error.eventIndex]
    const message = typeof error.message === 'string' ? error.message : 'refused'
    for (const index of indexes) if (typeof index === 'number') failed.push({ index, message })
  }
  return { accepted: sent - new Set(failed.map((item) => item.index)).size, failed }
}
