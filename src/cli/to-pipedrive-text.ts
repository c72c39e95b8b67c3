/** What would go, or went, to Pipedrive, for people. Reads the report only. */
import type { SyncReport } from '../service/index.ts'
import { conflictText, mergeReasonText, quoted } from './merge-reason-text.ts'
import { count, type Output, wrapText } from './output.ts'

const SHOWN_PERSONS = 10

type Preview = NonNullable<SyncReport['preview']>
type PersonChange = Preview['persons'][number]

/** Rows of the accounting; none where nothing happened. */
export function toPipedriveRows({ persons, dryRun }: SyncReport): [string, number][] {
  const would = dryRun ? 'would be ' : ''
  const rows: [string, number][] = [
    [`Pipedrive persons ${would}created`, persons.created],
    [`Pipedrive persons ${would}updated`, persons.updated],
    ['Contacts changed on both sides', persons.conflicts],
  ]
  return rows.filter(([, n]) => n > 0)
}

/** Nothing where nothing would go back. */
export function printToPipedrive(output: Output, { preview, persons }: SyncReport): void {
  if (preview === undefined) return
  const list = (lines: readonly string[], inAll: number): void => {
    for (const line of lines.slice(0, SHOWN_PERSONS))
      output.print(`  ${wrapText(line, output.columns, '    ')}`)
    const more = inAll - Math.min(lines.length, SHOWN_PERSONS)
    if (more > 0) output.print(output.style('dim', `  ... and ${count(more)} more`))
  }
  if (preview.persons.length > 0) {
    output.heading('To Pipedrive')
    list(preview.persons.map(changeText), persons.created + persons.updated)
  }
  if (preview.conflicts.length > 0) {
    output.heading('Changed on both sides')
    list(preview.conflicts.map(conflictLine), preview.conflicts.length)
  }
  if (persons.created + persons.updated > 0) output.print(`\n${closingLine(persons)}`)
}

/** `update person 12: INDUSTRY "Steel" → "Glass" (changed in Brevo only)`. */
function changeText({ action, personId, contactId, email, fields, consent }: PersonChange): string {
  const consents = consent === null ? [] : [`consent → "${consent}"`]
  if (action === 'create') {
    const filled = fields
      .filter(({ name, to }) => to !== null && name !== 'EMAIL')
      .map(({ name, to }) => `${name} ${quoted(to)}`)
    const parts = [...filled, ...consents].join(', ')
    return `create person for contact ${contactId} (${email})${parts === '' ? '' : `: ${parts}`}`
  }
  const changes = fields.map(
    ({ name, from, to, because }) =>
      `${name} ${because === 'waiting' ? '' : `${quoted(from)} `}→ ${quoted(to)} (${mergeReasonText(because)})`,
  )
  return `update person ${personId}: ${[...changes, ...consents].join(', ')}`
}

function conflictLine(conflict: Preview['conflicts'][number]): string {
  const { personId, name, inPipedrive, inBrevo, winner, because } = conflict
  const [pipedrive, brevo] = [`Pipedrive ${quoted(inPipedrive)}`, `Brevo ${quoted(inBrevo)}`]
  const [first, second] = winner === 'pipedrive' ? [pipedrive, brevo] : [brevo, pipedrive]
  return `person ${personId}: ${name} ${first} wins over ${second} (${conflictText(because)})`
}

function closingLine({ created, updated }: SyncReport['persons']): string {
  const parts = [
    ...(updated > 0 ? [`update ${count(updated, 'person')}`] : []),
    ...(created > 0 ? [`create ${count(created, 'person')}`] : []),
  ]
  return `A sync would ${parts.join(' and ')} in Pipedrive.`
}
