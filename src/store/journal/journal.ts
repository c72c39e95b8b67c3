/**
 * The journal in front of the embedded store's inbox: what is taken is appended to a file and forced to the disk, which no
 * statement has to end for, and goes into the inbox as soon as the engine gets to it. Whatever was on its way when the
 * process ended goes there at the next start; what had arrived already is known by its delivery id.
 */
import fs from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { TajoError } from '../../base/error.ts'
import type { Db } from '../db.ts'
import { insertDeliveries, type NewDelivery } from '../inbox-table.ts'
import type { Arrival, Intake } from '../intake.ts'
import { diskFullError, isDiskFull, type StorePlace } from '../store-error.ts'
import { syncDirectory } from '../sync-directory.ts'
import { createSegment, readSegment, type Segment } from './segment.ts'

export type JournalOptions = {
  readonly directory: string
  readonly db: Db
  readonly place: StorePlace
  readonly limits?: Partial<JournalLimits>
}

export type JournalLimits = {
  /** From this size on a new file is begun. */
  readonly segmentBytes: number
  /** While more than this waits for the inbox, whoever comes waits too. */
  readonly waitingBytes: number
  /** After the engine refused; then longer. */
  readonly retryMs: number
}

const LIMITS: JournalLimits = { segmentBytes: 16_000_000, waitingBytes: 32_000_000, retryMs: 250 }
const LONGEST_RETRY_MS = 10_000
/** What one statement carries, at most. */
const AT_A_TIME = 500
const BYTES_AT_A_TIME = 8_000_000
const SUFFIX = '.jsonl'

/** A file, and how much of what is in it is not in the inbox yet. `segment` is null for one of an earlier process. */
type Part = { readonly path: string; readonly segment: Segment | null; left: number }
type Entry = { readonly delivery: NewDelivery; readonly part: Part }

/** Reads what an earlier process left; the directory is made when something is taken for the first time. */
export async function openJournal(options: JournalOptions): Promise<Intake> {
  const { directory, db, place } = options
  const limits = { ...LIMITS, ...options.limits }
  const parts = new Set<Part>()
  const waiting: Entry[] = []
  let waitingBytes = 0
  let damaged = 0
  let lastNumber = 0
  let current: Part | null = null
  let tell = (_: Arrival): void => undefined
  /** Why the inbox did not take the last ones. */
  let fault: unknown = null
  let draining: Promise<void> | null = null
  const closing = new AbortController()
  /** Of all that touches the files. */
  let files: Promise<unknown> = Promise.resolve()

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = files.then(work)
    files = turn.catch(() => undefined)
    return turn
  }

  const queue = (deliveries: readonly NewDelivery[], part: Part): void => {
    part.left += deliveries.length
    for (const delivery of deliveries) {
      waiting.push({ delivery, part })
      waitingBytes += delivery.body.length
    }
  }

  async function append(deliveries: readonly NewDelivery[]): Promise<void> {
    const part = current ?? (await begin())
    try {
      await part.segment?.append(deliveries)
    } catch (error) {
      current = null
      throw toJournalError(error, directory, place)
    }
    queue(deliveries, part)
    if ((part.segment?.size() ?? 0) >= limits.segmentBytes) current = null
  }

  async function begin(): Promise<Part> {
    try {
      const made = await fs.mkdir(directory, { recursive: true, mode: 0o700 })
      if (made !== undefined) await syncDirectory(dirname(directory))
      const name = `${String(++lastNumber).padStart(9, '0')}${SUFFIX}`
      const segment = await createSegment(directory, name)
      current = { path: segment.path, segment, left: 0 }
      parts.add(current)
      return current
    } catch (error) {
      throw toJournalError(error, directory, place)
    }
  }

  /** Into the inbox, the oldest first. Ends when all are there, or the journal is closed and the inbox refuses. */
  async function drain(): Promise<void> {
    let retryMs = limits.retryMs
    while (waiting.length > 0) {
      const some = waiting.slice(0, fitting(waiting))
      try {
        const deliveries = some.map(({ delivery }) => delivery)
        const kept = await insertDeliveries(db, deliveries)
        fault = null
        retryMs = limits.retryMs
        waiting.splice(0, some.length)
        for (const { delivery, part } of some) {
          part.left--
          waitingBytes -= delivery.body.length
        }
        tell({ deliveries, kept })
        if (waiting.length === 0) await inTurn(tidy)
      } catch (error) {
        fault = error
        if (closing.signal.aborted) return
        await sleep(retryMs, undefined, { ref: false, signal: closing.signal }).catch(() => undefined)
        retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2)
      }
    }
  }

  const startDraining = (): void => {
    if (waiting.length === 0) return
    draining ??= drain().finally(() => {
      draining = null
      if (!closing.signal.aborted) startDraining()
    })
  }

  /** Files of which everything is in the inbox hold nothing any more. */
  async function tidy(): Promise<void> {
    for (const part of parts) {
      if (part.left > 0) continue
      if (part === current) {
        await part.segment?.empty()
        continue
      }
      parts.delete(part)
      if (part.segment) await part.segment.remove()
      else await fs.rm(part.path, { force: true })
    }
  }

  async function room(): Promise<void> {
    while (waitingBytes > limits.waitingBytes) {
      if (fault !== null) throw fault
      await sleep(5)
    }
  }

  for (const name of await listSegments(directory)) {
    const part: Part = { path: join(directory, name), segment: null, left: 0 }
    parts.add(part)
    const found = await readSegment(part.path)
    damaged += found.damaged
    queue(found.deliveries, part)
    lastNumber = Number(name.slice(0, -SUFFIX.length))
  }
  if (waiting.length === 0) await tidy()
  startDraining()

  return {
    damaged,
    async take(deliveries) {
      await room()
      await inTurn(() => append(deliveries))
      startDraining()
    },
    listen(listener) {
      tell = listener
    },
    waiting(connection) {
      const own = waiting.filter(({ delivery }) => delivery.connection === connection)
      return { count: own.length, oldest: own[0]?.delivery.received_at ?? null }
    },
    async emptied() {
      while (waiting.length > 0 || draining !== null) {
        if (fault !== null) throw fault
        await sleep(5)
      }
    },
    async close() {
      closing.abort()
      await files
      await draining
      current = null
      await inTurn(tidy)
    },
  }
}

/** How many of the first go together: one at least, however large it is. */
function fitting(waiting: readonly Entry[]): number {
  let bytes = 0
  const beyond = waiting.findIndex(({ delivery }, index) => {
    bytes += delivery.body.length
    return index === AT_A_TIME || bytes > BYTES_AT_A_TIME
  })
  return beyond < 0 ? waiting.length : Math.max(1, beyond)
}

async function listSegments(directory: string): Promise<readonly string[]> {
  try {
    return (await fs.readdir(directory)).filter((name) => name.endsWith(SUFFIX)).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function toJournalError(error: unknown, directory: string, place: StorePlace): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (isDiskFull(code)) return diskFullError(place, error)
  return new TajoError({
    code: 'store_failed',
    message: `Webhooks cannot be kept in ${directory} (${message}). Give Tajo a local disk that it may write to; what was accepted stays as it is.`,
    disposition: 'retry',
    details: { directory, reason: message },
    cause: error,
  })
}
