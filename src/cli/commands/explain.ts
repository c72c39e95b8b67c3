/** `tajo explain`: everything Tajo knows about one person, in sections. Reads the store only. */
import { isJsonObject } from '../../base/json.ts'
import type { Explanation } from '../../service/index.ts'
import { printBothWays } from '../both-ways-text.ts'
import { type CommandContext, withService } from '../command-context.ts'
import { EXIT } from '../exit-codes.ts'
import { type Output, wrapText } from '../output.ts'
import { printEvents } from '../person-events-text.ts'
import { reasonText } from '../sync-report-text.ts'

export function runExplain(context: CommandContext, subject: string): Promise<number> {
  return withService(context, async (service) => {
    const explanation = await service.explain(subject)
    context.output.document(explanation)
    if (!context.output.json) printExplanation(context.output, explanation)
    return EXIT.done
  })
}

function printExplanation(output: Output, explanation: Explanation): void {
  const { personId, email, contactId, verdict } = explanation
  output.print(output.style('bold', `Person ${personId}${email === null ? '' : `, ${email}`}`))
  output.print(wrapText(verdict, output.columns))
  if (contactId !== null) output.print(`Contact ${contactId} in Brevo.`)
  printSource(output, explanation)
  printFields(output, explanation)
  printLists(output, explanation)
  printBothWays(output, explanation)
  printEvents(output, explanation)
  printTrouble(output, explanation)
}

function printSource(output: Output, { source, cluster }: Explanation): void {
  const { fields, ...record } = source
  const rows = Object.entries({ ...record, ...(isJsonObject(fields) ? fields : {}) })
    .map(([name, value]) => [name, sourceText(value)])
    .filter(([, text]) => text !== '-')
  if (rows.length > 0) {
    output.heading('In Pipedrive')
    output.table(['Field', 'Value'], rows)
  }
  if (cluster.length > 1) {
    output.heading('Persons with this address')
    for (const { personId, name, lead } of cluster)
      output.print(`  ${personId}  ${name}${lead ? '  (leads)' : ''}`)
  }
}

function printFields(output: Output, { fields }: Explanation): void {
  if (fields.length === 0) return
  output.heading('Attributes')
  output.table(
    ['Attribute', 'From', 'Wanted', 'In Brevo', 'State'],
    fields.map((field) => [
      field.attribute,
      field.source,
      valueText(field.wanted),
      field.state === 'same' ? '=' : valueText(field.inBrevo),
      field.state,
    ]),
  )
}

function printLists(output: Output, { lists, consent }: Explanation): void {
  if (lists.length > 0) {
    output.heading('Lists')
    output.table(
      ['List', 'Name', 'Because', 'Member', 'Put there by'],
      lists.map((list) => [
        String(list.listId),
        list.name ?? '-',
        list.because.join(', ') || '-',
        list.member ? 'yes' : 'no',
        list.ours ? 'Tajo' : list.member ? 'others' : '-',
      ]),
    )
  }
  const blocked = [
    ...(consent.emailBlocked === true ? ['e-mail'] : []),
    ...(consent.smsBlocked === true ? ['SMS'] : []),
  ]
  if (blocked.length > 0)
    output.print(`\nThe contact takes no ${blocked.join(' and no ')} (set in Brevo; Tajo keeps it).`)
}

function printTrouble(output: Output, { warnings, failure, pending }: Explanation): void {
  if (warnings.length > 0) {
    output.heading('Warnings')
    for (const { code, detail } of warnings) {
      output.print(
        wrapText(`! ${reasonText(code)}${detail === '' ? '' : ` (${detail})`}`, output.columns, '  '),
      )
    }
  }
  if (failure !== null) {
    output.heading('Failure')
    output.print(wrapText(`✗ ${failure.code}: ${failure.message}`, output.columns, '  '))
    if (failure.vendorMessage !== null) output.print(`  The service said: ${failure.vendorMessage}`)
    output.print(wrapText(`  → ${failure.remedy}`, output.columns, '    '))
  }
  if (pending.length > 0) {
    output.heading('Waiting')
    for (const { action, state } of pending) output.print(`  ${action}: ${state}`)
  }
}

/** The mirror keeps values with their kind, and addresses with a flag: only what a person would call the value. */
function sourceText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(sourceText).join(', ')
  if (!isJsonObject(value)) return valueText(value)
  if (typeof value.kind === 'string') {
    const { kind, entity, ...rest } = value
    const words = Object.values(rest).map(sourceText)
    return [...(typeof entity === 'string' ? [entity] : []), ...words].join(' ')
  }
  if ('value' in value) return sourceText(value.value)
  return valueText(value)
}

function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
