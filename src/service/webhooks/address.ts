/** Where the services are told to deliver, and which addresses are ours. It asks nobody. */
import { TajoError } from '../../base/error.ts'
import type { WebhookVendor } from './webhook-report.ts'

const DEFAULT_CONNECTION = 'default'

/** `/webhooks/pipedrive`; with the connection's name behind it unless it is the default one. */
export function webhookPath(vendor: WebhookVendor, connection: string): string {
  const path = `/webhooks/${vendor}`
  return connection === DEFAULT_CONNECTION ? path : `${path}/${encodeURIComponent(connection)}`
}

/** `publicUrl` may have a path of its own, for servers behind a proxy. */
export function webhookUrl(publicUrl: string, vendor: WebhookVendor, connection: string): string {
  return `${publicUrl.replace(/\/+$/, '')}${webhookPath(vendor, connection)}`
}

/** Throws `webhook_no_public_url`, or `webhook_url_insecure` for plain http to anything but a loopback host. */
export function requirePublicUrl(publicUrl: string | null): string {
  if (publicUrl === null) {
    throw new TajoError({
      code: 'webhook_no_public_url',
      disposition: 'pause',
      message:
        'No webhook can be registered: nothing says under which address the services reach this server. Set server.public_url (https://…) in tajo.yaml, or sync_mode: batch, which needs no webhooks.',
    })
  }
  if (!isSecure(publicUrl)) {
    throw new TajoError({
      code: 'webhook_url_insecure',
      disposition: 'pause',
      message:
        'No webhook was registered: the public address must be https (http only for localhost, 127.0.0.1 and [::1]), without a password, query or fragment. Correct server.public_url.',
    })
  }
  return publicUrl
}

export type Identity = {
  /** Where this connection is delivered to now; null: nobody knows. */
  readonly url: string | null
  /** How every such address ends, whatever it begins with. */
  readonly path: string
}

export type Marks = {
  readonly url: string | null
  /** It has the name that Tajo gives. */
  readonly isNamed: boolean
  /** `none`: it has no credentials, or the service does not show them. */
  readonly credentials: 'ours' | 'others' | 'none'
}

/**
 * `here`: delivers to this connection. `former`: made by this connection for an address it had before. Another Tajo on
 * the same account uses the same names and paths, but other credentials: `foreign`, as is everything else.
 */
export function placeOf(marks: Marks, identity: Identity): 'here' | 'former' | 'foreign' {
  const { url, isNamed, credentials } = marks
  if (url === null || !URL.canParse(url)) return 'foreign'
  if (identity.url !== null && spelling(url) === spelling(identity.url)) return 'here'
  const isOfOurs = isNamed && credentials !== 'others' && spelling(url).endsWith(identity.path)
  if (!isOfOurs) return 'foreign'
  return identity.url === null ? 'here' : 'former'
}

/** The origin: the path of somebody else's webhook may be all that protects it. */
export function shownForeignUrl(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}/…`
}

/** Host in lower case, no credentials, query, fragment or slash at the end. */
function spelling(text: string): string {
  const { protocol, host, pathname } = new URL(text)
  return `${protocol}//${host}${pathname.replace(/\/+$/, '')}`
}

function isSecure(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password, search, hash } = new URL(text)
  if ([username, password, search, hash].some((part) => part !== '')) return false
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
  return protocol === 'https:' || (protocol === 'http:' && isLoopback)
}
