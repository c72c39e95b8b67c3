/** Contacts: pages, single reads and writes, imports. Cannot lift a blocklisting. */
import type { BrevoCalls } from '../calls.ts'
import {
  assertCount,
  assertNoLift,
  assertNoLiftInText,
  assertNoNull,
  MOST_IMPORT_BYTES,
  refusal,
} from '../check-request.ts'
import type { BrevoCampaignStatsOptions, BrevoClient, BrevoContactPageOptions } from '../client-face.ts'
import { ENDPOINTS } from '../endpoints.ts'
import { readOne, readRows } from '../read-records.ts'
import { contactStatisticsSchema } from '../record/campaign-statistics.ts'
import { type BrevoContactPage, type BrevoImportRequest, contactSchema } from '../record/contact.ts'
import { deleteOnce } from './delete-once.ts'

const { contacts } = ENDPOINTS

export function createContacts(calls: BrevoCalls): BrevoClient['contacts'] {
  return {
    page: (options = {}) => readPage(calls, options),
    async get(identifier, type, options) {
      const parts = { params: { identifier }, query: { identifierType: type }, options }
      return readOne((await calls.request(contacts.get, parts)).body, contactSchema, 'contact')
    },
    async campaignStats(identifier, options = {}) {
      const parts = { params: { identifier }, query: periodOf(options), options }
      const { body } = await calls.request(contacts.campaignStats, parts)
      return readOne(body, contactStatisticsSchema, "contact's statistics")
    },
    async create(contact, options) {
      assertNoLift(contact)
      assertNoNull(contact)
      const endpoint = contact.updateEnabled ? contacts.upsert : contacts.create
      const { body } = await calls.request(endpoint, { body: { json: contact }, options })
      return { id: typeof body.id === 'number' ? body.id : null }
    },
    async update(identifier, type, change, options) {
      assertNoLift(change)
      assertNoNull(change)
      await calls.request(contacts.update, {
        params: { identifier },
        query: { identifierType: type },
        body: { json: change },
        options,
      })
    },
    async delete(identifier, type, options) {
      const parts = { params: { identifier }, query: { identifierType: type }, options }
      await deleteOnce(calls, contacts.delete, parts)
    },
    async import(request, options) {
      const { body } = await calls.request(contacts.import, { body: { text: importText(request) }, options })
      if (typeof body.processId === 'number') return { processId: body.processId }
      throw refusal(
        'Brevo accepted an import without naming its process; look into the account before repeating it.',
      )
    },
  }
}

async function readPage(calls: BrevoCalls, options: BrevoContactPageOptions): Promise<BrevoContactPage> {
  const limit = Math.max(1, Math.min(1000, options.limit ?? 1000))
  const { body, serverTime } = await calls.request(contacts.page, {
    query: {
      limit,
      offset: options.offset ?? 0,
      modifiedSince: options.modifiedSince?.toISOString(),
      createdSince: options.createdSince?.toISOString(),
      sort: options.sort ?? 'asc',
      listIds: options.listIds,
    },
    options,
  })
  const { items, unreadable } = readRows(body.contacts, contactSchema)
  return {
    contacts: items,
    count: typeof body.count === 'number' ? body.count : 0,
    serverTime,
    unreadable,
  }
}

const DAY_MS = 86_400_000
const MOST_DAYS = 90

function periodOf({ startDate, endDate }: BrevoCampaignStatsOptions): Record<string, string> {
  if (startDate === undefined && endDate === undefined) return {}
  if (startDate === undefined || endDate === undefined) {
    throw refusal('Brevo takes a start of the statistics only with an end: give both dates, or neither.')
  }
  const [from, to] = [startDate, endDate].map((date) => date.toISOString().slice(0, 10)) as [string, string]
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS
  if (days < 0 || days > MOST_DAYS) {
    throw refusal(`Brevo tells statistics of 0 to ${MOST_DAYS} days in one call, not ${days}; ask in parts.`)
  }
  return { startDate: from, endDate: to }
}

/** The rows go in as they came, so that text which was counted is the text that is sent. */
function importText({ jsonBody, ...settings }: BrevoImportRequest): string {
  assertNoLift(settings)
  assertNoNull(settings)
  assertCount(settings.listIds.length, 1_000, 'lists')
  if (typeof jsonBody !== 'string') assertNoNull(jsonBody, 'jsonBody')
  const rows = typeof jsonBody === 'string' ? jsonBody : JSON.stringify(jsonBody)
  const bytes = Buffer.byteLength(rows)
  if (bytes > MOST_IMPORT_BYTES) {
    throw refusal(`An import takes at most ${MOST_IMPORT_BYTES} bytes of rows, not ${bytes}; split it.`)
  }
  assertNoLiftInText(rows)
  if (!rows.startsWith('[') || !rows.endsWith(']'))
    throw refusal('The rows of an import must be a JSON array.')
  const head = JSON.stringify({ disableNotification: true, ...settings })
  return `${head.slice(0, -1)},"jsonBody":${rows}}`
}
