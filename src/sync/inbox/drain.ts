/**
 * Takes deliveries out of the inbox and notes what they say: records to read again, moves of deals, merges. A body that
 * nobody understands is kept and shown. It reads nothing from any service.
 */
import {
  addEvents,
  addMoves,
  addTouches,
  clearFailures,
  contactTimes,
  type Db,
  type Delivery,
  finishDeliveries,
  type NewEvent,
  type NewTouch,
  noteBlockedBy,
  noteHints,
  recordFailures,
  redirectEvents,
  refuseDeliveries,
  type Store,
  type Hint as StoredHint,
  waitingDeliveries,
} from '../../store/index.ts'
import { type EventWatch, type Merge, type Notice, type ReceivedMove, watchKey } from '../model/index.ts'
import { eraseBodies, unerasedHints, unerasedMoves } from './erased.ts'

export type Interpreters = {
  /** Throws when the body cannot be understood. */
  readonly pipedrive: (body: unknown, delivery: string) => Notice
  readonly brevo: (body: unknown) => ContactNotice | null
  readonly touch: (body: unknown) => TouchNotice | null
  /** The name of our own API key in Brevo; null when it is not known. */
  readonly ownKeyName: string | null
}

export type ContactNotice = {
  readonly email: string
  readonly version: string | null
  /** Why the contact is blocklisted now, where that was said. */
  readonly blockedBy: string | null
  readonly keyName: string | null
}

/** What a campaign did to a contact. */
export type TouchNotice = Pick<NewTouch, 'kind' | 'url' | 'at' | 'machine' | 'campaign'> & {
  readonly email: string
  readonly campaignId: number
}

/** Contacts are noted beside Pipedrive's records: by address. */
export const contactHint = 'contact'

/** What a body that nobody understood is called among the failures. */
const unreadable = 'webhook'

const deliveriesAtATime = 500
/** So much later than the contact as it was read back, a change by our own key counts as its echo. */
const echoSlackMs = 60_000

/** Looks at everything that waits. Returns how many deliveries there were. */
export async function drainInbox(
  store: Store,
  connection: string,
  interpreters: Interpreters,
  watch: EventWatch | null,
  now: () => Date,
): Promise<number> {
  let drained = 0
  for (;;) {
    const deliveries = await waitingDeliveries(store.db, connection, deliveriesAtATime)
    if (deliveries.length === 0) return drained
    await store.transaction((trx) => note(trx, connection, deliveries, interpreters, watch, now()))
    drained += deliveries.length
  }
}

type Noted = {
  hints: StoredHint[]
  /** Made with a key of our name: an echo, unless the contact was not written to. */
  own: StoredHint[]
  blocked: { email: string; reason: string }[]
  touches: NewTouch[]
  moves: ReceivedMove[]
  merges: Merge[]
  done: number[]
  refused: { id: number; problem: string; source: string }[]
}

async function note(
  trx: Db,
  connection: string,
  deliveries: readonly Delivery[],
  interpreters: Interpreters,
  watch: EventWatch | null,
  now: Date,
): Promise<void> {
  const noted: Noted = {
    hints: [],
    own: [],
    blocked: [],
    touches: [],
    moves: [],
    merges: [],
    done: [],
    refused: [],
  }
  for (const delivery of deliveries) noteOne(delivery, interpreters, noted)
  const earliest = deliveries[0]?.received_at ?? now
  const hints = [...noted.hints, ...(await notEchoes(trx, connection, noted.own))]
  await noteHints(trx, connection, await unerasedHints(trx, connection, hints, contactHint), earliest)
  await noteBlockedBy(trx, connection, noted.blocked)
  await addTouches(trx, connection, noted.touches)
  const moves = await unerasedMoves(trx, connection, noted.moves)
  await addMoves(
    trx,
    connection,
    moves.map(({ dealId, delivery, at, version, from, deal, receivedAt }) => ({
      deal_id: dealId,
      delivery,
      at,
      version,
      facts: { from, deal, receivedAt } as never,
    })),
  )
  await followMerges(trx, connection, noted.merges, watch, now)
  await finishDeliveries(trx, noted.done)
  const understood = new Set(noted.done)
  const mended = deliveries.filter(({ id, reopened }) => reopened && understood.has(id))
  await clearFailures(
    trx,
    connection,
    unreadable,
    mended.map(({ id }) => id),
  )
  await refuseDeliveries(trx, noted.refused)
  const refused = new Set(noted.refused.map(({ id }) => id))
  await eraseBodies(
    trx,
    connection,
    deliveries.filter(({ id }) => refused.has(id)),
  )
  await recordFailures(trx, connection, noted.refused.map(toFailure), now)
}

