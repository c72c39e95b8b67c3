/** How many requests the companies may take now: Brevo counts nearly everything by the hour, and contacts come first. */
import { TajoError } from '../../base/error.ts'
import type { BrevoClient } from '../destination/index.ts'

/** What of the hour is left to contacts: their imports, processes, and looks at the account. */
export const reservedRequests = 20
/** The window that counts companies, processes and all that has no limit of its own. */
const sharedWindow = 'other per hour'
/** When nothing tells how the hour goes on, it is looked at again after so long. */
const lookAgainMs = 15 * 60_000

export type CompanyBudget = {
  /** To be called before each request. Throws `brevo_limited` (retry) when there is none left, with the time of the next. */
  take(): void
  readonly spent: () => number
}

/** `requests`: the most in all; null: as many as the hour still has, but for the reserve. */
export function createCompanyBudget(
  brevo: BrevoClient,
  requests: number | null,
  now: () => Date,
): CompanyBudget {
  const startedMs = now().getTime()
  let spent = 0
  return {
    spent: () => spent,
    take() {
      if (requests !== null && spent >= requests) throw spentUp(now(), 'of this turn')
      const window = brevo.governor().windows.find((item) => item.name === sharedWindow)
      const left = window ? window.limit - window.used - reservedRequests : Number.POSITIVE_INFINITY
      if (window?.blockedUntil) throw spentUp(window.blockedUntil, 'of this hour')
      if (window && left <= 0) {
        const known = spent > 0 ? startedMs + window.windowMs : now().getTime() + lookAgainMs
        throw spentUp(new Date(known), 'of this hour')
      }
      spent += 1
    },
  }
}

function spentUp(notBefore: Date, which: string): TajoError {
  return new TajoError({
    code: 'brevo_limited',
    disposition: 'retry',
    notBefore,
    message: `The requests ${which} that Brevo allows for companies are used up; companies go on after ${notBefore.toISOString()}, contacts do not wait for them.`,
  })
}
