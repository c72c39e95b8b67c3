/** The webhooks of both services: registered for an address of yours, and told from forgeries. */
import type { Call, CallOptions } from './caller.ts'
import type { ConnectorName, WebhookReport } from './shapes.ts'

/** The `Authorization` header, or something that has headers: a Request, or the request of Express, Fastify, Hono or Node. */
export type AuthorizationSource = string | null | undefined | HeaderBag | { readonly headers: HeaderBag }

type HeaderBag =
  | { get(name: string): string | null }
  | { readonly [name: string]: string | readonly string[] | undefined }

export type Webhooks = {
  /** What is registered at both services, what is missing and what is wrong. */
  list(options?: CallOptions): Promise<WebhookReport>
  /** `publicUrl`: the services deliver to `<publicUrl>/webhooks/pipedrive` and `/webhooks/brevo`. Default: the configuration's. */
  register(options?: CallOptions & { readonly publicUrl?: string | null | undefined }): Promise<WebhookReport>
  /** Takes all of this connection away. */
  remove(options?: CallOptions): Promise<WebhookReport>
  /** Whether a request shows the credentials that Tajo registered with that service. Compares in constant time. */
  verify(name: ConnectorName, request: AuthorizationSource, options?: CallOptions): Promise<boolean>
}

export function createWebhooks(call: Call): Webhooks {
  return {
    list: (options) => call('webhooks.list', {}, options),
    register: ({ publicUrl, ...options } = {}) => call('webhooks.register', { publicUrl }, options),
    remove: (options) => call('webhooks.remove', {}, options),
    verify: (source, request, options) =>
      call('webhooks.verify', { source, authorization: authorizationOf(request) }, options),
  }
}

function authorizationOf(request: AuthorizationSource): string | null {
  if (typeof request === 'string') return request
  if (request === null || request === undefined) return null
  const headers = isWrapper(request) ? request.headers : (request as HeaderBag)
  const value = typeof headers.get === 'function' ? headers.get('authorization') : valueIn(headers as Named)
  return typeof value === 'string' ? value : null
}

type Named = { readonly [name: string]: string | readonly string[] | undefined }

function isWrapper(value: object): value is { readonly headers: HeaderBag } {
  return 'headers' in value && typeof value.headers === 'object' && value.headers !== null
}

function valueIn(headers: Named): unknown {
  return headers.authorization ?? headers.Authorization
}
