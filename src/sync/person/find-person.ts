/** Is there a person with this address already (rule R9.4)? Asked before one is created, and when nobody knows whether one was. */
import { TajoError } from '../../base/error.ts'
import type { PipedriveClient, PipedrivePerson } from '../../pipedrive/index.ts'
import { normaliseEmail } from '../model/index.ts'

type Call = { readonly lane: 'live' | 'backfill'; readonly signal?: AbortSignal | undefined }

/** The lowest id of those that the search finds; null for none. 20 tokens. https://developers.pipedrive.com/docs/api/v1/Persons */
export async function searchByEmail(
  pipedrive: PipedriveClient,
  email: string,
  call: Call,
): Promise<number | null> {
  const found: number[] = []
  const options = { ...call, exactMatch: true, fields: ['email'], limit: 100 }
  for await (const page of pipedrive.persons.search(email, options)) {
    // A hit that cannot be read may be the very person: better none is created than a second one.
    if (page.unreadable[0]) throw unreadableHit(page.unreadable[0].problem)
    for (const hit of page.items) {
      const { id, emails } = hit.item
      if (emails?.some((other) => normaliseEmail(other) === email)) found.push(id)
    }
  }
  return found.length === 0 ? null : Math.min(...found)
}

/**
 * The person that a creation may have made although its answer was lost: looked for among what changed since then, because
 * a search may not know it yet.
 */
export async function findCreated(
  pipedrive: PipedriveClient,
  email: string,
  since: Date,
  call: Call,
): Promise<PipedrivePerson | null> {
  for await (const page of pipedrive.persons.pages({ ...call, updatedSince: since })) {
    const found = page.items.find((person) =>
      (person.emails ?? []).some((entry) => normaliseEmail(entry.value ?? '') === email),
    )
    if (found) return found
  }
  return null
}

function unreadableHit(problem: string): TajoError {
  return new TajoError({
    code: 'pipedrive_record_unreadable',
    disposition: 'reject',
    message: `Pipedrive's search answered a person of an unknown shape (${problem}), so nobody can say whether there is one already; please report this.`,
  })
}
