/**
 * What a server does for skills whenever something happened or is due, and a pass does at its end: events and times become runs,
 * and runs go on, action by action. Each action is marked before it is asked for and ticked off after it, so that a process
 * may die in between: the next one looks what became of it.
 */
import { asError, TajoError } from '../../base/error.ts'
import {
  addSkillRuns,
  changeSkillRun,
  clearFailures,
  dueSkillRuns,
  nextSkillDue,
  readSkillRun,
  recordFailures,
  type SkillRunRow,
  type SkillStep,
  supersedeSkillRuns,
} from '../../store/index.ts'
import { begin } from './begin.ts'
import type { SkillContext } from './context.ts'
import type { RunFacts } from './facts.ts'
import { lookAtEvents, lookAtSchedules, runsOfTracked } from './look.ts'
import { keyOf, lookFor, perform } from './perform.ts'

const runsAtATime = 100
/** Both services list what they took some moments later. */
const lookUpAfterMs = 15_000
/** It must not have been listed for so long before it counts as not arrived. */
const doubtMs = 60_000
const firstRetryMs = 5_000
const longestRetryMs = 3_600_000

export type SkillStepResult = {
  readonly done: number
  readonly failed: number
  /** When something is due again; null when nothing waits. */
  readonly nextAt: Date | null
}

/** Throws what stops the connection (disposition `pause`), trouble with our own store, and defects. */
export async function stepSkills(context: SkillContext): Promise<SkillStepResult> {
  const { store, connection, clock, signal } = context
  await lookAtEvents(context)
  await lookAtSchedules(context)
  const tally = { done: 0, failed: 0 }
  // What a run sets off comes after it, so one walk meets it too.
  for (let after = 0; ; ) {
    const runs = await dueSkillRuns(store.db, connection, clock.now(), after, runsAtATime)
    const last = runs.at(-1)
    if (last === undefined) break
    after = last.id
    for (const { id } of runs) {
      signal?.throwIfAborted()
      const state = await advance(context, id)
      if (state === 'done') tally.done++
      if (state === 'failed') tally.failed++
    }
  }
  return { ...tally, nextAt: await nextSkillDue(store.db, connection) }
}

/** Takes one run as far as it goes now. */
export async function advance(context: SkillContext, id: number): Promise<SkillRunRow['state']> {
  try {
    for (;;) {
      // As it is by now: a run before it may have taken its place.
      const run = await readSkillRun(context.store.db, id)
      if (run === undefined) return 'skipped'
      const isDue = run.due_at === null || run.due_at <= context.clock.now()
      if (!['waiting', 'sent'].includes(run.state) || !isDue) return run.state
      if (run.actions === null) await decideRun(context, run)
      else if (run.state === 'sent') await settleUncertain(context, run, run.actions)
      else await doNext(context, run, run.actions)
    }
  } catch (error) {
    const run = await readSkillRun(context.store.db, id)
    if (!(error instanceof TajoError) || run === undefined) throw error
    return fail(context, run, error)
  }
}

async function decideRun(context: SkillContext, run: SkillRunRow): Promise<void> {
  const { store, connection, clock, skills } = context
  const now = clock.now()
  const skill = skills.find(({ name }) => name === run.skill)
  if (skill === undefined) return skip(context, run, 'the skill is off, invalid or gone')
  const beginning = await begin(context, run, skill)
  if (beginning.kind === 'skipped') return skip(context, run, beginning.reason)
  if (beginning.kind === 'waits') {
    await store.transaction(async (trx) => {
      if (beginning.debounced) {
        const reason = 'a newer event about the same record took its place'
        await supersedeSkillRuns(trx, connection, { ...run, reason }, now)
      }
      const facts = { ...(run.facts as unknown as RunFacts), ...(beginning.fresh ? { waited: true } : {}) }
      await changeSkillRun(trx, run.id, { due_at: beginning.until, facts })
    })
    return
  }
  await changeSkillRun(store.db, run.id, {
    version: skill.version,
    actions: beginning.steps,
    contact_id: beginning.contactId,
    triggered_at: now,
    due_at: null,
  })
}

async function skip({ store, clock }: SkillContext, run: SkillRunRow, reason: string): Promise<void> {
  await changeSkillRun(store.db, run.id, {
    state: 'skipped',
    reason,
    facts: {},
    due_at: null,
    ended_at: clock.now(),
  })
}

async function doNext(context: SkillContext, run: SkillRunRow, actions: readonly SkillStep[]): Promise<void> {
  const { store, clock } = context
  const action = actions[run.step]
  if (action === undefined) return finish(context, run, actions)
  const now = clock.now()
  const sent = {
    state: 'sent',
    sent_at: now,
    attempts: run.attempts + 1,
    due_at: later(now, lookUpAfterMs),
  } as const
  await changeSkillRun(store.db, run.id, sent)
  const performed = await perform({ context, run: { ...run, ...sent }, step: run.step, action })
  if (performed.kind === 'done') await tick(context, run, actions, performed.result)
}

