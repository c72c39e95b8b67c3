/** Takes an erasure back: the person agreed anew. The next sync reads the records again; it writes nothing to a service. */
import {
  allErasedPersons,
  endErasure,
  hasErased,
  noteHints,
  recordsOfPersons,
  removeErased,
  type Store,
} from '../../store/index.ts'
import { extIdOf } from '../../sync/index.ts'
import { addressesOf, findPersons, type Sides } from './find-person.ts'
import type { Allowance } from './privacy-face.ts'

/** All addresses of the person that Pipedrive knows are lifted: one alone would leave the person a stub. */
export async function allowPerson(
  { store, connection, now }: { store: Store; connection: string; now: Date },
  email: string,
  sides: Sides,
): Promise<Allowance> {
  if (!(await hasErased(store.db, connection))) return { lifted: false, personIds: [] }
  const { ids, records } = await findPersons(store.db, connection, email, sides)
  return store.transaction(async (trx) => {
    const names = [email, ...records.flatMap(addressesOf), ...ids.map(extIdOf)]
    const removed = await removeErased(trx, connection, names)
    if (removed === 0) return { lifted: false, personIds: [] }
    // Their deals lost their words; read again, they have them: by then nothing may say that they are a stub's.
    await endErasure(trx, connection, ids)
    const around = await recordsOfPersons(trx, connection, ids)
    // Somebody who shares an address was a stub because of it.
    const stubs = await allErasedPersons(trx, connection)
    const persons = [...new Set([...ids, ...stubs])].map((id) => ({ entity: 'person', id: String(id) }))
    const hints = [...persons, ...around.filter((row) => row.entity !== 'person')]
    await noteHints(
      trx,
      connection,
      hints.map(({ entity, id }) => ({ entity, id, version: null })),
      now,
    )
    return { lifted: true, personIds: ids }
  })
}
