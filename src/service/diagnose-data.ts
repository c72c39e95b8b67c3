/** What the records themselves say, once they have been read: the rows of the troubleshooting table about data. */
import { countPersons, readConnection, type Store } from '../store/index.ts'
import type { CheckItem } from './service-face.ts'

export async function diagnoseData(store: Store, connection: string): Promise<readonly CheckItem[]> {
  const [persons, state] = await Promise.all([
    countPersons(store.db, connection),
    readConnection(store.db, connection),
  ])
  if (persons.live === 0) return []
  const items: CheckItem[] = []
  const warn = (subject: string, message: string, remedy: string): void => {
    items.push({ level: 'warning', subject, message, remedy, location: null })
  }
  const without = persons.no_email + persons.invalid_email
  if (without > 0) {
    warn(
      'persons without e-mail',
      `${persons.no_email} persons have no e-mail and ${persons.invalid_email} have none that is an address: they are skipped`,
      'Complete them in Pipedrive, or leave them: nothing else waits for them.',
    )
  }
  const shared = persons.live - without - persons.erased - persons.clusters
  if (shared > 0) {
    warn(
      'duplicate persons',
      `${shared} persons share their e-mail with another person: each address becomes one contact, led by the person changed last`,
      'Merge the duplicates in Pipedrive before the sync where they are the same human being.',
    )
  }
  if (state.listed_at === null)
    warn('first listing', 'not every person has been read yet', 'Run `tajo sync`.')
  return items
}
