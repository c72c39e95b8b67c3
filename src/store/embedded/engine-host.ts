/**
 * The engine's thread seen from the outside: starts it when a connection asks for it, hands bytes to and fro,
 * and starts a new one after the old one has given up (as a server's postmaster would). It repeats no statement.
 */
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { EngineFault, EngineSettings, FromEngine, ToEngine } from './engine-messages.ts'

/** One connection's end. */
export type EngineClient = {
  answered(bytes: Uint8Array): void
  /** The connection is gone and its transaction with it. */
  lost(error: Error): void
}

export type EngineHost = {
  /** Starts the engine when it does not run; the number is the client's name. */
  join(client: EngineClient): Promise<number>
  send(client: number, urgent: boolean, bytes: Uint8Array<ArrayBuffer>): void
  leave(client: number): void
  close(): Promise<void>
}

/** The engine's end as an error; `fault` says why. */
export class EngineLostError extends Error {
  readonly fault: EngineFault
  constructor(fault: EngineFault) {
    super(fault.reason)
    this.name = 'EngineLostError'
    this.fault = fault
  }
}

type RunningEngine = { worker: Worker; clients: Map<number, Membership>; closing: boolean }
type Membership = { client: EngineClient; unanswered: number }

export function createEngineHost(settings: EngineSettings): EngineHost {
  let current: Promise<RunningEngine> | undefined
  let lastClient = 0
  const homes = new Map<number, RunningEngine>()

  function begin(): Promise<RunningEngine> {
    const started = startEngine(settings, (client) => homes.delete(client))
    current = started
    const forget = () => {
      if (current === started) current = undefined
    }
    started.then((engine) => engine.worker.once('exit', forget), forget)
    return started
  }

  return {
    async join(client) {
      const engine = await (current ?? begin())
      const name = ++lastClient
      engine.clients.set(name, { client, unanswered: 0 })
      homes.set(name, engine)
      return name
    },
    send(client, urgent, bytes) {
      const engine = homes.get(client)
      const membership = engine?.clients.get(client)
      if (!engine || !membership) return
      membership.unanswered++
      engine.worker.ref()
      post(engine, { kind: 'frame', client, urgent, bytes }, [bytes.buffer])
    },
    leave(client) {
      const engine = homes.get(client)
      engine?.clients.delete(client)
      homes.delete(client)
      if (!engine) return
      post(engine, { kind: 'leave', client })
      releaseWhenQuiet(engine)
    },
    async close() {
      const engine = await current?.catch(() => undefined)
      if (!engine) return
      engine.closing = true
      engine.worker.ref()
      const ended = new Promise((resolve) => engine.worker.once('exit', resolve))
      post(engine, { kind: 'close' })
      await ended
    },
  }
}

/** The thread does not keep the process alive while nobody waits for an answer. */
async function startEngine(
  settings: EngineSettings,
  forget: (client: number) => void,
): Promise<RunningEngine> {
  const worker = new Worker(siblingProgram('engine-worker'), {
    workerData: settings,
    execArgv: typescriptFlags(),
    stdout: true,
    stderr: true,
  })
  const engine: RunningEngine = { worker, clients: new Map(), closing: false }
  let fault: EngineFault = { reason: 'The embedded database ended.' }
  worker.on('error', (error) => {
    fault = { reason: error.message }
  })
  const ready = new Promise<void>((resolve, reject) => {
    worker.on('message', (message: FromEngine) => {
      if (message.kind === 'ready') resolve()
      else if (message.kind === 'failed') fault = message.fault
      else if (message.kind === 'answer') deliver(engine, message.client, message.bytes)
      else if (message.kind === 'expelled') {
        dismiss(message.client, {
          reason: 'A transaction was left idle for too long and has been rolled back.',
        })
      }
    })
    worker.once('exit', () => {
      reject(new EngineLostError(fault))
      for (const name of [...engine.clients.keys()]) dismiss(name, fault)
    })
  })
  function dismiss(name: number, reason: EngineFault): void {
    const membership = engine.clients.get(name)
    engine.clients.delete(name)
    forget(name)
    membership?.client.lost(new EngineLostError(reason))
  }
  await ready
  worker.unref()
  return engine
}

function deliver(engine: RunningEngine, name: number, bytes: Uint8Array): void {
  const membership = engine.clients.get(name)
  if (!membership) return
  membership.unanswered--
  releaseWhenQuiet(engine)
  membership.client.answered(bytes)
}

function releaseWhenQuiet(engine: RunningEngine): void {
  const isQuiet = [...engine.clients.values()].every(({ unanswered }) => unanswered === 0)
  if (isQuiet && !engine.closing) engine.worker.unref()
}

/** The program beside this one: `.ts` in the sources, `.js` in the built package. */
export function siblingProgram(name: string): string {
  const own = fileURLToPath(import.meta.url)
  return fileURLToPath(new URL(`./${name}${extname(own)}`, import.meta.url))
}

/** Of Node's own flags only those that sources need: others, such as `--input-type`, would fail there. */
export function typescriptFlags(): string[] {
  return process.execArgv.filter((flag) => flag === '--experimental-strip-types')
}

function post(engine: RunningEngine, message: ToEngine, transfer: ArrayBuffer[] = []): void {
  engine.worker.postMessage(message, transfer)
}
