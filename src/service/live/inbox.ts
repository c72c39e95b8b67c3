/**
 * Takes webhooks in: who sends must show what Tajo registered, and what was sent is on the disk, together
 * with whatever else arrives at the moment, before it is answered. Nothing else happens while a sender waits.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import { TajoError } from '../../base/error.ts'
import type { Arrival, NewDelivery, Store } from '../../store/index.ts'
import { brevoDeliveryId, pipedriveDeliveryId } from '../../sync/index.ts'
import type { Inbox, InboxSource, LiveReadings } from '../live-face.ts'

/** The exact `Authorization` headers that are taken; null takes none. */
export type InboxKeys = Readonly<Record<InboxSource, string | null>>

export type InboxOptions = {
  readonly store: Store
  /** The connection that paths without a name mean; null: there is none. */
  readonly defaultConnection: () => string | null
  readonly clock: Clock
  /** Called when deliveries of these connections have come where the next step looks for them. */
  readonly onArrived: (connections: readonly string[]) => void
}

/** What one statement carries: more deliveries wait for the next commit. */
const deliveriesAtMost = 500
/** Brevo's largest batch, and room to spare. */
const itemsAtMost = 1_000
const storeAgainAfterMs = 10_000

export type OpenInbox = Inbox & {
  /** What the services must show for this connection; null takes nothing more. */
  use(connection: string, keys: InboxKeys | null): void
  /** Since the start, by service: new ones, and such as had come before. */
  deliveries(connection: string): LiveReadings['deliveries']
  /** Waits until what was taken in is stored. */
  close(): Promise<void>
}

type Waiting = {
  readonly deliveries: readonly NewDelivery[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export function createInbox(options: InboxOptions): OpenInbox {
  const { store, clock, defaultConnection, onArrived } = options
  const digests = new Map<string, Readonly<Record<InboxSource, Buffer | null>>>()
  let waiting: Waiting[] = []
  let storing: Promise<void> | null = null
  const counts = createCounts()
  store.intake.listen((arrival) => {
    counts.add(arrival)
    onArrived([...new Set(arrival.deliveries.map(({ connection }) => connection))])
  })

  async function storeAll(): Promise<void> {
    while (waiting.length > 0) {
      const some = takeSome(waiting)
      waiting = waiting.slice(some.length)
      await storeSome(store, some, clock.now())
    }
    storing = null
  }

  return {
    use(connection, keys) {
      if (keys === null) digests.delete(connection)
      else
        digests.set(connection, {
          pipedrive: keys.pipedrive === null ? null : digest(keys.pipedrive),
          brevo: keys.brevo === null ? null : digest(keys.brevo),
        })
    },
    authenticate(source, named, authorization) {
      const connection = named ?? defaultConnection()
      const expected = connection === null ? undefined : digests.get(connection)?.[source]
      // Digests are of one length: how much of a guess is right does not show in the time it takes. An unknown connection
      // takes as long as a known one.
      const equal = timingSafeEqual(expected ?? nothing, digest(authorization ?? ''))
      return equal && expected !== undefined && expected !== null
    },
    store(source, named, body) {
      const connection = named ?? defaultConnection()
      if (connection === null) return Promise.reject(new Error('no connection is meant'))
      const deliveries = toDeliveries(source, connection, clock.now(), body)
      if (deliveries.length === 0) return Promise.resolve()
      return new Promise((resolve, reject) => {
        waiting.push({ deliveries, resolve, reject })
        storing ??= storeAll()
      })
    },
    deliveries: (connection) => counts.of(connection),
    async close() {
      await storing
    },
  }
}

function takeSome(waiting: readonly Waiting[]): readonly Waiting[] {
  let count = 0
  const fits = waiting.findIndex((item) => {
    count += item.deliveries.length
    return count > deliveriesAtMost
  })
  return fits < 0 ? waiting : waiting.slice(0, Math.max(1, fits))
}

/** They reach the disk together; all are told the same when they do not. */
async function storeSome({ intake }: Store, some: readonly Waiting[], now: Date): Promise<void> {
  try {
    await intake.take(some.flatMap((item) => item.deliveries))
    for (const item of some) item.resolve()
  } catch (error) {
    const refusal = new TajoError({
      code: 'webhook_not_stored',
      disposition: 'retry',
      message: `The webhook could not be stored (${error instanceof Error ? error.message : String(error)}); it is to be sent again.`,
      notBefore: new Date(now.getTime() + storeAgainAfterMs),
      cause: error,
    })
    for (const item of some) item.reject(refusal)
  }
}

/** An array is as many deliveries, as Brevo batches them. Throws `webhook_not_json`. */
function toDeliveries(
  source: InboxSource,
  connection: string,
  now: Date,
  text: string,
): readonly NewDelivery[] {
  const body = parse(text)
  const common = { connection, source, received_at: now }
  const idOf = source === 'pipedrive' ? pipedriveDeliveryId : brevoDeliveryId
  if (!Array.isArray(body)) return [{ ...common, delivery: idOf(body), body: text }]
  if (body.length > itemsAtMost) throw notJson(`an array of ${body.length} is too long`)
  return body.map((item) => ({ ...common, delivery: idOf(item), body: JSON.stringify(item) }))
}

type Count = { stored: number; duplicates: number }

function createCounts() {
  const counts = new Map<string, Record<InboxSource, Count>>()
  const of = (connection: string): Record<InboxSource, Count> => {
    const known = counts.get(connection)
    if (known !== undefined) return known
    const fresh = { pipedrive: { stored: 0, duplicates: 0 }, brevo: { stored: 0, duplicates: 0 } }
    counts.set(connection, fresh)
    return fresh
  }
  return {
    add({ deliveries, kept }: Arrival): void {
      const isNew = new Set(kept)
      for (const delivery of deliveries) {
        const count = of(delivery.connection)[delivery.source as InboxSource]
        if (isNew.has(delivery)) count.stored++
        else count.duplicates++
      }
    },
    of(connection: string): LiveReadings['deliveries'] {
      const { pipedrive, brevo } = of(connection)
      return [
        { source: 'pipedrive', ...pipedrive },
        { source: 'brevo', ...brevo },
      ]
    },
  }
}

function parse(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body === 'object' && body !== null) return body
  } catch {
    throw notJson('it does not parse')
  }
  throw notJson('it is neither an object nor an array')
}

function notJson(why: string): TajoError {
  return new TajoError({
    code: 'webhook_not_json',
    disposition: 'reject',
    message: `The body of the webhook is no JSON object or array: ${why}.`,
  })
}

/** No header has this digest. */
const nothing = Buffer.alloc(32)

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
