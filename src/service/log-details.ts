/**
 * Makes the details of news fit for a log: no credentials, no names, addresses or bodies, whatever somebody puts in. It
 * would rather hide a harmless value than show a token.
 */
import { TajoError } from '../base/error.ts'

const HIDDEN = '[hidden]'
const DEEPEST = 5
const MOST_ITEMS = 50
const MOST_CHARACTERS = 500
/** More is not looked at: the expressions take their time with long words. */
const MOST_READ = 4_000
const FRAMES = 6

const SECRET = /token|secret|password|passphrase|authorization|apikey|cookie|credential|jwt/
/** Spelled without case and punctuation. */
const PRIVATE = new Set(
  (
    'name firstname lastname fullname personname contactname organizationname title dealtitle subject note ' +
    'email emails emailaddress address phone phones sms attributes customfields ' +
    'body payload content headers config document doc'
  ).split(' '),
)

/** Plain JSON with what is secret or personal taken out; numbers stay, since they are counts and ids. */
export function toSafeDetails(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return toSafeText(value)
  if (typeof value === 'bigint') return String(value)
  if (value === null || typeof value !== 'object') return typeof value === 'function' ? undefined : value
  if (value instanceof Error) return toLoggedError(value, depth)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (depth >= DEEPEST || ArrayBuffer.isView(value)) return HIDDEN
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((item) => toSafeDetails(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      isHidden(name, item) ? HIDDEN : toSafeDetails(item, depth + 1),
    ]),
  )
}

/** News as it may be shown to whoever may look at the log. */
export function toSafeNews({ message, details }: { message: string; details: unknown }): {
  message: string
  details: unknown
} {
  return { message: toSafeText(message), details: toSafeDetails(details) }
}

/** A sentence without addresses, telephone numbers and credentials that somebody else put into it. */
export function toSafeText(text: string): string {
  const safe = readable(text)
    .replace(/\b(Basic|Bearer)\s+[\w+/=.~-]{12,}/g, `$1 ${HIDDEN}`)
    .replace(/((?:token|secret|password|api[_-]?key|code)=)[^&\s"']+/gi, `$1${HIDDEN}`)
    .replace(/(:\/\/)[^/\s@]+@/g, `$1${HIDDEN}@`)
    .replace(/[^\s@<>"'(),;:[\]]+@[^\s@<>"'(),;:[\]]+\.[^\s@<>"'(),;:[\]]+/g, '[address]')
    .replace(/\+\d[\d\s().-]{6,}\d/g, '[number]')
  return safe.length > MOST_CHARACTERS ? `${safe.slice(0, MOST_CHARACTERS)}…` : safe
}

/** Cut between two words: half an address would not be known for one. */
function readable(text: string): string {
  if (text.length <= MOST_READ) return text
  const cut = text.slice(0, MOST_READ)
  return cut.slice(0, cut.lastIndexOf(' ') + 1)
}

/**
 * Code, message, disposition, and where it was thrown; nothing that hangs on the error besides. The message of a parser
 * quotes what it read, so it is left out.
 */
export function toLoggedError(error: Error, depth = 0): Record<string, unknown> {
  const foreign = !(error instanceof TajoError)
  const { code } = error as { code?: unknown }
  return {
    name: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    ...(error instanceof SyntaxError ? {} : { message: toSafeText(error.message) }),
    ...(foreign ? { at: framesOf(error) } : { disposition: error.disposition }),
    ...(error instanceof TajoError && error.notBefore ? { notBefore: error.notBefore.toISOString() } : {}),
    ...(error.cause instanceof Error && depth < DEEPEST
      ? { cause: toLoggedError(error.cause, depth + 1) }
      : {}),
  }
}

function isHidden(name: string, value: unknown): boolean {
  if (value === null || value === undefined || typeof value === 'boolean') return false
  const plain = name.toLowerCase().replace(/[^a-z]/g, '')
  if (typeof value === 'number') return plain.startsWith('phone') || plain === 'sms'
  return SECRET.test(plain) || PRIVATE.has(plain)
}

function framesOf(error: Error): string[] {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, FRAMES)
    .map((line) => line.trim())
}
