/** What becomes of an edit or a creation that a service did not take: shown, or put off. It asks nobody. */
import type { TajoError } from '../base/error.ts'
import { type PersonEditEntry, recordFailures, setEditState } from '../store/index.ts'
import type { EditDelivery } from './edits.ts'
import { editFailure } from './remedy.ts'

const firstRetryMs = 5_000
const longestRetryMs = 600_000

/** Refused for good: shown, and tried again by `tajo failures retry` or the next change. Otherwise it waits. */
export async function settleRefusal(
  delivery: EditDelivery,
  entry: PersonEditEntry,
  error: TajoError,
): Promise<void> {
  if (error.disposition === 'retry') return postpone(delivery, entry, error)
  const { store, connection, clock } = delivery.context
  await store.transaction(async (trx) => {
    await setEditState(trx, connection, entry.contact_id, { state: 'failed', notBefore: null })
    await recordFailures(trx, connection, [editFailure(entry, error)], clock.now())
  })
}

/** Nobody can say whether a creation made somebody: it goes on saying that it left, and is asked for again. A refusal is shown. */
export async function postponeLost(
  delivery: EditDelivery,
  entry: PersonEditEntry,
  error: TajoError,
): Promise<void> {
  const { store, connection, clock } = delivery.context
  if (error.disposition === 'reject')
    await recordFailures(store.db, connection, [editFailure(entry, error)], clock.now())
  await putOff(delivery, entry, error, 'sent')
}

export async function postpone(
  delivery: EditDelivery,
  entry: PersonEditEntry,
  error: TajoError,
): Promise<void> {
  // An edit says what is to be, not what is to be done: sending it twice does no harm. A creation is looked for first.
  const mayBeThere = entry.person_id === null && 'applied' in error && error.applied !== 'no'
  await putOff(delivery, entry, error, mayBeThere ? 'sent' : 'pending')
}

async function putOff(
  delivery: EditDelivery,
  entry: PersonEditEntry,
  error: TajoError,
  state: 'sent' | 'pending',
): Promise<void> {
  const { store, connection, clock, onNews } = delivery.context
  const delayMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(entry.attempts, 10))
  const notBefore = error.notBefore ?? new Date(clock.now().getTime() + delayMs)
  await setEditState(store.db, connection, entry.contact_id, { state, notBefore })
  onNews?.({
    level: 'warn',
    event: 'person.postponed',
    message: `A change for Pipedrive waits: ${error.message}`,
    details: {
      connection,
      person_id: entry.person_id,
      contact_id: entry.contact_id,
      code: error.code,
      not_before: notBefore.toISOString(),
    },
  })
}
