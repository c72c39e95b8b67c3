/** Turns what differs into commands: renames first, then everything else; and decides what goes in bulk. */
import type { JsonObject } from '../../base/json.ts'
import {
  addToOutbox,
  type Candidate,
  countGroups,
  type Failure,
  linkByExtId,
  nextCandidates,
  type OutboxRow,
  readRenames,
  readRetirements,
  readYields,
  recordFailures,
  routeGroups,
  type Scope,
  type Settled,
  type Store,
  settleKnown,
} from '../../store/index.ts'
import {
  type Attributes,
  type ContactCommand,
  type ReleaseCommand,
  SMS,
  type WantedContact,
  type WriteCommand,
} from '../model/index.ts'
import { diffContact, isListsOnly } from './diff.ts'
import { groupKey, listsKey } from './group-key.ts'
import { fromKnownRow } from './known-contact.ts'

/** Up to so many contacts are written one by one: an import would cost as much and be slower (facts in docs/decisions). */
export const singlesAtMost = 100
/** A group with fewer rows than this is not worth an import of its own. */
const smallestImport = 4
/** So many memberships are changed with the contact; more go 150 at a time. */
const listsSinglesAtMost = 20

export type PlanSink = {
  /** Commands to keep, and contacts that turned out to be in step already. */
  readonly take: (
    rows: readonly OutboxRow[],
    settled: readonly Settled[],
    failures: readonly Failure[],
  ) => Promise<void>
}

/** What has to happen before anything else: new addresses that are free, and numbers that are given up for another. */
export async function planFirst(
  store: Store,
  connection: string,
  request: Pick<PlanRequest, 'run' | 'now' | 'scope'>,
): Promise<readonly OutboxRow[]> {
  await linkByExtId(store.db, connection, request.scope)
  const renames = await readRenames(store.db, connection, request)
  const yields = await readYields(store.db, connection, request)
  return [
    ...renames.map((rename) => toFirstRow(rename, { renamedFrom: rename.renamed_from ?? '' })),
    ...yields.map((item) => toFirstRow(item, { clear: [SMS] })),
  ]
}

function toFirstRow(
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
    ...change,
  }
  return toRow('rename', command, row.fingerprint)
}

export type PlanRequest = {
  readonly run: string
  readonly hardDelete: boolean
  /** What failed lately and may go better later waits its time until then; null: it is tried again at once. */
  readonly now: Date | null
  /** Whom it is about; null: everybody. */
  readonly scope: Scope
  readonly signal?: AbortSignal | undefined
}

/** Walks every candidate and hands commands to the sink, a batch at a time. */
export async function planWrites(
  store: Store,
  connection: string,
  { run, hardDelete, now, scope, signal }: PlanRequest,
  sink: PlanSink,
): Promise<void> {
  let after = 0
  for (;;) {
    signal?.throwIfAborted()
    const candidates = await nextCandidates(store.db, connection, { run, after, limit: 500, now, scope })
    const last = candidates[candidates.length - 1]
    if (!last) break
    after = last.person_id
    const rows: OutboxRow[] = []
    const settled: Settled[] = []
    const failures: Failure[] = []
    for (const candidate of candidates) {
      if (candidate.held_by !== null) failures.push(heldFailure(candidate))
      else planOne(candidate, hardDelete, rows, settled)
    }
    await sink.take(rows, settled, failures)
  }
  const retirements = await readRetirements(store.db, connection, { hard: hardDelete, scope })
  await sink.take(
    retirements.map((retirement) =>
      toReleaseRow('retire', retirement.person_id, retirement.email, {
        kind: 'release',
        contactId: retirement.contact_id,
        removeLists: retirement.our_lists.filter((id) => retirement.lists.includes(id)),
        freeExtId: false,
        delete: hardDelete && retirement.person_gone,
      }),
    ),
    [],
    [],
  )
}

/** Keeps commands in the outbox, and at once remembers what is in step without any. */
export function outboxSink(store: Store, connection: string, run: string, now: () => Date): PlanSink {
  return {
    take: (rows, settled, failures) =>
      store.transaction(async (trx) => {
        for (let start = 0; start < rows.length; start += 250) {
          await addToOutbox(trx, connection, run, rows.slice(start, start + 250))
        }
        await settleKnown(trx, connection, settled)
        await recordFailures(trx, connection, failures, now())
      }),
  }
}

/** Chooses the cheaper way for what waits: below a hundred contacts singly, above by group. */
export async function chooseRoutes(store: Store, connection: string, run: string): Promise<void> {
  const groups = await countGroups(store.db, connection, run)
  const singles = groups.filter((group) => group.route === 'single' && group.group_key !== '')
  const total = singles.reduce((sum, group) => sum + group.count, 0)
  const lists = singles.filter((group) => group.group_key === listsKey)
  const imports = singles.filter((group) => group.group_key !== listsKey && group.count >= smallestImport)
  if (total > singlesAtMost) {
    await routeGroups(
      store.db,
      connection,
      run,
      'single',
      imports.map((group) => group.group_key),
      'import',
    )
  }
  if (lists.some((group) => group.count > listsSinglesAtMost)) {
    await routeGroups(store.db, connection, run, 'single', [listsKey], 'lists')
  }
}

function planOne(candidate: Candidate, hardDelete: boolean, rows: OutboxRow[], settled: Settled[]): void {
  const known = candidate.contact && fromKnownRow(candidate.contact)
  const wanted = toWanted(candidate)
  const change = diffContact(wanted, known)
  const left = candidate.left_contact
  if (left) rows.push(releaseOf(candidate, left, hardDelete))
  if (change === null && known !== null) {
    settled.push({
      contact_id: known.contactId,
      person_id: candidate.person_id,
      in_step: candidate.fingerprint,
      written: [],
      cleared: [],
      added_lists: [],
      removed_lists: [],
    })
    return
  }
  if (change === null) return
  const command: WriteCommand = {
    ...change,
    kind: 'write',
    personId: candidate.person_id,
    contactId: known?.contactId ?? null,
    lists: wanted.lists,
    emailBlocked: known?.emailBlocked ?? false,
    smsBlocked: known?.smsBlocked ?? false,
  }
  const listsOnly = known !== null && isListsOnly(change)
  // What gives a number up, or follows a link that moves, must not share an import with what depends on it.
  const first = candidate.frees_sms && (command.clear.includes(SMS) || command.sms !== null)
  const key = first || left ? '' : listsOnly ? listsKey : groupKey(command)
  rows.push(toRow(change.action, command, candidate.fingerprint, key))
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

function toReleaseRow(
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

function toWanted(candidate: Candidate): WantedContact {
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

function heldFailure(candidate: Candidate): Failure {
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
