/** One pass: read both sides, compute what is wanted, send the difference, read back, account for every record. */
import { randomUUID } from 'node:crypto'
import { TajoError } from '../base/error.ts'
import {
  addToOutbox,
  type ConnectionState,
  clearStaleFailures,
  countGroups,
  dropOtherRuns,
  dropUnbegun,
  grantSms,
  openImports,
  type RunRow,
  readConnection,
  refreshStatistics,
  startRun,
  unfinishedRun,
  updateConnection,
  updateRun,
} from '../store/index.ts'
import { awaitImports, type Delivery, deliverPending } from './deliver.ts'
import { type DryRun, dryRun } from './dry-run.ts'
import type { SettingFault } from './model/index.ts'
import { toPlanNote } from './plan-note.ts'
import type { Plan } from './projection/index.ts'
import { mappedAttributes, readBothSides } from './read.ts'
import { readBack } from './read-back.ts'
import { chooseRoutes, outboxSink, planFirst, planWrites, projectClusters } from './reconcile/index.ts'
import type { SyncReport } from './report.ts'
import { createMissing, type Resolution, resolveAccounts } from './resolve.ts'
import type { RunContext } from './run-context.ts'
import { endRun, usageSince } from './run-end.ts'

/** A complete listing is due once a day: it is what notices deletions (rule R7.1). */
const listingEveryMs = 24 * 3_600_000
/** What Brevo turned out to know better is planned again, so often. */
const roundsAtMost = 4
/** Allowed for between two machines' clocks, where the other's is not known. */
const clockSkewMs = 10 * 60_000

export type SyncRequest = { readonly full: boolean; readonly dryRun: boolean }

/** The configuration does not fit the accounts; nothing was written. */
export class SettingsUnfit extends TajoError {
  readonly faults: readonly SettingFault[]

  constructor(faults: readonly SettingFault[]) {
    super({
      code: 'settings_unfit',
      disposition: 'pause',
      message: `The configuration does not fit the accounts:\n${faults.map((fault) => `  ${fault.path}: ${fault.message}`).join('\n')}`,
    })
    this.faults = faults
  }
}

/** Runs one pass, or goes on with one that was killed or paused. Throws only what is no result: unfit settings, defects, aborts. */
export async function runSync(context: RunContext, request: SyncRequest): Promise<SyncReport> {
  const { store, connection, clock } = context
  const usage = usageSince(context)
  const state = await readConnection(store.db, connection)
  const run = await beginRun(context, request, state)
  let preview: DryRun | null = null
  try {
    const resolution = await resolveOrThrow(context, request)
    const plan = resolution.plan
    if (plan === null)
      throw new SettingsUnfit(resolution.faults.filter((fault) => fault.severity === 'error'))
    preview = await pass(context, request, run, state, resolution, plan)
  } catch (error) {
    return await endRun(context, run, preview, usage, error)
  }
  await updateConnection(store.db, connection, run.mode === 'full' ? { listed_at: clock.now() } : {})
  return endRun(context, run, preview, usage, null)
}

async function beginRun(context: RunContext, request: SyncRequest, state: ConnectionState): Promise<RunRow> {
  const { store, connection, clock } = context
  const now = clock.now()
  const unfinished = request.dryRun ? undefined : await unfinishedRun(store.db, connection)
  if (unfinished && (unfinished.mode === 'full' || !request.full)) {
    await updateRun(store.db, unfinished.id, { status: 'running', reason: null, resume_at: null })
    return unfinished
  }
  if (unfinished) {
    await updateRun(store.db, unfinished.id, {
      status: 'incomplete',
      finished_at: now,
      reason: 'A full sync was started instead.',
    })
  }
  const due = state.listed_at === null || now.getTime() - state.listed_at.getTime() > listingEveryMs
  const run: RunRow = {
    id: randomUUID(),
    mode: request.full || due ? 'full' : 'incremental',
    dry_run: request.dryRun,
    status: 'running',
    stage: 'check',
    started_at: now,
    finished_at: null,
    resume_at: null,
    reason: null,
    counters: {},
  }
  await startRun(store.db, connection, run)
  if (!request.dryRun) await dropOtherRuns(store.db, connection, run.id)
  return run
}

async function resolveOrThrow(context: RunContext, request: SyncRequest): Promise<Resolution> {
  context.onProgress?.({ stage: 'check', what: 'accounts', done: 0, total: null })
  const resolution = await resolveAccounts(context, context.settings, {
    complete: false,
    signal: context.signal,
  })
  const missing = resolution.missingAttributes.length > 0 || resolution.missingTechnicalList
  if (resolution.plan === null || request.dryRun || !missing) return resolution
  return createMissing(context, context.settings, resolution, context.signal)
}

