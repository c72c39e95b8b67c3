/**
 * One step of a server that is always in step: what arrived becomes truth in the mirror, and the truth goes to Brevo.
 * It costs what changed, and can be broken off anywhere: the next step goes on.
 */
import { randomUUID } from 'node:crypto'
import { TajoError } from '../base/error.ts'
import {
  clearStaleFailures,
  dropOtherRuns,
  grantSms,
  nextDue,
  personsAround,
  readBacklog,
  readConnection,
  takeOverEdits,
} from '../store/index.ts'
import { bringBothWays } from './both-ways.ts'
import { beginDelivery } from './deliver.ts'
import { settleEarlier } from './deliver-wanted.ts'
import { lookAround } from './look.ts'
import type { Plan } from './projection/index.ts'
import { mappedAttributes } from './read.ts'
import { projectClusters } from './reconcile/index.ts'
import type { Accounts } from './resolve.ts'
import { webUrlOf } from './resolve.ts'
import type { RunContext } from './run-context.ts'
import type { EventTally } from './send-events.ts'
import { tellAndSend, watchOf } from './telling.ts'

/** Above so many addresses, everybody is compared: it costs no more then. */
const touchedAtMost = 500
/** Brevo's clock may be behind ours by so much. */
const clockSkewMs = 10 * 60_000

export type LiveStep = {
  readonly plan: Plan
  readonly accounts: Accounts
  /** How long a webhook that explains a gap is waited for; 0 where none come. */
  readonly patienceMs: number
  /**
   * Compares everybody's contact, not only those that this step learnt something about: after a start, a poll, or a step
   * that ended early.
   */
  readonly complete: boolean
}

export type StepResult = {
  readonly deliveries: number
  /** Records that turned out to have changed. */
  readonly changed: number
  readonly projected: number
  readonly events: EventTally
  /** When the next step is due even if nothing arrives; null when nothing waits. */
  readonly nextAt: Date | null
  /** A service that is away or busy: the step ended early, and what it left waits. */
  readonly trouble: TajoError | null
}

/** Throws what stops the connection (disposition `pause`), trouble with our own store, and defects. */
export async function liveStep(context: RunContext, step: LiveStep): Promise<StepResult> {
  const { store, connection } = context
  const { plan, accounts, patienceMs, complete } = step
  const state = await readConnection(store.db, connection)
  const watch = watchOf(state, plan)
  const looked = await lookAround(context, plan, watch)
  const touched = new Set(looked.contacts)
  const projected = await projectClusters(store, connection, {
    plan,
    all: false,
    signal: context.signal,
    onProjected: (identities) => {
      for (const identity of identities) touched.add(identity)
    },
  })
  let trouble: TajoError | null = null
  let events: EventTally = { sent: 0, noContact: 0, failed: 0 }
  let lookAgainAt: Date | null = null
  try {
    const halted = await bringContacts(
      context,
      plan,
      complete || touched.size > touchedAtMost ? null : touched,
    )
    if (state.told_since !== null) {
      const told = { since: state.told_since, patienceMs, webUrl: webUrlOf(accounts.account) }
      const result = await tellAndSend(context, plan, told)
      events = result.tally
      lookAgainAt = result.lookAgainAt
    }
    if (halted) throw halted
  } catch (error) {
    if (!(error instanceof TajoError) || error.disposition !== 'retry' || !isVendors(error)) throw error
    trouble = error
  }
  const due = await nextDue(store.db, connection)
  const { deliveries, changed } = looked
  return { deliveries, changed, projected, events, nextAt: earliest(due, lookAgainAt), trouble }
}

/** `addresses`: whose contacts something was learnt about; null: everybody's are compared. */
async function bringContacts(
  context: RunContext,
  plan: Plan,
  addresses: Set<string> | null,
): Promise<TajoError | null> {
  const { store, connection, clock } = context
  const { outbox, edits } = await readBacklog(store, connection)
  const scope = addresses && (await personsAround(store.db, connection, [...addresses], clock.now()))
  const mayBeNew = plan.reverse !== null && plan.reverse.createPersons !== 'never' && addresses?.size !== 0
  if (scope?.length === 0 && outbox + edits === 0 && !mayBeNew) return null
  const run = `live-${randomUUID()}`
  const delivery = beginDelivery(context, mappedAttributes(plan), { live: true, scope })
  if (outbox > 0) await settleEarlier(delivery, null)
  await dropOtherRuns(store.db, connection, run)
  await takeOverEdits(store.db, connection, run)
  await grantSms(store.db, connection, scope)
  const since = new Date(clock.now().getTime() - clockSkewMs)
  const halted = await bringBothWays(delivery, { run, plan, since, touched: addresses })
  await clearStaleFailures(store.db, connection, null)
  return halted
}

function isVendors(error: TajoError): boolean {
  return /^(pipedrive|brevo)_/.test(error.code)
}

function earliest(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b
  return a < b ? a : b
}
