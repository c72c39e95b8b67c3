/** Who asks, and whether he may: keys, scopes, and the connection a key is for. It lets nobody in by mistake of order. */
import type { IncomingMessage } from 'node:http'
import type { KeyCheck, KeyHolder, KeyRefusal } from '../../service/index.ts'
import type { Scope } from '../../wire/index.ts'
import type { Problem } from '../problem.ts'
import type { AttemptLimit } from './attempt-limit.ts'
import { type CookieOptions, tokenOf, unprovenRefusal } from './cookies.ts'
import type { Sessions } from './sessions.ts'

export type GateOptions = CookieOptions & {
  readonly keys: KeyCheck
  readonly attempts: AttemptLimit
  readonly sessions: Sessions
  /** Whether one reverse proxy stands in front and says who asks (X-Forwarded-For). */
  readonly behindProxy: boolean
}

const RANK: Readonly<Record<Scope, number>> = { read: 0, operate: 1, admin: 2 }
const CHALLENGE = { 'www-authenticate': 'Bearer realm="Tajo"' }

/** By the key in the `Authorization` header, else by the cookie of a session. */
export async function holderOf(options: GateOptions, request: IncomingMessage): Promise<KeyHolder | Problem> {
  const { authorization } = request.headers
  if (authorization === undefined) {
    const token = tokenOf(request)
    return token === null ? unauthorized('key_missing', NO_KEY) : holderOfSession(options, request, token)
  }
  const key = /^Bearer +(\S+) *$/i.exec(authorization)?.[1]
  return key === undefined ? unauthorized('key_missing', NO_KEY) : holderOfKey(options, request, key)
}

async function holderOfSession(
  options: GateOptions,
  request: IncomingMessage,
  token: string,
): Promise<KeyHolder | Problem> {
  const refusal = unprovenRefusal(request, options)
  if (refusal !== null) return refusal
  const session = await options.sessions.find(token)
  return session?.holder ?? unauthorized('session_ended', 'This session has ended. Log in again.')
}

export async function holderOfKey(
  { keys, attempts, behindProxy }: GateOptions,
  request: IncomingMessage,
  key: string,
): Promise<KeyHolder | Problem> {
  const address = addressOf(request, behindProxy)
  const seconds = attempts.wait(address, key)
  if (seconds !== null) {
    return {
      status: 429,
      code: 'attempts_exceeded',
      detail: 'Too many wrong keys came from this address. Wait, and look which program has an old key.',
      headers: { 'retry-after': String(seconds) },
    }
  }
  const holder = await keys.authenticate(key)
  if (typeof holder !== 'string') {
    attempts.right(address, key)
    return holder
  }
  attempts.wrong(address)
  return refused(holder)
}

export function isProblem(value: object): value is Problem {
  return 'status' in value
}

const NO_KEY =
  'This needs a key: "Authorization: Bearer <key>". "tajo keys create <name> --scope read" makes one.'

export function unauthorized(code: string, detail: string): Problem {
  return { status: 401, code, detail, headers: CHALLENGE }
}

function refused(refusal: KeyRefusal): Problem {
  switch (refusal) {
    case 'unknown':
      return unauthorized(
        'key_wrong',
        'This is no key of this server. "tajo keys list" shows which there are.',
      )
    case 'expired':
      return unauthorized('key_expired', 'This key has expired. "tajo keys create" makes a new one.')
    case 'revoked':
      return unauthorized('key_revoked', 'This key was revoked. "tajo keys create" makes a new one.')
  }
}

/** Null: he may. `connection` is a name; null stands for the whole installation. */
export function mayUse(holder: KeyHolder, scope: Scope): boolean {
  return RANK[holder.scope] >= RANK[scope]
}

export function refusalOf(holder: KeyHolder, scope: Scope, connection: string | null): Problem | null {
  if (!mayUse(holder, scope)) {
    return {
      status: 403,
      code: 'key_scope_missing',
      detail: `This needs the scope ${scope}; "${holder.name}" has ${holder.scope}.`,
    }
  }
  if (holder.connection !== null && holder.connection !== connection) {
    return {
      status: 403,
      code: 'key_connection_other',
      detail: `"${holder.name}" opens the connection ${holder.connection} only, below /api/connections/${encodeURIComponent(holder.connection)}.`,
    }
  }
  return null
}

/** The peer; behind a proxy what the proxy says, which is the last entry: those before it anybody can write. */
export function addressOf({ headers, socket }: IncomingMessage, behindProxy: boolean): string {
  const forwarded = behindProxy ? String(headers['x-forwarded-for'] ?? '') : ''
  const last = forwarded.split(',').at(-1)?.trim() ?? ''
  return last === '' ? (socket.remoteAddress ?? '') : last
}
