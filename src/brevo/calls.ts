/** Fills in an endpoint and sends it. Keeps identifiers of persons out of error paths. */
import { isJsonObject, type JsonObject } from '../base/json.ts'
import type { ApiCaller, CallOptions } from '../transport/index.ts'
import type { Endpoint } from './endpoints.ts'
import { windowsOf } from './limits.ts'
import { type FormPart, toMultipart } from './multipart.ts'

export type QueryValue = string | number | boolean | readonly (string | number)[] | undefined | null

export type CallParts = {
  params?: Readonly<Record<string, string | number>>
  query?: Readonly<Record<string, QueryValue>>
  /** A value to serialise, text that is JSON already, or the parts of a form. */
  body?: { json: unknown } | { text: string } | { form: readonly FormPart[] }
  options?: CallOptions | undefined
}

export type BrevoAnswer = {
  readonly status: number
  /** Empty when Brevo sent no body, or a list. */
  readonly body: JsonObject
  /** What stood there when the answer is a list with no object around it; else empty. */
  readonly list: readonly unknown[]
  readonly serverTime: Date | null
}

export type BrevoCalls = { request(endpoint: Endpoint, parts?: CallParts): Promise<BrevoAnswer> }

export function createBrevoCalls(caller: ApiCaller, pathPrefix: string): BrevoCalls {
  return {
    async request(endpoint, parts = {}) {
      const path = fill(endpoint.path, (name) => encodeURIComponent(String(parts.params?.[name] ?? '')))
      const answer = await caller.call({
        method: endpoint.method,
        target: `${pathPrefix}${path}${toQuery(parts.query)}`,
        // Numbers are ids; anything else may be an address or a phone number.
        shownPath: fill(endpoint.path, (name) => {
          const value = String(parts.params?.[name] ?? '')
          return name !== 'identifier' || /^\d{1,12}$/.test(value) ? encodeURIComponent(value) : `{${name}}`
        }),
        body: parts.body && bodyText(parts.body),
        idempotent: endpoint.idempotent,
        windows: windowsOf(endpoint.bucket),
        tokens: 0,
        lane: parts.options?.lane,
        signal: parts.options?.signal,
        timeoutMs: endpoint.timeoutMs,
      })
      const value = answer.body.kind === 'json' ? answer.body.value : undefined
      return {
        status: answer.status,
        body: isJsonObject(value) ? value : {},
        list: Array.isArray(value) ? value : [],
        serverTime: answer.serverTime,
      }
    },
  }
}

function bodyText(body: NonNullable<CallParts['body']>): string {
  if ('text' in body) return body.text
  return 'form' in body ? toMultipart(body.form) : JSON.stringify(body.json)
}

function fill(path: string, value: (name: string) => string): string {
  return path.replace(/\{(\w+)\}/g, (_all, name: string) => value(name))
}

function toQuery(query: CallParts['query']): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null) continue
    // Brevo takes lists as repeated parameters.
    for (const item of Array.isArray(value) ? value : [value]) search.append(name, String(item))
  }
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}
