/** Persons of the mirror by a piece of their name or address. It asks no service. */
import { findPersons, type Store } from '../store/index.ts'
import type { FoundPersons, PersonQuery } from './service-face.ts'

const HITS = 20

export async function find(
  store: Store,
  connection: string,
  { text, limit = HITS }: PersonQuery,
): Promise<FoundPersons> {
  // One more tells whether there are more.
  const found = await findPersons(store.db, connection, text.trim(), limit + 1)
  const hits = found.slice(0, limit).map(({ person_id, name, email, contact_id }) => ({
    personId: person_id,
    name,
    email,
    contactId: contact_id,
  }))
  return { hits, more: found.length > limit }
}
