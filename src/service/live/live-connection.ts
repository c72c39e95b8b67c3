/** One connection that is always in step: its accounts and its worker, and what they tell of themselves. */
import { TajoError } from '../../base/error.ts'
import type { LoadedConfig } from '../../config/index.ts'
import {
  countEvents,
  countOpenFailures,
  countOpenSkillRuns,
  readBacklog,
  readConnection,
  type Store,
} from '../../store/index.ts'
import { withLease } from '../lease.ts'
import type { Health, LiveOptions, LiveReadings } from '../live-face.ts'
import { skillNews } from '../skills/carry-out.ts'
import { createShelf } from '../skills/skill-shelf.ts'
import type { Turns } from '../turns.ts'
import { registerWebhooks } from '../webhooks/connection-webhooks.ts'
import { type Accounts, type AccountsContext, openAccounts } from './accounts.ts'
import { type ConnectionWorker, createWorker } from './connection-worker.ts'
import type { JobName, Jobs } from './jobs.ts'
import { type Clients, told } from './worker-state.ts'

export type LiveContext = AccountsContext & {
  /** Of everything that works on the connection, in this process. */
  readonly turns: Turns
}

export type LiveConnection = {
  /** Throws only our own defects and trouble with our own store: the job engine repeats the job then. */
  work(name: JobName, signal: AbortSignal): Promise<void>
  /** Queues what is due at the start. */
  begin(): Promise<void>
  health(): Promise<Health>
  /** The inbox counts for itself. */
  readings(): Promise<Omit<LiveReadings, 'deliveries'>>
  settled(signal?: AbortSignal): Promise<void>
  /** Credentials were replaced: a pause ends. */
  wake(): Promise<void>
  /** The account was lost: a pause begins. */
  halt(error: TajoError): Promise<void>
  /** Stops what is under way. */
  stop(): void
  /** Once nothing is under way any more. */
  close(): Promise<void>
}

const settledLookMs = 50
/** Runs of skills that are due later than that wait for something that takes its time. */
const soonMs = 10_000

/** Throws when the connector is switched off or has no credentials, before anything is begun. */
export async function openLiveConnection(
  context: LiveContext,
  options: LiveOptions,
  jobs: () => Jobs,
): Promise<LiveConnection> {
  const { store, connection, turns } = context
  const publicUrl =
    options.publicUrl === undefined ? context.config.config.server.publicUrl : options.publicUrl
  const accounts = await openAccounts(context)
  const shelf = createShelf(accounts.config, (read) => {
    for (const news of skillNews(connection, read)) options.onNews(news)
  })
  const stopped = new AbortController()
  const worker = createWorker(
    {
      ...context,
      ...accounts,
      shelf,
      reachable: publicUrl !== null,
      careForWebhooks: (clients, signal) =>
        care(context, accounts.config(), clients, publicUrl, options, signal),
      onNews: options.onNews,
      onProgress(progress) {
        turns.tell(progress)
        options.onProgress?.(progress)
      },
    },
    jobs,
  )
  const underWay = new Set<Promise<void>>()
  return {
    async work(name, signal) {
      const both = AbortSignal.any([signal, stopped.signal])
      const work = turns.take({ signal: both }, () =>
        withLease(store, connection, both, (leased) => worker.work(name, leased)),
      )
      underWay.add(work)
      try {
        await work
      } finally {
        underWay.delete(work)
      }
    },
    begin: () => worker.begin(),
    health: () => health(store, worker),
    readings: () => readings(context, accounts, worker),
    settled: (signal) => settled(context, worker, signal),
    wake: () => worker.wake(),
    halt: (error) => worker.halt(error),
    stop: () => stopped.abort(new Error('The server stops')),
    async close() {
      await Promise.allSettled(underWay)
      await accounts.close()
    },
  }
}

