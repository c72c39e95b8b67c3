/** Makes a Pipedrive client: one credential, one connection pool, one governor. Holds no record. */
import { type Clock, systemClock } from '../base/clock.ts'
import { TajoError } from '../base/error.ts'
import { createApiCaller, createGovernor, createSender, type Governor } from '../transport/index.ts'
import { createPipedriveCalls } from './calls.ts'
import type { PipedriveClient } from './client-face.ts'
import { createResources } from './resource/resources.ts'
import { createPipedriveRules, type PipedriveCredential, SEARCH_LIMIT } from './rules.ts'

export type PipedriveClientOptions = {
  /** `https://yourcompany.pipedrive.com`, without path. */
  apiUrl: string
  credential: PipedriveCredential
  /** Default v2. v1 is out of support at Pipedrive; its answers are given the shapes of v2. */
  apiVersion?: 'v2' | 'v1' | undefined
  clock?: Clock | undefined
  /** 0 to 1; default `Math.random`. */
  random?: (() => number) | undefined
  /** Default 30,000; covers headers and body. */
  timeoutMs?: number | undefined
  /** What is known of the plan before the first answer tells more. */
  limits?:
    | {
        /** Requests per 2 seconds. Default 20, the smallest plan's. */
        burst?: number | undefined
        /** Search requests per 2 seconds. Default 10. */
        search?: number | undefined
        /** Tokens a day. Default unknown. */
        dailyTokens?: number | undefined
        /** Share of the daily tokens that lane `backfill` may not touch. Default 0.1. */
        reserve?: number | undefined
      }
    | undefined
  /** Calls that would have to wait longer for the limits are refused with `pipedrive_limited`. Default 60,000. */
  maxWaitMs?: number | undefined
  /** Requests under way at once. Default 16; lane `backfill` leaves two of them to the others. */
  concurrency?: number | undefined
  userAgent?: string | undefined
}

const BURST_WINDOW_MS = 2_000
/** The smallest plan's limits: safe everywhere until the first answer tells more. */
const SAFE_BURST = 20
/** Enough to use the smallest plan's limit while pages take a second. */
const CONCURRENCY = 16

/** Throws `pipedrive_address_invalid` when `apiUrl` is no web address. Makes no call. */
export function createPipedriveClient(options: PipedriveClientOptions): PipedriveClient {
  const clock = options.clock ?? systemClock
  const address = readAddress(options.apiUrl)
  const concurrency = options.concurrency ?? CONCURRENCY
  const sender = createSender({ origin: address.origin, connections: concurrency })
  const governor = governorFor(options, concurrency, clock)
  const used = { count: 0, tokens: 0 }
  const byStatus: Record<string, number> = {}
  const caller = createApiCaller({
    rules: createPipedriveRules(options.credential, address.origin),
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
      used.count += 1
      used.tokens += call.tokens
    },
  })
  const calls = createPipedriveCalls(caller, options.apiVersion ?? 'v2', address.prefix)
  return {
    apiUrl: options.apiUrl,
    apiVersion: calls.apiVersion,
    ...createResources(calls, clock),
    usage: () => ({ ...used, byStatus: { ...byStatus } }),
    budget: () => governor.budget() ?? unreachable(),
    forecast: (tokens) => governor.forecast(tokens) ?? unreachable(),
    governor: () => governor.state(),
    close: () => sender.close(),
  }
}

function governorFor(options: PipedriveClientOptions, concurrency: number, clock: Clock): Governor {
  const limits = options.limits ?? {}
  return createGovernor({
    vendor: 'pipedrive',
    windows: [
      { name: 'burst', limit: limits.burst ?? SAFE_BURST, windowMs: BURST_WINDOW_MS },
      { name: 'search', limit: limits.search ?? SEARCH_LIMIT, windowMs: BURST_WINDOW_MS },
    ],
    concurrency,
    budget: { dailyTokens: limits.dailyTokens, reserve: limits.reserve },
    maxWaitMs: options.maxWaitMs,
    clock,
  })
}

/** A path in the address is kept as a prefix, for proxies. */
function readAddress(apiUrl: string): { origin: string; prefix: string } {
  const url = URL.canParse(apiUrl) ? new URL(apiUrl) : undefined
  if (url && (url.protocol === 'https:' || url.protocol === 'http:')) {
    return { origin: url.origin, prefix: url.pathname.replace(/\/+$/, '') }
  }
  throw new TajoError({
    code: 'pipedrive_address_invalid',
    message: `"${apiUrl}" is no web address; give one like https://yourcompany.pipedrive.com.`,
    disposition: 'pause',
  })
}

function unreachable(): never {
  throw new Error('A Pipedrive governor always has a budget')
}
