/**
 * The job engine (https://github.com/timgit/pg-boss) over our store: work that is due at a time, once, retried when it
 * fails, and found again after a crash. What the work is, others know.
 */
import { PgBoss } from 'pg-boss'
import type { Clock } from '../../base/clock.ts'
import type { Store } from '../../store/index.ts'

/**
 * `step`: something arrived. `later`: something that waits is due. `poll`, `listing`, `companies`: in their time.
 * `skills`: what skills wait for is due. `care`: webhooks, once a day. `upkeep`: the store, every few minutes.
 */
export const jobNames = ['step', 'later', 'poll', 'listing', 'companies', 'skills', 'care', 'upkeep'] as const
export type JobName = (typeof jobNames)[number]

/** The jobs of one connection. */
export type Jobs = {
  /** As soon as possible; does nothing when it is queued already. */
  now(name: JobName): Promise<void>
  /** At that time, unless it is queued for an earlier one. */
  at(name: JobName, time: Date): Promise<void>
}

export type JobEngine = {
  /** Of each connection one of a kind is queued at a time, and one of a kind runs. */
  of(connection: string): Jobs
  /** There are so many connections by now; more of them are worked on at once, up to a limit. */
  grow(connections: number): Promise<void>
  /** How many jobs of a kind run at once. */
  places(): number
  /** Ends the workers; what is under way is waited for so long. */
  stop(timeoutMs: number): Promise<void>
}

export type JobOptions = {
  readonly store: Store
  readonly clock: Clock
  readonly work: (connection: string, name: JobName, signal: AbortSignal) => Promise<void>
  readonly onError: (error: unknown) => void
}

type JobData = { readonly connection: string }

const schema = 'jobs'
/** A poll of the queue costs a query; what arrives wakes the worker without one. */
const queuePollSeconds = 2
/** The engine polls no oftener. */
const leastPollSeconds = 0.5
/** A pass over a large account takes its time; a dead worker's job is taken over after it. */
const longestJobSeconds = 12 * 3600
/** Each looks at its queue every two seconds, whether there is work or not. */
const mostPlaces = 16

/** Queues what the connections are given; begins with one job of a kind at a time. */
export async function startJobs({ store, clock, work, onError }: JobOptions): Promise<JobEngine> {
  const { speed = 1 } = clock
  // The engine keeps the machine's time, whatever clock we are given.
  const onMachine = (time: Date): Date =>
    speed === 1 ? time : new Date(Date.now() + (time.getTime() - clock.now().getTime()) / speed)
  const pollingIntervalSeconds = Math.max(leastPollSeconds, queuePollSeconds / speed)
  const embedded = store.kind === 'embedded'
  const boss = new PgBoss({
    db: { executeSql: (text, values) => store.query(text, values ?? []) },
    backend: embedded ? 'pglite' : 'postgres',
    schema,
    // The embedded engine is vacuumed by our own upkeep, and rebuilds no index beside its one session.
    ...(embedded ? { reindex: false, monitorVacuum: false } : {}),
  })
  boss.on('error', onError)
  await boss.start()
  const workers = new Map<JobName, string[]>()
  const queued: Queued = new Map()
  let places = 0
  const addPlace = async (): Promise<void> => {
    places++
    for (const name of jobNames) {
      const options = { pollingIntervalSeconds, localGroupConcurrency: 1 }
      const worker = await boss.work<JobData>(name, options, async ([job]) => {
        if (job === undefined) return
        queued.delete(keyOf(job.data.connection, name))
        await work(job.data.connection, name, job.signal)
      })
      workers.set(name, [...(workers.get(name) ?? []), worker])
    }
  }
  for (const name of jobNames) {
    // At most one of a kind is queued for a connection, besides one that runs.
    await boss.createQueue(name, {
      policy: 'short',
      retryLimit: 3,
      retryDelay: 5,
      retryBackoff: true,
      expireInSeconds: longestJobSeconds,
      deleteAfterSeconds: 3600,
    })
    await boss.deleteQueuedJobs(name)
  }
  await addPlace()
  const wake = (name: JobName): void => {
    for (const worker of workers.get(name) ?? []) boss.notifyWorker(worker)
  }
  return {
    of: (connection) => queueOf({ boss, connection, queued, onMachine, wake }),
    async grow(connections) {
      while (places < Math.min(connections, mostPlaces)) await addPlace()
    },
    places: () => places,
    async stop(timeoutMs) {
      await boss.stop({ graceful: true, timeout: timeoutMs, close: false })
    },
  }
}

/** What this process has queued and when it is due; 0: as soon as possible. */
type Queued = Map<string, { time: number; id: string | null }>

type QueueContext = {
  readonly boss: PgBoss
  readonly connection: string
  readonly queued: Queued
  readonly onMachine: (time: Date) => Date
  readonly wake: (name: JobName) => void
}

function queueOf({ boss, connection, queued, onMachine, wake }: QueueContext): Jobs {
  const common = { singletonKey: connection, group: { id: connection } }
  const send = async (name: JobName, time: Date | null): Promise<void> => {
    const key = keyOf(connection, name)
    const before = queued.get(key)
    const mark = { time: time?.getTime() ?? 0, id: null as string | null }
    if (before && before.time <= mark.time) return
    queued.set(key, mark)
    const options = { ...common, ...(time ? { startAfter: onMachine(time) } : {}) }
    try {
      if (before?.id) await boss.deleteJob(name, before.id)
      mark.id = await boss.send(name, { connection }, options)
      if (mark.id === null) {
        // One is queued that this process no longer knows of, perhaps for much later.
        const forgotten = await boss.findJobs(name, { key: connection, queued: true })
        if (forgotten.length > 0)
          await boss.deleteJob(
            name,
            forgotten.map(({ id }) => id),
          )
        mark.id = await boss.send(name, { connection }, options)
      }
    } catch (error) {
      // Not queued: the next one who asks must not be told that it is.
      if (queued.get(key) === mark) queued.delete(key)
      throw error
    }
    // What is due at once wakes its worker; the rest is found by looking.
    if (time === null) wake(name)
  }
  /** One after the other for each kind: who moves a job forward must know the id of the one that waits. */
  const sending = new Map<JobName, Promise<void>>()
  const inTurn = (name: JobName, time: Date | null): Promise<void> => {
    const turn = (sending.get(name) ?? Promise.resolve()).then(() => send(name, time))
    sending.set(
      name,
      turn.catch(() => undefined),
    )
    return turn
  }
  return { now: (name) => inTurn(name, null), at: (name, time) => inTurn(name, time) }
}

function keyOf(connection: string, name: JobName): string {
  return `${connection} ${name}`
}
