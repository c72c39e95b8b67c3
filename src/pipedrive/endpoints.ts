/**
 * Every Pipedrive call we make: method, path, token cost, limits it counts in, whether repeating it is harmless, and the
 * old v1 call it replaces. Costs are the `x-token-cost` of Pipedrive's OpenAPI documents; a listing costs the same for
 * 1 row and for 500. {@link https://pipedrive.readme.io/docs/core-api-concepts-rate-limiting}
 */
import type { HttpMethod } from '../transport/index.ts'

export type Route = {
  readonly method: HttpMethod
  /** With `{name}` where a value goes. */
  readonly path: string
  readonly tokens: number
}

export type Endpoint = Route & {
  /** Counts in the search limit (10 per 2 s) besides the general one. */
  readonly search: boolean
  /** Sending it twice leaves the same state as sending it once. */
  readonly idempotent: boolean
  /** The call in API v1: another one, the same one (the living call is v1), or none. */
  readonly v1: Route | null
}

/** A call that lives in v2; `v1Tokens` when v1 had the same path. */
function v2(method: HttpMethod, path: string, tokens: number, v1?: Partial<Route>): Endpoint {
  return {
    method,
    path: `/api/v2${path}`,
    tokens,
    search: /search/i.test(path),
    idempotent: method !== 'POST',
    v1: v1 ? { method, tokens: tokens * 2, ...v1, path: `/v1${v1.path ?? path}` } : null,
  }
}

/** A call that exists only in v1 and is alive there. */
function v1Only(method: HttpMethod, path: string, tokens: number): Endpoint {
  const route: Route = { method, path: `/v1${path}`, tokens }
  return { ...route, search: false, idempotent: method !== 'POST', v1: route }
}

function entity(path: string) {
  return {
    list: v2('GET', path, 10, {}),
    get: v2('GET', `${path}/{id}`, 1, {}),
    create: v2('POST', path, 5, {}),
    update: v2('PATCH', `${path}/{id}`, 5, { method: 'PUT' }),
    delete: v2('DELETE', `${path}/{id}`, 3, {}),
  }
}

function history(path: string) {
  return {
    changelog: v1Only('GET', `${path}/{id}/changelog`, 20),
    // Merging twice finds the first record gone: not harmless to report, so not repeated.
    merge: { ...v1Only('PUT', `${path}/{id}/merge`, 40), idempotent: false },
  }
}

export const ENDPOINTS = {
  users: { me: v1Only('GET', '/users/me', 2), list: v1Only('GET', '/users', 20) },
  persons: { ...entity('/persons'), ...history('/persons'), search: v2('GET', '/persons/search', 20, {}) },
  organizations: { ...entity('/organizations'), ...history('/organizations') },
  deals: { ...entity('/deals'), ...history('/deals'), archived: v2('GET', '/deals/archived', 20) },
  activities: entity('/activities'),
  leads: {
    list: v1Only('GET', '/leads', 20),
    archived: v1Only('GET', '/leads/archived', 40),
    get: v1Only('GET', '/leads/{id}', 2),
    create: v1Only('POST', '/leads', 10),
    update: v1Only('PATCH', '/leads/{id}', 10),
    delete: v1Only('DELETE', '/leads/{id}', 6),
  },
  pipelines: { list: v2('GET', '/pipelines', 5, {}) },
  stages: { list: v2('GET', '/stages', 5, {}) },
  fields: {
    person: v2('GET', '/personFields', 10, {}),
    organization: v2('GET', '/organizationFields', 10, {}),
    deal: v2('GET', '/dealFields', 10, {}),
    activity: v2('GET', '/activityFields', 10, {}),
    createPerson: v2('POST', '/personFields', 5, {}),
    // v1 changes the options of a field only as a whole, which would undo what others add meanwhile: v2 in both versions.
    addPersonOptions: v2('POST', '/personFields/{field_code}/options', 5),
  },
  webhooks: {
    list: v1Only('GET', '/webhooks', 10),
    create: v1Only('POST', '/webhooks', 10),
    delete: v1Only('DELETE', '/webhooks/{id}', 6),
  },
  recents: { list: v1Only('GET', '/recents', 20) },
  itemSearch: { list: v2('GET', '/itemSearch', 20, {}) },
  notes: { list: v1Only('GET', '/notes', 20), create: v1Only('POST', '/notes', 10) },
  activityTypes: { list: v1Only('GET', '/activityTypes', 20) },
  currencies: { list: v1Only('GET', '/currencies', 20) },
} as const satisfies Record<string, Record<string, Endpoint>>
