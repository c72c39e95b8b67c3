/** Turns what differs into commands: renames first, then everything else; and decides what goes in bulk. */
import { fingerprint } from '../../base/fingerprint.ts'
import {
  addToOutbox,
  type Candidate,
  clearFailures,
  countGroups,
  type Db,
  dropEdits,
  dropFormerEdits,
  type Failure,
  linkByExtId,
  nextCandidates,
  noteOutcomes,
  noteWrites,
  type OutboxRow,
  type PersonEditRow,
  putEdits,
  readRenames,
  readRetirements,
  readYields,
  recordFailures,
  routeGroups,
  type Scope,
  type Settled,
  type Store,
  settleKnown,
  stopFields,
  type Way,
} from '../../store/index.ts'
import { flipsWithinMs } from '../merge/index.ts'
import { EMAIL, SMS } from '../model/index.ts'
import type { Plan } from '../projection/index.ts'
import { listsKey } from './group-key.ts'
import { type MergedBatch, mergeBatch } from './merge-batch.ts'
import {
  doubtFailure,
  heldFailure,
  planContact,
  type TwoWay,
  toFirstRow,
  toReleaseRow,
} from './plan-contact.ts'

/** Up to so many contacts are written one by one: an import would cost as much and be slower (facts in docs/decisions). */
export const singlesAtMost = 100
/** A group with fewer rows than this is not worth an import of its own. */
const smallestImport = 4
/** So many memberships are changed with the contact; more go 150 at a time. */
const listsSinglesAtMost = 20

export type Planned = {
  /** Commands for Brevo. */
  readonly rows: readonly OutboxRow[]
  /** Contacts that turned out to be in step already. */
  readonly settled: readonly Settled[]
  readonly failures: readonly Failure[]
  /** For persons of candidates that were merged; null: nothing goes to Pipedrive. */
  readonly back: {
    readonly edits: readonly PersonEditRow[]
    readonly batch: MergedBatch
    /** Every contact that was merged, with its person. */
    readonly compared: readonly { readonly person_id: number; readonly contact_id: number }[]
  } | null
}

export type PlanSink = { readonly take: (planned: Planned) => Promise<void> }

/** What has to happen before anything else: new addresses that are free, and numbers that are given up for another. */
export async function planFirst(
  store: Store,
  connection: string,
  request: Pick<PlanRequest, 'run' | 'now' | 'scope' | 'plan'>,
): Promise<readonly OutboxRow[]> {
  await linkByExtId(store.db, connection, request.scope)
  const wayOf = (name: string): Way =>
    request.plan.reverse?.fields.find((field) => field.name === name)?.way ?? 'to_brevo'
  const renames = await readRenames(store.db, connection, { ...request, way: wayOf(EMAIL) })
  const yields = await readYields(store.db, connection, { ...request, way: wayOf(SMS) })
  return [
    ...renames.map((rename) => toFirstRow(rename, { renamedFrom: rename.renamed_from ?? '' })),
    ...yields.map((item) => toFirstRow(item, { clear: [SMS] })),
  ]
}

export type PlanRequest = {
  readonly run: string
  readonly plan: Plan
  /** For the loop breaker. */
  readonly clock: () => Date
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
  request: PlanRequest,
  sink: PlanSink,
): Promise<void> {
  const { run, plan, now, scope, signal } = request
  let after = 0
  for (;;) {
    signal?.throwIfAborted()
    const candidates = await nextCandidates(store.db, connection, { run, after, limit: 500, now, scope })
    const last = candidates[candidates.length - 1]
    if (!last) break
    after = last.person_id
    await sink.take(await planCandidates(store, connection, plan, candidates, request.clock()))
  }
  const rows = await planRetirements(store, connection, plan, scope)
  await sink.take({ rows, settled: [], failures: [], back: null })
}

