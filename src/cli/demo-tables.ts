/** The tables at the end of the demo. They show what they are given. */
import type { SyncReport } from '../service/index.ts'
import type { BrevoReading, LeftOut } from './demo-readings.ts'
import { count, type Output, wrapText } from './output.ts'
import { reasonText } from './sync-report-text.ts'

export function printBrevo(output: Output, { contacts, contactCount, lists }: BrevoReading): void {
  output.heading('What is in Brevo now')
  output.print(`${count(contactCount, 'contact')}, as Brevo's API answers. The first ${contacts.length}:\n`)
  output.table(
    ['E-mail', 'Name', 'Company', 'Open', 'Won', 'Revenue', 'Lists'],
    contacts.map(({ email, attributes, listIds }) => [
      email,
      text(attributes.FULLNAME),
      text(attributes.COMPANY),
      text(attributes.OPEN_DEALS),
      text(attributes.WON_DEALS),
      text(attributes.LTV),
      [...listIds].sort((a, b) => a - b).join(' '),
    ]),
  )
  output.heading('Lists')
  output.table(
    ['Id', 'List', 'Members'],
    lists.map(({ id, name, members }) => [String(id), name, count(members)]),
  )
}

/** Skipped and warned persons: how many of each kind, and examples by name. */
export function printLeftOut(output: Output, report: SyncReport, examples: readonly LeftOut[]): void {
  output.heading('What was left out, and why')
  const kinds = [...Object.entries(report.contacts.skipped), ...Object.entries(report.warnings)]
  if (kinds.length === 0 && examples.length === 0) {
    output.print('Nothing: every person has a contact, and every value was taken.')
    return
  }
  const skipped = new Set(Object.keys(report.contacts.skipped))
  output.table(
    ['Reason', 'Effect', 'Persons'],
    kinds.map(([code, n]) => [reasonText(code), skipped.has(code) ? 'skipped' : 'warning', count(n)]),
  )
  if (examples.length > 0) {
    output.print()
    output.table(
      ['Person', 'Name', 'Reason'],
      examples.map(({ personId, name, reasons }) => [
        String(personId),
        name,
        reasons.map(reasonText).join('; '),
      ]),
    )
  }
  output.print(wrapText('\n"tajo explain <id>" tells the whole story of a person.', output.columns))
}

function text(value: unknown): string {
  return value === undefined || value === null || value === '' ? '-' : String(value)
}
