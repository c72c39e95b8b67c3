/** The asking side of the doorway: numbered calls and their answers. It repeats nothing by itself. */
import type net from 'node:net'
import { TajoError } from '../../base/error.ts'
import type { RunProgress } from '../service-face.ts'
import { LARGEST_ANSWER_BYTES, parseLine, readLines, writeLine } from './lines.ts'
import { answerSchema, fromWireError, PROTOCOL, welcomeSchema } from './protocol.ts'

/** A server that is starting answers once its store is open, which may take a migration. */
const WELCOME_TIMEOUT_MS = 60_000

export type CallOptions = {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: RunProgress) => void) | undefined
}

export type Caller = {
  /** The server's process. */
  readonly pid: number
  /** The fingerprint of the configuration that the server started with. */
  readonly configuration: string
  /** Throws what the server threw, `server_gone` when it ended first, and the signal's reason when that stopped it. */
  call(method: string, params: unknown, options?: CallOptions): Promise<unknown>
  close(): void
}

export type CallerOptions = {
  readonly connection: string
  readonly configuration: string
  readonly onNotice: (text: string) => void
}

type Call = {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
  readonly onProgress: ((progress: RunProgress) => void) | undefined
}

type Line = {
  readonly socket: net.Socket
  readonly onNotice: (text: string) => void
  readonly calls: Map<number, Call>
  readonly welcome: PromiseWithResolvers<{ pid: number; configuration: string }>
  /** Why nothing more can be asked. */
  over: Error | null
  pid: number | null
}

/** Introduces the command to a server behind a socket that is past the lock's greeting. Throws `service_version_mismatch`. */
export async function createCaller(socket: net.Socket, options: CallerOptions): Promise<Caller> {
  const line: Line = {
    socket,
    onNotice: options.onNotice,
    calls: new Map(),
    welcome: Promise.withResolvers(),
    over: null,
    pid: null,
  }
  listen(line)
  const { connection, configuration } = options
  writeLine(socket, { hello: { protocol: PROTOCOL, connection, configuration } })
  const timer = setTimeout(() => end(line, silent()), WELCOME_TIMEOUT_MS)
  try {
    const server = await line.welcome.promise
    return {
      ...server,
      call: createCall(line),
      close: () => end(line, gone(line)),
    }
  } finally {
    clearTimeout(timer)
  }
}

function listen(line: Line): void {
  const { socket } = line
  socket.on('error', () => socket.destroy())
  socket.on('close', () => end(line, gone(line)))
  if (socket.destroyed) end(line, gone(line))
  readLines(socket, LARGEST_ANSWER_BYTES, {
    onLine: (text) => (line.pid === null ? takeWelcome(line, text) : takeAnswer(line, text)),
    onNonsense: (error) => end(line, error),
  })
  socket.resume()
}

function takeWelcome(line: Line, text: string): void {
  const message = parseLine(text, welcomeSchema)
  if ('error' in message) {
    end(line, fromWireError(message.error))
    return
  }
  line.pid = message.hello.pid
  line.welcome.resolve(message.hello)
}

function takeAnswer(line: Line, text: string): void {
  const message = parseLine(text, answerSchema)
  if (message.id === null) {
    end(line, fromWireError(message.error))
    return
  }
  // One that is not known is over for this side already.
  const call = line.calls.get(message.id)
  if ('progress' in message) call?.onProgress?.(message.progress)
  else if ('notice' in message) line.onNotice(message.notice)
  else if ('error' in message) call?.reject(fromWireError(message.error))
  else call?.resolve(message.result)
}

function end(line: Line, error: Error): void {
  if (line.over !== null) return
  line.over = error
  line.socket.destroySoon()
  line.welcome.reject(error)
  for (const call of line.calls.values()) call.reject(error)
}

function createCall(line: Line): Caller['call'] {
  let last = 0
  return async (method, params, { signal, onProgress } = {}) => {
    signal?.throwIfAborted()
    if (line.over !== null) throw line.over
    const id = ++last
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    line.calls.set(id, { resolve, reject, onProgress })
    writeLine(line.socket, { id, method, params })
    const abort = (): void => writeLine(line.socket, { id, abort: true })
    signal?.addEventListener('abort', abort, { once: true })
    try {
      return await promise
    } catch (error) {
      throw signal?.aborted && !(error instanceof TajoError) ? signal.reason : error
    } finally {
      signal?.removeEventListener('abort', abort)
      line.calls.delete(id)
    }
  }
}

function gone({ pid }: Line): TajoError {
  return new TajoError({
    code: 'server_gone',
    message: `The server on this data directory${pid === null ? '' : ` (process ${pid})`} ended before it answered. What it had done is kept; run the command again.`,
    disposition: 'retry',
    details: pid === null ? {} : { pid },
  })
}

function silent(): TajoError {
  return new TajoError({
    code: 'server_silent',
    message: `A server has this data directory and has not answered for ${WELCOME_TIMEOUT_MS / 1000} seconds. If it is not just starting on a large store, stop it and run the command again.`,
    disposition: 'retry',
  })
}
