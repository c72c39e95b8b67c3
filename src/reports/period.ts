/** From when to when a report looks, in whole days of UTC, and the time before it of the same length. */
import type { Span } from '../store/index.ts'
import { invalid } from './report-error.ts'

const dayMs = 86_400_000
const defaultDays = 90

/** `to` is the last day. */
export type Period = { readonly from: string; readonly to: string; readonly days: number }

/** `YYYY-MM-DD` each; without them, the last 90 days. Throws `report_invalid`. */
export function readPeriod(from: string | undefined, to: string | undefined, now: Date): Period {
  const last = to === undefined ? Math.floor(now.getTime() / dayMs) * dayMs : dayOf(to)
  const first = from === undefined ? last - (defaultDays - 1) * dayMs : dayOf(from)
  if (first > last)
    throw invalid(`The time from ${textOf(first)} to ${textOf(last)} is none: it ends before it begins.`)
  return { from: textOf(first), to: textOf(last), days: (last - first) / dayMs + 1 }
}

export function before({ from, days }: Period): Period {
  const end = dayOf(from) - dayMs
  return { from: textOf(end - (days - 1) * dayMs), to: textOf(end), days }
}

export function spanOf({ from, to }: Period): Span {
  return { from: new Date(dayOf(from)), to: new Date(dayOf(to) + dayMs) }
}

export type Interval = 'day' | 'week' | 'month'

/** So that a chart has some dozens of points. */
export function intervalFor({ days }: Period): Interval {
  return days <= 35 ? 'day' : days <= 190 ? 'week' : 'month'
}

/** The first day of each interval of the period, without gaps. */
export function intervalsOf(period: Period, interval: Interval): readonly string[] {
  const last = dayOf(period.to)
  const days: string[] = []
  let at = startOf(dayOf(period.from), interval)
  while (at <= last) {
    days.push(textOf(at))
    const date = new Date(at)
    at =
      interval === 'month'
        ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
        : at + (interval === 'week' ? 7 : 1) * dayMs
  }
  return days
}

function startOf(ms: number, interval: Interval): number {
  const date = new Date(ms)
  if (interval === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
  // Weeks begin on Monday.
  return interval === 'week' ? ms - ((date.getUTCDay() + 6) % 7) * dayMs : ms
}

function dayOf(text: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  // 30 February is taken for 2 March otherwise.
  if (Number.isNaN(ms) || textOf(ms) !== text)
    throw invalid(`${JSON.stringify(text)} is no day. Write it as 2026-03-31.`)
  return ms
}

function textOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
