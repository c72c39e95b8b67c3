/**
 * The access tokens of one credential: one at a time, renewed ahead of their end, by one call however many wait. Keeps the
 * token in memory only; where it comes from, and what is kept of it, is its maker's business.
 */
import type { Clock } from '../base/clock.ts'
import { TajoError } from '../base/error.ts'

export type AccessToken = {
  readonly token: string
  /** From then on another one is asked for, while this one still works. */
  readonly renewAt: Date
  readonly expiresAt: Date
}

export type TokenSource = {
  /** A token that works for a while yet. Throws what `renew` throws. */
  current(): Promise<string>
  /** The service no longer takes this one: `current` gives another one from now on. */
  refuse(token: string): void
}

export type TokenSourceOptions = {
  /** `refused`: the token that the service no longer takes, should that be why. */
  readonly renew: (refused: string | null) => Promise<AccessToken>
  readonly clock: Clock
}

/** So early, at most, is a token renewed. */
const AHEAD_MS = 5 * 60_000
/** The share of its life after which a short-lived token is renewed. */
const AHEAD_SHARE = 0.1
/** While the old token still works, trouble with renewing it is met again only so much later. */
const TROUBLE_MS = 30_000

export function createTokenSource({ renew, clock }: TokenSourceOptions): TokenSource {
  let held: AccessToken | null = null
  let refused: string | null = null
  let troubledUntil = 0
  let flight: Promise<AccessToken> | null = null

  const renewed = (): Promise<AccessToken> => {
    flight ??= renew(refused)
      .then((token) => {
        held = token
        return token
      })
      .finally(() => {
        flight = null
      })
    return flight
  }
  return {
    async current() {
      const now = clock.now()
      const working = held !== null && held.token !== refused && held.expiresAt > now ? held : null
      if (working !== null && (working.renewAt > now || now.getTime() < troubledUntil)) return working.token
      try {
        return (await renewed()).token
      } catch (error) {
        const passes = error instanceof TajoError && error.disposition === 'retry'
        if (working === null || !passes) throw error
        troubledUntil = clock.now().getTime() + TROUBLE_MS
        return working.token
      }
    },
    refuse(token) {
      if (held?.token === token) refused = token
    },
  }
}

/** When a token that lives so long from now on is to be renewed, and when it ends. */
export function lifeOf(token: string, lifetimeMs: number, now: Date): AccessToken {
  const at = (ms: number): Date => new Date(now.getTime() + ms)
  const aheadMs = Math.min(AHEAD_MS, lifetimeMs * AHEAD_SHARE)
  return { token, renewAt: at(lifetimeMs - aheadMs), expiresAt: at(lifetimeMs) }
}
