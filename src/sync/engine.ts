/** One pass: read both sides, compute what is wanted, send the difference, read back, account for every record. */
import { randomUUID } from 'node:crypto'
import { TajoError } from '../base/error.ts'
import {
  addToOutbox,
  type ConnectionState,
  clearStaleFailures,
  countGroups,
  dropOtherRuns,
  dropPending,
  grantSms,
  openImports,
  type RunRow,
  readConnection,
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
import { chooseRoutes, outboxSink, planRenames, planWrites, projectClusters } from './reconcile/index.ts'
import type { SyncReport } from './report.ts'
import { createMissing, type Resolution, resolveAccounts } from './resolve.ts'
import type { RunContext } from './run-context.ts'
import { endRun, type Usage, usageSince } from './run-end.ts'

/** A complete listing is due once a day: it is what notices deletions (rule R7.1). */
const listingEveryMs = 24 * 3_600_000
/** What Brevo turned out to know better is planned again, so often. */
const roundsAtMost = 4
/** Between two machines' clocks. */
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
  const delivery: Delivery = { context, attributes: mappedAttributes(plan) }
  if (!request.dryRun) await settleEarlier(delivery)
  await stage(context, run, 'read')
  const { brevoTime } = await readBothSides(context, run.id, plan, run.mode === 'full', state)
  await stage(context, run, 'project')
  await project(context, plan, resolution.accounts.lists)
  if (request.dryRun) return dryRun(context, run.id, resolution, plan)
  await stage(context, run, 'deliver')
  await deliverAll(delivery, run.id, plan, brevoTime)
  await clearStaleFailures(store.db, connection)
  return null
}

/** What a killed process had sent is looked at before anything is planned, so that it counts for what it was. */
async function settleEarlier(delivery: Delivery): Promise<void> {
  const { store, connection } = delivery.context
  await dropPending(store.db, connection)
  const { rows, firstSentAt } = await openImports(store.db, connection)
  if (rows === 0 || firstSentAt === null) return
  await awaitImports(delivery.context)
  await readBack(delivery, new Date(firstSentAt.getTime() - clockSkewMs))
  await dropPending(store.db, connection)
}

async function project(
  context: RunContext,
  plan: Plan,
  listNames: ReadonlyMap<number, string>,
): Promise<void> {
  const { store, connection, signal } = context
  const state = await readConnection(store.db, connection)
  const all = state.plan_fingerprint !== plan.fingerprint
  // Until all of it is done, nothing says that it is: a killed projection is begun again.
  if (all) await updateConnection(store.db, connection, { plan_fingerprint: null })
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
  await store.maintain()
  await grantSms(store.db, connection)
}

async function deliverAll(delivery: Delivery, run: string, plan: Plan, since: Date): Promise<void> {
  const { context } = delivery
  const { store, connection, clock } = context
  const sink = outboxSink(store, connection, run, () => clock.now())
  const hardDelete = plan.settings.deleteBehavior === 'hard'
  for (let round = 0; round < roundsAtMost; round++) {
    const renames = await planRenames(store, connection, run)
    if (renames.length > 0) {
      await addToOutbox(store.db, connection, run, renames)
      await drain(delivery, since, run)
    }
    await planWrites(store, connection, run, hardDelete, sink, context.signal)
    await chooseRoutes(store, connection, run)
    const waiting = await pendingCount(delivery, run)
    if (waiting === 0) return
    context.onProgress?.({ stage: 'deliver', what: 'contacts', done: 0, total: waiting })
    await drain(delivery, since, run)
    // Numbers that turned out to be taken are no longer asked for.
    await grantSms(store.db, connection)
  }
}

/** Sends and reads back until nothing is pending: imports first, then singly what they left undone. */
async function drain(delivery: Delivery, since: Date, run: string): Promise<void> {
  for (let turn = 0; turn < roundsAtMost && (await pendingCount(delivery, run)) > 0; turn++) {
    await deliverPending(delivery)
    const finished = await awaitImports(delivery.context)
    if (!finished) {
      throw new TajoError({
        code: 'brevo_import_slow',
        disposition: 'retry',
        message:
          'Brevo has not finished the imports after twenty minutes; run the sync again later to see what came of them.',
      })
    }
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

export type { Usage }
