import { describe, expect, test } from 'vitest'
import { ApiError, type ApiErrorOptions } from './api-error.ts'
import { readRetryAfter, retryDelayMs } from './retry-timing.ts'

const now = new Date('2026-11-24T10:00:00Z')
const failure = (more: Partial<ApiErrorOptions>) =>
  new ApiError({
    vendor: 'x',
    code: 'x_unavailable',
    message: 'm',
    disposition: 'retry',
    method: 'GET',
    path: '/',
    status: 503,
    applied: 'maybe',
    ...more,
  })
const delay = (
  error: ApiError,
  more: { attempt?: number; idempotent?: boolean; random?: () => number } = {},
) => retryDelayMs(error, { attempt: 1, idempotent: true, nowMs: now.getTime(), random: () => 1, ...more })

describe('when to repeat', () => {
  test('pauses double from half a second up to the cap, with jitter down to half', () => {
    const policy = { attempts: 99, baseMs: 500, capMs: 30_000 }
    const at = (attempt: number, random: number) =>
      retryDelayMs(failure({}), { attempt, idempotent: true, nowMs: 0, random: () => random }, policy)
    expect([1, 2, 3, 9].map((attempt) => at(attempt, 1))).toEqual([500, 1000, 2000, 30_000])
    expect([1, 2, 3, 9].map((attempt) => at(attempt, 0))).toEqual([250, 500, 1000, 15_000])
  })

  test('gives up after the fourth sending', () => {
    expect(delay(failure({}), { attempt: 3 })).not.toBeNull()
    expect(delay(failure({}), { attempt: 4 })).toBeNull()
  })

  test('never repeats what is rejected or paused', () => {
    expect(delay(failure({ disposition: 'reject' }))).toBeNull()
    expect(delay(failure({ disposition: 'pause' }))).toBeNull()
  })

  test('repeats a write that is not idempotent only when it was surely not applied', () => {
    expect(delay(failure({ applied: 'maybe' }), { idempotent: false })).toBeNull()
    expect(delay(failure({ applied: 'no', status: 0 }), { idempotent: false })).toBe(500)
    expect(delay(failure({ applied: 'no', status: 425 }), { idempotent: false })).toBe(500)
  })

  test('keeps the time the server named, without jitter, and leaves long waits to the caller', () => {
    const inMs = (ms: number) => new Date(now.getTime() + ms)
    expect(delay(failure({ notBefore: inMs(7_000) }), { random: () => 0 })).toBe(7_000)
    expect(delay(failure({ notBefore: inMs(31_000) }))).toBeNull()
    // The governor does the waiting after a 429.
    expect(delay(failure({ status: 429, applied: 'no', notBefore: inMs(7_000) }))).toBe(0)
  })
})

describe('Retry-After', () => {
  test('is seconds or a date; nonsense and the past count as absent', () => {
    expect(readRetryAfter('3939', now)).toEqual(new Date(now.getTime() + 3_939_000))
    expect(readRetryAfter('Tue, 24 Nov 2026 10:01:00 GMT', now)).toEqual(new Date('2026-11-24T10:01:00Z'))
    for (const value of [undefined, '', 'soon', '-5', 'Tue, 24 Nov 2020 10:01:00 GMT']) {
      expect(readRetryAfter(value, now)).toBeUndefined()
    }
  })
})
