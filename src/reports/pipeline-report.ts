/** The pipeline report (rule R10.1): from figures that the store counted to what they mean. It asks no service. */
import {
  type AmountRow,
  type ClosedRow,
  type CycleRow,
  type OpenRow,
  readAdded,
  readClosed,
  readCoverage,
  readCycles,
  readOpen,
  readReach,
  readRevenue,
  readStays,
  type Store,
} from '../store/index.ts'
import { forecastOf, openStagesOf, probabilitiesOf } from './forecast.ts'
import { funnelOf, inOrder, share } from './funnel.ts'
import { rounded, sumOf, withoutRate } from './money.ts'
import { type By, readBy } from './names.ts'
import { type Interval, intervalFor, intervalsOf, type Period, spanOf } from './period.ts'
import type {
  Group,
  PipelineQuery,
  PipelineReport,
  ReportSettings,
  RevenuePoint,
  StayTimes,
  Summary,
} from './report-face.ts'
import { type Asked, readQuestion } from './scope.ts'

const none = { kind: 'none' } as const

/** Throws `report_too_early`, `report_unknown`, `report_invalid`. */
export async function pipelineReport(
  store: Store,
  connection: string,
  query: PipelineQuery,
  settings: ReportSettings,
): Promise<PipelineReport> {
  const asked = await readQuestion(store, connection, query, settings)
  const { catalogue, scope, period, previous, rates } = asked
  const by = query.by === undefined ? null : readBy(query.by, catalogue)
  const grouping = by?.grouping ?? none
  const span = spanOf(period)
  const interval = intervalFor(period)
  const { db } = store
  const reach = await readReach(db, scope, { added: span }, catalogue.stages)
  const stays = await readStays(db, scope, span)
  const closed = await readClosed(db, scope, span, grouping)
  const cycles = await readCycles(db, scope, span, grouping)
  const added = await readAdded(db, scope, span, grouping)
  const open = await readOpen(db, scope, grouping)
  const cycle = by === null ? cycles : await readCycles(db, scope, span, none)
  const probabilities = await probabilitiesOf(db, asked, settings.now)
  const summary = summaryOf(asked, added, closed, cycle)
  const openStages = openStagesOf(asked, open, probabilities)
  return {
    generatedAt: settings.now.toISOString(),
    currency: rates.currency,
    period,
    previous,
    pipeline: asked.pipeline,
    owner: asked.owner,
    unconverted: [
      ...withoutRate(summary.added, rates).map((amount) => ({ of: 'added' as const, ...amount })),
      ...withoutRate(summary.won, rates).map((amount) => ({ of: 'won' as const, ...amount })),
      ...withoutRate(summary.lost, rates).map((amount) => ({ of: 'lost' as const, ...amount })),
      ...withoutRate(sumOf(open, rates), rates).map((amount) => ({ of: 'open' as const, ...amount })),
    ],
    summary,
    summaryBefore: previous && (await summaryIn(store, asked, previous)),
    funnels: pipelinesOf(asked).map((pipeline) => funnelOf(pipeline, catalogue.stages, reach)),
    timeInStage: timesOf(asked, stays),
    openStages,
    forecast: forecastOf(openStages, rates.currency),
    velocity: velocityOf(summary, openStages, rates.currency),
    revenue: {
      interval,
      points: await revenueIn(store, asked, period, interval),
      before: previous && (await revenueIn(store, asked, previous, interval)),
    },
    by: by && { key: by.key, label: by.label },
    groups: by === null ? [] : groupsOf(asked, by, { added, closed, cycles, open }, probabilities),
    history: await readCoverage(db, scope),
  }
}

function pipelinesOf({ catalogue, pipeline }: Asked) {
  return pipeline === null ? catalogue.pipelines : [pipeline]
}

async function summaryIn(store: Store, asked: Asked, period: Period): Promise<Summary> {
  const span = spanOf(period)
  return summaryOf(
    asked,
    await readAdded(store.db, asked.scope, span, none),
    await readClosed(store.db, asked.scope, span, none),
    await readCycles(store.db, asked.scope, span, none),
  )
}

