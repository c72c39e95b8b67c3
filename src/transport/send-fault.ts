/** Why a request got no usable answer. Keeps no reference to the request, its headers or its socket. */
import type { Applied } from './api-error.ts'

export type SendFaultKind =
  /** Nobody listens there. */
  | 'refused'
  /** The name does not resolve. */
  | 'name'
  /** No route, or connecting took too long. */
  | 'unreachable'
  | 'tls'
  | 'timeout'
  /** The connection ended in the middle. */
  | 'cut'
  | 'too_large'
  /** We closed the pool ourselves. */
  | 'closed'

export class SendFault extends Error {
  readonly kind: SendFaultKind
  readonly sent: Applied

  constructor(kind: SendFaultKind, sent: Applied, words: string) {
    super(words)
    this.name = 'SendFault'
    this.kind = kind
    this.sent = sent
  }
}

const KINDS: Readonly<Record<string, SendFaultKind>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'name',
  EAI_AGAIN: 'name',
  EAI_FAIL: 'name',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'unreachable',
  UND_ERR_CONNECT_TIMEOUT: 'unreachable',
}

/** Only the code and the words of `thrown` survive: the original may hold sockets and headers. */
export function toSendFault(thrown: unknown, sent: boolean, closed: boolean): SendFault {
  if (thrown instanceof SendFault) return thrown
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const code = errorCode(error)
  if (closed) return new SendFault('closed', sent ? 'maybe' : 'no', 'the client was closed')
  const kind = sent ? 'cut' : (KINDS[code] ?? (/CERT|TLS|SSL/.test(code) ? 'tls' : 'unreachable'))
  return new SendFault(kind, sent ? 'maybe' : 'no', code === '' ? error.message : `${code}: ${error.message}`)
}

function errorCode(error: Error): string {
  if ('code' in error && typeof error.code === 'string') return error.code
  // Several addresses were tried at once: the first failure speaks for all.
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return errorCode(error.errors[0])
  return ''
}
