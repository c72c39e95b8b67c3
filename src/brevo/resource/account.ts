/** The account, its attributes, folders, lists, processes, webhooks and events. */
import type { TajoError } from '../../base/error.ts'
import type { CallOptions } from '../../transport/index.ts'
import type { BrevoCalls } from '../calls.ts'
import { assertNoNull, refusal } from '../check-request.ts'
import type { BrevoClient } from '../client-face.ts'
import { ENDPOINTS, type Endpoint } from '../endpoints.ts'
import { readAll, readOne } from '../read-records.ts'
import {
  accountSchema,
  attributeSchema,
  folderSchema,
  processSchema,
  webhookSchema,
} from '../record/account.ts'
import { deleteOnce } from './delete-once.ts'

type AccountResources = Pick<BrevoClient, 'account' | 'attributes' | 'folders' | 'processes' | 'webhooks'>

export function createAccountResources(calls: BrevoCalls): AccountResources {
  const { account, attributes, folders, processes, webhooks } = ENDPOINTS
  return {
    account: {
      get: async (options) =>
        readOne((await calls.request(account.get, { options })).body, accountSchema, 'account'),
    },
    attributes: {
      list: async (options) =>
        readAll(
          (await calls.request(attributes.list, { options })).body.attributes,
          attributeSchema,
          'attribute',
        ),
      async create(category, name, attribute, options) {
        assertNoNull(attribute)
        const params = { category, name }
        await calls.request(attributes.create, { params, body: { json: attribute }, options })
      },
    },
    folders: {
      list: (options) =>
        listAll(calls, folders.list, 'folders', options, (rows) => readAll(rows, folderSchema, 'folder')),
      create: (name, options) => created(calls, folders.create, { name }, options),
    },
    processes: {
      get: async (id, options) =>
        readOne(
          (await calls.request(processes.get, { params: { id }, options })).body,
          processSchema,
          'process',
        ),
      list: async ({ limit = 50, offset = 0, ...options } = {}) =>
        readAll(
          (await calls.request(processes.list, { query: { limit, offset }, options })).body.processes,
          processSchema,
          'process',
        ),
    },
    webhooks: {
      list: async (type, options) =>
        readAll(
          (await calls.request(webhooks.list, { query: { type }, options })).body.webhooks,
          webhookSchema,
          'webhook',
        ),
      create(webhook, options) {
        assertNoNull(webhook)
        return created(calls, webhooks.create, webhook, options)
      },
      async update(id, change, options) {
        assertNoNull(change)
        if (Object.keys(change).length === 0)
          throw refusal('The change of a webhook names nothing to change.')
        await calls.request(webhooks.update, { params: { id }, body: { json: change }, options })
      },
      delete: (id, options) => deleteOnce(calls, webhooks.delete, { params: { id }, options }),
    },
  }
}

const PAGE = 50

/** Lists and folders come in pages of 50. */
export async function* pagesOf<T>(
  calls: BrevoCalls,
  endpoint: Endpoint,
  name: string,
  options: CallOptions | undefined,
  read: (rows: unknown) => T[],
): AsyncGenerator<readonly T[]> {
  for (let offset = 0; ; offset += PAGE) {
    const { body } = await calls.request(endpoint, { query: { limit: PAGE, offset, sort: 'asc' }, options })
    const rows = read(body[name])
    if (rows.length > 0) yield rows
    if (rows.length < PAGE) return
  }
}

export async function listAll<T>(
  calls: BrevoCalls,
  endpoint: Endpoint,
  name: string,
  options: CallOptions | undefined,
  read: (rows: unknown) => T[],
): Promise<readonly T[]> {
  const all: T[] = []
  for await (const page of pagesOf(calls, endpoint, name, options, read)) all.push(...page)
  return all
}

export async function created(
  calls: BrevoCalls,
  endpoint: Endpoint,
  body: unknown,
  options: CallOptions | undefined,
): Promise<{ id: number }> {
  const answer = await calls.request(endpoint, { body: { json: body }, options })
  if (typeof answer.body.id === 'number') return { id: answer.body.id }
  throw unnamed(endpoint)
}

/** Ids of the CRM are texts. */
export async function createdInCrm(
  calls: BrevoCalls,
  endpoint: Endpoint,
  body: unknown,
  options: CallOptions | undefined,
): Promise<{ id: string }> {
  const { id } = (await calls.request(endpoint, { body: { json: body }, options })).body
  if (typeof id === 'string' && id !== '') return { id }
  throw unnamed(endpoint)
}

function unnamed(endpoint: Endpoint): TajoError {
  return refusal(
    `Brevo created something at ${endpoint.path} without naming its id; look for it before repeating.`,
  )
}