async function settleUncertain(
  context: SkillContext,
  run: SkillRunRow,
  actions: readonly SkillStep[],
): Promise<void> {
  const { store, clock } = context
  const action = actions[run.step]
  if (action === undefined) return finish(context, run, actions)
  const found = await lookFor({ context, run, step: run.step, action })
  if (found !== null) return tick(context, run, actions, found)
  const now = clock.now()
  const isHarmless = !['brevo/track-event', 'pipedrive/add-note', 'pipedrive/add-activity'].includes(
    action.name,
  )
  const age = now.getTime() - (run.sent_at ?? now).getTime()
  if (!isHarmless && age < doubtMs)
    return changeSkillRun(store.db, run.id, { due_at: later(now, lookUpAfterMs) })
  await changeSkillRun(store.db, run.id, {
    state: 'waiting',
    due_at: run.attempts > 1 ? later(now, retryMs(run.attempts)) : null,
  })
}

/** The action is done; what it sets off is noted with it. */
async function tick(
  context: SkillContext,
  run: SkillRunRow,
  actions: readonly SkillStep[],
  result: string,
): Promise<void> {
  const { store, connection, clock } = context
  const { step } = run
  const action = actions[step]
  const done = actions.map((item, index) => (index === step ? { ...item, result } : item))
  await store.transaction(async (trx) => {
    await changeSkillRun(trx, run.id, {
      actions: done,
      step: step + 1,
      state: 'waiting',
      attempts: 0,
      due_at: null,
    })
    if (action?.name !== 'brevo/track-event') return
    const { event, properties, event_date: at } = action.parameters
    const tracked = {
      run,
      step,
      personId: run.person_id,
      name: String(event),
      properties: { ...(properties as object), event_id: keyOf({ run, step }) },
      at: String(at),
    }
    await addSkillRuns(trx, connection, runsOfTracked(context, tracked), clock.now())
  })
}

/** What it was made of is no longer needed; what came of it is kept. */
async function finish(context: SkillContext, run: SkillRunRow, actions: readonly SkillStep[]): Promise<void> {
  const { store, connection, clock, onNews } = context
  await store.transaction(async (trx) => {
    await changeSkillRun(trx, run.id, {
      state: 'done',
      facts: {},
      actions: actions.map(({ name, result }) => ({ name, parameters: {}, result })),
      ended_at: clock.now(),
    })
    await clearFailures(trx, connection, 'skill run', [failureId(run)])
  })
  onNews?.({
    level: 'info',
    event: 'skill.done',
    message: `${run.skill} for ${run.subject.replace(':', ' ')}: ${actions.length} actions`,
    details: { connection, skill: run.skill, run: run.id, subject: run.subject },
  })
}

async function fail(
  context: SkillContext,
  run: SkillRunRow,
  error: TajoError,
): Promise<SkillRunRow['state']> {
  const { store, connection, clock, onNews } = context
  const now = clock.now()
  if (error.disposition !== 'reject') {
    const until = error.notBefore ?? later(now, retryMs(run.attempts))
    // What is sure not to have arrived can be asked for again; the rest is looked for.
    const isSure = !('applied' in error) || error.applied === 'no'
    await changeSkillRun(store.db, run.id, {
      due_at: until,
      ...(isSure ? { state: 'waiting' as const } : {}),
    })
    if (error.disposition === 'pause') throw error
    return 'waiting'
  }
  await store.transaction(async (trx) => {
    await changeSkillRun(trx, run.id, {
      state: 'failed',
      reason: asError(error).message,
      due_at: null,
      ended_at: now,
    })
    await recordFailures(trx, connection, [toFailure(run, error)], now)
  })
  onNews?.({
    level: 'warn',
    event: 'skill.failed',
    message: `${run.skill}: ${error.code}`,
    details: { connection, skill: run.skill, run: run.id, code: error.code },
  })
  return 'failed'
}

function toFailure(run: SkillRunRow, error: TajoError) {
  const action = run.actions?.[run.step]?.name
  const words =
    'vendorMessage' in error && typeof error.vendorMessage === 'string' ? error.vendorMessage : null
  return {
    entity: 'skill run',
    record_id: failureId(run),
    code: error.code,
    disposition: 'reject',
    message: `The skill ${run.skill} (${run.subject.replace(':', ' ')})${action === undefined ? '' : ` failed at ${action}`}: ${error.message}`,
    vendor_message: words,
    remedy: `Correct what the message names (the skill stands in ${run.skill}.md), then run \`tajo failures retry ${failureId(run)}\`.`,
    fingerprint: null,
  }
}

/** What `failures retry` takes. */
export function failureId({ skill, id }: Pick<SkillRunRow, 'skill' | 'id'>): string {
  return `${skill}:${id}`
}

function retryMs(attempts: number): number {
  return Math.min(longestRetryMs, firstRetryMs * 2 ** Math.max(0, attempts - 1))
}

function later(time: Date, ms: number): Date {
  return new Date(time.getTime() + ms)
}
