/**
 * The cookie of a session, and the proof it needs: what changes something by cookie must have been asked by a page of this
 * server, and by no page of another. That shows in its origin, and in a header that only scripts of the same origin set.
 */
import type { IncomingMessage } from 'node:http'
import type { Problem } from '../problem.ts'
import type { Session } from './sessions.ts'

export type CookieOptions = {
  readonly publicUrl: string | null
  readonly behindProxy: boolean
}

const PLAIN_COOKIE = 'tajo_session'
/** Browsers keep it only from https, for this host and all of its paths. */
const SECURE_COOKIE = '__Host-tajo_session'
export const PROOF_HEADER = 'x-tajo-request'

/** The session's token in the cookie; null without one. */
export function tokenOf({ headers }: IncomingMessage): string | null {
  const cookies = new Map(
    (headers.cookie ?? '').split(';').map((pair) => {
      const [name = '', value = ''] = pair.trim().split('=')
      return [name, value] as const
    }),
  )
  return cookies.get(SECURE_COOKIE) || cookies.get(PLAIN_COOKIE) || null
}

/** Null: no browser says that a page of another site asks. */
export function foreignRefusal({ headers }: IncomingMessage, { publicUrl }: CookieOptions): Problem | null {
  const { origin, host } = headers
  const site = headers['sec-fetch-site']
  if (origin !== undefined) {
    const own = [host, publicUrl === null ? undefined : new URL(publicUrl).host]
    if (!URL.canParse(origin) || !own.includes(new URL(origin).host)) return foreign(origin)
  } else if (site === 'cross-site' || site === 'same-site') return foreign('another site')
  return null
}

/** The same for what a cookie lets somebody do: null, where it is proven. */
export function unprovenRefusal(request: IncomingMessage, options: CookieOptions): Problem | null {
  const refusal = foreignRefusal(request, options)
  if (refusal !== null || request.method === 'GET' || request.method === 'HEAD') return refusal
  const { origin, 'sec-fetch-site': site, [PROOF_HEADER]: proof } = request.headers
  return (origin !== undefined || site === 'same-origin') && proof !== undefined ? null : unproven()
}

/** For `Set-Cookie`. */
export function cookieOf(
  request: IncomingMessage,
  options: CookieOptions,
  { token, session }: { token: string; session: Session },
): string {
  return `${nameOf(request, options)}=${token}; ${attributes(request, options)}; Expires=${session.expiresAt.toUTCString()}`
}

/** For `Set-Cookie`: the browser forgets it. */
export function noCookie(request: IncomingMessage, options: CookieOptions): string {
  return `${nameOf(request, options)}=; ${attributes(request, options)}; Max-Age=0`
}

function nameOf(request: IncomingMessage, options: CookieOptions): string {
  return isSecure(request, options) ? SECURE_COOKIE : PLAIN_COOKIE
}

function attributes(request: IncomingMessage, options: CookieOptions): string {
  return `Path=/; HttpOnly; SameSite=Strict${isSecure(request, options) ? '; Secure' : ''}`
}

/** Whether the browser came by https: this server does not speak it, so a proxy did. */
function isSecure({ headers }: IncomingMessage, { publicUrl, behindProxy }: CookieOptions): boolean {
  const forwarded = String(headers['x-forwarded-proto'] ?? '')
  if (behindProxy && forwarded !== '') return forwarded.split(',').at(-1)?.trim() === 'https'
  const own = publicUrl === null ? null : new URL(publicUrl)
  return own?.protocol === 'https:' && own.host === headers.host
}

function foreign(origin: string): Problem {
  return {
    status: 403,
    code: 'origin_refused',
    detail: `A page of ${JSON.stringify(origin.slice(0, 100))} asked. Only pages of this server may use its cookie; programs use a key.`,
  }
}

function unproven(): Problem {
  return {
    status: 403,
    code: 'origin_unproven',
    detail: `What changes something needs, with a cookie, the headers Origin and ${PROOF_HEADER}. Programs use a key.`,
  }
}
