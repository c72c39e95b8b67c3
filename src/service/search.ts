/** Pipedrive's item search, with what we know of the persons found. One request; it keeps nothing. */
import type { Clock } from '../base/clock.ts'
import type { Config } from '../config/index.ts'
import type { PipedriveSearchHit } from '../pipedrive/index.ts'
import { contactsOfPersons, type Store } from '../store/index.ts'
import { notConnected, pipedriveAccess, readStored } from './clients.ts'
import type { Search, SearchedType, SearchHit } from './search-face.ts'
import type { SecretBox } from './secrets.ts'

export type SearchContext = {
  readonly store: Store
  readonly connection: string
  readonly config: Config
  readonly box: SecretBox
  readonly clock: Clock
  readonly timeoutMs?: number | undefined
}

const TYPES: readonly SearchedType[] = ['person', 'deal', 'organization', 'lead']
const DEFAULT_LIMIT = 25
const MOST = 100

export function createSearch(context: SearchContext): Search {
  return async ({ term, types = TYPES, exact = false, limit = DEFAULT_LIMIT }, { signal } = {}) => {
    const { store, connection, config, box, clock, timeoutMs } = context
    const stored = await readStored(store, connection, box)
    const access = pipedriveAccess(config, stored, clock, timeoutMs)
    if (access === null) throw notConnected('pipedrive', stored)
    const client = access.make()
    try {
      const pages = client.itemSearch.pages(term.trim(), {
        exactMatch: exact,
        itemTypes: types,
        limit: Math.min(limit, MOST),
        lane: 'interactive',
        signal,
      })
      for await (const { items, nextCursor } of pages) {
        const hits = items.flatMap(toHit).slice(0, limit)
        return { hits: await withContacts(store, connection, hits), more: nextCursor !== null }
      }
      return { hits: [], more: false }
    } finally {
      await client.close()
    }
  }
}

/** Of other kinds than were asked for nothing can be said. */
function toHit({ item }: PipedriveSearchHit): SearchHit[] {
  const type = TYPES.find((known) => known === item.type)
  if (type === undefined) return []
  const { organization } = item
  return [
    {
      type,
      id: String(item.id),
      title: item.name ?? item.title ?? null,
      emails: item.emails ?? [],
      organization: organization?.name ?? null,
      contactId: null,
    },
  ]
}

async function withContacts(
  store: Store,
  connection: string,
  hits: readonly SearchHit[],
): Promise<readonly SearchHit[]> {
  const persons = hits.filter(({ type }) => type === 'person').map(({ id }) => Number(id))
  const contacts = await contactsOfPersons(store.db, connection, persons)
  return hits.map((hit) =>
    hit.type === 'person' ? { ...hit, contactId: contacts.get(Number(hit.id)) ?? null } : hit,
  )
}
