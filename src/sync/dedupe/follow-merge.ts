/**
 * After a merge the mirror follows at once (rule R7.2): the loser is gone, the survivor is read again, and what was the
 * loser's is noted to be read again. Doing it twice changes nothing. Brevo follows with the next step or sync.
 */
import {
  addEvents,
  noteHints,
  recordsPointingTo,
  redirectEvents,
  type Store,
  setPersonMerge,
} from '../../store/index.ts'
import type { Mirror } from '../mirror/index.ts'
import { type EventWatch, watchKey } from '../model/index.ts'
import { type Refetching, refetch } from '../source/index.ts'

export type Following = {
  readonly store: Store
  readonly connection: string
  readonly mirror: Mirror
  readonly refetching: Refetching
  /** Null before the first complete sync: nothing is told. */
  readonly watch: EventWatch | null
  readonly now: () => Date
}

export async function followMerge(following: Following, loserId: number, survivorId: number): Promise<void> {
  const { store, connection, mirror, refetching, now } = following
  const survivor = await refetch(refetching, 'person', [String(survivorId)])
  await store.transaction(async (trx) => {
    const at = now()
    await redirectEvents(trx, connection, [{ from: loserId, to: survivorId }])
    await addEvents(trx, connection, mergedEvents(following.watch, loserId, survivorId, at), at)
    const moved = await recordsPointingTo(trx, connection, loserId)
    // A survivor that could not be read now is read with them.
    const unread = [...survivor.failed.keys()].map((id) => ({ entity: 'person', id }))
    const hints = [...moved, ...unread].map((record) => ({ ...record, version: null }))
    await noteHints(trx, connection, hints, at)
  })
  await mirror.applyRead('person', { ...survivor, gone: [...survivor.gone, String(loserId)] })
  await setPersonMerge(store.db, connection, loserId, { state: 'done', message: null, now: now() })
}

/** With the key that the webhooks of the merge give it, so that it is told once. */
function mergedEvents(watch: EventWatch | null, loserId: number, survivorId: number, at: Date) {
  if (!watch?.watched.has(watchKey('person', 'merged'))) return []
  return [
    {
      key: `person:${survivorId}:merged:${loserId}`,
      entity: 'person',
      record_id: String(survivorId),
      action: 'merged',
      person_id: survivorId,
      occurred_at: at.toISOString(),
      facts: { mergedId: String(loserId) },
    },
  ]
}
