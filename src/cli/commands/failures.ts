/** `tajo failures`: what could not be synced, and trying or dropping it. Discards nothing unasked. */
import type { FailureSelection, FailureView } from '../../service/index.ts'
import { type CommandContext, withService } from '../command-context.ts'
import { EXIT, exitCodeOfStatus, usageError } from '../exit-codes.ts'
import { toMinute } from '../failure-text.ts'
import { count, type Output, wrapText } from '../output.ts'
import { printSyncReport } from '../sync-report-text.ts'
import { syncWithProgress } from './sync.ts'

export function runList(context: CommandContext): Promise<number> {
  return withService(context, async (service) => {
    const failures = await service.failures.list()
    context.output.document({ failures })
    if (!context.output.json) printFailures(context.output, failures)
    return EXIT.done
  })
}

export function runRetry(
  context: CommandContext,
  ids: readonly string[],
  options: { code?: string; withDiscarded?: boolean },
): Promise<number> {
  const asked = toSelection(ids, options.code)
  const selection = options.withDiscarded === true ? { ...asked, withDiscarded: true } : asked
  return withService(context, async (service) => {
    const result = await syncWithProgress(context, (more) => service.failures.retry(selection, more))
    context.output.document(result)
    context.output.print(
      result.retried === 0
        ? 'No failure matches; nothing was tried.'
        : `${count(result.retried, 'failure')} tried again.`,
    )
    if (result.report === null) return EXIT.done
    if (!context.output.json) printSyncReport(context.output, result.report)
    return exitCodeOfStatus(result.report.status)
  })
}

export async function runDiscard(
  context: CommandContext,
  ids: readonly string[],
  options: { code?: string; yes?: boolean },
): Promise<number> {
  const selection = toSelection(ids, options.code)
  if (options.yes !== true && !(await isConfirmed(context.output, selection))) {
    context.output.print('Nothing was discarded.')
    return EXIT.done
  }
  return withService(context, async (service) => {
    const discarded = await service.failures.discard(selection)
    context.output.document({ discarded })
    context.output.print(`${count(discarded, 'failure')} discarded.`)
    return EXIT.done
  })
}

function toSelection(ids: readonly string[], code: string | undefined): FailureSelection {
  if (ids.length > 0 && code !== undefined)
    throw usageError('Name failures by their ids or by --code, not both.')
  if (code !== undefined) return { code }
  return ids.length > 0 ? { ids } : {}
}

async function isConfirmed(output: Output, selection: FailureSelection): Promise<boolean> {
  const what = selection.ids
    ? count(selection.ids.length, 'failure')
    : selection.code
      ? `all failures with the code ${selection.code}`
      : 'all failures'
  if (!output.interactive) {
    throw usageError(`This discards ${what}. Say --yes where nobody can be asked.`)
  }
  const { confirm } = await import('@clack/prompts')
  return (await confirm({ message: `Discard ${what}?`, initialValue: false })) === true
}

function printFailures(output: Output, failures: readonly FailureView[]): void {
  if (failures.length === 0) {
    output.print('No failures.')
    return
  }
  for (const failure of failures) {
    const mark = failure.discarded ? output.style('dim', 'discarded') : output.style('red', failure.code)
    output.print(`${output.style('bold', failure.id)}  ${failure.entity}  ${mark}`)
    output.print(`  ${wrapText(failure.message, output.columns - 2, '  ')}`)
    if (failure.vendorMessage !== null && !failure.message.includes(failure.vendorMessage)) {
      output.print(`  ${wrapText(`The service said: ${failure.vendorMessage}`, output.columns - 2, '  ')}`)
    }
    output.print(`  ${wrapText(`→ ${failure.remedy}`, output.columns - 2, '    ')}`)
    output.print(
      output.style('dim', `  ${count(failure.attempts, 'attempt')}, last ${toMinute(failure.lastAt)}`),
    )
  }
  output.print(`\n${count(failures.length, 'failure')}. "tajo failures retry" tries them again.`)
}
