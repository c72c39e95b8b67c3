/** A run's accounting for people: what became of every person that was read, and why. Reads the report only. */
import type { SyncReport } from '../service/index.ts'
import { toMinute } from './failure-text.ts'
import { count, type Output, wrapText } from './output.ts'
import { printToPipedrive, toPipedriveRows } from './to-pipedrive-text.ts'

/** Why a person or a value was left out, in words. Codes that are not here stand for themselves. */
const REASONS: Readonly<Record<string, string>> = {
  no_email: 'no e-mail address',
  invalid_email: 'the e-mail address is not valid',
  same_email: 'another person has the same address and leads',
  deleted: 'deleted in Pipedrive',
  deleted_in_brevo: 'deleted in Brevo, so not made again',
  discarded: 'failed and discarded',
  invalid_phone: 'phone number not usable, sent without it',
  sms_taken: 'phone number belongs to another contact',
  type_mismatch: 'a value does not fit its attribute, sent without it',
  currency_skipped: 'deals in a currency without a rate are not in the sum',
}

export function reasonText(code: string): string {
  return REASONS[code] ?? code.replaceAll('_', ' ')
}

export function printSyncReport(output: Output, report: SyncReport): void {
  output.print(headline(output, report))
  if (report.reason !== null) output.print(wrapText(report.reason, output.columns))
  if (report.resumeAt !== null) output.print(`It can go on from ${toMinute(report.resumeAt)}.`)
  const stoppedAtOnce = report.status !== 'complete' && report.contacts.read === 0
  if (!stoppedAtOnce) {
    output.print()
    printAccounting(output, report)
  }
  const { pipedrive, brevo } = report.requests
  output.print()
  output.print(
    `Pipedrive: ${count(pipedrive.count, 'request')}, ${count(pipedrive.tokens, 'token')}. Brevo: ${count(brevo.count, 'request')}.`,
  )
  printPreview(output, report)
  printToPipedrive(output, report)
  if (report.contacts.failed > 0) output.print('"tajo failures list" shows what failed and why.')
}

/** The table of persons by what became of them, and of list changes and warnings. */
export function printAccounting(output: Output, report: SyncReport): void {
  const { contacts, lists, warnings, dryRun } = report
  const would = dryRun ? 'would be ' : ''
  const rows: [string, number][] = [
    ['Persons read', contacts.read],
    [`  contacts ${would}created`, contacts.created],
    [`  contacts ${would}updated`, contacts.updated],
    ['  already right', contacts.unchanged],
    ...Object.entries(contacts.skipped).map(([code, n]): [string, number] => [
      `  skipped: ${reasonText(code)}`,
      n,
    ]),
    ['  failed', contacts.failed],
    [`List memberships ${would}added`, lists.added],
    [`List memberships ${would}removed`, lists.removed],
    ...toPipedriveRows(report),
    ...Object.entries(warnings).map(([code, n]): [string, number] => [`Warning: ${reasonText(code)}`, n]),
  ]
  const width = Math.max(...rows.map(([, n]) => count(n).length))
  output.table(
    ['What', 'How many'.padStart(width)],
    rows.map(([what, n]) => [what, count(n).padStart(Math.max(width, 'How many'.length))]),
  )
}

function headline(output: Output, { status, dryRun, mode, reason }: SyncReport): string {
  const pass = `${mode === 'full' ? 'Full' : 'Incremental'} ${dryRun ? 'dry run' : 'sync'}`
  if (status === 'complete') {
    return output.style('green', dryRun ? `✓ ${pass}: nothing was written.` : `✓ ${pass} complete.`)
  }
  if (status === 'paused') return output.style('yellow', `! ${pass} paused.`)
  return output.style('yellow', `! ${pass} incomplete${reason === null ? ': some records failed' : ''}.`)
}

const SHOWN_CHANGES = 10

function printPreview(output: Output, { preview, contacts }: SyncReport): void {
  if (preview === undefined) return
  const made = preview.attributes.map(({ name }) => name)
  if (made.length > 0) {
    output.print(wrapText(`Attributes to be created in Brevo: ${made.join(', ')}.`, output.columns))
  }
  if (preview.lists.length > 0) {
    output.print(wrapText(`Lists to be created in Brevo: ${preview.lists.join(', ')}.`, output.columns))
  }
  if (preview.changes.length === 0) return
  output.heading('First changes')
  output.table(
    ['Person', 'Action', 'E-mail', 'Attributes', 'Lists'],
    preview.changes
      .slice(0, SHOWN_CHANGES)
      .map((change) => [
        String(change.personId),
        change.action,
        change.email,
        shortList(change.attributes),
        [...change.addLists.map((id) => `+${id}`), ...change.removeLists.map((id) => `-${id}`)].join(' '),
      ]),
  )
  const more = contacts.created + contacts.updated - Math.min(preview.changes.length, SHOWN_CHANGES)
  if (more > 0) output.print(output.style('dim', `... and ${count(more)} more`))
}

function shortList(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
}
