/** Messages through the doorway: one JSON document per line, of a bounded size. It understands none of them. */
import type net from 'node:net'
import type { ZodType } from 'zod'
import { TajoError } from '../../base/error.ts'

/** What a visitor may say in one message: the longest is a selection of failures by their ids. */
export const LARGEST_REQUEST_BYTES = 1_000_000
/** What a server may say in one message: the longest is the list of all failures. */
export const LARGEST_ANSWER_BYTES = 256_000_000

export type LineListener = {
  onLine(line: string): void
  /** The other side says more than it may, or no JSON, or not what was agreed. Nothing is read after that. */
  onNonsense(error: TajoError): void
}

/** Splits what arrives into lines. What throws in `onLine` as a TajoError counts as nonsense. */
export function readLines(socket: net.Socket, largestBytes: number, listener: LineListener): void {
  let pieces: Buffer[] = []
  let bytes = 0
  let over = false
  const refuse = (error: TajoError): void => {
    over = true
    pieces = []
    listener.onNonsense(error)
  }
  const take = (line: string): void => {
    try {
      listener.onLine(line)
    } catch (error) {
      if (!(error instanceof TajoError)) throw error
      refuse(error)
    }
  }
  socket.on('data', (chunk: Buffer) => {
    let from = 0
    while (!over) {
      const end = chunk.indexOf(0x0a, from)
      const piece = chunk.subarray(from, end === -1 ? chunk.length : end)
      bytes += piece.length
      if (bytes > largestBytes) {
        refuse(tooLarge(largestBytes))
        return
      }
      pieces.push(piece)
      if (end === -1) return
      const line = Buffer.concat(pieces).toString('utf8')
      pieces = []
      bytes = 0
      from = end + 1
      take(line)
    }
  })
}

/** Says nothing when the other side has gone: its going is noticed where answers are awaited. */
export function writeLine(socket: net.Socket, message: unknown): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`)
}

/** Throws `message_invalid` for a line that is no JSON or not of this shape. */
export function parseLine<T>(line: string, schema: ZodType<T>): T {
  const read = schema.safeParse(toJson(line))
  if (read.success) return read.data
  const { path = [], message = '' } = read.error.issues[0] ?? {}
  throw invalid(`${path.join('.') || 'the message'}: ${message}`)
}

function toJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    throw invalid('it is no JSON', error)
  }
}

function invalid(why: string, cause?: unknown): TajoError {
  return new TajoError({
    code: 'message_invalid',
    message: `A message between this command and the running server cannot be understood (${why}). Use the same version of Tajo for both.`,
    disposition: 'pause',
    cause,
  })
}

function tooLarge(bytes: number): TajoError {
  return new TajoError({
    code: 'message_too_large',
    message: `A message between this command and the running server has more than ${bytes.toLocaleString('en')} bytes. Ask for less at once, or stop the server and run the command again.`,
    disposition: 'reject',
    details: { bytes },
  })
}
