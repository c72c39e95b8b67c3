/**
 * Sessions of the page: who logged in with a key, or with a link that holds once. They live in the memory of the server,
 * end with their key, after a while, and with the process; a cookie holds nothing but a random number.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { KeyCheck, KeyHolder } from '../../service/index.ts'

export type Session = { readonly holder: KeyHolder; readonly expiresAt: Date }

export type Sessions = {
  open(holder: KeyHolder): { readonly token: string; readonly session: Session }
  /** Null: there is none, or its time or its key has ended. */
  find(token: string): Promise<Session | null>
  end(token: string): void
  /** For a link that logs in whoever opens it first. */
  createTicket(): string
  /** The session of a ticket, which holds no longer; null: it never did, or was used. */
  redeem(ticket: string): { readonly token: string; readonly session: Session } | null
}

export type SessionOptions = {
  readonly keys: KeyCheck
  readonly now?: () => number
}

const SESSION_MS = 12 * 3_600_000
const TICKET_MS = 10 * 60_000
const BYTES = 32
const MOST_SESSIONS = 1_000
const MOST_TICKETS = 20
/** Whoever can read the terminal of the server may do everything anyway. */
const AT_THE_MACHINE: KeyHolder = { keyId: null, name: 'login link', scope: 'admin', connection: null }

export function createSessions({ keys, now = Date.now }: SessionOptions): Sessions {
  // By digest: a look-up of one tells nothing about how near a guess was.
  const sessions = new Map<string, Session>()
  const tickets = new Map<string, number>()
  const open: Sessions['open'] = (holder) => {
    const token = randomBytes(BYTES).toString('base64url')
    const session = { holder, expiresAt: new Date(now() + SESSION_MS) }
    put(sessions, digest(token), session, MOST_SESSIONS)
    return { token, session }
  }
  return {
    open,
    async find(token) {
      const session = sessions.get(digest(token))
      if (session === undefined) return null
      const { keyId } = session.holder
      if (session.expiresAt.getTime() > now() && (keyId === null || (await keys.holds(keyId)))) return session
      sessions.delete(digest(token))
      return null
    },
    end(token) {
      sessions.delete(digest(token))
    },
    createTicket() {
      const ticket = randomBytes(BYTES).toString('base64url')
      put(tickets, digest(ticket), now() + TICKET_MS, MOST_TICKETS)
      return ticket
    },
    redeem(ticket) {
      const untilMs = tickets.get(digest(ticket))
      tickets.delete(digest(ticket))
      return untilMs !== undefined && untilMs > now() ? open(AT_THE_MACHINE) : null
    },
  }
}

function put<V>(map: Map<string, V>, key: string, value: V, most: number): void {
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > most && oldest !== undefined) map.delete(oldest)
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
