/**
 * The few bytes of PostgreSQL's wire protocol that must be understood to share one session between several
 * connections: where a frame ends, and whether a transaction is open afterwards. It parses nothing else.
 * Formats: https://www.postgresql.org/docs/18/protocol-message-formats.html
 */

/** `I` idle, `T` in a transaction, `E` in a failed transaction. */
export type TransactionStatus = 'I' | 'T' | 'E'

export type FrameSplitter = (chunk: Uint8Array) => ClientFrame[]
export type ClientFrame =
  | { kind: 'startup' }
  | { kind: 'frame'; bytes: Uint8Array<ArrayBuffer> }
  | { kind: 'terminate' }

const QUERY = 0x51
const SYNC = 0x53
const TERMINATE = 0x58
const READY_FOR_QUERY = 0x5a
const HEADER_BYTES = 5

/**
 * Cuts what a client writes into frames that each end with a ReadyForQuery: a simple Query, or an extended
 * query up to its Sync. The first message of a connection is its startup packet, which has no type byte.
 */
export function createFrameSplitter(): FrameSplitter {
  let rest: Uint8Array = new Uint8Array(0)
  let started = false
  let scanned = 0

  function nextFrame(): ClientFrame | undefined {
    if (!started) {
      const length = rest.length < 4 ? Number.POSITIVE_INFINITY : readInt32(rest, 0)
      if (rest.length < length) return undefined
      started = true
      rest = rest.subarray(length)
      return { kind: 'startup' }
    }
    while (rest.length - scanned >= HEADER_BYTES) {
      const type = rest[scanned]
      const end = scanned + 1 + readInt32(rest, scanned + 1)
      if (rest.length < end) return undefined
      scanned = end
      if (type === TERMINATE) return { kind: 'terminate' }
      if (type !== QUERY && type !== SYNC) continue
      // Copied: the bytes move to another thread together with their buffer.
      const bytes = new Uint8Array(end)
      bytes.set(rest.subarray(0, end))
      rest = rest.subarray(end)
      scanned = 0
      return { kind: 'frame', bytes }
    }
    return undefined
  }

  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const frames: ClientFrame[] = []
    for (let frame = nextFrame(); frame; frame = nextFrame()) frames.push(frame)
    return frames
  }
}

/** The answer to a startup packet: no password is asked, the session is idle. */
export function startupAnswer(): Uint8Array {
  const authenticated = [0x52, 0, 0, 0, 8, 0, 0, 0, 0]
  return Uint8Array.from([...authenticated, READY_FOR_QUERY, 0, 0, 0, 5, 'I'.charCodeAt(0)])
}

/** A simple query as a frame. */
export function simpleQuery(text: string): Uint8Array<ArrayBuffer> {
  const body = new TextEncoder().encode(`${text}\0`)
  const frame = new Uint8Array(HEADER_BYTES + body.length)
  frame[0] = QUERY
  new DataView(frame.buffer).setInt32(1, body.length + 4)
  frame.set(body, HEADER_BYTES)
  return frame
}

/** What an answer's closing ReadyForQuery says; undefined when the answer does not end with one. */
export function transactionStatus(answer: Uint8Array): TransactionStatus | undefined {
  const end = answer.subarray(-6)
  if (end.length < 6 || end[0] !== READY_FOR_QUERY || readInt32(end, 1) !== 5) return undefined
  const status = String.fromCharCode(end[5] ?? 0)
  return status === 'I' || status === 'T' || status === 'E' ? status : undefined
}

function readInt32(bytes: Uint8Array, offset: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getInt32(offset)
}
