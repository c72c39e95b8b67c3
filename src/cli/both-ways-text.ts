/** One person in both directions, for `tajo explain`. Reads the explanation only. */
import type { Explanation } from '../service/index.ts'
import { toMinute } from './failure-text.ts'
import { fieldReasonText, OUTCOMES, quoted } from './merge-reason-text.ts'
import { count, type Output, wrapText } from './output.ts'

type Reverse = NonNullable<Explanation['reverse']>

/** Nothing where nothing goes to Pipedrive. */
export function printBothWays(output: Output, { reverse }: Explanation): void {
  if (reverse === null) return
  const { fields, consent, edit, stopped, failure } = reverse
  if (fields.length > 0) {
    output.heading('Both ways')
    printFields(output, reverse)
  }
  for (const line of [...consentLines(consent), ...editLines(edit), ...stoppedLines(stopped)])
    output.print(wrapText(line, output.columns))
  if (failure !== null) {
    output.print(wrapText(`✗ ${failure.code}: ${failure.message}`, output.columns, '  '))
    if (failure.vendorMessage !== null) output.print(`  Pipedrive said: ${failure.vendorMessage}`)
    output.print(wrapText(`  → ${failure.remedy}`, output.columns, '    '))
  }
}

function printFields(output: Output, { fields, conflict, lastChanged }: Reverse): void {
  output.table(
    ['Attribute', 'In Pipedrive', 'In Brevo', 'Agreed on', 'What happens'],
    fields.map((field) => [
      field.attribute,
      valueText(field.inPipedrive),
      field.outcome === 'same' ? '=' : valueText(field.inBrevo),
      agreedText(field),
      OUTCOMES[field.outcome],
    ]),
  )
  for (const field of fields) {
    if (field.outcome === 'same') continue
    const reason = fieldReasonText(field, conflict, lastChanged)
    const line = `${field.attribute} ${OUTCOMES[field.outcome]}: ${reason}`
    output.print(`  ${wrapText(line, output.columns, '    ')}`)
  }
}

function agreedText(field: Reverse['fields'][number]): string {
  if (!Object.hasOwn(field, 'agreed')) return 'nothing yet'
  const isSame = field.outcome === 'same' && valueText(field.agreed) === valueText(field.inPipedrive)
  return isSame ? '=' : valueText(field.agreed)
}

function consentLines({ field, inPipedrive, next, emailBlocked, blockedBy }: Reverse['consent']): string[] {
  const why = blockedBy === null ? 'Brevo did not say why' : blockedBy
  const inBrevo = emailBlocked === null ? '' : emailBlocked ? `blocklisted (${why})` : 'not blocklisted'
  if (field === null) return emailBlocked === true ? [`Consent: in Brevo ${inBrevo}.`] : []
  const says = inPipedrive === null ? 'empty' : quoted(inPipedrive)
  const then = next === null ? 'stays as it is' : `becomes ${quoted(next)}`
  return [
    `Consent: "${field}" in Pipedrive is ${says} and ${then}${inBrevo === '' ? '' : `; in Brevo ${inBrevo}`}.`,
  ]
}

function editLines(edit: Reverse['edit']): string[] {
  if (edit === null || edit.state === 'settled') return []
  const { state, fields, consent, attempts, plannedAt, notBefore } = edit
  const what = [...fields, ...(consent === null ? [] : ['consent'])].join(', ')
  const tried = attempts === 0 ? 'not sent yet' : `sent ${count(attempts, 'time')}`
  if (state === 'failed') return [`Refused by Pipedrive: ${what}, from ${toMinute(plannedAt)}.`]
  const unsure = state === 'sent' ? ', without an answer' : ''
  const next = notBefore === null ? '' : `; next from ${toMinute(notBefore)}`
  return [`Waits to go to Pipedrive since ${toMinute(plannedAt)}: ${what} (${tried}${unsure}${next}).`]
}

function stoppedLines(stopped: readonly string[]): string[] {
  return stopped.length === 0
    ? []
    : [
        `Stopped, because it went back and forth too often: ${stopped.join(', ')}. Nothing is written to it on either side.`,
      ]
}

function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
