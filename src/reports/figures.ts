/** What the pipeline report asks the store for, three questions at a time: no answer needs another. */
import {
  type AmountRow,
  type ClosedRow,
  type CycleRow,
  type Grouping,
  type OpenRow,
  type ReachRow,
  type RevenueRow,
  readAdded,
  readClosed,
  readCoverage,
  readCycles,
  readOpen,
  readReach,
  readRevenue,
  readStays,
  type StayRow,
  type Store,
} from '../store/index.ts'
import { type Probabilities, probabilitiesOf } from './forecast.ts'
import { intervalFor, type Period, spanOf } from './period.ts'
import type { Asked } from './scope.ts'

const none = { kind: 'none' } as const

/** `added` and `closed` may be by groups; `cycles` are over all of them. */
export type PeriodFigures = {
  readonly added: readonly AmountRow[]
  readonly closed: readonly ClosedRow[]
  readonly cycles: readonly CycleRow[]
  readonly revenue: readonly RevenueRow[]
}

export type Figures = {
  readonly reach: readonly ReachRow[]
  readonly stays: readonly StayRow[]
  readonly now: PeriodFigures
  /** The period before. */
  readonly before: PeriodFigures | null
  readonly groupCycles: readonly CycleRow[]
  readonly open: readonly OpenRow[]
  readonly probabilities: Probabilities
  readonly coverage: Awaited<ReturnType<typeof readCoverage>>
}

export async function readFigures(
  { db }: Store,
  asked: Asked,
  grouping: Grouping | null,
  now: Date,
): Promise<Figures> {
  const { catalogue, scope, period, previous } = asked
  const span = spanOf(period)
  const interval = intervalFor(period)
  // The two that walk through the moves, and what deals themselves say, one after the other.
  const [reach, stays, rest] = await Promise.all([
    readReach(db, scope, { added: span }, catalogue.stages),
    readStays(db, scope, span),
    readOfDeals(),
  ])
  return { reach, stays, ...rest }

  async function readOfDeals(): Promise<Omit<Figures, 'reach' | 'stays'>> {
    const figures = await readPeriod(period, grouping ?? none)
    return {
      now: figures,
      before: previous && (await readPeriod(previous, none)),
      groupCycles: grouping === null ? [] : await readCycles(db, scope, span, grouping),
      open: await readOpen(db, scope, grouping ?? none),
      probabilities: await probabilitiesOf(db, asked, now),
      coverage: await readCoverage(db, scope),
    }
  }

  async function readPeriod(of: Period, by: Grouping): Promise<PeriodFigures> {
    const within = spanOf(of)
    return {
      added: await readAdded(db, scope, within, by),
      closed: await readClosed(db, scope, within, by),
      cycles: await readCycles(db, scope, within, none),
      revenue: await readRevenue(db, scope, within, interval),
    }
  }
}
