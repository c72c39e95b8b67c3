/**
 * A server's own jobs by their own timetable, on a clock that jumps from one to the next: days pass in a moment. Only the
 * queue is of the test's making; what the jobs do, and when the next of them is due, is the server's.
 */
import type { ManualClock } from '../../src/base/clock.ts'
import type { LoadedConfig } from '../../src/config/index.ts'
import { brevoAccess, pipedriveAccess, readStored } from '../../src/service/clients.ts'
import type { LiveNews } from '../../src/service/index.ts'
import { createWorker } from '../../src/service/live/connection-worker.ts'
import { createInbox } from '../../src/service/live/inbox.ts'
import type { JobName, Jobs } from '../../src/service/live/jobs.ts'
import type { Clients } from '../../src/service/live/worker-state.ts'
import { createSecretBox } from '../../src/service/secrets.ts'
import { createShelf } from '../../src/service/skills/skill-shelf.ts'
import { registerWebhooks } from '../../src/service/webhooks/connection-webhooks.ts'
import type { Sandbox } from '../../src/simulators/index.ts'
import type { Store } from '../../src/store/index.ts'

const connection = 'default'

export type JumpingServerOptions = {
  readonly sandbox: Sandbox
  readonly store: Store
  readonly config: LoadedConfig
  readonly clock: ManualClock
  readonly dataDir: string
  /** Null: no webhook can reach it. */
  readonly publicUrl: string | null
  readonly onNews: (news: LiveNews) => void
}

export type DoneJob = { readonly name: JobName; readonly at: Date; readonly tokens: number }

export type JumpingServer = {
  readonly done: DoneJob[]
  /** A webhook that came, as the HTTP server hands it on. */
  take(source: 'pipedrive' | 'brevo', body: string): Promise<void>
  /** Does what is due until then, and lets the time pass. */
  runFor(ms: number): Promise<void>
  close(): Promise<unknown>
}

export async function openJumpingServer(options: JumpingServerOptions): Promise<JumpingServer> {
  const { sandbox, store, config, clock, dataDir, publicUrl, onNews } = options
  const { queue, jobs } = createQueue(clock)
  const inner = { store, connection, clock, box: createSecretBox(null, dataDir) }
  const clients = makeClients(config, await readStored(store, connection, inner.box), clock)
  const worker = createWorker(
    {
      ...inner,
      config: () => config,
      clients: () => clients,
      shelf: createShelf(() => config),
      renewClients: async () => {},
      reachable: publicUrl !== null,
      async careForWebhooks(both, signal) {
        const { items } = await registerWebhooks({ ...inner, config: config.config }, both, {
          publicUrl,
          signal,
        })
        return items.every(({ state }) => !['refused', 'missing', 'disabled', 'duplicate'].includes(state))
      },
      onNews,
    },
    () => jobs,
  )
  const inbox = createInbox({
    store,
    defaultConnection: () => connection,
    clock,
    onArrived: () => void jobs.now('step'),
  })
  const done: DoneJob[] = []
  await worker.begin()
  return {
    done,
    async take(source, body) {
      await inbox.store(source, null, body)
      await store.intake.emptied()
    },
    async runFor(ms) {
      const end = new Date(clock.now().getTime() + ms)
      for (;;) {
        const due = [...queue].sort((a, b) => a[1].getTime() - b[1].getTime())[0]
        if (due === undefined || due[1] > end) break
        const [name, time] = due
        queue.delete(name)
        await clock.advance(Math.max(0, time.getTime() - clock.now().getTime()))
        const before = tokensOf(sandbox)
        const at = clock.now()
        // Vacuum every five minutes costs no tokens, and whoever waits for this its time.
        if (name !== 'upkeep') await moving(clock, worker.work(name, new AbortController().signal))
        done.push({ name, at, tokens: tokensOf(sandbox) - before })
      }
      await clock.advance(Math.max(0, end.getTime() - clock.now().getTime()))
    },
    close: () => Promise.all([clients.pipedrive.close(), clients.brevo.close()]),
  }
}

function tokensOf({ pipedrive }: Sandbox): number {
  return pipedrive.calls.all().reduce((sum, { tokens }) => sum + tokens, 0)
}

function createQueue(clock: ManualClock): { queue: Map<JobName, Date>; jobs: Jobs } {
  const queue = new Map<JobName, Date>()
  const at = async (name: JobName, time: Date): Promise<void> => {
    const before = queue.get(name)
    if (before === undefined || time < before) queue.set(name, time)
  }
  return { queue, jobs: { now: (name) => at(name, clock.now()), at } }
}

function makeClients(
  config: LoadedConfig,
  stored: Awaited<ReturnType<typeof readStored>>,
  clock: ManualClock,
): Clients {
  const pipedrive = pipedriveAccess(config.config, stored, clock)
  const brevo = brevoAccess(config.config, stored, clock)
  if (pipedrive === null || brevo === null) throw new Error('the sandbox gave no credentials')
  return { pipedrive: pipedrive.make(), brevo: brevo.make() }
}

/** Whoever sleeps on the clock while a job is under way is woken in a while. */
async function moving<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
  const timer = setInterval(() => void clock.advance(250), 5)
  try {
    return await work
  } finally {
    clearInterval(timer)
  }
}
