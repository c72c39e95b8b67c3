/** The jobs of one connection: what is done, and when the next of each is due. How it is done is the pipeline's. */
import { TajoError } from '../../base/error.ts'
import {
  hasDirtyOrganizations,
  pruneEvents,
  pruneInbox,
  pruneMoves,
  pruneSkillRuns,
  readConnection,
} from '../../store/index.ts'
import {
  bringCompanies,
  type LiveStep,
  liveStep,
  pollSource,
  type RunContext,
  readyCompanies,
  resolveAccounts,
  runSync,
  type SyncReport,
} from '../../sync/index.ts'
import { carryOut, isOfSkills } from '../skills/carry-out.ts'
import { toSyncSettings } from '../sync-settings.ts'
import type { JobName } from './jobs.ts'
import { nextPollMs } from './poll-rhythm.ts'
import { after, firstCareMs, told, type Worker, type WorkerState } from './worker-state.ts'

/** A webhook that explains a gap is waited for so long: Pipedrive's first repetition comes after three seconds. */
const patienceMs = 4_000
const planAgeMs = 6 * 3_600_000
const dayMs = 24 * 3_600_000
export const upkeepEveryMs = 5 * 60_000
export const troubleMs = 15_000
const companiesAgainMs = 15 * 60_000
/** Pipedrive repeats for three minutes, Brevo for eleven hours. */
const rememberDeliveriesMs = 36 * 3_600_000
const rememberEventsMs = 45 * dayMs
/** Runs of skills whose conditions did not hold. */
const rememberSkippedMs = 3 * dayMs
const pruneAtATime = 5_000
const lagsKept = 1_000

export const tasks: Readonly<Record<JobName, (worker: Worker, signal: AbortSignal) => Promise<void>>> = {
  step,
  later: step,
  poll,
  listing,
  companies,
  care,
  skills,
  upkeep,
}

/** What arrived goes to Brevo. */
async function step(worker: Worker, signal: AbortSignal): Promise<void> {
  const { state } = worker
  const context = contextOf(worker, signal)
  const live = await liveStepOf(worker, context)
  if (live === null) return worker.jobs().now('listing')
  state.idle = false
  const complete = state.compareAll
  // Until it has gone well: a step that ends early does not tell about whom it was.
  state.compareAll = true
  const result = await liveStep(context, { ...live, complete })
  state.compareAll = result.trouble !== null
  addEvents(state, result.events)
  if (result.trouble) {
    worker.onNews(
      told('warn', 'step.troubled', result.trouble.message, {
        connection: worker.connection,
        code: result.trouble.code,
      }),
    )
  }
  const troubled = result.trouble && (result.trouble.notBefore ?? after(worker, troubleMs))
  const nextAt = troubled ?? result.nextAt
  if (nextAt !== null) await worker.jobs().at('later', atLeast(worker, nextAt))
  if (await companiesAreDue(worker, live)) await worker.jobs().now('companies')
  await carryOutSkills(worker, context)
  state.idle = nextAt === null
}

/** Times of schedules, and what waited. */
async function skills(worker: Worker, signal: AbortSignal): Promise<void> {
  const context = contextOf(worker, signal)
  if ((await liveStepOf(worker, context)) === null) return
  await carryOutSkills(worker, context)
}

/** A service that is away is asked again by the runs themselves. */
async function carryOutSkills(worker: Worker, context: RunContext): Promise<void> {
  const { resolution } = worker.state
  if (resolution === null) return
  const { nextAt } = await carryOut(context, worker.shelf, resolution)
  if (nextAt !== null) await worker.jobs().at('skills', atLeast(worker, nextAt))
}

