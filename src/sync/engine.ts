/** One pass: read both sides, compute what is wanted, send the difference, read back, account for every record. */
import { randomUUID } from 'node:crypto'
import { TajoError } from '../base/error.ts'
import {
  type ConnectionState,
  clearStaleFailures,
  dropOtherRuns,
  grantSms,
  type RunRow,
  readConnection,
  refreshStatistics,
  startRun,
  takeOverEdits,
  unfinishedRun,
  updateConnection,
  updateRun,
} from '../store/index.ts'
import { bringBothWays, noteAgreements } from './both-ways.ts'
import { bringCompanies, type CompanyReadiness, readyCompanies } from './companies.ts'
import { beginDelivery } from './deliver.ts'
import { settleEarlier } from './deliver-wanted.ts'
import { dryRun } from './dry-run.ts'
import { keepNames } from './keep-names.ts'
import { lookAround } from './look.ts'
import type { SettingFault } from './model/index.ts'
import { isSameNote, toPlanNote } from './plan-note.ts'
import type { Plan } from './projection/index.ts'
import { knownFingerprint, mappedAttributes, readBothSides } from './read.ts'
import { projectClusters } from './reconcile/index.ts'
import type { SyncReport } from './report.ts'
import { createMissing, type Resolution, resolveAccounts, webUrlOf } from './resolve.ts'
import type { RunContext } from './run-context.ts'
import { endRun, nothingDone, type PassResult, usageSince } from './run-end.ts'
import { beginTelling, tellAndSend, tellToTheEnd, watchOf } from './telling.ts'

/** A complete listing is due once a day: it is what notices deletions (rule R7.1). */
const listingEveryMs = 24 * 3_600_000

export type SyncRequest = {
  readonly full: boolean
  readonly dryRun: boolean
  /**
   * Of a server: how long a webhook that explains a gap is waited for. Its next step goes on with what is open then.
   * Absent, the pass tells what there is, and sends until nothing is uncertain.
   */
  readonly patienceMs?: number | undefined
}

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
  const goesOn = request.patienceMs !== undefined
  let done: PassResult = nothingDone
  try {
    const resolved = await resolveOrThrow(context, request)
    context.onResolved?.(resolved)
    if (!request.dryRun) await keepNames(context, resolved, run.mode === 'full')
    done = await pass(context, request, run, state, resolved)
  } catch (error) {
    return await endRun(context, run, done, usage, error, goesOn)
  }
  await updateConnection(store.db, connection, run.mode === 'full' ? { listed_at: clock.now() } : {})
  return endRun(context, run, done, usage, done.halted, goesOn)
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
  const due = state.listed_at === null || now.getTime() - state.listed_at.getTime() >= listingEveryMs
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
  if (!request.dryRun) {
    await dropOtherRuns(store.db, connection, run.id)
    await takeOverEdits(store.db, connection, run.id)
  }
  return run
}

/** Every fault of the configuration is found before the first write. */
async function resolveOrThrow(context: RunContext, { dryRun: dry }: SyncRequest): Promise<Resolved> {
  const { settings, signal, onProgress } = context
  onProgress?.({ stage: 'check', what: 'accounts', done: 0, total: null })
  const first = await resolveAccounts(context, settings, { complete: false, signal })
  const plan = planOf(first)
  const companies = await readyCompanies(context, plan, false)
  if (companies && companies.faults.length > 0) throw new SettingsUnfit(companies.faults)
  if (dry) return { ...first, plan, companies }
  const missing = first.missingAttributes.length > 0 || first.missingTechnicalList
  const resolution = missing ? await createMissing(context, settings, first, signal) : first
  const made = planOf(resolution)
  const ready = companies?.plan === null ? await readyCompanies(context, made, true) : companies
  return { ...resolution, plan: made, companies: ready }
}

function planOf({ plan, faults }: Resolution): Plan {
  if (plan === null) throw new SettingsUnfit(faults.filter((fault) => fault.severity === 'error'))
  return plan
}

type Resolved = Resolution & { readonly plan: Plan; readonly companies: CompanyReadiness | null }

async function pass(
  context: RunContext,
  request: SyncRequest,
  run: RunRow,
  state: ConnectionState,
  resolved: Resolved,
): Promise<PassResult> {
  const { store, connection } = context
  const { plan, accounts } = resolved
  const delivery = beginDelivery(context, mappedAttributes(plan), { live: false, scope: null })
  const full = run.mode === 'full'
  if (!request.dryRun) await settleEarlier(delivery, state.known_until)
  // Before Brevo is read: what was changed there since the last run is a change, not an agreement.
  const isCurrent = state.known_fingerprint === knownFingerprint(plan)
  await noteAgreements(context, plan, isCurrent)
  await stage(context, run, 'read')
  const { brevoTime } = await readBothSides(context, run.id, plan, full, state)
  await lookAround(context, plan, watchOf(state, plan))
  await stage(context, run, 'project')
  await project(context, plan, accounts.lists, full)
  // Read with other attributes before, it can only be agreed on now.
  if (!isCurrent) await noteAgreements(context, plan, true)
  if (request.dryRun) return { ...nothingDone, preview: await dryRun(context, run.id, resolved, plan) }
  await stage(context, run, 'deliver')
  const halted = await bringBothWays(delivery, { run: run.id, plan, since: brevoTime, touched: null })
  await clearStaleFailures(store.db, connection, run.started_at)
  // The first pass that writes need not be one that lists: a dry run before it may have listed everything.
  const first = state.told_since === null
  const since = state.told_since ?? (await beginTelling(context, plan))
  const told = { since, webUrl: webUrlOf(accounts.account) }
  const { patienceMs } = request
  const events =
    patienceMs === undefined
      ? await tellToTheEnd(context, plan, told)
      : (await tellAndSend(context, plan, { ...told, patienceMs })).tally
  return {
    preview: null,
    halted,
    events,
    companies: await bringCompanies(context, resolved.companies, { complete: full || first }),
  }
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
  // What goes back changes no projection, and has no part in the fingerprint: but it is explained from the note.
  const note = toPlanNote(plan, listNames)
  if (all || !isSameNote(state.plan, note))
    await updateConnection(store.db, connection, { plan_fingerprint: plan.fingerprint, plan: note })
  await refreshStatistics(store.db)
  await grantSms(store.db, connection)
}

function pointsElsewhere(plan: Plan): boolean {
  return plan.attributes.some(
    ({ source }) => source.kind === 'field' && ['organization', 'person'].includes(source.field.type),
  )
}

async function stage(context: RunContext, run: RunRow, name: 'read' | 'project' | 'deliver'): Promise<void> {
  await updateRun(context.store.db, run.id, { stage: name })
}
