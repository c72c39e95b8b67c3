/** `tajo report`: reports from the store, and the backfill that gives them a past. It spends no tokens unasked. */
import {
  type AttributionQuery,
  attributionTables,
  type BackfillForecast,
  type BackfillReport,
  type PipelineQuery,
  pipelineTables,
  type ReportTable,
  type Service,
  toCsv,
} from '../../service/index.ts'
import { printAttribution } from '../attribution-text.ts'
import { type CommandContext, withService } from '../command-context.ts'
import { EXIT, exitCodeOfStatus, usageError } from '../exit-codes.ts'
import { count, type Output, wrapText } from '../output.ts'
import { printPipeline } from '../pipeline-text.ts'
import { createProgress } from '../progress.ts'

type Printing = { format: 'table' | 'json' | 'csv'; section?: string }

export function runPipelineReport(
  context: CommandContext,
  { format, section, ...query }: PipelineQuery & Printing,
): Promise<number> {
  assertSection({ format, ...(section === undefined ? {} : { section }) })
  if (section === 'groups' && query.by === undefined) throw usageError('--section groups belongs to --by.')
  return withService(context, async (service) => {
    const report = await service.reports.pipeline(
      queryOf(query, ['pipeline', 'owner', 'where', 'from', 'to', 'compare', 'by']),
    )
    context.output.document(report)
    if (format === 'csv')
      printCsv(context.output, pipelineTables(report), section ?? (query.by ? 'groups' : 'funnel'))
    else if (!context.output.json) printPipeline(context.output, report)
    return EXIT.done
  })
}

export function runAttributionReport(
  context: CommandContext,
  { format, section, ...query }: AttributionQuery & Printing,
): Promise<number> {
  assertSection({ format, ...(section === undefined ? {} : { section }) })
  return withService(context, async (service) => {
    const names = [
      'pipeline',
      'owner',
      'where',
      'from',
      'to',
      'compare',
      'model',
      'lookback',
      'opens',
    ] as const
    const asked = queryOf(query, names)
    // As a table the deals are a glance; where they are asked for, all of them are meant.
    const report = await service.reports.attribution({ ...asked, limit: section === 'deals' ? 10_000 : 100 })
    context.output.document(report)
    if (format === 'csv') printCsv(context.output, attributionTables(report), section ?? 'campaigns')
    else if (!context.output.json) printAttribution(context.output, report)
    return EXIT.done
  })
}

export async function runBackfill(
  context: CommandContext,
  { maxTokens, yes = false }: { maxTokens?: number; yes?: boolean },
): Promise<number> {
  const { output, signal } = context
  return withService(context, async (service) => {
    const forecast = await service.reports.backfillForecast({ signal })
    if (!output.json) printForecast(output, forecast, maxTokens)
    if (forecast.deals + forecast.contacts > 0 && !yes) {
      if (!output.interactive)
        throw usageError(
          'This spends tokens of the Pipedrive account. Say --yes where nobody can be asked, and --max-tokens for less of it.',
        )
      if (!(await isConfirmed())) {
        output.print('Nothing was read.')
        return EXIT.done
      }
    }
    const report = await backfillWithProgress(context, service, maxTokens)
    output.document({ forecast, ...report })
    if (!output.json) printBackfill(output, report)
    // What was agreed to is done, even if there is more.
    return report.status === 'incomplete' && maxTokens !== undefined && report.deals.failed === 0
      ? EXIT.done
      : exitCodeOfStatus(report.status)
  })
}

async function backfillWithProgress(
  { output, signal }: CommandContext,
  service: Service,
  maxTokens: number | undefined,
): Promise<BackfillReport> {
  const progress = createProgress({ stream: output.stderr })
  try {
    return await service.reports.backfill({ maxTokens, signal, onProgress: progress.update })
  } finally {
    progress.end()
  }
}

function assertSection({ format, section }: Printing): void {
  if (section !== undefined && format !== 'csv') throw usageError('--section belongs to --format csv.')
}

/** Only what was said. */
function queryOf<Q extends object, const K extends keyof Q>(query: Q, names: readonly K[]): Pick<Q, K> {
  return Object.fromEntries(
    names.flatMap((name) => (query[name] === undefined ? [] : [[name, query[name]]])),
  ) as Pick<Q, K>
}

function printCsv(output: Output, tables: readonly ReportTable[], name: string): void {
  const table = tables.find((one) => one.name === name)
  if (table) output.print(toCsv(table).replace(/\r\n$/, '\r'))
}

function printForecast(
  output: Output,
  { deals, tokens, budget, contacts, requests }: BackfillForecast,
  maxTokens: number | undefined,
): void {
  const line = (text: string): void => output.print(wrapText(text, output.columns, '  '))
  if (deals + contacts === 0) {
    line('Nothing from before is missing.')
    return
  }
  line(`Pipedrive: ${count(deals, 'deal')} with a history to read, ${count(tokens, 'token')} in all.`)
  if (budget.remaining !== null) {
    const left = Math.max(0, budget.remaining - budget.reserve)
    const fits =
      budget.fits === true
        ? 'It fits into today.'
        : `It takes ${budget.days === null ? 'several days' : count(budget.days, 'more day')}: the budget is new at ${budget.resetsAt}.`
    line(
      `Of today's tokens ${count(left)} may be used for it; ${count(budget.reserve)} are kept for live changes. ${fits}`,
    )
  }
  if (maxTokens !== undefined)
    line(`This time it spends ${count(maxTokens)} at most, the newest deals first.`)
  line(
    `Brevo: ${count(contacts, 'contact')} of won deals, ${count(requests, 'request')} for their statistics.`,
  )
}

function printBackfill(
  output: Output,
  { status, deals, contacts, touches, tokens, reason }: BackfillReport,
): void {
  const line = (text: string): void => output.print(wrapText(text, output.columns, '  '))
  line(
    `${output.style(status === 'complete' ? 'green' : 'yellow', status)}: ${count(deals.read, 'history', 'histories')} read for ${count(tokens, 'token')}, ${count(contacts.read, 'contact')} looked at, ${count(touches, 'touch', 'touches')} new.`,
  )
  if (deals.partial > 0)
    line(`Of ${count(deals.partial, 'deal')} Pipedrive does not tell the whole way; what it tells is kept.`)
  const failed = deals.failed + contacts.failed
  if (failed > 0) line(`${count(failed)} could not be read.`)
  if (deals.left + contacts.left > 0)
    line(`Left: ${count(deals.left, 'deal')}, ${count(contacts.left, 'contact')}.`)
  if (reason !== null) line(reason)
}

async function isConfirmed(): Promise<boolean> {
  const { confirm } = await import('@clack/prompts')
  return (await confirm({ message: 'Read it?', initialValue: false })) === true
}