async function pass(
  context: RunContext,
  request: SyncRequest,
  run: RunRow,
  state: ConnectionState,
  resolution: Resolution,
  plan: Plan,
): Promise<DryRun | null> {
  const { store, connection } = context
  const delivery: Delivery = {
    context,
    attributes: mappedAttributes(plan),
    doubts: new Map(),
    tally: { done: 0, total: 0 },
  }
  if (!request.dryRun) await settleEarlier(delivery, state.known_until)
  await stage(context, run, 'read')
  const { brevoTime } = await readBothSides(context, run.id, plan, run.mode === 'full', state)
  await stage(context, run, 'project')
  await project(context, plan, resolution.accounts.lists, run.mode === 'full')
  if (request.dryRun) return dryRun(context, run.id, resolution, plan)
  await stage(context, run, 'deliver')
  await deliverAll(delivery, run.id, plan, brevoTime)
  await clearStaleFailures(store.db, connection, run.started_at)
  return null
}

/** What a killed process had sent is looked at before anything is planned, so that it counts for what it was. */
async function settleEarlier(delivery: Delivery, knownUntil: Date | null): Promise<void> {
  const { store, connection } = delivery.context
  await dropUnbegun(store.db, connection)
  const { rows, firstSentAt } = await openImports(store.db, connection)
  if (rows === 0 || firstSentAt === null) return
  await finishImports(delivery.context, false)
  // By Brevo's own clock where it is known: nothing was sent before that run had read Brevo.
  const since = Math.min(
    firstSentAt.getTime() - clockSkewMs,
    knownUntil?.getTime() ?? Number.POSITIVE_INFINITY,
  )
  await readBack(delivery, new Date(since), 'earlier')
}

async function finishImports(context: RunContext, repeatFailed: boolean): Promise<void> {
  if (await awaitImports(context, repeatFailed)) return
  throw new TajoError({
    code: 'brevo_import_slow',
    disposition: 'retry',
    message:
      'Brevo has not finished the imports after twenty minutes; run the sync again later to see what came of them.',
  })
}

async function project(
  context: RunContext,
  plan: Plan,
  listNames: ReadonlyMap<number, string>,
  full: boolean,
): Promise<void> {
  const { store, connection, signal } = context
  const state = await readConnection(store.db, connection)
  // Names of records that fields point to are followed by complete readings only (rule R2.4).
  const all = state.plan_fingerprint !== plan.fingerprint || (full && pointsElsewhere(plan))
  // Until all of it is done, nothing says that it is: a killed projection is begun again.
  if (all) await updateConnection(store.db, connection, { plan_fingerprint: null })
  await refreshStatistics(store.db)
  await projectClusters(store, connection, {
    plan,
    all,
    signal,
    onProgress: (done) => context.onProgress?.({ stage: 'project', what: 'contacts', done, total: null }),
  })
  if (all) {
    await updateConnection(store.db, connection, {
      plan_fingerprint: plan.fingerprint,
      plan: toPlanNote(plan, listNames),
    })
  }
  await refreshStatistics(store.db)
  await grantSms(store.db, connection)
}

function pointsElsewhere(plan: Plan): boolean {
  return plan.attributes.some(
    ({ source }) => source.kind === 'field' && ['organization', 'person'].includes(source.field.type),
  )
}

async function deliverAll(delivery: Delivery, run: string, plan: Plan, since: Date): Promise<void> {
  const { context } = delivery
  const { store, connection, clock } = context
  const sink = outboxSink(store, connection, run, () => clock.now())
  const hardDelete = plan.settings.deleteBehavior === 'hard'
  for (let round = 0; round < roundsAtMost; round++) {
    const first = await planFirst(store, connection, run)
    if (first.length > 0) {
      await addToOutbox(store.db, connection, run, first)
      await drain(delivery, since, run)
    }
    await planWrites(store, connection, run, hardDelete, sink, context.signal)
    await refreshStatistics(store.db)
    await chooseRoutes(store, connection, run)
    const waiting = await pendingCount(delivery, run)
    if (waiting === 0) return
    Object.assign(delivery.tally, { done: 0, total: waiting })
    context.onProgress?.({ stage: 'deliver', what: 'contacts', ...delivery.tally })
    await drain(delivery, since, run)
    // Numbers that turned out to be taken are no longer asked for.
    await grantSms(store.db, connection)
  }
}

/** Sends and reads back until nothing is pending: imports first, then singly what they left undone. */
async function drain(delivery: Delivery, since: Date, run: string): Promise<void> {
  for (let turn = 0; turn < roundsAtMost && (await pendingCount(delivery, run)) > 0; turn++) {
    await deliverPending(delivery)
    await finishImports(delivery.context, true)
    await readBack(delivery, since)
  }
}

async function pendingCount({ context }: Delivery, run: string): Promise<number> {
  const groups = await countGroups(context.store.db, context.connection, run)
  return groups.reduce((sum, group) => sum + group.count, 0)
}

async function stage(context: RunContext, run: RunRow, name: 'read' | 'project' | 'deliver'): Promise<void> {
  await updateRun(context.store.db, run.id, { stage: name })
}
