/**
 * Does the jobs of one connection, one at a time. A refused credential or a spent budget pauses it, with one clear
 * message; it goes on by itself. What a service cannot do now is done later, and stops nothing else.
 */
import { TajoError } from '../../base/error.ts'
import type { JobName, Jobs } from './jobs.ts'
import { tasks, troubleMs, upkeepEveryMs } from './tasks.ts'
import {
  after,
  createState,
  told,
  type Worker,
  type WorkerOptions,
  type WorkerState,
} from './worker-state.ts'

/** How long a pause lasts for which the service named no end: by then somebody may have mended it. Each time twice as long. */
const firstPauseMs = 5_000
const longestPauseMs = 60_000
const lookAgainMs = 1_000

export type ConnectionWorker = {
  readonly state: WorkerState
  /** Throws only our own defects and trouble with our own store: the job engine repeats the job then. */
  work(name: JobName, signal: AbortSignal): Promise<void>
  /** Queues what is due at the start. */
  begin(): Promise<void>
  /** Ends a pause before its time: credentials were replaced. */
  wake(): Promise<void>
  /** Begins a pause before a request meets the refusal. */
  halt(error: TajoError): Promise<void>
}

export function createWorker(options: WorkerOptions, jobs: () => Jobs): ConnectionWorker {
  const { clock, onNews, connection } = options
  const state = createState(options.config().config.pipedrive.pollIntervalMs)
  const worker: Worker = { ...options, state, jobs }
  return {
    state,
    async work(name, signal) {
      try {
        const paused = state.paused !== null && name !== 'upkeep'
        if (paused && state.paused && state.paused.until > clock.now()) {
          await jobs().at(timed(name), state.paused.until)
          return
        }
        // Only what met the refusal can find out that it is over; a job that asked for nothing would prove nothing.
        if (paused && state.paused && state.paused.job !== timed(name)) {
          await jobs().at(timed(name), after(worker, lookAgainMs))
          return
        }
        // Whoever mends a refused credential gives us another one.
        if (paused) await options.renewClients()
        await tasks[name](worker, signal)
        if (paused) resume(worker)
      } catch (error) {
        if (signal.aborted) return
        if (!(error instanceof TajoError) || !isOutside(error)) throw error
        await putOff(worker, error, name)
      }
    },
    async begin() {
      onNews(told('info', 'connection.started', 'The connection is looked after from now on', { connection }))
      // Webhooks first: what changes while the first pass goes on waits in the inbox.
      await jobs().now('care')
      await jobs().now('listing')
      await jobs().at('upkeep', after(worker, upkeepEveryMs))
    },
    // Webhooks may have gone with the account: they are what is seen to first when it comes back.
    halt: (error) => putOff(worker, error, 'care'),
    async wake() {
      if (state.paused === null) return
      state.paused = { ...state.paused, until: clock.now() }
      await jobs().now(state.paused.job)
    },
  }
}

async function putOff(worker: Worker, error: TajoError, name: JobName): Promise<void> {
  const { state, connection, jobs, onNews } = worker
  const pauses = error.disposition === 'pause'
  const times = (state.paused?.times ?? 0) + 1
  const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (times - 1))
  const until = error.notBefore ?? after(worker, pauses ? pauseMs : troubleMs)
  const details = { connection, job: name, code: error.code, until: until.toISOString() }
  // Once is clear enough: the next attempts say nothing new.
  if (!pauses) onNews(told('warn', 'job.troubled', error.message, details))
  else if (state.paused?.trouble !== troubleOf(error))
    onNews(told('error', 'connection.paused', error.message, details))
  if (pauses)
    state.paused = { reason: error.message, trouble: troubleOf(error), until, job: timed(name), times }
  state.idle = false
  await jobs().at(timed(name), until)
}

/** What makes it the same trouble as before. Which request a service happened to refuse first is no part of it. */
function troubleOf({ code, message }: TajoError): string {
  return /^(pipedrive|brevo)_/.test(code) ? code : message
}

/** A step that is due at a time is one of its own kind: what arrives meanwhile must not wait for it. */
function timed(name: JobName): JobName {
  return name === 'step' ? 'later' : name
}

function resume({ state, connection, onNews }: Worker): void {
  state.paused = null
  onNews(told('info', 'connection.resumed', 'The connection goes on', { connection }))
}

/** A service that refuses, is away, or does not fit the configuration. Our own store and defects are not. */
function isOutside(error: TajoError): boolean {
  return (
    /^(pipedrive|brevo|webhook|oauth)_/.test(error.code) ||
    ['settings_unfit', 'connection_busy', 'connection_paused', 'config_not_connected'].includes(error.code)
  )
}
