/** The pipeline report (rule R10.1): from figures that the store counted to what they mean. It asks no service. */
import type { ClosedRow, RevenueRow, StayRow, Store } from '../store/index.ts'
import { type Figures, type PeriodFigures, readFigures } from './figures.ts'
import { forecastOf, openStagesOf } from './forecast.ts'
import { funnelOf, inOrder, share } from './funnel.ts'
import { rounded, sumOf, withoutRate } from './money.ts'
import { type Interval, intervalFor, intervalsOf, type Period } from './period.ts'
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
import { type By, readBy } from './split.ts'

/** Throws `report_too_early`, `report_unknown`, `report_invalid`. */
export async function pipelineReport(
  store: Store,
  connection: string,
  query: PipelineQuery,
  settings: ReportSettings,
): Promise<PipelineReport> {
  const asked = await readQuestion(store, connection, query, settings)
  const { catalogue, period, previous, rates } = asked
  const by = query.by === undefined ? null : readBy(query.by, catalogue)
  const interval = intervalFor(period)
  const figures = await readFigures(store, asked, by?.grouping ?? null, settings.now)
  const { reach, stays, before, open, probabilities } = figures
  const summary = summaryOf(asked, figures.now)
  const openStages = openStagesOf(asked, open, probabilities)
  return {
    generatedAt: settings.now.toISOString(),
    currency: rates.currency,
    period,
    previous,
    pipeline: asked.pipeline,
    owner: asked.owner,
    only: asked.only,
    unconverted: [
      ...withoutRate(summary.added, rates).map((amount) => ({ of: 'added' as const, ...amount })),
      ...withoutRate(summary.won, rates).map((amount) => ({ of: 'won' as const, ...amount })),
      ...withoutRate(summary.lost, rates).map((amount) => ({ of: 'lost' as const, ...amount })),
      ...withoutRate(sumOf(open, rates), rates).map((amount) => ({ of: 'open' as const, ...amount })),
    ],
    summary,
    summaryBefore: before && summaryOf(asked, before),
    funnels: pipelinesOf(asked).map((pipeline) => funnelOf(pipeline, catalogue.stages, reach)),
    timeInStage: timesOf(asked, stays),
    openStages,
    forecast: forecastOf(openStages, rates.currency),
    velocity: velocityOf(summary, openStages, rates.currency),
    revenue: {
      interval,
      points: revenueIn(asked, period, interval, figures.now.revenue),
      before: previous && before && revenueIn(asked, previous, interval, before.revenue),
    },
    by: by && { key: by.key, label: by.label },
    groups: by === null ? [] : groupsOf(asked, by, figures),
    history: figures.coverage,
  }
}

function pipelinesOf({ catalogue, pipeline }: Asked) {
  return pipeline === null ? catalogue.pipelines : [pipeline]
}

function summaryOf({ rates }: Asked, { added, closed, cycles }: PeriodFigures): Summary {
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

function timesOf(asked: Asked, stays: readonly StayRow[]): readonly StayTimes[] {
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

function revenueIn(
  { rates }: Asked,
  period: Period,
  interval: Interval,
  rows: readonly RevenueRow[],
): readonly RevenuePoint[] {
  const byDay = Map.groupBy(rows, ({ day }) => day)
  return intervalsOf(period, interval).map((day) => {
    const { deals, value } = sumOf(byDay.get(day) ?? [], rates)
    return { day, deals, value }
  })
}

/** The greatest revenue comes first. */
function groupsOf(
  asked: Asked,
  by: By,
  { now, open, groupCycles, probabilities }: Figures,
): readonly Group[] {
  const { rates } = asked
  const [added, closed, stillOpen] = [byKey(now.added), byKey(now.closed), byKey(open)]
  const cycles = new Map(groupCycles.map((cycle) => [cycle.key, cycle]))
  const keys = new Set([...added.keys(), ...closed.keys(), ...stillOpen.keys()])
  const groups = [...keys].map((key): Group => {
    const ended = closed.get(key) ?? []
    const here = stillOpen.get(key) ?? []
    const won = sumOf(ended.filter(isWon), rates)
    const lost = ended.filter((row) => !isWon(row)).reduce((sum, { deals }) => sum + deals, 0)
    const cycle = cycles.get(key)
    const weighted = openStagesOf(asked, here, probabilities).reduce((sum, stage) => sum + stage.weighted, 0)
    return {
      key,
      name: by.nameOf(key),
      added: (added.get(key) ?? []).reduce((sum, { deals }) => sum + deals, 0),
      won,
      lost,
      winRate: share(won.deals, won.deals + lost),
      medianCycleDays: cycle ? days(cycle.median) : null,
      open: sumOf(here, rates),
      weighted: rounded(weighted, rates.currency),
    }
  })
  return groups.sort((a, b) => b.won.value - a.won.value || (a.name < b.name ? -1 : 1))
}

function byKey<R extends { readonly key: string }>(rows: readonly R[]): ReadonlyMap<string, readonly R[]> {
  return Map.groupBy(rows, ({ key }) => key)
}

function days(value: number): number {
  return Math.round(value * 100) / 100
}
