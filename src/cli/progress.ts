/**
 * What a run is doing, on stderr: one line that is drawn over on a terminal, a plain line every few seconds
 * elsewhere. It estimates nothing while the total is unknown.
 */
import { type Clock, systemClock } from '../base/clock.ts'
import type { RunProgress } from '../service/index.ts'
import { count } from './output.ts'

export type Progress = {
  update(progress: RunProgress): void
  /** Takes the line off the terminal. */
  end(): void
}

export type ProgressOptions = {
  stream: NodeJS.WriteStream
  clock?: Clock
  /** What stages are called, where that is not what a sync calls them. */
  titles?: Readonly<Partial<Record<RunProgress['stage'], string>>>
}

const STAGES: readonly { stage: RunProgress['stage']; title: string }[] = [
  { stage: 'check', title: 'Checking both accounts' },
  { stage: 'read', title: 'Reading' },
  { stage: 'project', title: 'Working out contacts' },
  { stage: 'deliver', title: 'Writing to Brevo' },
  { stage: 'verify', title: 'Reading back from Brevo' },
  { stage: 'done', title: 'Done' },
]
const REDRAW_MS = 100
const PLAIN_LINE_MS = 3_000
const BAR_CELLS = 20
const ETA_AFTER_MS = 1_500

type StageCounts = { rank: number; startedAtMs: number; parts: Map<string, RunProgress> }

export function createProgress({ stream, clock = systemClock, titles = {} }: ProgressOptions): Progress {
  const terminal = stream.isTTY === true
  const paceMs = terminal ? REDRAW_MS : PLAIN_LINE_MS
  let current: StageCounts | null = null
  let shownAtMs = Number.NEGATIVE_INFINITY
  let drawn = false

  const show = (nowMs: number, force: boolean): void => {
    if (current === null || (!force && nowMs - shownAtMs < paceMs)) return
    shownAtMs = nowMs
    const line = progressLine(current, { nowMs, terminal, titles })
    if (terminal) stream.write(`\r\x1b[2K${line.slice(0, (stream.columns || 80) - 1)}`)
    else stream.write(`${line}\n`)
    drawn = true
  }
  return {
    update(progress) {
      const rank = STAGES.findIndex(({ stage }) => stage === progress.stage)
      if (progress.stage === 'done' || (current !== null && rank < current.rank)) return
      const nowMs = clock.now().getTime()
      const isNew = current === null || rank > current.rank
      if (current === null || isNew) current = { rank, startedAtMs: nowMs, parts: new Map() }
      current.parts.set(progress.what, progress)
      show(nowMs, isNew)
    },
    end() {
      if (terminal && drawn) stream.write('\r\x1b[2K')
      current = null
    },
  }
}

/** `Reading  ████░░  1,200/5,000 persons  300/s  13 s left`. */
function progressLine(
  stage: StageCounts,
  {
    nowMs,
    terminal,
    titles,
  }: { nowMs: number; terminal: boolean; titles: NonNullable<ProgressOptions['titles']> },
): string {
  const parts = [...stage.parts.values()]
  const done = parts.reduce((sum, part) => sum + part.done, 0)
  const total = parts.every((part) => part.total !== null)
    ? parts.reduce((sum, part) => sum + (part.total ?? 0), 0)
    : null
  const known = STAGES[stage.rank]
  const title = known ? (titles[known.stage] ?? known.title) : ''
  const words = [title]
  if (terminal && total !== null && total > 0) words.push(bar(done / total))
  if (done > 0 || total !== null) words.push(`${ofTotal(done, total)} ${whatOf(parts)}`)
  const elapsedMs = nowMs - stage.startedAtMs
  if (done > 0 && elapsedMs >= ETA_AFTER_MS) {
    const perSecond = (done * 1000) / elapsedMs
    words.push(`${perSecond < 10 ? perSecond.toFixed(1) : count(Math.round(perSecond))}/s`)
    const leftMs = timeLeftMs(parts, elapsedMs)
    if (leftMs !== null) words.push(`${duration(leftMs / 1000)} left`)
  }
  return words.join('  ')
}

/** The slowest part decides: imports and single contacts do not go at one speed. Null while that is unknown. */
function timeLeftMs(parts: readonly RunProgress[], elapsedMs: number): number | null {
  const left = parts.map(({ done, total }) =>
    total === null || (done === 0 && total > 0)
      ? Number.NaN
      : total === 0
        ? 0
        : ((total - done) / done) * elapsedMs,
  )
  const longest = Math.max(...left)
  return longest > 0 ? longest : null
}

function whatOf(parts: readonly RunProgress[]): string {
  return parts.length === 1 ? (parts[0]?.what ?? '') : 'records'
}

function ofTotal(done: number, total: number | null): string {
  return total === null ? count(done) : `${count(done)}/${count(total)}`
}

function bar(share: number): string {
  const full = Math.round(Math.min(Math.max(share, 0), 1) * BAR_CELLS)
  return '█'.repeat(full) + '░'.repeat(BAR_CELLS - full)
}

/** `8 s`, `2 min 5 s`, `1 h 10 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
