/** Reports as plain tables, and tables as CSV that spreadsheets open without running anything that stands in them. */
import { MODELS } from './models.ts'
import type { AttributionReport, PipelineReport } from './report-face.ts'

export type Cell = string | number | null

export type ReportTable = {
  readonly name: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

export function pipelineTables(report: PipelineReport): readonly ReportTable[] {
  const { currency } = report
  return [
    {
      name: 'funnel',
      head: ['pipeline', 'stage', 'entered', 'reached', 'conversion', 'drop', 'lost', 'open'],
      rows: report.funnels.flatMap(({ pipeline, stages }) =>
        stages.map((stage) => [
          pipeline,
          stage.name,
          stage.entered,
          stage.reached,
          stage.conversion,
          stage.drop,
          stage.lost,
          stage.open,
        ]),
      ),
    },
    {
      name: 'time-in-stage',
      head: ['stage', 'stays', 'median days', '90th percentile days', 'average days'],
      rows: report.timeInStage.map((stage) => [
        stage.name,
        stage.stays,
        stage.medianDays,
        stage.p90Days,
        stage.averageDays,
      ]),
    },
    {
      name: 'open',
      head: ['stage', 'deals', `value ${currency}`, 'probability', 'from', `weighted ${currency}`],
      rows: report.openStages.map(({ name, open, probability, probabilityFrom, weighted }) => [
        name,
        open.deals,
        open.value,
        probability,
        probabilityFrom,
        weighted,
      ]),
    },
    {
      name: 'revenue',
      head: [report.revenue.interval, 'won deals', `won ${currency}`],
      rows: report.revenue.points.map(({ day, deals, value }) => [day, deals, value]),
    },
    {
      name: 'groups',
      head: [
        report.by?.label ?? 'group',
        'added',
        'won',
        'lost',
        'win rate',
        `won ${currency}`,
        'median days to win',
        'open',
        `open ${currency}`,
        `weighted ${currency}`,
      ],
      rows: report.groups.map((group) => [
        group.name,
        group.added,
        group.won.deals,
        group.lost,
        group.winRate,
        group.won.value,
        group.medianCycleDays,
        group.open.deals,
        group.open.value,
        group.weighted,
      ]),
    },
  ]
}

export function attributionTables(report: AttributionReport): readonly ReportTable[] {
  const { currency } = report
  const names = new Map(report.campaigns.map(({ campaignId, campaign }) => [campaignId, campaign]))
  return [
    {
      name: 'campaigns',
      head: [
        'campaign id',
        'campaign',
        'touches',
        'won deals touched',
        ...MODELS.flatMap((model) => [`${model} deals`, `${model} ${currency}`]),
      ],
      rows: report.campaigns.map(({ campaignId, campaign, touches, deals, models }) => [
        campaignId,
        campaign,
        touches,
        deals,
        ...MODELS.flatMap((model) => [models[model].deals, models[model].value]),
      ]),
    },
    {
      name: 'deals',
      head: ['deal id', 'title', 'won at', 'value', 'currency', 'campaign', 'touched at', ...MODELS],
      rows: report.deals.flatMap((deal) =>
        deal.touches.map(({ campaignId, at, credits }) => [
          deal.dealId,
          deal.title,
          deal.wonAt,
          deal.value,
          deal.currency,
          names.get(campaignId) ?? campaignId,
          at,
          ...MODELS.map((model) => credits[model]),
        ]),
      ),
    },
    {
      name: 'flows',
      head: ['campaign', 'stage', 'deals', `value ${currency}`],
      rows: report.flows.map(({ campaignId, stage, deals, value }) => [
        names.get(campaignId) ?? campaignId,
        stage,
        deals,
        value,
      ]),
    },
  ]
}

/** RFC 4180, with the mark by which spreadsheets know UTF-8. */
export function toCsv({ head, rows }: Pick<ReportTable, 'head' | 'rows'>): string {
  return `\ufeff${[head, ...rows].map((row) => row.map(cellText).join(',')).join('\r\n')}\r\n`
}

/** A text that a spreadsheet would take for a formula gets an apostrophe in front: then it is shown, not run. */
function cellText(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const text = /^[\t\r\n]|^\s*[=+\-@＝＋－＠]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
