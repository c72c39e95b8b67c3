/** Brevo's limits as the governor counts them, and what its `x-sib-ratelimit-*` headers mean for them. */
import { type HttpAnswer, headerNumber, type LimitNews, readRetryAfter } from '../transport/index.ts'
import type { Bucket } from './endpoints.ts'

const SECOND_MS = 1_000
const HOUR_MS = 3_600_000

/** The smallest plan's limits. {@link https://developers.brevo.com/docs/api-limits} */
export const WINDOWS = [
  { name: 'contacts per second', limit: 10, windowMs: SECOND_MS },
  { name: 'contacts per hour', limit: 36_000, windowMs: HOUR_MS },
  { name: 'events per second', limit: 10, windowMs: SECOND_MS },
  { name: 'events per hour', limit: 36_000, windowMs: HOUR_MS },
  { name: 'other per hour', limit: 100, windowMs: HOUR_MS },
] as const

export function windowsOf(bucket: Bucket): readonly string[] {
  return bucket === 'other' ? ['other per hour'] : [`${bucket} per second`, `${bucket} per hour`]
}

export function readLimits(answer: HttpAnswer, windows: readonly string[], now: Date): LimitNews {
  const limit = headerNumber(answer.headers['x-sib-ratelimit-limit'])
  const window = windowMeant(windows, limit)
  const news: LimitNews = {
    windows: [
      {
        window,
        limit,
        remaining: headerNumber(answer.headers['x-sib-ratelimit-remaining']),
        resetMs: readResetMs(answer),
      },
    ],
  }
  if (answer.status !== 429) return news
  return { ...news, blocked: { windows: [window], until: limitEnds(answer, windows, now) } }
}

/** When requests may leave again after a 429. */
export function limitEnds(answer: HttpAnswer, windows: readonly string[], now: Date): Date {
  const retryAfter = readRetryAfter(answer.headers['retry-after'], now)
  if (retryAfter) return retryAfter
  // Without a word from the server: a second where seconds are counted, a minute where hours are.
  const guessMs = windows.some((name) => name.endsWith('second')) ? SECOND_MS : 60_000
  return new Date(now.getTime() + Math.max(250, readResetMs(answer) ?? guessMs))
}

/** Seconds by the documents; more than an hour of them can only be milliseconds. */
function readResetMs(answer: HttpAnswer): number | undefined {
  const reset = headerNumber(answer.headers['x-sib-ratelimit-reset'])
  if (reset === undefined) return undefined
  return reset > HOUR_MS / 1000 ? Math.min(reset, HOUR_MS) : reset * 1000
}

/** The headers speak of one limit without saying which: hourly numbers are in the thousands, the others are not. */
function windowMeant(windows: readonly string[], limit: number | undefined): string {
  const [first = '', second] = windows
  return second !== undefined && limit !== undefined && limit >= 1_000 ? second : first
}
