/**
 * How long the part of a run that is under way will still take, from how fast it was lately. It is told in steps that
 * people speak in, follows a faster pace at once and a slower one only when it lasts, and says nothing where the total is
 * not known. Pure.
 */
import type { Progress } from '../api/call.ts'

export type TimeLeft =
  | { readonly unit: 'moment' }
  | { readonly unit: 'minute' | 'hour'; readonly value: number }

export type Estimate = {
  readonly part: string
  /** The newest last. */
  readonly marks: readonly { readonly atMs: number; readonly done: number }[]
  /** As it is told. */
  readonly left: TimeLeft | null
}

export const nothingEstimated: Estimate = { part: '', marks: [], left: null }

/** The pace is that of so long. */
const LOOK_BACK_MS = 60_000
/** Before this, everything is chance. */
const TOO_EARLY_MS = 3_000
/** What is told grows only when the rest takes that much longer than told. */
const MUCH_LONGER = 1.5
const MINUTE_MS = 60_000
const HOURS_FROM_MINUTES = 90

export function estimateLeft(before: Estimate, progress: Progress | null, nowMs: number): Estimate {
  if (progress === null || progress.total === null) return nothingEstimated
  const { stage, what, done, total } = progress
  const part = `${stage} ${what}`
  const known = before.part === part ? before.marks : []
  // Where word comes seldom, the last one stays.
  const kept = known.filter(({ atMs }, at) => nowMs - atMs <= LOOK_BACK_MS || at === known.length - 1)
  const marks = [...kept, { atMs: nowMs, done }]
  const told = before.part === part ? before.left : null
  const [first] = marks
  const spentMs = nowMs - (first?.atMs ?? nowMs)
  const made = done - (first?.done ?? done)
  if (spentMs < TOO_EARLY_MS || made <= 0) return { part, marks, left: told }
  return { part, marks, left: settle(told, ((total - done) * spentMs) / made / MINUTE_MS) }
}

function settle(told: TimeLeft | null, minutes: number): TimeLeft {
  const now = inSteps(minutes)
  if (told === null || minutesOf(now) < minutesOf(told)) return now
  return minutes > minutesOf(told) * MUCH_LONGER ? now : told
}

function inSteps(minutes: number): TimeLeft {
  if (minutes < 1) return { unit: 'moment' }
  if (minutes < HOURS_FROM_MINUTES) return { unit: 'minute', value: Math.ceil(minutes) }
  return { unit: 'hour', value: Math.ceil(minutes / 30) / 2 }
}

function minutesOf(left: TimeLeft): number {
  if (left.unit === 'moment') return 1
  return left.unit === 'minute' ? left.value : left.value * 60
}
