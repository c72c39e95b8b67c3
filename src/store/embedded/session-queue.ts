/**
 * Who may use the one session of the embedded engine next. Pure: it runs nothing.
 * A client that has a transaction open holds the session until the transaction ends; between transactions
 * urgent frames go before the others, and within one kind the first come is the first served.
 */
import type { TransactionStatus } from './wire-frames.ts'

export type QueuedFrame = { client: number; urgent: boolean; bytes: Uint8Array }

export type SessionQueue = {
  add(frame: QueuedFrame): void
  /** Takes the frame to run now, or undefined when there is none (or its holder has not sent one yet). */
  take(): QueuedFrame | undefined
  /** To be called after each frame. */
  settled(client: number, status: TransactionStatus): void
  /** Forgets a client that has gone; true when its open transaction must be rolled back. */
  leave(client: number): boolean
  /** The client whose transaction is open, if any. */
  holder(): number | undefined
}

export function createSessionQueue(): SessionQueue {
  let waiting: QueuedFrame[] = []
  let holder: number | undefined

  function position(): number {
    if (holder !== undefined) return waiting.findIndex((frame) => frame.client === holder)
    const urgent = waiting.findIndex((frame) => frame.urgent)
    return urgent >= 0 ? urgent : 0
  }

  return {
    add: (frame) => {
      waiting.push(frame)
    },
    take() {
      const at = position()
      return at < 0 ? undefined : waiting.splice(at, 1)[0]
    },
    settled(client, status) {
      holder = status === 'I' ? undefined : client
    },
    leave(client) {
      waiting = waiting.filter((frame) => frame.client !== client)
      if (holder !== client) return false
      holder = undefined
      return true
    },
    holder: () => holder,
  }
}
