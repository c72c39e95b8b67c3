/** One person's edits, one conversation with Pipedrive; expected refusals come back as outcomes, not as errors. */
import { TajoError } from '../../base/error.ts'
import type { PipedriveClient, PipedrivePerson, PipedrivePersonChange } from '../../pipedrive/index.ts'
import type { PersonEdit } from '../model/index.ts'
import { toPersonChange, withExtra, withNameOnly } from './to-person-change.ts'

export type EditOutcome =
  /** The person as Pipedrive answered it, without what it sends only on request. */
  | { readonly kind: 'done'; readonly person: PipedrivePerson }
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly error: TajoError }

export type EditOptions = {
  readonly lane: 'live' | 'backfill'
  /** For phone numbers without a country code. */
  readonly country: string | null
  readonly signal?: AbortSignal | undefined
}

/** `person`: as it is right now; what the edits do not speak of stays. Throws only what concerns the whole account, and defects. */
export async function deliverEdit(
  pipedrive: PipedriveClient,
  person: PipedrivePerson,
  edits: readonly PersonEdit[],
  { lane, country, signal }: EditOptions,
): Promise<EditOutcome> {
  const change = toPersonChange(person, edits, country)
  // Emptying all of a name is refused here: the merge then finds that nothing came of it.
  if (Object.keys(change).length === 0) return { kind: 'done', person }
  return sent(change, (some) => pipedrive.persons.update(person.id, some, { lane, signal }))
}

/** A new person. What came of it is unknown where the error says that it may have been applied. */
export async function createPerson(
  pipedrive: PipedriveClient,
  edits: readonly PersonEdit[],
  extra: Pick<PipedrivePersonChange, 'owner_id' | 'label_ids'>,
  { lane, country, signal }: EditOptions,
): Promise<EditOutcome> {
  const change = withExtra(toPersonChange(null, edits, country), extra)
  return sent(change, (some) => pipedrive.persons.create(some, { lane, signal }))
}

async function sent(
  change: PipedrivePersonChange,
  send: (change: PipedrivePersonChange) => Promise<PipedrivePerson>,
): Promise<EditOutcome> {
  const first = await attempt(change, send)
  // The documents name the parts of a name, the OpenAPI description of a write does not: an account may refuse them.
  const nameRefused =
    first.kind === 'failed' && first.error.code === 'pipedrive_rejected' && hasNameParts(change)
  return nameRefused ? attempt(withNameOnly(change), send) : first
}

async function attempt(
  change: PipedrivePersonChange,
  send: (change: PipedrivePersonChange) => Promise<PipedrivePerson>,
): Promise<EditOutcome> {
  try {
    return { kind: 'done', person: await send(change) }
  } catch (error) {
    if (!(error instanceof TajoError) || concernsAll(error)) throw error
    return error.code === 'pipedrive_not_found' ? { kind: 'gone' } : { kind: 'failed', error }
  }
}

/** An app that may not write persons may still read everything: the other direction goes on. */
function concernsAll({ disposition, code }: TajoError): boolean {
  return disposition === 'pause' && code !== 'pipedrive_scope_missing'
}

function hasNameParts(change: PipedrivePersonChange): boolean {
  return change.first_name !== undefined || change.last_name !== undefined
}
