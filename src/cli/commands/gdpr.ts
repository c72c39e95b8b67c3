/**
 * `tajo gdpr`: what is held about one person, erasing it, and allowing it again. On a terminal it erases nothing unasked.
 * It prints ids and counts, and never the address.
 */
import type { Erasure, PersonExport } from '../../service/index.ts'
import { type CommandContext, withService } from '../command-context.ts'
import { EXIT } from '../exit-codes.ts'
import { count, type Output, wrapText } from '../output.ts'

/** The document is the result, with `--json` or without. */
export function runExport(context: CommandContext, email: string): Promise<number> {
  const { output, signal } = context
  return withService(context, async (service) => {
    const held = await service.privacy.export(email, { signal })
    if (output.json) output.document(held)
    else output.print(JSON.stringify(held, null, 2))
    noteExport(output, held)
    return held.incomplete.length === 0 ? EXIT.done : EXIT.incomplete
  })
}

export function runErase(
  context: CommandContext,
  email: string,
  options: { pipedrive?: boolean; dryRun?: boolean; yes?: boolean },
): Promise<number> {
  const { output, signal } = context
  const { pipedrive = false, dryRun = false } = options
  return withService(context, async (service) => {
    if (output.interactive && !dryRun && options.yes !== true) {
      printErasure(output, await service.privacy.erase(email, { pipedrive, dryRun: true, signal }))
      if (!(await isConfirmed())) {
        output.print('Nothing was erased.')
        return EXIT.done
      }
    }
    const erasure = await service.privacy.erase(email, { pipedrive, dryRun, signal })
    output.document(erasure)
    if (!output.json) printErasure(output, erasure)
    return EXIT.done
  })
}

export function runAllow(context: CommandContext, email: string): Promise<number> {
  const { output, signal } = context
  return withService(context, async (service) => {
    const allowance = await service.privacy.allow(email, { signal })
    output.document(allowance)
    output.print(
      allowance.lifted
        ? `Allowed again. The next sync reads ${persons(allowance.personIds)} anew.`
        : 'This address was not erased; nothing was changed.',
    )
    return EXIT.done
  })
}

function noteExport(output: Output, { found, erased, incomplete }: PersonExport): void {
  if (!found && incomplete.length === 0) output.note('Nothing is held about this address.')
  if (erased) output.note('This person was erased here before, and is kept away from syncs.')
  for (const { part, message } of incomplete) output.note(`Missing: ${part}. ${message}`)
}

function printErasure(output: Output, erasure: Erasure): void {
  const { dryRun, addresses, brevo, pipedrive, sharedWith, store } = erasure
  const line = (text: string): void => output.print(wrapText(text, output.columns, '  '))
  const would = dryRun ? 'Would be erased' : 'Erased'
  const rows = Object.values(store).reduce((sum, number) => sum + number, 0)
  line(`${would}: one person with ${count(addresses, 'address', 'addresses')}, kept away from later syncs.`)
  line(
    brevo.contactIds.length === 0
      ? 'Brevo: no contact.'
      : `Brevo: ${count(brevo.contactIds.length, 'contact')} (${brevo.contactIds.join(', ')}).`,
  )
  line(`Store: ${count(rows, 'row')} about the person. Backups keep theirs.`)
  if (pipedrive.personIds.length === 0) line('Pipedrive: no person.')
  else if (pipedrive.deleted)
    line(
      `Pipedrive: ${persons(pipedrive.personIds)} ${dryRun ? 'would be ' : ''}deleted. Pipedrive keeps deleted records for 30 days.`,
    )
  else
    line(
      `Pipedrive still has ${persons(pipedrive.personIds)}: nothing is deleted there without --pipedrive. It is not synced any more.`,
    )
  if (sharedWith.length > 0)
    line(`Sharing one of the addresses, and not synced any more either: ${persons(sharedWith)}.`)
}

function persons(ids: readonly number[]): string {
  if (ids.length === 0) return 'nobody that Pipedrive knows'
  return ids.length === 1 ? `person ${ids[0]}` : `${ids.length} persons (${ids.join(', ')})`
}

async function isConfirmed(): Promise<boolean> {
  const { confirm } = await import('@clack/prompts')
  return (await confirm({ message: 'Erase this person?', initialValue: false })) === true
}
