/** `tajo dedupe`: persons that are the same human being, and merging them in Pipedrive. It merges nobody unasked. */
import type { MergePlan, MergeReport, Service, SurvivorRule } from '../../service/index.ts'
import { type CommandContext, withService } from '../command-context.ts'
import { printDuplicates, printMergePlan, printMergeReport } from '../duplicate-text.ts'
import { EXIT, exitCodeOfStatus, usageError } from '../exit-codes.ts'
import { count } from '../output.ts'
import { createProgress } from '../progress.ts'

export type DedupeOptions = {
  merge?: boolean
  suggestions?: boolean
  survivor?: SurvivorRule
  only?: readonly number[]
  include?: readonly number[]
  yes?: boolean
}

export function runDedupe(context: CommandContext, options: DedupeOptions): Promise<number> {
  if (options.merge === true) return runMerge(context, options)
  for (const name of ['only', 'include', 'yes'] as const)
    if (options[name] !== undefined) throw usageError(`--${name} belongs to --merge.`)
  const { survivor, suggestions = false } = options
  return withService(context, async (service) => {
    const report = await service.dedupe.list({ survivor, suggestions })
    context.output.document(report)
    if (!context.output.json) printDuplicates(context.output, report, suggestions)
    return EXIT.done
  })
}

async function runMerge(context: CommandContext, options: DedupeOptions): Promise<number> {
  const { output, signal } = context
  const { survivor, only, include, yes = false } = options
  if (options.suggestions === true)
    throw usageError('Name the suggestions to merge: --include <ids>, with the id of one person of each.')
  if (!yes && !output.interactive)
    throw usageError(
      'This merges persons in Pipedrive, which nobody can undo. Say --yes where nobody can be asked; "tajo dedupe" alone lists what would be merged.',
    )
  return withService(context, async (service) => {
    const plan = await service.dedupe.plan({ survivor, only, include, signal })
    // With --json, what is merged is in the one document.
    if (!output.json) printMergePlan(output, plan)
    if (plan.merges.length > 0 && !yes && !(await isConfirmed(plan))) {
      output.print('Nothing was merged.')
      return EXIT.done
    }
    const report = await mergeWithProgress(context, service, plan)
    output.document({ ...report, more: plan.more })
    if (!output.json && plan.merges.length > 0) printMergeReport(output, report, plan.more)
    return exitCodeOfStatus(report.status)
  })
}

async function mergeWithProgress(
  { output, signal }: CommandContext,
  service: Service,
  { merges }: MergePlan,
): Promise<MergeReport> {
  const progress = createProgress({ stream: output.stderr, titles: { deliver: 'Merging in Pipedrive' } })
  try {
    return await service.dedupe.merge(merges, { signal, onProgress: progress.update })
  } finally {
    progress.end()
  }
}

async function isConfirmed({ merges }: MergePlan): Promise<boolean> {
  const { confirm } = await import('@clack/prompts')
  const message = `Merge ${count(merges.length, 'person')} into others in Pipedrive? Nobody can undo it.`
  return (await confirm({ message, initialValue: false })) === true
}
