/** Where the connection stands, from the store and, where one runs, from the server. It asks no service. */
import type { Config } from '../config/index.ts'
import {
  type CompanyCounts,
  countCompanies,
  countWarnings,
  latestRuns,
  type RunRow,
  readBacklog,
  readConnection,
  readHold,
  readOverview,
  type Store,
} from '../store/index.ts'
import { toHold } from './hold.ts'
import type { Live } from './live-face.ts'
import type { RunSummary, StatusReport } from './service-face.ts'

export type StatusContext = {
  readonly store: Store
  readonly connection: string
  readonly config: Config
  /** The server in this process, if one runs. */
  readonly running: Pick<Live, 'readings'> | null
}

export async function readStatus({
  store,
  connection,
  config: { pipedrive },
  running,
}: StatusContext): Promise<StatusReport> {
  const hardDelete = pipedrive.deleteBehavior === 'hard'
  const [state, overview, waiting, companies, runs, warnings, live, hold] = await Promise.all([
    readConnection(store.db, connection),
    readOverview(store.db, connection),
    readBacklog(store, connection),
    countCompanies(store.db, connection, hardDelete),
    latestRuns(store.db, connection, 10),
    countWarnings(store.db, connection),
    running === null ? null : running.readings(),
    readHold(store.db, connection),
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
      discarded: overview.discarded,
    },
    backlog: {
      inbox: waiting.inbox,
      dirty: waiting.dirty,
      outbox: waiting.outbox,
      edits: waiting.edits,
      events: waiting.events,
      companies: companiesWaiting(companies),
      oldestAt: waiting.oldest?.toISOString() ?? null,
    },
    mode: pipedrive.syncMode,
    warnings,
    listedAt: state.listed_at?.toISOString() ?? null,
    live,
    hold: hold && toHold(hold),
  }
}

/** Neither as wanted nor given up. */
function companiesWaiting({ wanted, in_step, failed, discarded, to_remove }: CompanyCounts): number {
  return wanted - in_step - failed - discarded + to_remove
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
