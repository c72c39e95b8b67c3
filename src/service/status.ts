/** Where the connection stands, from the store alone. */
import {
  countWarnings,
  latestRuns,
  type RunRow,
  readConnection,
  readOverview,
  type Store,
} from '../store/index.ts'
import type { RunSummary, StatusReport } from './service-face.ts'

export async function readStatus(store: Store, connection: string): Promise<StatusReport> {
  const [state, overview, runs, warnings] = await Promise.all([
    readConnection(store.db, connection),
    readOverview(store.db, connection),
    latestRuns(store.db, connection, 10),
    countWarnings(store.db, connection),
  ])
  const summaries = runs.map(toSummary)
  return {
    connection,
    store: store.name,
    lastRun: summaries.find((run) => !run.dryRun) ?? null,
    runs: summaries,
    persons: {
      live: overview.live,
      withContact: overview.with_contact,
      inStep: overview.in_step,
      failed: overview.failed,
    },
    backlog: { dirty: overview.dirty, outbox: overview.outbox },
    warnings,
    listedAt: state.listed_at?.toISOString() ?? null,
  }
}

function toSummary(run: RunRow): RunSummary {
  return {
    run: run.id,
    mode: run.mode,
    dryRun: run.dry_run,
    status: run.status,
    startedAt: run.started_at.toISOString(),
    finishedAt: run.finished_at?.toISOString() ?? null,
    resumeAt: run.resume_at?.toISOString() ?? null,
    reason: run.reason,
  }
}
