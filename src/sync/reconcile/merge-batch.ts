/** The merge for a batch of candidates: loads what it needs, stops fields that go in circles, and says what became of each. */
import { canonicalJson } from '../../base/fingerprint.ts'
import {
  type Candidate,
  type Failure,
  type FieldWriteRow,
  owedEdits,
  readRecords,
  recentWrites,
  type StoppedField,
  type Store,
  stoppedFields,
} from '../../store/index.ts'
import {
  flipsAtMost,
  flipsWithinMs,
  isLoop,
  type Merged,
  type MergeSides,
  mergeContact,
  type Verdict,
} from '../merge/index.ts'
import type {
  Agreed,
  AttributeValue,
  Catalogue,
  EditCommand,
  FieldEdit,
  Person,
  SyncSettings,
} from '../model/index.ts'
import type { Plan } from '../projection/index.ts'
import { fromKnownRow } from './known-contact.ts'
import { toWanted } from './plan-contact.ts'

export type MergedBatch = {
  readonly byPerson: ReadonlyMap<number, Merged>
  /** What is about to be written, for the loop breaker's memory. */
  readonly writes: readonly FieldWriteRow[]
  readonly stopped: readonly StoppedField[]
  /** One for each person of whom something cannot go to Pipedrive. */
  readonly failures: readonly Failure[]
  /** Contacts on which both sides had changed a field. */
  readonly conflicts: readonly { contactId: number; personId: number; verdicts: readonly Verdict[] }[]
}

/** Merges every candidate that has a contact. */
export async function mergeBatch(
  store: Store,
  connection: string,
  plan: Plan,
  candidates: readonly Candidate[],
  now: Date,
): Promise<MergedBatch> {
  const { reverse } = plan
  const some = candidates.filter((candidate) => candidate.contact !== null && candidate.held_by === null)
  const byPerson = new Map<number, Merged>()
  const writes: FieldWriteRow[] = []
  const stopped: StoppedField[] = []
  const failures: Failure[] = []
  const conflicts: MergedBatch['conflicts'][number][] = []
  const batch = { byPerson, writes, stopped, failures, conflicts }
  if (reverse === null || some.length === 0) return batch
  const contactIds = some.flatMap((candidate) => candidate.contact?.contact_id ?? [])
  const [persons, recent, stops, owed] = await Promise.all([
    readRecords(
      store.db,
      connection,
      'person',
      some.map((candidate) => candidate.person_id),
    ),
    recentWrites(store.db, connection, contactIds, new Date(now.getTime() - flipsWithinMs)),
    stoppedFields(store.db, connection, contactIds),
    owedEdits(store.db, connection, contactIds),
  ])
  const personOf = new Map(persons.map((row) => [Number(row.id), row.doc as unknown as Person]))
  const recentOf = Map.groupBy(recent, (row) => Number(row.contact_id))
  const stopsOf = Map.groupBy(stops, (row) => Number(row.contact_id))
  const owedOf = new Map(owed.map((row) => [Number(row.contact_id), row.command as unknown as EditCommand]))
  for (const candidate of some) {
    const person = personOf.get(candidate.person_id)
    const { contact } = candidate
    if (!person || !contact) continue
    const earlier = recentOf.get(contact.contact_id) ?? []
    const stoppedNames = new Set((stopsOf.get(contact.contact_id) ?? []).map((row) => row.attribute))
    const looping = new Set<string>()
    let merged = mergeOne(candidate, person, stoppedNames, plan)
    const owing = owedOf.get(contact.contact_id)?.edits ?? []
    const next = writesOf(merged, contact.contact_id, earlier, now).filter(
      (write) => !isRepeated(write, earlier, owing),
    )
    for (const write of next) if (isLoopOf(write, earlier)) looping.add(write.attribute)
    if (looping.size > 0) merged = mergeOne(candidate, person, new Set([...stoppedNames, ...looping]), plan)
    writes.push(...next.filter((write) => !looping.has(write.attribute)))
    stopped.push(...[...looping].map((attribute) => ({ contact_id: contact.contact_id, attribute })))
    byPerson.set(candidate.person_id, merged)
    const failure = failureOf(candidate, merged)
    if (failure) failures.push(failure)
    const both = merged.verdicts.filter((verdict) => verdict.reason === 'both_changed')
    if (both.length > 0)
      conflicts.push({ contactId: contact.contact_id, personId: candidate.person_id, verdicts: both })
  }
  return batch
}

