/** `tajo status`: whether both accounts are in step, what the server does, and what the last runs did. Asks no vendor. */
import type { LiveReadings, RunSummary, StatusReport } from '../../service/index.ts'
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
      ...waitingRows(report),
      ['Failures', count(report.persons.failed)],
      ...(report.persons.discarded === 0 ? [] : [['Failures discarded', count(report.persons.discarded)]]),
      ...Object.entries(report.warnings).map(([code, n]) => [`Warning: ${reasonText(code)}`, count(n)]),
    ],
  )
  printServer(output, report)
  if (report.runs.length > 0) {
    output.heading('Last runs')
    output.table(['Started', 'Took', 'Mode', 'Result', 'Reason'], report.runs.map(runRow))
  }
  if (report.persons.failed > 0) output.print('\n"tajo failures list" shows what failed and why.')
  output.print(output.style('dim', `\nStore: ${report.store}`))
}

function waitingRows({ backlog }: StatusReport): string[][] {
  const { inbox, dirty, outbox, edits, events, companies, oldestAt } = backlog
  return [
    ['Changes waiting to be looked at', count(inbox)],
    ['Waiting to be worked out', count(dirty)],
    ['Waiting to be written to Brevo', count(outbox)],
    ['Waiting to be written to Pipedrive', count(edits)],
    ['Events waiting', count(events)],
    ['Companies waiting', count(companies)],
    ...(oldestAt === null ? [] : [['The oldest change or event waits', `since ${toMinute(oldestAt)}`]]),
  ]
}

function printServer(output: Output, { live, mode }: StatusReport): void {
  output.heading('Server')
  if (live === null) {
    output.print(`None runs on this store (sync_mode: ${mode}).`)
    return
  }
  if (live.paused !== null) {
    const until = live.paused.until === null ? '' : ` Tried again at ${toMinute(live.paused.until)}.`
    output.print(
      output.style('yellow', wrapText(`! Paused: ${live.paused.reason}${until}`, output.columns, '  ')),
    )
  }
  output.table(['What', 'Now'], serverRows(live))
}

function serverRows(live: LiveReadings): string[][] {
  const { lagSeconds, events, budgets } = live
  const healthy = { true: 'yes', false: 'no: polling does their work', null: 'not known yet' }
  return [
    ['Mode', live.mode],
    ...(live.mode === 'batch' ? [] : [['Webhooks healthy', healthy[`${live.webhooksHealthy}`]]]),
    ['Last poll', live.lastPollAt === null ? '-' : toMinute(live.lastPollAt)],
    ['From change to Brevo, half of them', seconds(lagSeconds.p50)],
    ['From change to Brevo, 99 in 100', seconds(lagSeconds.p99)],
    ['Events sent', count(events.sent)],
    ['Events without a contact to go to', count(events.no_contact)],
    ['Events failed', count(events.failed)],
    ...budgets.map(({ vendor, budget, left }) => [
      `Left of ${vendor === 'brevo' ? 'Brevo' : 'Pipedrive'}'s ${budget}`,
      left === null ? 'not known yet' : count(left),
    ]),
  ]
}

function seconds(value: number | null): string {
  return value === null ? '-' : `${value < 10 ? value.toFixed(1) : Math.round(value)} s`
}

function freshness(report: StatusReport): { style: 'green' | 'yellow'; sentence: string } {
  const { persons, backlog, listedAt, live } = report
  if (listedAt === null) {
    return {
      style: 'yellow',
      sentence: '! Never synced completely: "tajo sync" reads Pipedrive and fills Brevo.',
    }
  }
  // Companies have a budget of their own, and come when they come.
  const waiting = backlog.inbox + backlog.dirty + backlog.outbox + backlog.edits + backlog.events
  if (live !== null && live.paused !== null) {
    return { style: 'yellow', sentence: '! The server is paused; see below.' }
  }
  if (waiting === 0 && persons.failed === 0) {
    return {
      style: 'green',
      sentence: `✓ In step: ${count(persons.live, 'person')} as Pipedrive had them on ${toMinute(listedAt)}.`,
    }
  }
  const why = [
    ...(persons.failed > 0 ? [count(persons.failed, 'failure')] : []),
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
