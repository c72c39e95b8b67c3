/** What the transport has to know of Pipedrive: credential headers, verdicts, and the limits told in headers. */

import type { HttpAnswer } from '../transport/index.ts'
import { headerNumber, type LimitNews, type VendorRules } from '../transport/index.ts'
import { isDailyLimit, judgePipedriveAnswer, judgePipedriveFault, limitEnds } from './errors.ts'

/** Per 2 seconds, on every plan. */
export const SEARCH_LIMIT = 10

export type PipedriveCredential =
  | { apiToken: string }
  | {
      /** Asked before every request. */
      accessToken: () => Promise<string>
      /** Pipedrive took this one no longer; the request is sent once more if `accessToken` can give another one. */
      onRefused?: ((accessToken: string) => void) | undefined
    }

export function createPipedriveRules(credential: PipedriveCredential, address: string): VendorRules {
  return {
    vendor: 'pipedrive',
    // Never `?api_token=`: addresses end up in logs.
    credentialHeaders: async () =>
      'apiToken' in credential
        ? { 'x-api-token': credential.apiToken }
        : { authorization: `Bearer ${await credential.accessToken()}` },
    renewCredential: ({ authorization }) => {
      if ('apiToken' in credential || !credential.onRefused || authorization === undefined) return false
      credential.onRefused(authorization.slice('Bearer '.length))
      return true
    },
    judgeAnswer: judgePipedriveAnswer,
    judgeFault: (fault, call) => judgePipedriveFault(fault, address, call),
    limitNews: (answer, call, now) => readLimits(answer, call.windows, now),
    requestIdHeader: 'x-correlation-id',
  }
}

/** `x-ratelimit-reset` counts seconds from now; the daily headers are undocumented and may be missing. */
function readLimits(answer: HttpAnswer, windows: readonly string[], now: Date): LimitNews {
  const { headers } = answer
  const limit = headerNumber(headers['x-ratelimit-limit'])
  // Nothing says which limit the numbers of a search call belong to; every plan has the same one for searches.
  const window =
    windows.includes('search') && limit !== undefined && limit <= SEARCH_LIMIT ? 'search' : 'burst'
  const resetSeconds = headerNumber(headers['x-ratelimit-reset'])
  const news: LimitNews = {
    windows: [
      {
        window,
        limit,
        remaining: headerNumber(headers['x-ratelimit-remaining']),
        resetMs: resetSeconds === undefined ? undefined : resetSeconds * 1000,
      },
    ],
    budget: {
      limit: headerNumber(headers['x-daily-ratelimit-token-limit']),
      remaining: headerNumber(headers['x-daily-ratelimit-token-remaining']),
    },
  }
  if (answer.status === 429) {
    const until = limitEnds(answer, now)
    return isDailyLimit(answer)
      ? { ...news, budgetSpentUntil: until }
      : { ...news, blocked: { windows, until } }
  }
  if (answer.status === 403 && answer.body.kind !== 'json') {
    const until = judgePipedriveAnswer(answer, { method: '', shownPath: '' }, now)?.notBefore
    return until ? { windows: [], blocked: { windows, until } } : news
  }
  return news
}
