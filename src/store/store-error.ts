/**
 * What goes wrong with the store as TajoErrors that name the place and the remedy. Errors of single statements
 * (a broken constraint, a syntax error) stay PostgreSQL's own. No password gets into a message.
 */
import { TajoError } from '../base/error.ts'
import { EngineLostError } from './embedded/engine-host.ts'

/** Where the store is, in words for people: a directory, or `host:port/database` without credentials. */
export type StorePlace = { kind: 'embedded' | 'server'; name: string }

/** SQLSTATE classes and codes: https://www.postgresql.org/docs/18/errcodes-appendix.html */
const DISK_FULL = '53100'
const REFUSED_FOR_NOW = /^(08...|53300|57P0[1235]|25P03)$/
const REFUSED_UNTIL_CHANGED = /^(28...|3D000|42501)$/
const NETWORK_CODES =
  /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENET|EPIPE|ENOENT|EACCES|ERR_TLS|CERT_|SELF_SIGNED|DEPTH_)/
const DRIVER_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|The server does not support SSL)/

/** The error to show for one that a connection or statement ended with. */
export function toStoreError(error: unknown, place: StorePlace): unknown {
  if (error instanceof TajoError) return error
  if (error instanceof EngineLostError) return fromEngineFault(error, place)
  const code = (error as { code?: unknown } | null)?.code
  if (code === DISK_FULL) return diskFullError(place, error)
  if (typeof code === 'string' && REFUSED_UNTIL_CHANGED.test(code) && place.kind === 'server') {
    return unreachableError(place, error, 'pause')
  }
  const message = error instanceof Error ? error.message : ''
  const unreachable =
    (typeof code === 'string' && (REFUSED_FOR_NOW.test(code) || NETWORK_CODES.test(code))) ||
    DRIVER_WORDS.test(message)
  return unreachable ? unreachableError(place, error, 'retry') : error
}

export function diskFullError(place: StorePlace, cause: unknown): TajoError {
  return new TajoError({
    code: 'store_disk_full',
    message: `There is no space left for the store (${place.name}). Make room on that disk; what was stored stays as it is, and work goes on by itself.`,
    disposition: 'pause',
    details: { store: place.name },
    cause,
  })
}

export function corruptError(directory: string, reason: string, cause?: unknown): TajoError {
  return new TajoError({
    code: 'store_corrupt',
    message: `${directory} holds no database that can be opened (${reason}). Tajo deleted nothing. Restore it from a backup, or move it away: Tajo then builds a new one from the vendors.`,
    disposition: 'pause',
    details: { directory, reason },
    cause,
  })
}

/** True when the operating system said that there is no room. */
export function isDiskFull(systemCode: string | undefined): boolean {
  return systemCode === 'ENOSPC' || systemCode === 'EDQUOT'
}

function fromEngineFault(error: EngineLostError, place: StorePlace): TajoError {
  if (isDiskFull(error.fault.systemCode)) return diskFullError(place, error)
  return new TajoError({
    code: 'store_failed',
    message: `The store in ${place.name} broke off what it was doing: ${error.fault.reason} It is started again by the next use.`,
    disposition: 'retry',
    details: { store: place.name, reason: error.fault.reason },
    cause: error,
  })
}

function unreachableError(place: StorePlace, cause: unknown, disposition: 'retry' | 'pause'): TajoError {
  const reason = reasonOf(cause)
  return new TajoError({
    code: 'store_unreachable',
    message: `The PostgreSQL server ${place.name} cannot be used: ${reason}. Check that it runs and that DATABASE_URL names the right host, database, user and password.`,
    disposition,
    details: { store: place.name, reason },
    cause,
  })
}

/** Node puts several failed addresses into an AggregateError whose own message is empty. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join('; ')
  return cause instanceof Error ? cause.message || cause.name : String(cause)
}