/** A pass over everything that is due once a day, and first of all at the start. */
async function listing(worker: Worker, signal: AbortSignal): Promise<void> {
  const { store, connection, state, jobs } = worker
  const context = contextOf(worker, signal)
  state.idle = false
  const report = await runSync(context, {
    full: false,
    dryRun: false,
    patienceMs: usesWebhooks(worker) ? patienceMs : 0,
  })
  addEvents(state, {
    sent: report.events.sent,
    noContact: report.events.no_contact,
    failed: report.events.failed,
  })
  state.lastPollAt = worker.clock.now()
  state.companiesWaiting = report.companies.waiting
  worker.onNews(
    told(report.status === 'complete' ? 'info' : 'warn', 'sync.finished', sentence(report), {
      connection,
      run: report.run,
      mode: report.mode,
      status: report.status,
      contacts: report.contacts,
      requests: report.requests,
    }),
  )
  if (report.status === 'paused') {
    throw new TajoError({
      code: 'connection_paused',
      disposition: 'pause',
      message: report.reason ?? 'The services refuse to go on.',
      ...(report.resumeAt === null ? {} : { notBefore: new Date(report.resumeAt) }),
    })
  }
  const { listed_at, told_since } = await readConnection(store.db, connection)
  // Until the first complete sync is over there is nothing to be in step with.
  if (told_since === null) return jobs().at('listing', after(worker, troubleMs * 2))
  await jobs().at('listing', new Date((listed_at ?? worker.clock.now()).getTime() + dayMs))
  await planNextPoll(worker)
  await jobs().now('step')
  if (report.companies.waiting > 0 && report.resumeAt !== null)
    await jobs().at('companies', new Date(report.resumeAt))
}

/** Repairs what webhooks lost; alone in charge where there are none. */
async function poll(worker: Worker, signal: AbortSignal): Promise<void> {
  const { state, connection } = worker
  const context = contextOf(worker, signal)
  const live = await liveStepOf(worker, context)
  if (live === null) return worker.jobs().now('listing')
  state.compareAll = true
  const result = await pollSource(context, live.plan)
  state.lastPollAt = worker.clock.now()
  const { pollIntervalMs } = worker.config().config.pipedrive
  const { missed } = result
  state.healthy = usesWebhooks(worker) ? missed === 0 && state.registered !== false : null
  state.pollMs = nextPollMs({ baseMs: pollIntervalMs, lastMs: state.pollMs, healthy: state.healthy === true })
  if (missed > 0 && usesWebhooks(worker)) {
    const message = `${missed} changes came without a webhook; polling more often until none do`
    worker.onNews(told('warn', 'webhooks.missed', message, { connection, missed }))
  }
  worker.onNews(
    told('debug', 'poll.finished', `polled by ${result.way}`, {
      connection,
      ...result,
      nextMs: state.pollMs,
    }),
  )
  await planNextPoll(worker)
  await worker.jobs().now('step')
}

async function planNextPoll(worker: Worker): Promise<void> {
  const { syncMode } = worker.config().config.pipedrive
  // Where nothing can reach us, polling is all there is, whatever the mode asks for.
  if (syncMode === 'realtime' && worker.reachable) return
  await worker.jobs().at('poll', after(worker, worker.state.pollMs))
}

function usesWebhooks({ config, reachable }: Worker): boolean {
  return reachable && config().config.pipedrive.syncMode !== 'batch'
}

/** By what is marked, not by what a step did: one before it may have ended early. Not while they have to wait. */
async function companiesAreDue(
  { store, connection, clock, state }: Worker,
  { plan }: Pick<LiveStep, 'plan'>,
): Promise<boolean> {
  if (!plan.settings.entities.organizations) return false
  if (state.companiesNotBefore !== null && state.companiesNotBefore > clock.now()) return false
  return hasDirtyOrganizations(store.db, connection)
}

async function companies(worker: Worker, signal: AbortSignal): Promise<void> {
  const context = contextOf(worker, signal)
  const live = await liveStepOf(worker, context)
  if (live === null) return
  const report = await bringCompanies(context, await readyCompanies(context, live.plan, true), {
    complete: false,
  })
  if (report === null) return
  worker.state.companiesWaiting = report.waiting
  // Brevo may take later what it refuses now, also where it names no time; when there is nothing to ask, it costs nothing.
  const isOpen = report.reason !== null || report.failed > 0
  const again = report.resumeAt ?? (isOpen ? after(worker, companiesAgainMs) : null)
  worker.state.companiesNotBefore = again
  if (again !== null) await worker.jobs().at('companies', atLeast(worker, again))
}

