/** What happened on the way to a server, and whether the server can have heard anything. */
import { TajoError } from '../base/error.ts'

/** No connection came about: the request cannot have been sent. */
const BEFORE_SENDING = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]

export function unreachable(baseUrl: string, error: unknown): TajoError {
  const reason = reasonOf(error)
  const common = { disposition: 'retry', details: { reason }, cause: error } as const
  return BEFORE_SENDING.includes(reason)
    ? new TajoError({
        code: 'server_unreachable',
        message: `The Tajo server at ${originOf(baseUrl)} cannot be reached (${reason}). Is it running, and is baseUrl (TAJO_URL) its address?`,
        ...common,
      })
    : new TajoError({
        code: 'server_no_answer',
        message: `The Tajo server at ${originOf(baseUrl)} broke off before it had answered (${reason}). What it had done is kept.`,
        ...common,
      })
}

export function noAnswer(baseUrl: string, timeoutMs: number, error: unknown): TajoError {
  return new TajoError({
    code: 'server_no_answer',
    disposition: 'retry',
    message: `The Tajo server at ${originOf(baseUrl)} said nothing for ${timeoutMs / 1_000} seconds. It may still be at work; timeoutMs makes the client wait longer.`,
    details: { timeoutMs },
    cause: error,
  })
}

export function wasNotSent({ code }: TajoError): boolean {
  return code === 'server_unreachable'
}

/** Of several addresses that were tried, the first one's. */
function reasonOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code, errors } = at as { code?: unknown; errors?: unknown }
    if (typeof code === 'string') return code
    if (Array.isArray(errors) && errors.length > 0) return reasonOf(errors[0])
  }
  return error instanceof Error ? error.message : String(error)
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url
}