function summaryOf(
  { rates }: Asked,
  added: readonly AmountRow[],
  closed: readonly ClosedRow[],
  cycles: readonly CycleRow[],
): Summary {
  const won = sumOf(closed.filter(isWon), rates)
  const lost = sumOf(
    closed.filter((row) => !isWon(row)),
    rates,
  )
  const summed = won.deals - withoutRate(won, rates).reduce((sum, { deals }) => sum + deals, 0)
  const [cycle] = cycles
  return {
    added: sumOf(added, rates),
    won,
    lost,
    winRate: share(won.deals, won.deals + lost.deals),
    averageValue: summed === 0 ? null : rounded(won.value / summed, rates.currency),
    cycleDays: cycle ? { average: days(cycle.average), median: days(cycle.median) } : null,
  }
}

function isWon({ status }: ClosedRow): boolean {
  return status === 'won'
}

function timesOf(asked: Asked, stays: Awaited<ReturnType<typeof readStays>>): readonly StayTimes[] {
  const byStage = new Map(stays.map((stay) => [stay.stage_id, stay]))
  return pipelinesOf(asked).flatMap(({ id }) =>
    inOrder(asked.catalogue.stages, id).flatMap((stage) => {
      const stay = byStage.get(stage.id)
      if (stay === undefined) return []
      return [
        {
          pipelineId: id,
          stageId: stage.id,
          name: stage.name,
          stays: stay.stays,
          medianDays: days(stay.median),
          p90Days: days(stay.p90),
          averageDays: days(stay.average),
        },
      ]
    }),
  )
}

function velocityOf(
  { winRate, averageValue, cycleDays }: Summary,
  stages: PipelineReport['openStages'],
  currency: string,
): number | null {
  if (winRate === null || averageValue === null || !cycleDays?.average) return null
  const open = stages.reduce((sum, stage) => sum + stage.open.deals, 0)
  return rounded((open * winRate * averageValue) / cycleDays.average, currency)
}

async function revenueIn(
  store: Store,
  { scope, rates }: Asked,
  period: Period,
  interval: Interval,
): Promise<readonly RevenuePoint[]> {
  const rows = await readRevenue(store.db, scope, spanOf(period), interval)
  const byDay = Map.groupBy(rows, ({ day }) => day)
  return intervalsOf(period, interval).map((day) => {
    const { deals, value } = sumOf(byDay.get(day) ?? [], rates)
    return { day, deals, value }
  })
}

type Rows = {
  readonly added: readonly AmountRow[]
  readonly closed: readonly ClosedRow[]
  readonly cycles: readonly CycleRow[]
  readonly open: readonly OpenRow[]
}

/** The greatest revenue comes first. */
function groupsOf(
  asked: Asked,
  by: By,
  rows: Rows,
  probabilities: Parameters<typeof openStagesOf>[2],
): readonly Group[] {
  const { rates } = asked
  const of = <R extends { readonly key: string }>(some: readonly R[], key: string) =>
    some.filter((row) => row.key === key)
  const keys = new Set([...rows.added, ...rows.closed, ...rows.open].map(({ key }) => key))
  const groups = [...keys].map((key): Group => {
    const closed = of(rows.closed, key)
    const won = sumOf(closed.filter(isWon), rates)
    const lost = closed.filter((row) => !isWon(row)).reduce((sum, { deals }) => sum + deals, 0)
    const open = of(rows.open, key)
    const [cycle] = of(rows.cycles, key)
    const weighted = openStagesOf(asked, open, probabilities).reduce((sum, stage) => sum + stage.weighted, 0)
    return {
      key,
      name: by.nameOf(key),
      added: of(rows.added, key).reduce((sum, { deals }) => sum + deals, 0),
      won,
      lost,
      winRate: share(won.deals, won.deals + lost),
      medianCycleDays: cycle ? days(cycle.median) : null,
      open: sumOf(open, rates),
      weighted: rounded(weighted, rates.currency),
    }
  })
  return groups.sort((a, b) => b.won.value - a.won.value || (a.name < b.name ? -1 : 1))
}

function days(value: number): number {
  return Math.round(value * 100) / 100
}
