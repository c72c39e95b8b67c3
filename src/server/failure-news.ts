/** What the log is told of an error that nobody expected. */
import { asError } from '../base/error.ts'
import type { LiveNews } from '../service/index.ts'

/** The words of a foreign error are kept for the log, where they are cleaned. */
export function failureNews(event: string, message: string, thrown: unknown): LiveNews {
  return { level: 'error', event, message, details: { error: asError(thrown) } }
}
