/** `tajo sync`: one pass, with its accounting. It decides nothing about what is written. */
import type { Service, SyncOptions, SyncReport } from '../../service/index.ts'
import { type CommandContext, withService } from '../command-context.ts'
import { exitCodeOfStatus } from '../exit-codes.ts'
import { createProgress } from '../progress.ts'
import { printSyncReport } from '../sync-report-text.ts'

export function runSync(
  context: CommandContext,
  options: { dryRun?: boolean; full?: boolean },
): Promise<number> {
  return withService(context, async (service) => {
    const report = await syncWithProgress(context, (more) =>
      service.sync({ dryRun: options.dryRun === true, full: options.full === true, ...more }),
    )
    context.output.document(report)
    if (!context.output.json) printSyncReport(context.output, report)
    return exitCodeOfStatus(report.status)
  })
}

/** Runs a pass with the progress line, which is gone when this returns or throws. */
export async function syncWithProgress<
  T extends SyncReport | Awaited<ReturnType<Service['failures']['retry']>>,
>(
  context: CommandContext,
  run: (options: Pick<SyncOptions, 'signal' | 'onProgress'>) => Promise<T>,
): Promise<T> {
  const progress = createProgress({ stream: context.output.stderr })
  try {
    return await run({ signal: context.signal, onProgress: progress.update })
  } finally {
    progress.end()
  }
}