/** Webhooks are there and are ours, once a day; sooner while they are not, each time after twice as long. */
async function care(worker: Worker, signal: AbortSignal): Promise<void> {
  const { state, jobs } = worker
  if (!worker.reachable) return jobs().at('care', after(worker, dayMs))
  state.registered = await worker.careForWebhooks(worker.clients(), signal)
  await jobs().at('care', after(worker, state.registered ? dayMs : state.careMs))
  state.careMs = state.registered ? firstCareMs : Math.min(dayMs, state.careMs * 2)
  if (state.registered) return
  // Not all are there: polling has to do their work.
  worker.state.pollMs = worker.config().config.pipedrive.pollIntervalMs
  await planNextPoll(worker)
}

async function upkeep(worker: Worker): Promise<void> {
  const { store, clock, jobs } = worker
  await jobs().at('upkeep', after(worker, upkeepEveryMs))
  const now = clock.now().getTime()
  while ((await pruneInbox(store.db, new Date(now - rememberDeliveriesMs), pruneAtATime)) === pruneAtATime);
  await pruneMoves(store.db, new Date(now - dayMs))
  while ((await pruneEvents(store.db, new Date(now - rememberEventsMs), pruneAtATime)) === pruneAtATime);
  const ended = {
    doneBefore: new Date(now - rememberEventsMs),
    skippedBefore: new Date(now - rememberSkippedMs),
  }
  while ((await pruneSkillRuns(store.db, ended, pruneAtATime)) === pruneAtATime);
  await store.maintain()
}

function contextOf(worker: Worker, signal: AbortSignal): RunContext {
  const { store, connection, clock, state, onNews, onProgress } = worker
  return {
    store,
    connection,
    ...worker.clients(),
    settings: toSyncSettings(worker.config().config, worker.shelf.noticed()),
    clock,
    signal,
    onProgress,
    onResolved: (resolution) => {
      state.resolution = resolution
      state.resolvedAt = clock.now()
    },
    onNews: (news) => {
      const lag = news.details.lag_seconds
      if (typeof lag === 'number') state.lags = [...state.lags.slice(1 - lagsKept), lag]
      onNews(news)
    },
  }
}

/** Null while no first pass has been made. Stages, fields and users are looked at anew now and then. */
async function liveStepOf(worker: Worker, context: RunContext): Promise<Omit<LiveStep, 'complete'> | null> {
  const { store, connection, state, clock } = worker
  if ((await readConnection(store.db, connection)).told_since === null) return null
  const age = clock.now().getTime() - (state.resolvedAt?.getTime() ?? 0)
  const isOld = age > planAgeMs || (state.resolution !== null && !isOfSkills(state.resolution, worker.shelf))
  if (state.resolution?.plan == null || isOld) {
    const resolution = await resolveAccounts(context, context.settings, {
      complete: false,
      signal: context.signal,
    })
    state.resolution = resolution
    state.resolvedAt = clock.now()
  }
  const { plan, accounts } = state.resolution
  if (plan === null) return null
  return { plan, accounts, patienceMs: usesWebhooks(worker) ? patienceMs : 0 }
}

function addEvents(state: WorkerState, more: WorkerState['events']): void {
  state.events.sent += more.sent
  state.events.noContact += more.noContact
  state.events.failed += more.failed
}

/** What is due already is due in a moment: nothing goes round in circles without a breath. */
function atLeast(worker: Worker, time: Date): Date {
  const soon = after(worker, 500)
  return time > soon ? time : soon
}

function sentence({ status, reason, contacts }: SyncReport): string {
  const { read, created, updated, failed } = contacts
  return `Pass ${status}: ${read} persons read, ${created} contacts created, ${updated} updated, ${failed} failed${reason === null ? '' : `; ${reason}`}`
}
