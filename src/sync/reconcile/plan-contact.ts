/** One candidate to commands: what Brevo is to get, what its person is to get, or that it is in step. Pure. */
import type { JsonObject } from '../../base/json.ts'
import type { Candidate, Failure, OutboxRow, PersonEditRow, Settled } from '../../store/index.ts'
import type { Merged } from '../merge/index.ts'
import {
  type Agreed,
  type Attributes,
  type ContactCommand,
  type EditCommand,
  EMAIL,
  type ReleaseCommand,
  type ReversePlan,
  SMS,
  type WantedContact,
  type WriteCommand,
} from '../model/index.ts'
import { diffContact, isListsOnly } from './diff.ts'
import { groupKey, listsKey } from './group-key.ts'
import { fromKnownRow } from './known-contact.ts'

export type PlannedContact = {
  readonly rows: readonly OutboxRow[]
  readonly settled: readonly Settled[]
  readonly edit: PersonEditRow | null
}

/** What goes both ways, and under which fingerprint agreements are noted; null: nothing goes to Pipedrive. */
export type TwoWay = { readonly plan: ReversePlan; readonly agreedWith: string }

/** `merged`: null where there is no contact to merge with, or nothing goes to Pipedrive. */
export function planContact(
  candidate: Candidate,
  merged: Merged | null,
  { hardDelete, twoWay }: { hardDelete: boolean; twoWay: TwoWay | null },
): PlannedContact {
  const known = candidate.contact && fromKnownRow(candidate.contact)
  const wanted = merged?.wanted ?? toWanted(candidate)
  const clearable = merged?.clearable ?? []
  const change = diffContact(
    wanted,
    known && clearable.length > 0 ? { ...known, written: [...known.written, ...clearable] } : known,
  )
  const agreed = merged?.agreed ?? (twoWay === null ? {} : agreedOnCreation(wanted, twoWay.plan))
  const agreedWith = twoWay?.agreedWith ?? null
  const left = candidate.left_contact
  const rows = left ? [releaseOf(candidate, left, hardDelete)] : []
  const edit = merged && known ? editOf(candidate, merged, known.contactId) : null
  if (change === null && known !== null) {
    const settled: Settled = {
      contact_id: known.contactId,
      person_id: candidate.person_id,
      in_step: candidate.fingerprint,
      written: [],
      cleared: [],
      added_lists: [],
      removed_lists: [],
      agreed: agreed as JsonObject,
      agreed_with: agreedWith,
    }
    return { rows, settled: [settled], edit }
  }
  if (change === null) return { rows, settled: [], edit }
  const command: WriteCommand = {
    ...change,
    kind: 'write',
    personId: candidate.person_id,
    contactId: known?.contactId ?? null,
    lists: wanted.lists,
    emailBlocked: known?.emailBlocked ?? false,
    smsBlocked: known?.smsBlocked ?? false,
    agreed,
    agreedWith,
  }
  const listsOnly = known !== null && isListsOnly(change)
  // What gives a number up, or follows a link that moves, must not share an import with what depends on it.
  const first = candidate.frees_sms && (command.clear.includes(SMS) || command.sms !== null)
  const key = first || left ? '' : listsOnly ? listsKey : groupKey(command)
  return { rows: [...rows, toRow(change.action, command, candidate.fingerprint, key)], settled: [], edit }
}

/** A command that goes before all others: a new address, or a number that is given up. */
export function toFirstRow(
  row: { person_id: number; contact_id: number; email: string; fingerprint: string },
  change: Partial<WriteCommand>,
): OutboxRow {
  const command: WriteCommand = {
    kind: 'write',
    action: 'update',
    personId: row.person_id,
    contactId: row.contact_id,
    email: row.email,
    renamedFrom: null,
    extId: null,
    sms: null,
    attributes: {},
    clear: [],
    addLists: [],
    removeLists: [],
    block: false,
    lists: [],
    emailBlocked: false,
    smsBlocked: false,
    agreed: {},
    agreedWith: null,
    ...change,
  }
  return toRow('rename', command, row.fingerprint)
}

export function toReleaseRow(
  action: 'release' | 'retire',
  personId: number | null,
  email: string | null,
  command: ReleaseCommand,
  fingerprint = '',
): OutboxRow {
  return {
    action,
    person_id: personId,
    contact_id: command.contactId,
    email,
    route: 'single',
    group_key: '',
    command: command as unknown as JsonObject,
    fingerprint,
  }
}

export function toWanted(candidate: Candidate): WantedContact {
  return {
    personId: candidate.person_id,
    email: candidate.identity,
    sms: candidate.sms,
    attributes: candidate.attributes as unknown as Attributes,
    lists: candidate.lists,
    keep: candidate.keep,
    unsubscribed: candidate.unsubscribed,
  }
}

export function heldFailure(candidate: Candidate): Failure {
  return {
    entity: 'person',
    record_id: String(candidate.person_id),
    code: 'address_held',
    disposition: 'retry',
    message: `The contact with this person's address still belongs to person ${candidate.held_by}, whose own change of address failed`,
    vendor_message: null,
    remedy: `Mend the failure of person ${candidate.held_by}; this one follows with the next sync.`,
    fingerprint: candidate.fingerprint,
  }
}

export function doubtFailure(candidate: Candidate): Failure {
  return {
    entity: 'person',
    record_id: String(candidate.person_id),
    code: 'address_in_doubt',
    disposition: 'retry',
    message: `This may be the person that was made for contact ${candidate.made_for}, whose address was changed since: Pipedrive has not told yet`,
    vendor_message: null,
    remedy:
      'Nothing to do: the next sync asks Pipedrive again. If it stays, the failure of the new person says why.',
    fingerprint: candidate.fingerprint,
  }
}

/** A new contact has what its person has. */
function agreedOnCreation(wanted: WantedContact, { fields }: ReversePlan): Agreed {
  return Object.fromEntries(
    fields.map(({ name }) => [
      name,
      name === EMAIL ? wanted.email : name === SMS ? wanted.sms : (wanted.attributes[name] ?? null),
    ]),
  )
}

function editOf(candidate: Candidate, merged: Merged, contactId: number): PersonEditRow | null {
  if (merged.edits.length === 0 && merged.consent === null) return null
  const command: EditCommand = {
    email: candidate.contact?.email ?? candidate.identity,
    edits: merged.edits,
    consent: merged.consent,
    agreed: merged.agreedAfterEdits,
  }
  return {
    contact_id: contactId,
    person_id: candidate.person_id,
    command: command as unknown as JsonObject,
    fingerprint: candidate.fingerprint,
  }
}

/** The contact a person leaves behind: it loses our mark, and our lists unless another cluster takes it over. */
function releaseOf(
  candidate: Candidate,
  left: NonNullable<Candidate['left_contact']>,
  hardDelete: boolean,
): OutboxRow {
  const command: ReleaseCommand = {
    kind: 'release',
    contactId: left.contact_id,
    removeLists: left.claimed ? [] : left.our_lists.filter((id) => left.lists.includes(id)),
    freeExtId: true,
    delete: hardDelete && !left.claimed,
  }
  return toReleaseRow('release', candidate.person_id, null, command, candidate.fingerprint)
}

function toRow(action: OutboxRow['action'], command: WriteCommand, fingerprint: string, key = ''): OutboxRow {
  return {
    action,
    person_id: command.personId,
    contact_id: command.contactId,
    email: command.email,
    route: 'single',
    group_key: key,
    command: command satisfies ContactCommand as unknown as JsonObject,
    fingerprint,
  }
}
