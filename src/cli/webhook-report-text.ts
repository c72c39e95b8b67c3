/** The state of the webhooks for people. Prints what the report says, and judges nothing. */
import type { WebhookItem, WebhookReport, WebhookState } from '../service/index.ts'
import { count, type Output, type Style, wrapText } from './output.ts'

const STYLES: Readonly<Record<WebhookState, Style>> = {
  ok: 'green',
  created: 'cyan',
  updated: 'cyan',
  removed: 'cyan',
  missing: 'yellow',
  duplicate: 'yellow',
  disabled: 'yellow',
  outdated: 'yellow',
  foreign: 'dim',
  refused: 'red',
}

export function refusedIn(report: WebhookReport): readonly WebhookItem[] {
  return report.items.filter(({ state }) => state === 'refused')
}

export function printWebhooks(output: Output, report: WebhookReport): void {
  if (report.items.length > 0) {
    output.table(
      ['Service', 'Object', 'State', 'Id', 'Delivers to'],
      report.items.map((item) => [
        title(item),
        item.object ?? '-',
        output.style(STYLES[item.state], item.state),
        item.id === null ? '-' : String(item.id),
        shortUrl(item.url, report.publicUrl),
      ]),
    )
    output.print()
  }
  printDetails(output, report, (item) => !isPlain(item))
  const missing = report.items.find((item) => item.state === 'missing' && isPlain(item))
  if (missing?.remedy) output.print(`→ ${missing.remedy}`)
  for (const { message, remedy } of report.warnings)
    printPoint(output, output.style('yellow', '!'), message, remedy)
  if (report.publicUrl !== null)
    output.print(wrapText(`The public address is ${report.publicUrl}.`, output.columns))
  output.print(summaryOf(report))
}

/** The table says all there is to say. */
function isPlain({ state, message }: WebhookItem): boolean {
  return state === 'foreign' || ['registered', 'not registered', 'removed'].includes(message)
}

/** `…/webhooks/brevo` for what is under the public address, which stands below the table. */
function shortUrl(url: string | null, publicUrl: string | null): string {
  if (url === null) return '-'
  return publicUrl !== null && url.startsWith(`${publicUrl}/`) ? `…${url.slice(publicUrl.length)}` : url
}

/** After a service was disconnected: one sentence, and what could not be removed. */
export function printRemoval(output: Output, report: WebhookReport): void {
  const removed = report.items.filter(({ state }) => state === 'removed').length
  if (removed > 0) output.print(`${count(removed, 'webhook')} removed there.`)
  printDetails(output, report, ({ state }) => state === 'refused')
}

/** Remedies that are the same stand once, after the last of those that have it. */
function printDetails(
  output: Output,
  { items }: WebhookReport,
  isWorth: (item: WebhookItem) => boolean,
): void {
  const worth = items.filter(isWorth)
  worth.forEach((item, at) => {
    const mark = output.style(STYLES[item.state], markOf(item.state))
    const id = item.id === null ? '' : ` ${item.id}`
    const text = `${title(item)} ${item.object ?? 'webhooks'}${id}: ${item.message}`
    const next = worth[at + 1]
    printPoint(output, mark, text, next?.remedy === item.remedy ? null : item.remedy)
  })
}

function markOf(state: WebhookState): string {
  if (state === 'refused') return '✗'
  return ['created', 'updated', 'removed'].includes(state) ? '✓' : '!'
}

function printPoint(output: Output, mark: string, text: string, remedy: string | null): void {
  output.print(`${mark} ${wrapText(text, output.columns - 2, '  ')}`)
  if (remedy !== null) output.print(`  ${wrapText(`→ ${remedy}`, output.columns - 2, '    ')}`)
}

const WORDS: readonly (readonly [WebhookState, string])[] = [
  ['ok', 'in place'],
  ['created', 'registered'],
  ['updated', 'put right'],
  ['removed', 'removed'],
  ['missing', 'missing'],
  ['duplicate', 'double'],
  ['disabled', 'disabled'],
  ['outdated', 'outdated'],
  ['refused', 'refused'],
  ['foreign', 'of others'],
]

/** `6 in place, 1 missing.` */
function summaryOf({ items }: WebhookReport): string {
  const parts = WORDS.flatMap(([state, word]) => {
    const n = items.filter((item) => item.state === state).length
    return n === 0 ? [] : [`${count(n)} ${word}`]
  })
  return parts.length === 0 ? 'No webhooks are registered, and none are needed.' : `${parts.join(', ')}.`
}

function title({ vendor }: WebhookItem): string {
  return vendor === 'pipedrive' ? 'Pipedrive' : 'Brevo'
}
