/** One process of Tajo: clients, memory, and the operations of its jobs, driven one at a time. It knows no jobs and no timetable. */
import type { Clock, ManualClock } from '../../../src/base/clock.ts'
import { createBrevoClient } from '../../../src/brevo/index.ts'
import type { Config } from '../../../src/config/index.ts'
import { createPipedriveClient } from '../../../src/pipedrive/index.ts'
import { toSyncSettings } from '../../../src/service/sync-settings.ts'
import { SANDBOX_KEY } from '../../../src/simulators/brevo/access.ts'
import type { Store } from '../../../src/store/index.ts'
import {
  bringCompanies,
  type LiveStep,
  liveStep,
  pollSource,
  type RunContext,
  readyCompanies,
  resolveAccounts,
  runSync,
} from '../../../src/sync/index.ts'
import { type Life, mortalStore } from './mortal.ts'

/** As the service has it. */
const patienceMs = 4_000

export type Operation = 'step' | 'poll' | 'sync' | 'full sync' | 'companies'

export type ProcessOptions = {
  readonly store: Store
  readonly connection: string
  readonly config: Config
  readonly clock: ManualClock
  readonly life: Life
  readonly pipedrive: { readonly url: string; readonly apiToken: string }
  readonly brevoUrl: string
}

export type TajoProcess = {
  readonly context: RunContext
  /** When the same is due again by itself; null when nothing waits. */
  perform(operation: Operation): Promise<Date | null>
  close(): Promise<void>
}

export function startProcess(options: ProcessOptions): TajoProcess {
  const { store, connection, config, life, pipedrive, brevoUrl } = options
  const common = { clock: hurried(options.clock), random: () => 0.5 }
  const context: RunContext = {
    store: mortalStore(store, life),
    connection,
    pipedrive: createPipedriveClient({
      apiUrl: pipedrive.url,
      credential: { apiToken: pipedrive.apiToken },
      ...common,
    }),
    brevo: createBrevoClient({ apiUrl: brevoUrl, credential: { apiKey: SANDBOX_KEY.key }, ...common }),
    settings: toSyncSettings(config),
    clock: common.clock,
    signal: life.signal,
  }
  let live: Omit<LiveStep, 'complete'> | null = null
  let compareAll = true
  return {
    context,
    async perform(operation) {
      if (operation === 'sync' || operation === 'full sync') {
        const report = await runSync(context, { full: operation === 'full sync', dryRun: false })
        return report.resumeAt === null ? null : new Date(report.resumeAt)
      }
      live ??= await look(context)
      const complete = compareAll
      // As the server does: everybody is compared at first, after a poll, and after a step that ended early.
      if (operation !== 'companies') compareAll = true
      const next = await performLive(context, { ...live, complete }, operation)
      if (operation === 'step') compareAll = false
      return next
    },
    async close() {
      await Promise.all([context.pipedrive.close(), context.brevo.close()])
    },
  }
}

async function look(context: RunContext): Promise<Omit<LiveStep, 'complete'>> {
  const { plan, accounts } = await resolveAccounts(context, context.settings, { complete: false })
  if (plan === null) throw new Error('there is no plan')
  return { plan, accounts, patienceMs }
}

async function performLive(
  context: RunContext,
  live: LiveStep,
  operation: 'step' | 'poll' | 'companies',
): Promise<Date | null> {
  switch (operation) {
    case 'poll':
      await pollSource(context, live.plan)
      return null
    case 'companies': {
      const ready = await readyCompanies(context, live.plan, true)
      const report = await bringCompanies(context, ready, { complete: false })
      return report?.resumeAt ?? null
    }
    case 'step': {
      const { nextAt, trouble } = await liveStep(context, live)
      if (trouble) throw trouble
      return nextAt
    }
  }
}

/** The same time; who sleeps makes it pass. */
function hurried(clock: ManualClock): Clock {
  return {
    now: () => clock.now(),
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      const until = clock.now().getTime() + ms
      // What is on its way comes first.
      for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
      signal?.throwIfAborted()
      await advanceTo(clock, new Date(until))
    },
  }
}

export async function advanceTo(clock: ManualClock, time: Date): Promise<void> {
  const ms = time.getTime() - clock.now().getTime()
  if (ms > 0) await clock.advance(ms)
}
