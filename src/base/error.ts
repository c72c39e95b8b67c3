/**
 * The one error type that crosses rooms. The useful question about a failure is "what should happen
 * next", so that is a field (`disposition`). Programming errors are not TajoErrors and stop the process.
 */

/**
 * - `retry`: the same thing may succeed later (perhaps not before `notBefore`);
 * - `reject`: this one thing can never succeed as it is: park it, show it, go on with the rest;
 * - `pause`: nothing for this account can succeed until somebody acts or a time comes.
 */
export type Disposition = 'retry' | 'reject' | 'pause'

/** Plain JSON facts about a failure. Never secrets; never personal data beyond ids. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>

export type TajoErrorOptions = {
  /** `noun_problem`, listed in docs/errors.md: `config_invalid`, `pipedrive_unauthorized`, ... */
  code: string
  /** One sentence that names the thing and the remedy. */
  message: string
  disposition?: Disposition
  details?: ErrorDetails
  /** Before this time a repeat is pointless (rate limits, spent budgets). */
  notBefore?: Date
  cause?: unknown
}

export class TajoError extends Error {
  readonly code: string
  readonly disposition: Disposition
  readonly details: ErrorDetails
  readonly notBefore: Date | undefined

  constructor(options: TajoErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = options.code
    this.disposition = options.disposition ?? 'reject'
    this.details = options.details ?? {}
    this.notBefore = options.notBefore
  }
}

/** Anything that was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error
    ? thrown
    : new Error(`A value that is no Error was thrown: ${String(thrown)}`)
}