function noteOne(delivery: Delivery, interpreters: Interpreters, noted: Noted): void {
  try {
    const body: unknown = JSON.parse(delivery.body)
    if (delivery.source === 'brevo') {
      const touch = storable(interpreters.touch(body))
      if (touch) noted.touches.push(toTouch(touch))
      const hint = storable(interpreters.brevo(body))
      if (hint) {
        const own = hint.keyName !== null && hint.keyName === interpreters.ownKeyName
        const noticed = { entity: contactHint, id: hint.email, version: hint.version }
        if (own) noted.own.push(noticed)
        else noted.hints.push(noticed)
        if (hint.blockedBy) noted.blocked.push({ email: hint.email, reason: hint.blockedBy })
      }
    } else {
      const notice = storable(interpreters.pipedrive(body, delivery.delivery))
      noted.hints.push(...notice.hints)
      const receivedAt = delivery.received_at.toISOString()
      noted.moves.push(...notice.moves.map((move) => ({ ...move, receivedAt })))
      noted.merges.push(...notice.merges)
    }
    noted.done.push(delivery.id)
  } catch (error) {
    // Whosever fault it is: the body is kept, and those behind it must not wait for it.
    noted.refused.push({ id: delivery.id, problem: (error as Error).message, source: delivery.source })
  }
}

function toTouch({ campaignId, ...touch }: TouchNotice): NewTouch {
  return { ...touch, contact_id: null, campaign_id: campaignId, source: 'webhook' }
}

/**
 * Brevo's clock may tell our own write a little later than the contact it left behind. The name of the key is no proof: it has
 * to be near what was read back, and what it hides all the same is found by the next reading of what was modified.
 */
async function notEchoes(
  trx: Db,
  connection: string,
  own: readonly StoredHint[],
): Promise<readonly StoredHint[]> {
  if (own.length === 0) return []
  const times = await contactTimes(
    trx,
    connection,
    own.map((hint) => hint.id),
  )
  return own.filter((hint) => {
    const modifiedAt = times.get(hint.id)
    if (modifiedAt === undefined || hint.version === null) return true
    return Date.parse(hint.version) > modifiedAt.getTime() + echoSlackMs
  })
}

/** What the loser had goes to the survivor, and the survivor's contact hears of it (rule R7.2). */
async function followMerges(
  trx: Db,
  connection: string,
  merges: readonly Merge[],
  watch: EventWatch | null,
  now: Date,
): Promise<void> {
  const persons = merges.filter((merge) => merge.entity === 'person')
  await redirectEvents(
    trx,
    connection,
    persons.map((merge) => ({ from: Number(merge.loserId), to: Number(merge.survivorId) })),
  )
  if (watch === null) return
  const events = merges
    .filter((merge) => watch.watched.has(watchKey(merge.entity, 'merged')))
    .map(
      (merge): NewEvent => ({
        // The loser goes once: both deliveries of a merge have the same key.
        key: `${merge.entity}:${merge.survivorId}:merged:${merge.loserId}`,
        entity: merge.entity,
        record_id: merge.survivorId,
        action: 'merged',
        person_id: merge.entity === 'person' ? Number(merge.survivorId) : null,
        occurred_at: merge.at,
        facts: { mergedId: merge.loserId },
      }),
    )
  await addEvents(trx, connection, events, now)
}

function toFailure({ id, problem, source }: Noted['refused'][number]) {
  const vendor = source === 'brevo' ? 'Brevo' : 'Pipedrive'
  return {
    entity: unreadable,
    record_id: String(id),
    code: 'webhook_unreadable',
    disposition: 'reject',
    message: `A webhook of ${vendor} could not be understood: ${problem}`,
    vendor_message: null,
    remedy:
      'The next poll or daily listing reads what it was about. If such bodies keep coming, report them as a defect of Tajo; then retry or discard them.',
    fingerprint: null,
  }
}

/** PostgreSQL refuses a zero character and half a surrogate pair, and with them everything that came together. */
function storable<T>(notice: T): T {
  // Only such characters are still written as escapes.
  if (/\\u(0000|d[89a-f]..)/i.test(JSON.stringify(notice)))
    throw new Error('it holds a character that is none')
  return notice
}
