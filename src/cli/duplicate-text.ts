/** Duplicates, a plan to merge them, and what came of it, for people. Prints what it is given, and judges nothing. */
import type {
  DuplicateCluster,
  DuplicatePerson,
  DuplicateReason,
  DuplicateReport,
  MergePlan,
  MergeReport,
} from '../service/index.ts'
import { toMinute } from './failure-text.ts'
import { count, type Output, wrapText } from './output.ts'

const REASONS: Readonly<Record<DuplicateReason, string>> = {
  same_email: 'the same e-mail',
  shared_address: 'an address in common',
  same_phone_and_name: 'the same number and name',
}
/** Differing values, and where they come from, take their space: the rest is in the JSON document. */
const VALUES_AT_MOST = 8
const LONGEST_VALUE = 60

export function printDuplicates(output: Output, report: DuplicateReport, withSuggestions: boolean): void {
  const { clusters, suggestions, suggestionCount, listedAt } = report
  if (listedAt === null)
    output.print('Not every person has been read yet: run "tajo sync" first to see all duplicates.\n')
  for (const cluster of clusters) printCluster(output, cluster)
  if (clusters.length === 0) output.print('No two persons share an e-mail.')
  else {
    const losers = clusters.reduce((sum, { persons }) => sum + persons.length - 1, 0)
    output.print(
      `${count(clusters.length, 'address', 'addresses')} with several persons. "tajo dedupe --merge" merges ${count(losers, 'person')} into the others.`,
    )
  }
  if (withSuggestions) {
    if (suggestions.length > 0) output.heading('Suggestions')
    for (const cluster of suggestions) printCluster(output, cluster)
  }
  if (suggestionCount > 0) {
    const rest = withSuggestions
      ? 'They are merged only when named: --merge --include <id of one of them>.'
      : '"tajo dedupe --suggestions" lists them.'
    output.print(
      wrapText(
        `${count(suggestionCount, 'suggestion')}: persons that may be the same. ${rest}`,
        output.columns,
      ),
    )
  } else if (withSuggestions) output.print('No suggestions.')
}

export function printMergePlan(output: Output, plan: MergePlan): void {
  const { clusters, merges, more } = plan
  if (merges.length === 0) {
    output.print('No duplicates to merge.')
    return
  }
  for (const cluster of clusters) printCluster(output, cluster)
  const rest = more > 0 ? `, ${count(more)} more after that` : ''
  output.print(wrapText(`${count(merges.length, 'merge')}${rest}. ${forecastText(plan)}`, output.columns))
}

export function printMergeReport(output: Output, report: MergeReport, more: number): void {
  for (const { state, loserId, survivorId, message } of report.items) {
    if (message === null) continue
    const mark = output.style(state === 'failed' ? 'red' : 'yellow', state)
    output.print(`${mark} person ${loserId} into ${survivorId}`)
    output.print(`  ${wrapText(message, output.columns - 2, '  ')}`)
  }
  const { merged, skipped, failed, left, requests } = report
  const parts = [`${count(merged, 'person')} merged`]
  if (skipped > 0) parts.push(`${count(skipped)} skipped`)
  if (failed > 0) parts.push(`${count(failed)} failed`)
  if (left + more > 0) parts.push(`${count(left + more)} left`)
  output.print(`${parts.join(', ')}. ${count(requests.tokens, 'token')} of Pipedrive used.`)
  if (report.status === 'paused') {
    const when = report.resumeAt === null ? '' : ` It can go on from ${toMinute(report.resumeAt)}.`
    output.print(wrapText(`Paused: ${report.reason}${when}`, output.columns))
  }
  if (left + more > 0) output.print('Run "tajo dedupe --merge" again to go on.')
  if (merged === 0) return
  output.print(
    report.follows === 'server'
      ? 'The running server brings Brevo in step.'
      : 'Run "tajo sync" to bring Brevo in step.',
  )
}

