/** `tajo status`: whether both accounts are in step, and what the last runs did. Asks no vendor. */
import type { RunSummary, StatusReport } from '../../service/index.ts'
import { type CommandContext, withService } from '../command-context.ts'
import { EXIT } from '../exit-codes.ts'
import { toMinute } from '../failure-text.ts'
import { count, type Output, wrapText } from '../output.ts'
import { duration } from '../progress.ts'
import { reasonText } from '../sync-report-text.ts'

export function runStatus(context: CommandContext): Promise<number> {
  return withService(context, async (service) => {
    const report = await service.status()
    context.output.document(report)
    if (!context.output.json) printStatus(context.output, report)
    return EXIT.done
  })
}

function printStatus(output: Output, report: StatusReport): void {
  const { style, sentence } = freshness(report)
  output.print(output.style(style, wrapText(sentence, output.columns)))
  const { lastRun } = report
  if (lastRun?.reason) output.print(wrapText(lastRun.reason, output.columns))
  if (lastRun?.resumeAt) output.print(`It can go on from ${toMinute(lastRun.resumeAt)}.`)
  output.print()
  output.table(
    ['What', 'How many'],
    [
      ['Persons in Pipedrive', count(report.persons.live)],
      ['  with a contact in Brevo', count(report.persons.withContact)],
      ['  failed', count(report.persons.failed)],
      ['Waiting to be worked out', count(report.backlog.dirty)],
      ['Waiting to be written', count(report.backlog.outbox)],
      ...Object.entries(report.warnings).map(([code, n]) => [`Warning: ${reasonText(code)}`, count(n)]),
    ],
  )
  if (report.runs.length > 0) {
    output.heading('Last runs')
    output.table(['Started', 'Took', 'Mode', 'Result', 'Reason'], report.runs.map(runRow))
  }
  if (report.persons.failed > 0) output.print('\n"tajo failures list" shows what failed and why.')
  output.print(output.style('dim', `\nStore: ${report.store}`))
}

function freshness(report: StatusReport): { style: 'green' | 'yellow'; sentence: string } {
  const { persons, backlog, listedAt } = report
  if (listedAt === null) {
    return {
      style: 'yellow',
      sentence: '! Never synced completely: "tajo sync" reads Pipedrive and fills Brevo.',
    }
  }
  const waiting = backlog.dirty + backlog.outbox
  if (waiting === 0 && persons.failed === 0) {
    return {
      style: 'green',
      sentence: `✓ In step: ${count(persons.live, 'person')} as Pipedrive had them on ${toMinute(listedAt)}.`,
    }
  }
  const why = [
    ...(persons.failed > 0 ? [`${count(persons.failed, 'person')} failed`] : []),
    ...(waiting > 0 ? [`${count(waiting, 'change is', 'changes are')} waiting`] : []),
  ]
  return {
    style: 'yellow',
    sentence: `! Not in step: ${why.join(' and ')} (last complete reading ${toMinute(listedAt)}).`,
  }
}

function runRow(run: RunSummary): string[] {
  const took =
    run.finishedAt === null ? '-' : duration((Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000)
  return [
    toMinute(run.startedAt),
    took,
    run.dryRun ? `${run.mode}, dry` : run.mode,
    run.status,
    run.reason ?? '',
  ]
}