/** As much of a plan as one merge needs; plain JSON. */
export type MergePlan = Pick<Plan, 'reverse'> & {
  readonly catalogue: Pick<Catalogue, 'defaultCurrency'>
  readonly settings: Pick<SyncSettings, 'defaultCountry'>
}

/** Also for `explain`. */
export function mergeOne(
  candidate: Candidate,
  person: Person,
  stopped: ReadonlySet<string>,
  plan: MergePlan,
): Merged {
  const { reverse, catalogue, settings } = plan
  const { contact } = candidate
  if (reverse === null || contact === null) throw new Error('there is nothing to merge')
  const sides: MergeSides = {
    wanted: toWanted(candidate),
    number: candidate.number,
    known: fromKnownRow(contact),
    blockedBy: contact.blocked_by,
    agreed: contact.agreed as unknown as Agreed,
    person,
    stopped,
    addressClaimed: candidate.address_claimed,
  }
  return mergeContact(sides, reverse, {
    defaultCurrency: catalogue.defaultCurrency,
    country: settings.defaultCountry,
  })
}

/** To Brevo only what lately went to Pipedrive is counted: without that there is no circle. */
function writesOf(
  merged: Merged,
  contactId: number,
  earlier: readonly FieldWriteRow[],
  at: Date,
): readonly FieldWriteRow[] {
  const counted = new Set(
    earlier.filter((row) => row.direction === 'to_pipedrive').map((row) => row.attribute),
  )
  const toPipedrive = merged.edits.map(
    ({ name, value }): FieldWriteRow => ({
      contact_id: contactId,
      attribute: name,
      direction: 'to_pipedrive',
      value,
      at,
    }),
  )
  const toBrevo = merged.verdicts
    .filter(({ outcome, name }) => outcome === 'to_brevo' && counted.has(name))
    .map(
      ({ name, inPipedrive }): FieldWriteRow => ({
        contact_id: contactId,
        attribute: name,
        direction: 'to_brevo',
        value: inPipedrive,
        at,
      }),
    )
  return [...toPipedrive, ...toBrevo]
}

/** The last write of the field once more, because it did not arrive: nothing went back and forth. */
function isRepeated(
  write: FieldWriteRow,
  earlier: readonly FieldWriteRow[],
  owing: readonly FieldEdit[],
): boolean {
  const last = earlier.findLast((row) => row.attribute === write.attribute)
  if (last?.direction !== write.direction || !isSame(last.value, write.value)) return false
  // Had it arrived in Brevo, only a change there could bring it back, and that would go to Pipedrive first.
  if (write.direction === 'to_brevo') return true
  return owing.some(({ name, value }) => name === write.attribute && isSame(value, write.value))
}

function isSame(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b)
}

function isLoopOf(write: FieldWriteRow, earlier: readonly FieldWriteRow[]): boolean {
  const same = earlier.filter((row) => row.attribute === write.attribute)
  return isLoop(
    same.map((row) => ({ ...row, value: row.value as AttributeValue | null, at: new Date(row.at) })),
    { ...write, value: write.value as AttributeValue | null },
  )
}

function failureOf(candidate: Candidate, { problems, verdicts }: Merged): Failure | null {
  const halted = verdicts.filter(({ reason }) => reason === 'stopped').map(({ name }) => name)
  if (halted.length === 0 && problems.length === 0) return null
  const words = [
    ...problems.map(({ name, problem }) => `${name}: ${problem}`),
    ...(halted.length === 0
      ? []
      : [
          `${halted.join(', ')}: changed back and forth more than ${flipsAtMost} times in ${flipsWithinMs / 60_000} minutes, so nothing is written to it on either side`,
        ]),
  ]
  const remedies = [
    ...new Set(problems.map(({ remedy }) => remedy)),
    ...(halted.length === 0
      ? []
      : [
          'Find what else writes to the field (an automation, another integration), stop it, then run `tajo failures retry`.',
        ]),
  ]
  return {
    entity: 'person edit',
    record_id: String(candidate.person_id),
    code: halted.length > 0 ? 'field_loops' : 'field_not_turned_back',
    disposition: 'reject',
    message: `What was changed in Brevo cannot go to person ${candidate.person_id}: ${words.join('; ')}`,
    vendor_message: null,
    remedy: remedies.join(' '),
    fingerprint: candidate.fingerprint,
  }
}