function printCluster(output: Output, cluster: DuplicateCluster): void {
  const { because, shared, persons, namesDiffer, survivorId, gains, losses, failed } = cluster
  const reasons = because.map((reason) => REASONS[reason]).join(', ')
  output.print(
    wrapText(`${output.style('bold', shared.join('; '))}  ${output.style('dim', reasons)}`, output.columns),
  )
  if (namesDiffer)
    output.print(`  ${output.style('yellow', '!')} The names differ: look whether it is one human being.`)
  // Where it is the same, it stands above.
  const withEmail = cluster.kind === 'suggestion'
  output.table(
    ['', 'Id', 'Name', ...(withEmail ? ['E-mail'] : []), 'Phone', 'Org.', 'Deals', 'Updated'],
    persons.map((person) => [
      person.personId === survivorId ? output.style('green', 'stays') : 'goes',
      ...cellsOf(person, withEmail),
    ]),
  )
  const unsubscribed = losses.find(
    ({ field, lost }) => field === 'marketing_status' && lost === 'unsubscribed',
  )
  if (unsubscribed)
    output.print(
      `  ${output.style('yellow', '!')} Person ${unsubscribed.fromPersonId} is unsubscribed in Pipedrive, person ${survivorId} is not: it would stay so.`,
    )
  const line = (text: string): void => output.print(`  ${wrapText(text, output.columns - 2, '    ')}`)
  for (const { name, value, fromPersonId } of gains.slice(0, VALUES_AT_MOST))
    line(`${output.style('green', '+')} ${name}: ${cut(value)} (from ${fromPersonId})`)
  for (const { name, kept, lost, fromPersonId } of losses.slice(0, VALUES_AT_MOST))
    line(`${output.style('red', '-')} ${name}: ${cut(lost)} of ${fromPersonId} is lost, ${cut(kept)} stays`)
  const unsaid = [gains, losses].reduce((sum, list) => sum + Math.max(0, list.length - VALUES_AT_MOST), 0)
  if (unsaid > 0) line(`and ${count(unsaid, 'more value')}: --json has them all`)
  for (const { loserId, message } of failed)
    line(`${output.style('red', 'refused')} Merging ${loserId} failed the last time: ${message}`)
  output.print()
}

function cellsOf(person: DuplicatePerson, withEmail: boolean): string[] {
  const { personId, name, email, phone, organizationId, deals, updatedAt } = person
  return [
    String(personId),
    name ?? '-',
    ...(withEmail ? [email ?? '-'] : []),
    phone ?? '-',
    organizationId === null ? '-' : String(organizationId),
    dealsText(deals),
    updatedAt === null ? '-' : updatedAt.slice(0, 10),
  ]
}

/** `2 open, 1 won`. */
function dealsText(deals: DuplicatePerson['deals']): string {
  const parts = (['open', 'won', 'lost'] as const).flatMap((name) =>
    deals[name] > 0 ? [`${count(deals[name])} ${name}`] : [],
  )
  return parts.length === 0 ? '-' : parts.join(', ')
}

function forecastText({ forecast }: MergePlan): string {
  const { tokens, remaining, fits, days, resetsAt } = forecast
  const cost = `It takes about ${count(tokens, 'token')} of Pipedrive's daily budget`
  if (fits === null || remaining === null) return `${cost}; how much is left is not known.`
  const left = `, of which ${count(remaining)} are left`
  if (fits) return `${cost}${left}: it fits.`
  const span = days === null ? '' : ` and takes ${count(days + 1, 'day')}`
  return `${cost}${left}: it does not fit today${span}. The budget is renewed at ${toMinute(resetsAt)}; run the command again then.`
}

function cut(text: string): string {
  const plain = text.replace(/\s+/g, ' ').trim()
  return plain.length <= LONGEST_VALUE ? plain : `${plain.slice(0, LONGEST_VALUE - 1)}…`
}
