/**
 * Reads a request's body as text, up to a limit for itself and one for all bodies in memory. It neither parses it nor
 * answers: where a limit is passed it stops reading and says so.
 */
import type { IncomingMessage } from 'node:http'

/** Bytes of all the bodies that are in memory at the moment, from the first chunk until they are stored. */
export type BodyMemory = { usedBytes: number; readonly mostBytes: number }

export type BodyRead =
  /** Whoever has the text gives `bytes` back to the memory once it is done with it. */
  | { readonly kind: 'whole'; readonly text: string; readonly bytes: number }
  /** `cut`: the sender went away. */
  | { readonly kind: 'too_large' | 'crowded' | 'cut' }

const BYTE_ORDER_MARK = 0xfe_ff

export function readBody(request: IncomingMessage, mostBytes: number, memory: BodyMemory): Promise<BodyRead> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const settle = (read: BodyRead): void => {
      request.off('data', take).off('end', finish).off('close', cut)
      if (read.kind !== 'whole') {
        request.pause()
        memory.usedBytes -= bytes
      }
      resolve(read)
    }
    const take = (chunk: Buffer): void => {
      bytes += chunk.length
      memory.usedBytes += chunk.length
      chunks.push(chunk)
      if (bytes > mostBytes) settle({ kind: 'too_large' })
      else if (memory.usedBytes > memory.mostBytes) settle({ kind: 'crowded' })
    }
    const finish = (): void => settle({ kind: 'whole', text: toText(chunks), bytes })
    const cut = (): void => settle({ kind: 'cut' })
    request.on('data', take).once('end', finish).once('close', cut)
  })
}

/** UTF-8, as JSON has to be (RFC 8259, 8.1); a byte order mark is not part of the text. */
function toText(chunks: readonly Buffer[]): string {
  const [only] = chunks
  const text = (chunks.length === 1 && only ? only : Buffer.concat(chunks)).toString('utf8')
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text
}
