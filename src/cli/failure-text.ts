/** Errors for people and for programs. A stack is shown only to those who asked for it (LOG_LEVEL=debug). */
import { asError, TajoError } from '../base/error.ts'

/** What `--json` prints in place of the result. */
export type ErrorDocument = {
  readonly error: {
    readonly code: string
    readonly message: string
    readonly disposition?: string
    readonly notBefore?: string
    readonly details?: unknown
  }
}

export function toErrorDocument(thrown: unknown): ErrorDocument {
  if (!(thrown instanceof TajoError)) {
    return { error: { code: 'tajo_failed', message: unforeseenText(asError(thrown)) } }
  }
  return {
    error: {
      code: thrown.code,
      message: thrown.message,
      disposition: thrown.disposition,
      ...(thrown.notBefore ? { notBefore: thrown.notBefore.toISOString() } : {}),
      ...(Object.keys(thrown.details).length > 0 ? { details: thrown.details } : {}),
    },
  }
}

/** The message, then one line per fault, then when it can go on. */
export function toErrorText(thrown: unknown, withStack: boolean): string {
  const error = asError(thrown)
  const lines = error instanceof TajoError ? tajoLines(error) : [unforeseenText(error)]
  if (withStack) lines.push(...stacksOf(error))
  return lines.join('\n')
}

function tajoLines(error: TajoError): string[] {
  const faults = Array.isArray(error.details.faults) ? error.details.faults : []
  const unsaid = faults.filter((fault) => !error.message.includes(fault))
  const lines = [error.message, ...unsaid.map((fault) => `  ${fault}`)]
  if (error.notBefore) lines.push(`It can go on from ${toMinute(error.notBefore)}.`)
  return lines
}

function unforeseenText(error: Error): string {
  const text = error.message || error.name
  return `Tajo met something it does not know: ${text.split('\n')[0]}. Run it again with LOG_LEVEL=debug to see where, and please report it.`
}

function stacksOf(error: Error): string[] {
  const stacks: string[] = []
  for (let at: unknown = error; at instanceof Error; at = at.cause) stacks.push(at.stack ?? at.message)
  return stacks
}

/** `2026-11-24 10:10 UTC`. */
export function toMinute(time: Date | string): string {
  const iso = typeof time === 'string' ? time : time.toISOString()
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
}
