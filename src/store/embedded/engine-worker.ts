/**
 * The thread the embedded engine runs in, so that a long statement does not stop the process's event loop.
 * It serves many clients from the one session, and does what no background process does here: checkpoints,
 * without which the write-ahead log would grow for ever. When the engine gives up, the thread ends.
 */
import { statfsSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { DurableNodeFS } from './durable-file-system.ts'
import { type Engine, openEngine } from './engine.ts'
import type { EngineSettings, FromEngine, ToEngine } from './engine-messages.ts'
import { createSessionQueue, type QueuedFrame } from './session-queue.ts'
import { simpleQuery, transactionStatus } from './wire-frames.ts'

const ROOM_FOR_CHECKPOINT_BYTES = 1_000_000

const settings = workerData as EngineSettings
const queue = createSessionQueue()
const files = new DurableNodeFS(settings.directory)
let running = false
let closing = false
let idleTimer: NodeJS.Timeout | undefined

const engine = await start()
setInterval(() => checkpoint(), settings.checkpointEveryMs).unref()
parentPort?.on('message', (message: ToEngine) => void receive(message))
send({ kind: 'ready' })

async function start(): Promise<Engine> {
  try {
    const opened = await withBaselineCompiler(() => openEngine(settings.directory, files))
    files.onAbort = () => giveUp('The embedded database stopped.')
    return opened
  } catch (error) {
    return giveUp(error instanceof Error ? error.message : String(error))
  }
}

/**
 * The optimising compiler takes half a gigabyte for some of PostgreSQL's functions and gains little here
 * (measured: 800 against 350 MB at the peak of a load, upserts about as fast). The engine is compiled during
 * this call; what the process compiles later is optimised as usual.
 */
async function withBaselineCompiler<T>(compile: () => Promise<T>): Promise<T> {
  setFlagsFromString('--no-wasm-tier-up')
  setFlagsFromString('--no-wasm-dynamic-tiering')
  try {
    return await compile()
  } finally {
    setFlagsFromString('--wasm-tier-up')
    setFlagsFromString('--wasm-dynamic-tiering')
  }
}

async function receive(message: ToEngine): Promise<void> {
  if (message.kind === 'frame') {
    queue.add(message)
  } else if (message.kind === 'leave') {
    if (queue.leave(message.client)) queue.add({ client: 0, urgent: true, bytes: simpleQuery('rollback') })
  } else {
    closing = true
  }
  if (!running) await run()
}

/** Runs what is queued; lets new messages in after every frame, so that urgent ones are seen. */
async function run(): Promise<void> {
  running = true
  for (let frame = queue.take(); frame; frame = queue.take()) {
    await serve(frame)
    if (files.walBytes >= settings.checkpointAfterWalBytes) checkpoint()
    await new Promise(setImmediate)
  }
  running = false
  watchHolder()
  if (closing) await close()
}

async function serve(frame: QueuedFrame): Promise<void> {
  clearTimeout(idleTimer)
  const bytes = await engine.execute(frame.bytes)
  const status = transactionStatus(bytes)
  if (!status) return giveUp('The embedded database answered with half a message.')
  queue.settled(frame.client, status)
  if (frame.client !== 0) send({ kind: 'answer', client: frame.client, bytes }, [bytes.buffer as ArrayBuffer])
}

/** A checkpoint cannot run inside a transaction: when one is open the next chance is taken. */
function checkpoint(): void {
  if (queue.holder() !== undefined || isDiskFull()) return
  files.walBytes = 0
  queue.add({ client: 0, urgent: false, bytes: simpleQuery('checkpoint') })
  if (!running) void run()
}

/** PostgreSQL panics when a checkpoint finds no room, and would take the statements that wait with it. */
function isDiskFull(): boolean {
  const { bavail, bsize } = statfsSync(settings.directory)
  return bavail * bsize < ROOM_FOR_CHECKPOINT_BYTES
}

/** The same limit a server sets with idle_in_transaction_session_timeout: one forgotten transaction would stop all. */
function watchHolder(): void {
  clearTimeout(idleTimer)
  const client = queue.holder()
  if (client === undefined) return
  idleTimer = setTimeout(() => {
    if (queue.holder() !== client) return
    send({ kind: 'expelled', client })
    void receive({ kind: 'leave', client })
  }, settings.idleInTransactionMs).unref()
}

async function close(): Promise<void> {
  await engine.close()
  send({ kind: 'closed' })
  process.exit(0)
}

function giveUp(reason: string): never {
  send({
    kind: 'failed',
    fault: {
      reason: files.lastWords ? `${reason} ${files.lastWords}` : reason,
      ...(files.lastFault && { systemCode: files.lastFault }),
    },
  })
  process.exit(1)
}

function send(message: FromEngine, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer)
}
