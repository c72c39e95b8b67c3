/** Lists and their members. */
import { isJsonObject, type JsonObject } from '../../base/json.ts'
import type { CallOptions } from '../../transport/index.ts'
import type { BrevoCalls } from '../calls.ts'
import { assertCount, assertNoLift, MOST_MEMBERS, refusal } from '../check-request.ts'
import type { BrevoClient, BrevoListMembers } from '../client-face.ts'
import { ENDPOINTS, type Endpoint } from '../endpoints.ts'
import { readAll } from '../read-records.ts'
import { type BrevoListChange, listSchema } from '../record/account.ts'
import { created, listAll, pagesOf } from './account.ts'

const { lists } = ENDPOINTS

export function createLists(calls: BrevoCalls): BrevoClient['lists'] {
  const read = (rows: unknown) => readAll(rows, listSchema, 'list')
  return {
    pages: (options) => pagesOf(calls, lists.list, 'lists', options, read),
    list: (options) => listAll(calls, lists.list, 'lists', options, read),
    create: (list, options) => created(calls, lists.create, list, options),
    addContacts: (id, members, options) => change(calls, lists.addContacts, id, members, options),
    removeContacts: (id, members, options) => change(calls, lists.removeContacts, id, members, options),
  }
}

async function change(
  calls: BrevoCalls,
  endpoint: Endpoint,
  id: number,
  members: BrevoListMembers,
  options: CallOptions | undefined,
): Promise<BrevoListChange> {
  assertNoLift(members)
  const kinds = Object.values(members)
  if (kinds.length !== 1) throw refusal('Name list members by exactly one of emails, ids or extIds.')
  assertCount(kinds[0]?.length ?? 0, MOST_MEMBERS, 'list members')
  const { body } = await calls.request(endpoint, { params: { id }, body: { json: members }, options })
  const contacts: JsonObject = isJsonObject(body.contacts) ? body.contacts : {}
  return {
    success: toMembers(contacts.success),
    failure: toMembers(contacts.failure),
    processId: typeof contacts.processId === 'number' ? contacts.processId : null,
  }
}

function toMembers(value: unknown): (string | number)[] {
  if (!Array.isArray(value)) return []
  return value.filter((item): item is string | number => typeof item === 'string' || typeof item === 'number')
}
