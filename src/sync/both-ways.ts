/** Brings both sides to what is wanted: contacts, then persons, and again where the one changed what is wanted of the other. */
import { TajoError } from '../base/error.ts'
import { agreeInStep, forgetAgreements, grantSms, personsAround } from '../store/index.ts'
import { beginDelivery, type Delivery } from './deliver.ts'
import { deliverWanted } from './deliver-wanted.ts'
import { deliverEdits } from './edits.ts'
import { bringNewPersons, type NewPersonRequest, tieLostPersons } from './new-persons.ts'
import type { Plan } from './projection/index.ts'
import { projectClusters, twoWayOf } from './reconcile/index.ts'
import type { RunContext } from './run-context.ts'

/** A person that was written to is compared once more; a third round finds nothing unless somebody edits all the while. */
const roundsAtMost = 4

export type Bringing = {
  readonly run: string
  readonly plan: Plan
  /** Brevo's clock before the first write. */
  readonly since: Date
  /** Addresses of contacts that something was learnt about; null: everybody's are compared. */
  readonly touched: Set<string> | null
}

/**
 * Null, or why persons have to wait: Pipedrive's budget for today is spent, or it refuses. Contacts, which need no call there, are
 * brought in step all the same.
 */
export async function bringBothWays(
  first: Delivery,
  { run, plan, since, touched }: Bringing,
): Promise<TajoError | null> {
  const { context, attributes, live } = first
  const { store, connection, clock, signal } = context
  const requests = { run, live }
  let delivery = first
  const lost = await orPause(tieLostPersons(context, plan, requests))
  let found = typeof lost === 'number' ? lost : 0
  for (let round = 0; round < roundsAtMost; round++) {
    await deliverWanted(delivery, run, plan, since)
    if (plan.reverse === null) return null
    if (typeof lost !== 'number') return lost
    const changed = await orPause(
      bringPersons(context, plan, { ...requests, emails: touched && [...touched] }),
    )
    if (typeof changed !== 'number') return changed
    if (changed + found === 0) return null
    found = 0
    await projectClusters(store, connection, {
      plan,
      all: false,
      signal,
      onProjected: (identities) => {
        for (const identity of identities) touched?.add(identity)
      },
    })
    const scope = touched && (await personsAround(store.db, connection, [...touched], clock.now()))
    await grantSms(store.db, connection, scope)
    delivery = beginDelivery(context, attributes, { live, scope })
  }
  return null
}

/** Edits first: whom they name is there. Returns how many persons are different now. */
async function bringPersons(
  context: Delivery['context'],
  plan: Plan,
  request: NewPersonRequest,
): Promise<number> {
  const { changed } = await deliverEdits(context, plan, request)
  return changed + (await bringNewPersons(context, plan, request))
}

/** What the work comes to, or why Pipedrive makes it wait. Throws everything else. */
async function orPause(work: Promise<number>): Promise<number | TajoError> {
  try {
    return await work
  } catch (error) {
    if (error instanceof TajoError && error.disposition === 'pause' && error.code.startsWith('pipedrive_'))
      return error
    throw error
  }
}

/** What is in step is what both sides agree on. `isCurrent`: what is known of Brevo was read with the attributes of this plan. */
export async function noteAgreements(
  { store, connection }: RunContext,
  plan: Plan,
  isCurrent: boolean,
): Promise<void> {
  const twoWay = twoWayOf(plan)
  if (twoWay === null) return forgetAgreements(store.db, connection)
  if (!isCurrent) return
  const names = twoWay.plan.fields.map(({ name }) => name)
  await agreeInStep(store.db, connection, { names, agreedWith: twoWay.agreedWith })
}
