/**
 * The server's side of the socket in the data directory: answers other commands with the service that is open here.
 * It decides nothing itself, and keeps nobody's call alive after that visitor has hung up.
 */
import type net from 'node:net'
import { asError, TajoError } from '../../base/error.ts'
import { callOperation } from '../operations.ts'
import type { Service } from '../service-face.ts'
import { LARGEST_REQUEST_BYTES, parseLine, readLines, writeLine } from './lines.ts'
import {
  type Answer,
  configurationFingerprint,
  helloSchema,
  PROTOCOL,
  requestSchema,
  toWireError,
} from './protocol.ts'

/** Who only reads the lock's greeting goes at once; who says nothing for so long means nothing. */
const HELLO_TIMEOUT_MS = 10_000
/** Progress is left out for a visitor that reads slower than it comes: only the latest is worth anything. */
const MOST_UNREAD_BYTES = 64_000

/**
 * The service of a connection by its name, for an operation (null: to greet); '' stands for the one that is meant where
 * none is named. May throw.
 */
export type ServiceOf = (connection: string, operation: string | null) => Promise<Service>

export type DoorwayOptions = {
  /** Told of errors that Tajo does not know, for the server's log; the visitor is told too. */
  readonly onFault?: ((method: string, error: Error) => void) | undefined
}

export type Doorway = {
  /** Takes a connection that has sent the lock's greeting and nothing else. */
  visit(socket: net.Socket): void
  /** Aborts the calls under way, waits for their end and hangs up. To be called before the store is closed. */
  close(): Promise<void>
}

/** Visitors that come before the service is open wait for it. */
export function openDoorway(serviceOf: ServiceOf, options: DoorwayOptions = {}): Doorway {
  const house: House = { serviceOf, options, stop: new AbortController(), calls: new Set() }
  const sockets = new Set<net.Socket>()
  return {
    visit(socket) {
      if (house.stop.signal.aborted) {
        socket.destroySoon()
        return
      }
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      receive(house, socket)
    },
    async close() {
      house.stop.abort(stopping())
      await Promise.allSettled(house.calls)
      for (const socket of sockets) socket.destroySoon()
    },
  }
}

type House = {
  readonly serviceOf: ServiceOf
  readonly options: DoorwayOptions
  /** Aborted when the server stops. */
  readonly stop: AbortController
  readonly calls: Set<Promise<void>>
}

type Visitor = {
  readonly socket: net.Socket
  readonly calls: Map<number, AbortController>
  /** What it comes for; null before it has said so. */
  connection: string | null
}

function receive(house: House, socket: net.Socket): void {
  const visitor: Visitor = { socket, calls: new Map(), connection: null }
  const leave = (): void => {
    for (const call of visitor.calls.values())
      call.abort(new DOMException('The visitor hung up', 'AbortError'))
  }
  socket.on('error', () => socket.destroy())
  socket.on('end', leave).on('close', leave)
  socket.setTimeout(HELLO_TIMEOUT_MS, () => visitor.connection ?? socket.destroy())
  readLines(socket, LARGEST_REQUEST_BYTES, {
    onLine(line) {
      if (visitor.connection !== null) takeRequest(house, visitor, line)
      else takeHello(house, visitor, line)
    },
    onNonsense(error) {
      leave()
      say(visitor, { id: null, error: toWireError(error) })
      socket.destroySoon()
    },
  })
}

function takeHello({ serviceOf }: House, visitor: Visitor, line: string): void {
  const { hello } = parseLine(line, helloSchema)
  if (hello.protocol !== PROTOCOL) throw versionMismatch(hello.protocol)
  visitor.connection = hello.connection
  visitor.socket.setTimeout(0)
  const welcome = async (): Promise<void> => {
    const { config } = await serviceOf(hello.connection, null)
    writeLine(visitor.socket, {
      hello: { protocol: PROTOCOL, pid: process.pid, configuration: configurationFingerprint(config) },
    })
  }
  welcome().catch((error: unknown) => {
    // Whoever opens the service hears why it did not open; a visitor can only be sent away.
    if (error instanceof TajoError) say(visitor, { id: null, error: toWireError(error) })
    visitor.socket.destroySoon()
  })
}

function takeRequest(house: House, visitor: Visitor, line: string): void {
  const request = parseLine(line, requestSchema)
  if ('abort' in request) {
    visitor.calls.get(request.id)?.abort(new DOMException('The visitor stopped it', 'AbortError'))
    return
  }
  const call = answer(house, visitor, request).finally(() => house.calls.delete(call))
  house.calls.add(call)
}

async function answer(
  house: House,
  visitor: Visitor,
  { id, method, params }: { id: number; method: string; params: unknown },
): Promise<void> {
  const own = new AbortController()
  visitor.calls.set(id, own)
  const signal = AbortSignal.any([own.signal, house.stop.signal])
  try {
    const result = await callOperation(
      await house.serviceOf(visitor.connection ?? '', method),
      method,
      params,
      {
        signal,
        onProgress: (progress) => {
          if (visitor.socket.writableLength < MOST_UNREAD_BYTES) say(visitor, { id, progress })
        },
        onNotice: (notice) => say(visitor, { id, notice }),
      },
    )
    say(visitor, { id, result: result ?? null })
  } catch (thrown) {
    const error = asError(thrown)
    const known = error instanceof TajoError
    if (!known && !signal.aborted) house.options.onFault?.(method, error)
    say(visitor, { id, error: toWireError(!known && house.stop.signal.aborted ? stopping() : error) })
  } finally {
    visitor.calls.delete(id)
  }
}

function say({ socket }: Visitor, message: Answer): void {
  writeLine(socket, message)
}

function stopping(): TajoError {
  return new TajoError({
    code: 'server_gone',
    message: `The server on this data directory (process ${process.pid}) was stopped before it was done. What it had done is kept; run the command again.`,
    disposition: 'retry',
    details: { pid: process.pid },
  })
}

function versionMismatch(theirs: number): TajoError {
  return new TajoError({
    code: 'service_version_mismatch',
    message: `The server on this data directory (process ${process.pid}) is of another version of Tajo than this command (it speaks version ${PROTOCOL} of their language, the command ${theirs}). Restart the server with the version of this command, or use the version that the server runs.`,
    disposition: 'pause',
    details: { pid: process.pid, server: PROTOCOL, command: theirs },
  })
}
