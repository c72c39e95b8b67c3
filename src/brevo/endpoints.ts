/**
 * Every Brevo call we make: method, path, the limit it counts in, whether repeating it is harmless. Paths are below the
 * address of the API. {@link https://developers.brevo.com/docs/api-limits}
 */
import type { HttpMethod } from '../transport/index.ts'

/** `contacts` and `events`: 10 a second and 36,000 an hour each; `other`: 100 an hour for all the rest together. */
export type Bucket = 'contacts' | 'events' | 'other'

export type Endpoint = {
  readonly method: HttpMethod
  /** With `{name}` where a value goes. */
  readonly path: string
  readonly bucket: Bucket
  readonly idempotent: boolean
  readonly timeoutMs?: number
}

function row(method: HttpMethod, path: string, more: Partial<Endpoint> = {}): Endpoint {
  const bucket = path.startsWith('/contacts') ? 'contacts' : path === '/events' ? 'events' : 'other'
  return { method, path, bucket, idempotent: method !== 'POST', ...more }
}

const IMPORT_TIMEOUT_MS = 60_000

export const ENDPOINTS = {
  account: { get: row('GET', '/account') },
  attributes: {
    list: row('GET', '/contacts/attributes'),
    create: row('POST', '/contacts/attributes/{category}/{name}'),
  },
  folders: { list: row('GET', '/contacts/folders'), create: row('POST', '/contacts/folders') },
  lists: {
    list: row('GET', '/contacts/lists'),
    create: row('POST', '/contacts/lists'),
    addContacts: row('POST', '/contacts/lists/{id}/contacts/add', { idempotent: true }),
    removeContacts: row('POST', '/contacts/lists/{id}/contacts/remove', { idempotent: true }),
  },
  contacts: {
    page: row('GET', '/contacts'),
    get: row('GET', '/contacts/{identifier}'),
    campaignStats: row('GET', '/contacts/{identifier}/campaignStats'),
    create: row('POST', '/contacts'),
    /** The same call with `updateEnabled`: an upsert. */
    upsert: row('POST', '/contacts', { idempotent: true }),
    update: row('PUT', '/contacts/{identifier}'),
    delete: row('DELETE', '/contacts/{identifier}'),
    // A repeated import is a second job with the same result, and costs nobody anything.
    import: row('POST', '/contacts/import', { idempotent: true, timeoutMs: IMPORT_TIMEOUT_MS }),
  },
  processes: { get: row('GET', '/processes/{id}'), list: row('GET', '/processes') },
  events: {
    create: row('POST', '/events'),
    // The documents name only `POST /events`: these two are counted as the rarer good.
    createBatch: row('POST', '/events/batch'),
    list: row('GET', '/events', { bucket: 'other' }),
  },
  webhooks: {
    list: row('GET', '/webhooks'),
    create: row('POST', '/webhooks'),
    update: row('PUT', '/webhooks/{id}'),
    delete: row('DELETE', '/webhooks/{id}'),
  },
  campaigns: { page: row('GET', '/emailCampaigns') },
  companies: {
    page: row('GET', '/companies'),
    create: row('POST', '/companies'),
    update: row('PATCH', '/companies/{id}'),
    delete: row('DELETE', '/companies/{id}'),
    link: row('PATCH', '/companies/link-unlink/{id}'),
    // Unlike that of contacts: every row without a `company_id` creates a company, each time.
    import: row('POST', '/companies/import', { idempotent: false, timeoutMs: IMPORT_TIMEOUT_MS }),
  },
  deals: { update: row('PATCH', '/crm/deals/{id}') },
  companyAttributes: {
    list: row('GET', '/crm/attributes/companies'),
    create: row('POST', '/crm/attributes'),
  },
} as const satisfies Record<string, Record<string, Endpoint>>

/** The one call that is answered with a list and no object around it. */
export function answersBareList(call: { method: string; shownPath: string }): boolean {
  const { method, path } = ENDPOINTS.companyAttributes.list
  return call.method === method && call.shownPath === path
}
