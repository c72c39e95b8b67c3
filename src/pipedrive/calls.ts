/** Fills in an endpoint, sends it, and opens the envelope. Knows routes and versions, not records. */
import { isJsonObject, type JsonObject } from '../base/json.ts'
import type { ApiCaller, CallOptions } from '../transport/index.ts'
import type { Endpoint, Route } from './endpoints.ts'

export type ApiVersion = 'v2' | 'v1'

export type Envelope = {
  readonly data: unknown
  /** `additional_data`, empty when absent. */
  readonly additional: JsonObject
  readonly serverTime: Date | null
}

export type QueryValue = string | number | boolean | undefined | null

export type CallParts = {
  params?: Readonly<Record<string, string | number>>
  query?: Readonly<Record<string, QueryValue>>
  body?: unknown
  options?: CallOptions | undefined
}

export type PipedriveCalls = {
  readonly apiVersion: ApiVersion
  request(endpoint: Endpoint, parts?: CallParts): Promise<Envelope>
}

export function createPipedriveCalls(
  caller: ApiCaller,
  apiVersion: ApiVersion,
  pathPrefix: string,
): PipedriveCalls {
  return {
    apiVersion,
    async request(endpoint, parts = {}) {
      const route: Route = apiVersion === 'v1' ? (endpoint.v1 ?? endpoint) : endpoint
      const path = route.path.replace(/\{(\w+)\}/g, (_all, name: string) =>
        encodeURIComponent(String(parts.params?.[name] ?? '')),
      )
      const query = toQuery(parts.query)
      const answer = await caller.call({
        method: route.method,
        target: `${pathPrefix}${path}${query}`,
        shownPath: path,
        body: parts.body === undefined ? undefined : JSON.stringify(parts.body),
        idempotent: endpoint.idempotent,
        windows: endpoint.search ? ['burst', 'search'] : ['burst'],
        tokens: route.tokens,
        lane: parts.options?.lane,
        signal: parts.options?.signal,
      })
      const value = answer.body.kind === 'json' && isJsonObject(answer.body.value) ? answer.body.value : {}
      return {
        data: value.data ?? null,
        additional: isJsonObject(value.additional_data) ? value.additional_data : {},
        serverTime: answer.serverTime,
      }
    },
  }
}

function toQuery(query: CallParts['query']): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  }
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}

/** RFC 3339 in UTC without a fraction: the filter of v2 refuses fractions of a second. */
export function wholeSecond(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`
}
