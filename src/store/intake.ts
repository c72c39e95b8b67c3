/**
 * Where deliveries are taken in: straight into the inbox on a server, which serves many at once; through a journal in the
 * embedded store, whose one session may be busy for longer than a sender should wait.
 */
import type { Db } from './db.ts'
import { insertDeliveries, type NewDelivery } from './inbox-table.ts'

/** Deliveries that came into the inbox together; `kept` are those that had not come before. */
export type Arrival = { readonly deliveries: readonly NewDelivery[]; readonly kept: readonly NewDelivery[] }

export type Intake = {
  /** Resolves once they are durable: no kill and no power cut loses them then. Throws the store's errors. */
  take(deliveries: readonly NewDelivery[]): Promise<void>
  /** Called after every commit of the inbox; replaces the listener before. */
  listen(listener: (arrival: Arrival) => void): void
  /** What is durable but not in the inbox yet. */
  waiting(connection: string): { readonly count: number; readonly oldest: Date | null }
  /** Resolves when all that was taken before is in the inbox and nowhere else. Throws what keeps it from that. */
  emptied(): Promise<void>
  /** Deliveries that an earlier process had taken and the disk has lost since it was opened. */
  readonly damaged: number
  close(): Promise<void>
}

export function createDirectIntake(db: Db): Intake {
  let tell = (_: Arrival): void => undefined
  return {
    async take(deliveries) {
      tell({ deliveries, kept: await insertDeliveries(db, deliveries) })
    },
    listen(listener) {
      tell = listener
    },
    waiting: () => ({ count: 0, oldest: null }),
    emptied: () => Promise.resolve(),
    damaged: 0,
    close: () => Promise.resolve(),
  }
}