/** Whether all webhooks are there. What is wrong with one is said, and concerns nothing else. */
async function care(
  context: LiveContext,
  { config }: LoadedConfig,
  clients: Clients,
  publicUrl: string | null,
  { onNews }: LiveOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const { connection } = context
  try {
    const report = await registerWebhooks({ ...context, config }, clients, { publicUrl, signal })
    const wrong = report.items.filter((item) =>
      ['refused', 'missing', 'disabled', 'duplicate'].includes(item.state),
    )
    for (const item of report.items) {
      if (item.state === 'ok' || item.state === 'foreign') continue
      onNews(
        told(wrong.includes(item) ? 'warn' : 'info', `webhook.${item.state}`, item.message, {
          connection,
          vendor: item.vendor,
          id: item.id,
        }),
      )
    }
    return wrong.length === 0
  } catch (error) {
    if (!(error instanceof TajoError) || !error.code.startsWith('webhook_')) throw error
    onNews(told('error', 'webhooks.impossible', error.message, { connection, code: error.code }))
    return false
  }
}

async function health(store: Store, worker: ConnectionWorker): Promise<Health> {
  const { paused, resolution } = worker.state
  const reasons: string[] = []
  try {
    await store.ping()
  } catch (error) {
    reasons.push(`The store does not answer: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (paused) reasons.push(paused.reason)
  else if (resolution === null) reasons.push('The accounts have not been looked at yet; wait a moment.')
  return { ready: reasons.length === 0, reasons }
}

async function readings(
  { store, connection, clock }: LiveContext,
  accounts: Accounts,
  { state }: ConnectionWorker,
): Promise<Omit<LiveReadings, 'deliveries'>> {
  const { pipedrive, brevo } = accounts.clients()
  const [backlog, events, failures, { listed_at }] = await Promise.all([
    readBacklog(store, connection),
    countEvents(store.db, connection, null),
    countOpenFailures(store.db, connection),
    readConnection(store.db, connection),
  ])
  const lags = [...state.lags].sort((a, b) => a - b)
  const quantile = (share: number): number | null =>
    lags[Math.min(lags.length - 1, Math.floor(lags.length * share))] ?? null
  const { oldest, inbox, dirty, outbox, edits } = backlog
  const budget = pipedrive.budget()
  return {
    mode: accounts.config().config.pipedrive.syncMode,
    requests: accounts.requests(),
    budgets: [
      {
        vendor: 'pipedrive',
        budget: 'tokens of the day',
        left: budget.remaining,
        limit: budget.limit,
        renewedAt: budget.resetsAt.toISOString(),
      },
      ...brevo.governor().windows.map((window) => ({
        vendor: 'brevo' as const,
        budget: window.name,
        left: Math.max(0, window.limit - window.used),
        limit: window.limit,
        renewedAt: window.renewedAt?.toISOString() ?? null,
      })),
    ],
    backlog: { inbox, dirty, outbox, edits, events: backlog.events, companies: state.companiesWaiting },
    backlogAgeSeconds: oldest === null ? 0 : Math.max(0, (clock.now().getTime() - oldest.getTime()) / 1000),
    lagSeconds: { count: lags.length, p50: quantile(0.5), p99: quantile(0.99) },
    events: {
      sent: state.events.sent,
      no_contact: state.events.noContact,
      failed: state.events.failed,
      waiting: events.waiting + events.sent,
    },
    failures,
    lastPollAt: state.lastPollAt?.toISOString() ?? null,
    lastListingAt: listed_at?.toISOString() ?? null,
    webhooksHealthy: state.registered === false ? false : state.healthy,
    paused: state.paused && { reason: state.paused.reason, until: state.paused.until.toISOString() },
  }
}

async function settled(
  { store, connection, clock }: LiveContext,
  worker: ConnectionWorker,
  signal?: AbortSignal,
): Promise<void> {
  for (;;) {
    signal?.throwIfAborted()
    const { inbox, dirty, outbox, events } = await readBacklog(store, connection)
    const soon = new Date(clock.now().getTime() + soonMs)
    const runs = await countOpenSkillRuns(store.db, connection, soon)
    if (inbox + dirty + outbox + events + runs === 0 && worker.state.idle) return
    await clock.sleep(settledLookMs, signal)
  }
}
