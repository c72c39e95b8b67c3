/** Whether a budget lasts until it is renewed, if it goes on being spent as it was since it was renewed last. */
import type { Status } from './judge-status.ts'

export type Budget = NonNullable<Status['live']>['budgets'][number]

export type BudgetForecast =
  | { readonly kind: 'unknown' }
  /** When it is renewed is all that can be said. */
  | { readonly kind: 'renewed'; readonly renewedAt: string }
  | { readonly kind: 'spent'; readonly renewedAt: string }
  | { readonly kind: 'lasts'; readonly renewedAt: string }
  | { readonly kind: 'runs_out'; readonly at: string; readonly renewedAt: string }

const DAY_MS = 86_400_000
/** Right after midnight everything looks fast. */
const TOO_EARLY_MS = 15 * 60_000

/** Pipedrive's is of a day and renewed all at once. When Brevo's hour began is not known: of it no pace is told. */
export function forecastBudget({ vendor, left, limit, renewedAt }: Budget, nowMs: number): BudgetForecast {
  if (left === null || limit === null || renewedAt === null) return { kind: 'unknown' }
  if (left <= 0) return { kind: 'spent', renewedAt }
  const endsAtMs = Date.parse(renewedAt)
  const elapsedMs = nowMs - (endsAtMs - DAY_MS)
  if (vendor === 'brevo' || elapsedMs < TOO_EARLY_MS) return { kind: 'renewed', renewedAt }
  const perMs = (limit - left) / elapsedMs
  const spentAtMs = nowMs + left / perMs
  return spentAtMs < endsAtMs
    ? { kind: 'runs_out', at: new Date(spentAtMs).toISOString(), renewedAt }
    : { kind: 'lasts', renewedAt }
}
