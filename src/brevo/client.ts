/** Makes a Brevo client: one credential, one connection pool, one governor. Holds no record. */
import { type Clock, systemClock } from '../base/clock.ts'
import { TajoError } from '../base/error.ts'
import { createApiCaller, createGovernor, createSender } from '../transport/index.ts'
import { createBrevoCalls } from './calls.ts'
import type { BrevoClient } from './client-face.ts'
import { judgeBrevoAnswer, judgeBrevoFault } from './errors.ts'
import { readLimits, WINDOWS } from './limits.ts'
import { labelMultipart } from './multipart.ts'
import { createAccountResources } from './resource/account.ts'
import { createCampaigns } from './resource/campaigns.ts'
import { createCompanies } from './resource/companies.ts'
import { createCompanyAttributes } from './resource/company-attributes.ts'
import { createContacts } from './resource/contacts.ts'
import { createDeals } from './resource/deals.ts'
import { createEvents } from './resource/events.ts'
import { createLists } from './resource/lists.ts'

export type BrevoClientOptions = {
  /** Default `https://api.brevo.com/v3`. */
  apiUrl?: string | undefined
  credential:
    | { apiKey: string }
    | {
        /** Asked before every request. */
        accessToken: () => Promise<string>
        /** Brevo took this one no longer; the request is sent once more if `accessToken` can give another one. */
        onRefused?: ((accessToken: string) => void) | undefined
      }
  clock?: Clock | undefined
  /** 0 to 1; default `Math.random`. */
  random?: (() => number) | undefined
  /** Default 30,000 (imports 60,000); covers headers and body. */
  timeoutMs?: number | undefined
  /** Calls that would have to wait longer for the limits are refused with `brevo_limited`. Default 60,000. */
  maxWaitMs?: number | undefined
  /** Requests under way at once. Default 10. */
  concurrency?: number | undefined
  userAgent?: string | undefined
}

const DEFAULT_API_URL = 'https://api.brevo.com/v3'
const CONCURRENCY = 10

/** Throws `brevo_address_invalid` when `apiUrl` is no web address. Makes no call. */
export function createBrevoClient(options: BrevoClientOptions): BrevoClient {
  const clock = options.clock ?? systemClock
  const apiUrl = options.apiUrl ?? DEFAULT_API_URL
  const { origin, prefix } = readAddress(apiUrl)
  const { credential } = options
  const concurrency = options.concurrency ?? CONCURRENCY
  const sender = labelMultipart(createSender({ origin, connections: concurrency }))
  const governor = createGovernor({
    vendor: 'brevo',
    windows: WINDOWS,
    concurrency,
    maxWaitMs: options.maxWaitMs,
    clock,
  })
  let count = 0
  const byStatus: Record<string, number> = {}
  const byBucket: Record<string, number> = {}
  const caller = createApiCaller({
    rules: {
      vendor: 'brevo',
      credentialHeaders: async () =>
        'apiKey' in credential
          ? { 'api-key': credential.apiKey }
          : { authorization: `Bearer ${await credential.accessToken()}` },
      renewCredential: ({ authorization }) => {
        if ('apiKey' in credential || !credential.onRefused || authorization === undefined) return false
        credential.onRefused(authorization.slice('Bearer '.length))
        return true
      },
      judgeAnswer: judgeBrevoAnswer,
      judgeFault: (fault, call) => judgeBrevoFault(fault, origin, call),
      limitNews: (answer, call, now) => readLimits(answer, call.windows, now),
      requestIdHeader: 'x-request-id',
    },
    sender,
    governor,
    clock,
    random: options.random ?? Math.random,
    timeoutMs: options.timeoutMs ?? 30_000,
    userAgent: options.userAgent ?? 'tajo',
    onAnswer: (status) => {
      byStatus[status] = (byStatus[status] ?? 0) + 1
    },
    onSent: (call) => {
      count += 1
      const bucket = call.windows[0]?.split(' ')[0] ?? 'other'
      byBucket[bucket] = (byBucket[bucket] ?? 0) + 1
    },
  })
  const calls = createBrevoCalls(caller, prefix)
  return {
    apiUrl,
    ...createAccountResources(calls),
    contacts: createContacts(calls),
    lists: createLists(calls),
    events: createEvents(calls),
    campaigns: createCampaigns(calls),
    companies: createCompanies(calls),
    deals: createDeals(calls),
    companyAttributes: createCompanyAttributes(calls),
    usage: () => ({ count, byBucket: { ...byBucket }, byStatus: { ...byStatus } }),
    governor: () => governor.state(),
    close: () => sender.close(),
  }
}

function readAddress(apiUrl: string): { origin: string; prefix: string } {
  const url = URL.canParse(apiUrl) ? new URL(apiUrl) : undefined
  if (url && (url.protocol === 'https:' || url.protocol === 'http:')) {
    return { origin: url.origin, prefix: url.pathname.replace(/\/+$/, '') }
  }
  throw new TajoError({
    code: 'brevo_address_invalid',
    message: `"${apiUrl}" is no web address; leave it out, or give one like ${DEFAULT_API_URL}.`,
    disposition: 'pause',
  })
}
