/** What a command ends with, and which error means which. It prints nothing. */
import { TajoError } from '../base/error.ts'

export const EXIT = {
  done: 0,
  /** Some records failed, or a fault that may be gone next time. */
  incomplete: 1,
  usage: 2,
  configuration: 3,
  /** Nothing can go on until somebody acts or a time comes. */
  paused: 4,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Faults of the data directory, the database's address or our own: as much a matter of set-up as tajo.yaml. */
const SETUP_CODES: ReadonlySet<string> = new Set([
  'settings_unfit',
  'store_locked',
  'store_corrupt',
  'store_newer',
  'store_incompatible',
  'store_unreachable',
  'store_not_durable',
  'port_in_use',
  'address_unusable',
  'webhook_no_public_url',
  'webhook_url_insecure',
  'oauth_app_missing',
  'oauth_app_changed',
  'oauth_no_callback',
  'oauth_wrong_company',
  'secret_no_new_key',
])

const USAGE_CODES: ReadonlySet<string> = new Set([
  'usage_wrong',
  'file_exists',
  'port_taken',
  'email_invalid',
  'duplicate_unknown',
  'report_invalid',
  'report_unknown',
])

export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof TajoError)) return EXIT.incomplete
  if (USAGE_CODES.has(error.code)) return EXIT.usage
  if (error.code.startsWith('config_') || SETUP_CODES.has(error.code)) return EXIT.configuration
  return error.disposition === 'pause' ? EXIT.paused : EXIT.incomplete
}

export function exitCodeOfStatus(status: 'complete' | 'incomplete' | 'paused'): ExitCode {
  return { complete: EXIT.done, incomplete: EXIT.incomplete, paused: EXIT.paused }[status]
}

/** As a shell reports a process that a signal ended: 128 and the signal's number. */
export const EXIT_OF_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const

/** `usage_wrong`: what was typed cannot be meant. */
export function usageError(message: string): TajoError {
  return new TajoError({ code: 'usage_wrong', message })
}
