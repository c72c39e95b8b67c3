/**
 * The account's request limits by plan (https://developers.brevo.com/docs/api-limits): contacts, events, and
 * everything else, shared by all keys. Answers the `x-sib-ratelimit-*` headers; never a Retry-After.
 */
import { type Allowance, RollingWindow } from '../kit/rate-window.ts'
import type { BrevoSwitches } from './switches.ts'
import type { BrevoPlan } from './world.ts'

/** Requests per rolling second and per rolling hour; left out: not limited that way. */
export type BucketLimits = { perSecond?: number; perHour?: number }
export type BucketName = 'contacts' | 'events' | 'other'
export type BrevoLimits = Record<BucketName, BucketLimits>

export const PLAN_LIMITS: Record<BrevoPlan, BrevoLimits> = {
  starter: {
    contacts: { perSecond: 10, perHour: 36_000 },
    events: { perSecond: 10, perHour: 36_000 },
    other: { perHour: 100 },
  },
  professional: {
    contacts: { perSecond: 20, perHour: 72_000 },
    events: { perSecond: 20, perHour: 72_000 },
    other: { perHour: 200 },
  },
  enterprise: {
    contacts: { perSecond: 60 },
    events: { perSecond: 60 },
    other: { perHour: 600 },
  },
}

export function bucketOf(
  method: string,
  path: string,
  { eventsBatchBucket }: Pick<BrevoSwitches, 'eventsBatchBucket'>,
): BucketName {
  if (/^\/v3\/contacts(\/|$)/.test(path)) return 'contacts'
  if (method === 'POST' && path === '/v3/events') return 'events'
  return /^\/v3\/events(\/|$)/.test(path) ? eventsBatchBucket : 'other'
}

export class RateBuckets {
  readonly #windows: Record<BucketName, RollingWindow[]>

  constructor(limits: BrevoLimits) {
    const windows = ({ perSecond, perHour }: BucketLimits): RollingWindow[] => [
      ...(perSecond === undefined ? [] : [new RollingWindow(perSecond, 1000)]),
      ...(perHour === undefined ? [] : [new RollingWindow(perHour, 3_600_000)]),
    ]
    this.#windows = {
      contacts: windows(limits.contacts),
      events: windows(limits.events),
      other: windows(limits.other),
    }
  }

  /** Takes one request out of the bucket. The headers tell of the window that refuses, else of the fullest. */
  take(bucket: BucketName, nowMs: number): { allowed: boolean; headers: Record<string, string> } {
    let shown: Allowance | null = null
    for (const window of this.#windows[bucket]) {
      const allowance = window.take(nowMs)
      if (!allowance.allowed) return { allowed: false, headers: headersOf(allowance) }
      if (shown === null || allowance.remaining < shown.remaining) shown = allowance
    }
    return { allowed: true, headers: shown ? headersOf(shown) : {} }
  }
}

/** `reset` in whole seconds, at least 1. */
function headersOf({ limit, remaining, resetMs }: Allowance): Record<string, string> {
  return {
    'x-sib-ratelimit-limit': String(limit),
    'x-sib-ratelimit-remaining': String(remaining),
    'x-sib-ratelimit-reset': String(Math.max(1, Math.ceil(resetMs / 1000))),
  }
}
