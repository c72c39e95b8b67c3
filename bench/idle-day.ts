/**
 * What a day costs on which nothing happens: the server's own jobs by their own timetable, on a clock that jumps from one
 * to the next, against the simulators' meter of tokens. Only the queue is the benchmark's; what the jobs do is the server's.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ManualClock, manualClock } from '../src/base/clock.ts'
import { type LoadedConfig, loadConfig, readEnvironment } from '../src/config/index.ts'
import { brevoAccess, pipedriveAccess, readStored } from '../src/service/clients.ts'
import { type ConnectionWorker, createWorker } from '../src/service/live/connection-worker.ts'
import type { JobName, Jobs } from '../src/service/live/jobs.ts'
import type { Clients } from '../src/service/live/worker-state.ts'
import { createSecretBox } from '../src/service/secrets.ts'
import { registerWebhooks } from '../src/service/webhooks/connection-webhooks.ts'
import { createSandbox, oneWay, type Sandbox } from '../src/simulators/index.ts'
import { openStore, type Store } from '../src/store/index.ts'
import type { Row } from './measure-webhooks.ts'

const dayMs = 24 * 3_600_000
const connection = 'default'

export async function measureIdleDays(sizes: readonly number[]): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const persons of sizes)
    for (const mode of ['realtime', 'hybrid', 'batch']) rows.push(await idleDay(persons, mode))
  return rows
}

async function idleDay(persons: number, mode: string): Promise<Row> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tajo-bench-'))
  const clock = manualClock(new Date('2026-03-02T00:10:00Z'))
  const sandbox = await createSandbox({
    data: { persons },
    clock,
    pipedrive: { limits: { burst: 10_000, dailyTokens: 100_000_000 } },
    brevo: { limits: { contacts: {}, events: {}, other: {} } },
  })
  const { environment, yaml } = await sandbox.start()
  const door = await openDoor()
  const store = await openStore({ dataDir })
  const file = join(dataDir, 'tajo.yaml')
  await writeFile(file, oneWay(yaml).replace('    sync:\n', `    sync_mode: ${mode}\n    sync:\n`))
  const env = { ...environment, TAJO_DATA_DIR: dataDir, TAJO_CONFIG: file }
  const config = loadConfig({ env: readEnvironment(env).variables, file })
  const server = await openWorker({ store, config, clock, dataDir, publicUrl: door.url })
  try {
    await server.runUntil(new Date(clock.now().getTime() + 60_000))
    const first = tokensOf(sandbox)
    sandbox.pipedrive.calls.clear()
    sandbox.brevo.calls.clear()
    server.counts.clear()
    await server.runUntil(new Date(clock.now().getTime() + dayMs))
    const listing = server.listingTokens()
    return {
      persons,
      mode,
      'tokens of the first pass': first,
      'tokens of the day': tokensOf(sandbox),
      'of which polls': server.tokensOf('poll'),
      'of which the listing': listing,
      polls: server.counts.get('poll') ?? 0,
      'Brevo requests': sandbox.brevo.calls.all().length,
      'Brevo writes': sandbox.brevo.calls.all().filter(({ method }) => method !== 'GET').length,
    }
  } finally {
    await server.close()
    await store.close()
    await door.close()
    await sandbox.stop()
    await rm(dataDir, { recursive: true, force: true })
  }

  function tokensOf({ pipedrive }: Sandbox): number {
    return pipedrive.calls.all().reduce((sum, { tokens }) => sum + tokens, 0)
  }

  async function openWorker(given: {
    store: Store
    config: LoadedConfig
    clock: ManualClock
    dataDir: string
    publicUrl: string
  }) {
    const { queue, jobs } = createQueue(given.clock)
    const box = createSecretBox(null, given.dataDir)
    const stored = await readStored(given.store, connection, box)
    const clients = makeClients(given.config, stored, given.clock)
    const inner = { store: given.store, connection, clock: given.clock, box }
    const worker: ConnectionWorker = createWorker(
      {
        ...inner,
        config: () => given.config,
        clients: () => clients,
        renewClients: async () => {},
        reachable: true,
        async careForWebhooks(both, signal) {
          const { items } = await registerWebhooks({ ...inner, config: given.config.config }, both, {
            publicUrl: given.publicUrl,
            signal,
          })
          return items.every(({ state }) => !['refused', 'missing', 'disabled', 'duplicate'].includes(state))
        },
        onNews: ({ level, event, message }) => {
          if (level === 'warn' || level === 'error') console.log(`${event}: ${message}`)
        },
      },
      () => jobs,
    )
    const tokens = new Map<JobName, number>()
    const counts = new Map<JobName, number>()
    await worker.begin()
    return {
      counts,
      tokensOf: (name: JobName) => tokens.get(name) ?? 0,
      listingTokens: () => tokens.get('listing') ?? 0,
      async runUntil(end: Date) {
        tokens.clear()
        for (;;) {
          const due = [...queue].sort((a, b) => a[1].getTime() - b[1].getTime())[0]
          if (due === undefined || due[1] > end) break
          const [name, time] = due
          queue.delete(name)
          await given.clock.advance(Math.max(0, time.getTime() - given.clock.now().getTime()))
          const before = tokensOf(sandbox)
          // Vacuum every five minutes costs no tokens, and the benchmark its time.
          if (name !== 'upkeep') await moving(given.clock, worker.work(name, new AbortController().signal))
          counts.set(name, (counts.get(name) ?? 0) + 1)
          tokens.set(name, (tokens.get(name) ?? 0) + tokensOf(sandbox) - before)
        }
        await given.clock.advance(Math.max(0, end.getTime() - given.clock.now().getTime()))
      },
      close: () => Promise.all([clients.pipedrive.close(), clients.brevo.close()]),
    }
  }
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

/** Where webhooks could be sent: something that answers. */
async function openDoor(): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((_, response) => response.end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
