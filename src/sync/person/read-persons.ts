/** Persons as Pipedrive has them right now, in its own shape: a write replaces whole arrays, so it has to see them first. */
import { TajoError } from '../../base/error.ts'
import { eachOf } from '../../base/together.ts'
import type { PipedriveClient, PipedrivePerson } from '../../pipedrive/index.ts'
import { isRejected, marketingStatus } from '../source/index.ts'

/** A get costs 1 token, a listing 10 however many ids it names (https://pipedrive.readme.io/docs/core-api-concepts-rate-limiting). */
const singlyBelow = 10
const idsAtMost = 100
const atOnce = 8

export type PersonsNow = {
  readonly persons: ReadonlyMap<number, PipedrivePerson>
  readonly gone: readonly number[]
  /** Those of which nothing was learnt, and why. */
  readonly failed: ReadonlyMap<number, TajoError>
}

type Call = { readonly lane: 'live' | 'backfill'; readonly signal?: AbortSignal | undefined }

/** Throws what concerns the whole account. */
export async function readPersons(
  pipedrive: PipedriveClient,
  ids: readonly number[],
  call: Call,
): Promise<PersonsNow> {
  const persons = new Map<number, PipedrivePerson>()
  const gone: number[] = []
  const failed = new Map<number, TajoError>()
  const listed = ids.length < singlyBelow ? [] : ids
  for (let start = 0; start < listed.length; start += idsAtMost) {
    try {
      const some = listed.slice(start, start + idsAtMost)
      for await (const page of pipedrive.persons.pages({
        ...call,
        ids: some,
        includeFields: marketingStatus,
      }))
        for (const person of page.items) persons.set(person.id, person)
    } catch (error) {
      // One record may have spoilt the page: each is asked for by itself.
      ofRecord(error)
    }
  }
  const rest = ids.filter((id) => !persons.has(id))
  await eachOf(rest, atOnce, async (id) => {
    try {
      persons.set(id, await getPerson(pipedrive, id, call))
    } catch (error) {
      const refusal = ofRecord(error)
      if (refusal.code === 'pipedrive_not_found') gone.push(id)
      else failed.set(id, refusal)
    }
  })
  for (const person of persons.values()) {
    if (person.is_deleted !== true) continue
    persons.delete(person.id)
    gone.push(person.id)
  }
  return { persons, gone, failed }
}

/** Some accounts refuse the question for the marketing status. */
async function getPerson(pipedrive: PipedriveClient, id: number, call: Call): Promise<PipedrivePerson> {
  try {
    return await pipedrive.persons.get(id, { ...call, includeFields: marketingStatus })
  } catch (error) {
    if (!isRejected(error)) throw error
    return pipedrive.persons.get(id, call)
  }
}

function ofRecord(error: unknown): TajoError {
  if (error instanceof TajoError && error.disposition !== 'pause') return error
  throw error
}
