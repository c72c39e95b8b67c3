/** Records that a service refused. */
import type { Call, CallOptions } from './caller.ts'
import type { SyncOptions } from './connectors.ts'
import type { FailureRetry, FailureSelection, FailureView, RetrySelection } from './shapes.ts'

export type Failures = {
  list(options?: CallOptions): Promise<readonly FailureView[]>
  /** Opens them again and makes a pass. Without a selection: all. Those that were discarded only by their ids, or `withDiscarded`. */
  retry(selection?: RetrySelection, options?: SyncOptions): Promise<FailureRetry>
  /** Stops trying them until their records change. Returns how many. */
  discard(selection?: FailureSelection, options?: CallOptions): Promise<number>
}

export function createFailures(call: Call): Failures {
  return {
    list: (options) => call('failures.list', {}, options),
    retry: (selection = {}, { full, dryRun, ...options } = {}) =>
      call('failures.retry', { selection, full, dryRun }, options),
    discard: (selection = {}, options) => call('failures.discard', { selection }, options),
  }
}
