/** The days a report is about, as the address of the page and the server write them. */

export type Choice = {
  /** `30`, `90`, `365` days up to today, or the two dates. */
  readonly span: '30' | '90' | '365' | 'custom'
  readonly from: string
  readonly to: string
}

const DAY_MS = 86_400_000

export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

/** What is asked of the server; days are those of UTC, as the server counts them. Null: the dates are none. */
export function toPeriod({ span, from, to }: Choice, nowMs: number): { from: string; to: string } | null {
  if (span !== 'custom') return { from: dayOf(nowMs - (Number(span) - 1) * DAY_MS), to: dayOf(nowMs) }
  return isDay(from) && isDay(to) && from <= to ? { from, to } : null
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))
}
