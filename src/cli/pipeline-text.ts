/** The pipeline report on a terminal. */
import type { PipelineReport } from '../service/index.ts'
import { commandLine } from './command-context.ts'
import { change, inDays, money, percent } from './money-text.ts'
import { count, type Output, wrapText } from './output.ts'

export function printPipeline(output: Output, report: PipelineReport): void {
  const line = (text: string): void => output.print(wrapText(text, output.columns, '  '))
  printHead(output, report)
  if (report.history.deals === 0) {
    line('No deals yet. They come with a sync: `sync.deals` has to be on, and something has to need them.')
    return
  }
  printSummary(output, report)
  for (const funnel of report.funnels) {
    if (funnel.deals === 0) continue
    output.heading(
      `Funnel: ${funnel.pipeline} (${count(funnel.deals, 'deal')} added in the time, as they are now)`,
    )
    output.table(
      ['stage', 'reached', 'to next', 'drop', 'lost here', 'open here'],
      funnel.stages.map((stage) => [
        stage.name,
        count(stage.reached),
        percent(stage.conversion),
        count(stage.drop),
        count(stage.lost),
        count(stage.open),
      ]),
    )
    output.print(`won  ${count(funnel.won)} (${percent(funnel.conversion)} of all)`)
  }
  if (report.timeInStage.length > 0) {
    output.heading('Time in stage')
    output.table(
      ['stage', 'stays', 'median', '90th percentile'],
      report.timeInStage.map((stage) => [
        stage.name,
        count(stage.stays),
        inDays(stage.medianDays),
        inDays(stage.p90Days),
      ]),
    )
  }
  printOpen(output, report)
  printGroups(output, report)
  printRevenue(output, report)
  printNotes(output, report)
}

export function printHead(
  output: Output,
  { period, pipeline, owner, only }: Pick<PipelineReport, 'period' | 'pipeline' | 'owner' | 'only'>,
): void {
  const of = [
    pipeline && `pipeline ${pipeline.name}`,
    owner && `owner ${owner.name}`,
    only && `${only.label}: ${only.value}`,
  ].filter(Boolean)
  output.print(
    `${period.from} to ${period.to} (${count(period.days, 'day')}, UTC)${of.length > 0 ? `, ${of.join(', ')}` : ''}`,
  )
}

function printSummary(
  output: Output,
  { summary, summaryBefore, currency, velocity, previous }: PipelineReport,
): void {
  const { added, won, lost, winRate, averageValue, cycleDays } = summary
  const before = summaryBefore
  const rows = [
    ['won', count(won.deals, 'deal'), money(won.value, currency), change(won.value, before?.won.value)],
    ['lost', count(lost.deals, 'deal'), money(lost.value, currency), change(lost.value, before?.lost.value)],
    [
      'added',
      count(added.deals, 'deal'),
      money(added.value, currency),
      change(added.value, before?.added.value),
    ],
    ['win rate', percent(winRate), '', before ? `${percent(before.winRate)} before` : ''],
    ['average won deal', averageValue === null ? '–' : money(averageValue, currency), '', ''],
    ['from added to won', inDays(cycleDays?.median ?? null), 'median', ''],
    ['velocity', velocity === null ? '–' : `${money(velocity, currency)} a day`, '', ''],
  ]
  output.heading('Summary')
  output.table(['', '', '', previous ? `against ${previous.from} to ${previous.to}` : ''], rows)
}

function printOpen(output: Output, { openStages, forecast, currency }: PipelineReport): void {
  const open = openStages.filter((stage) => stage.open.deals > 0)
  if (open.length === 0) return
  output.heading('Open deals now')
  output.table(
    ['stage', 'deals', 'value', 'probability', 'weighted'],
    open.map((stage) => [
      stage.name,
      count(stage.open.deals),
      money(stage.open.value, currency),
      `${percent(stage.probability)}${stage.probabilityFrom === 'history' ? ' (history)' : ''}`,
      money(stage.weighted, currency),
    ]),
  )
  const how = {
    stage: "by the stages' probabilities in Pipedrive",
    history: 'by how many deals that came so far were won in the last year',
    mixed: "by the stages' probabilities in Pipedrive, and by history where they have none",
    none: 'nothing says how likely they are won',
  }[forecast.probabilityFrom]
  output.print(
    wrapText(
      `Forecast: ${money(forecast.weighted, currency)} of ${money(forecast.open, currency)}, ${how}.`,
      output.columns,
      '  ',
    ),
  )
}

function printGroups(output: Output, { by, groups, currency }: PipelineReport): void {
  if (by === null) return
  output.heading(`By ${by.label}`)
  output.table(
    ['', 'won', 'value', 'lost', 'win rate', 'days to win', 'open', 'weighted'],
    groups.map((group) => [
      group.name,
      count(group.won.deals),
      money(group.won.value, currency),
      count(group.lost),
      percent(group.winRate),
      inDays(group.medianCycleDays),
      money(group.open.value, currency),
      money(group.weighted, currency),
    ]),
  )
}

const barCells = 24

function printRevenue(output: Output, { revenue, currency }: PipelineReport): void {
  const most = Math.max(...revenue.points.map(({ value }) => value))
  if (!(most > 0)) return
  output.heading(`Won revenue by ${revenue.interval}`)
  output.table(
    [revenue.interval, 'deals', 'won', ''],
    revenue.points.map(({ day, deals, value }) => [
      revenue.interval === 'month' ? day.slice(0, 7) : day,
      count(deals),
      money(value, currency),
      '█'.repeat(Math.round((Math.max(0, value) / most) * barCells)),
    ]),
  )
}

function printNotes(output: Output, { history, unconverted }: PipelineReport): void {
  const line = (text: string): void => output.print(wrapText(text, output.columns, '  '))
  output.print()
  printUnconverted(output, unconverted)
  if (history.complete < history.deals)
    line(
      `Of ${count(history.complete)} of ${count(history.deals)} deals every stage they went through is known. ${commandLine('report backfill')} reads the rest.`,
    )
}

export function printUnconverted(output: Output, unconverted: PipelineReport['unconverted']): void {
  for (const { of, currency, deals, value } of unconverted)
    output.print(
      wrapText(
        `Not in the sums: ${money(value, currency)} of ${count(deals, 'deal')} (${of}): exchange_rates has no ${currency}.`,
        output.columns,
        '  ',
      ),
    )
}