/** What follows for these; nothing is kept. */
export async function planCandidates(
  store: Store,
  connection: string,
  plan: Plan,
  candidates: readonly Candidate[],
  now: Date,
): Promise<Planned> {
  const hardDelete = plan.settings.deleteBehavior === 'hard'
  const twoWay = twoWayOf(plan)
  const batch = await mergeBatch(store, connection, plan, candidates, now)
  const rows: OutboxRow[] = []
  const settled: Settled[] = []
  const failures: Failure[] = [...batch.failures]
  const edits: PersonEditRow[] = []
  for (const candidate of candidates) {
    if (candidate.held_by !== null || candidate.made_for !== null) {
      failures.push(candidate.held_by !== null ? heldFailure(candidate) : doubtFailure(candidate))
      continue
    }
    const merged = batch.byPerson.get(candidate.person_id) ?? null
    const planned = planContact(candidate, merged, { hardDelete, twoWay })
    rows.push(...planned.rows)
    settled.push(...planned.settled)
    if (planned.edit) edits.push(planned.edit)
  }
  const compared = candidates.flatMap(({ person_id, contact }) =>
    contact && batch.byPerson.has(person_id) ? [{ person_id, contact_id: contact.contact_id }] : [],
  )
  return { rows, settled, failures, back: twoWay && { edits, batch, compared } }
}

/** Contacts that nobody wants any more. */
export async function planRetirements(
  store: Store,
  connection: string,
  plan: Plan,
  scope: Scope,
): Promise<readonly OutboxRow[]> {
  const hardDelete = plan.settings.deleteBehavior === 'hard'
  const retirements = await readRetirements(store.db, connection, { hard: hardDelete, scope })
  return retirements.map((retirement) =>
    toReleaseRow('retire', retirement.person_id, retirement.email, {
      kind: 'release',
      contactId: retirement.contact_id,
      removeLists: retirement.our_lists.filter((id) => retirement.lists.includes(id)),
      freeExtId: false,
      delete: hardDelete && retirement.person_gone,
    }),
  )
}

/** Agreements are noted with the fields they are complete for, and with the one that holds the consent. */
export function twoWayOf({ reverse }: Plan): TwoWay | null {
  if (reverse === null) return null
  const names = reverse.fields.map(({ name }) => name).sort()
  return { plan: reverse, agreedWith: fingerprint([...names, reverse.consentField?.key ?? null]) }
}

/** Keeps commands in the outbox, and at once remembers what is in step without any. */
export function outboxSink(store: Store, connection: string, run: string, now: () => Date): PlanSink {
  return {
    take: ({ rows, settled, failures, back }) =>
      store.transaction(async (trx) => {
        for (let start = 0; start < rows.length; start += 250) {
          await addToOutbox(trx, connection, run, rows.slice(start, start + 250))
        }
        await settleKnown(trx, connection, settled)
        if (back) await keepBack(trx, connection, run, back, now())
        await recordFailures(trx, connection, failures, now())
      }),
  }
}

async function keepBack(
  trx: Db,
  connection: string,
  run: string,
  { edits, batch, compared }: NonNullable<Planned['back']>,
  now: Date,
): Promise<void> {
  await dropFormerEdits(trx, connection, compared)
  const owed = new Set(edits.map((edit) => edit.contact_id))
  await dropEdits(
    trx,
    connection,
    compared.map((pair) => pair.contact_id).filter((id) => !owed.has(id)),
  )
  await putEdits(trx, connection, run, edits, now)
  await noteWrites(trx, connection, batch.writes, new Date(now.getTime() - flipsWithinMs))
  await stopFields(trx, connection, batch.stopped, now)
  await noteOutcomes(
    trx,
    connection,
    run,
    batch.conflicts.map(({ contactId }) => ({ contact_id: contactId, outcome: 'conflict' })),
  )
  // What was wrong before is said anew if it still is.
  const failing = new Set(batch.failures.map((failure) => failure.record_id))
  const mended = [...batch.byPerson.keys()].filter((id) => !failing.has(String(id)))
  await clearFailures(trx, connection, 'person edit', mended)
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
