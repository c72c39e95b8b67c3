/**
 * Hints to truth: what arrived is noted, and every record that was hinted at is read again, unless the mirror is newer
 * than the hint already. A hint older than the mirror changes nothing and costs nothing.
 */
import { TajoError } from '../base/error.ts'
import {
  clearHints,
  findKnown,
  postponeHints,
  upsertKnown,
  type WaitingHint,
  waitingHints,
} from '../store/index.ts'
import {
  forgetContacts,
  fromBrevoWebhook,
  readContact,
  toKnownRow,
  touchFromWebhook,
} from './feedback/index.ts'
import { contactHint, drainInbox } from './inbox/index.ts'
import { createMirror, type Mirror } from './mirror/index.ts'
import type { Attribute, Entity, EventWatch } from './model/index.ts'
import type { Plan } from './projection/index.ts'
import { mappedAttributes } from './read.ts'
import type { RunContext } from './run-context.ts'
import { fromPipedriveWebhook, refetch } from './source/index.ts'

const hintsAtATime = 500
const firstRetryMs = 5_000
const longestRetryMs = 600_000
/** A refusal may be of the moment: a permission that is given back. */
const refusalsAtMost = 6
/** Of so few contacts, what may be no more than an echo is looked at as well; of many, the next poll takes care. */
const doubtsAtMost = 50

/** What was looked at: deliveries, and records of which something had changed. */
export type Looked = {
  readonly deliveries: number
  readonly changed: number
  /** Addresses of the contacts that were looked at in Brevo. */
  readonly contacts: readonly string[]
}

/** Throws what concerns the whole account; trouble with single records leaves their hints for later. */
export async function lookAround(context: RunContext, plan: Plan, watch: EventWatch | null): Promise<Looked> {
  const { store, connection, clock } = context
  const now = (): Date => clock.now()
  const interpreters = {
    pipedrive: fromPipedriveWebhook,
    brevo: fromBrevoWebhook,
    touch: touchFromWebhook,
    ownKeyName: context.settings.brevoKeyName,
  }
  const deliveries = await drainInbox(store, connection, interpreters, watch, now)
  const mirror = createMirror(store, connection, now, watch)
  let changed = 0
  const contacts: string[] = []
  for (;;) {
    context.signal?.throwIfAborted()
    const hints = await waitingHints(store.db, connection, clock.now(), hintsAtATime)
    if (hints.length === 0) return { deliveries, changed, contacts }
    for (const [entity, some] of Map.groupBy(hints, (hint) => hint.entity)) {
      if (entity === contactHint) contacts.push(...some.map((hint) => hint.id))
      changed += await follow(context, plan, mirror, entity, some)
    }
  }
}

/** Throws what concerns the whole account. A record that fails stops no other: its hint alone waits. */
async function follow(
  context: RunContext,
  plan: Plan,
  mirror: Mirror,
  entity: string,
  hints: readonly WaitingHint[],
): Promise<number> {
  const { store, connection } = context
  const fresh = hints.filter((hint) => !isOld(hint) && isKept(plan, entity))
  const { changed, failed } =
    entity === contactHint
      ? await lookAtContacts(context, mappedAttributes(plan), fresh)
      : await readAgain(context, plan, mirror, entity as Entity, fresh)
  await clearHints(
    store.db,
    connection,
    hints.filter((hint) => !failed.has(hint.id)),
  )
  if (failed.size > 0) await putOff(context, entity, hints, failed)
  return changed
}

type Followed = { readonly changed: number; readonly failed: ReadonlyMap<string, TajoError> }

async function putOff(
  { store, connection, clock, onNews }: RunContext,
  entity: string,
  hints: readonly WaitingHint[],
  failed: Followed['failed'],
): Promise<void> {
  for (const hint of hints) {
    const error = failed.get(hint.id)
    if (!error) continue
    const delayMs = Math.min(longestRetryMs, firstRetryMs * 2 ** hint.attempts)
    const until = error.notBefore ?? new Date(clock.now().getTime() + delayMs)
    await postponeHints(store.db, connection, [hint], until)
  }
  const [error] = failed.values()
  onNews?.({
    level: 'warn',
    event: 'hints.postponed',
    message: `Changes of the kind ${entity} that are looked at later: ${failed.size}. ${error?.message ?? ''}`,
    details: { connection, entity, hints: failed.size, code: error?.code },
  })
}

async function readAgain(
  { pipedrive, signal }: RunContext,
  plan: Plan,
  mirror: Mirror,
  entity: Entity,
  hints: readonly WaitingHint[],
): Promise<Followed> {
  const attemptsOf = new Map(hints.map((hint) => [hint.id, hint.attempts]))
  const again = hints.some((hint) => hint.attempts > 1)
  const refetched = await refetch(
    { pipedrive, catalogue: plan.catalogue, signal },
    entity,
    [...attemptsOf.keys()],
    again,
  )
  // Refused time and again, it is kept as a record that cannot be read, with the service's words.
  const givenUp = [...refetched.failed].filter(
    ([id, error]) => error.disposition === 'reject' && (attemptsOf.get(id) ?? 0) >= refusalsAtMost,
  )
  const failed = new Map(refetched.failed)
  for (const [id] of givenUp) failed.delete(id)
  const changed = await mirror.applyRead(entity, {
    ...refetched,
    unreadable: [...refetched.unreadable, ...givenUp.map(([id, { message }]) => ({ id, problem: message }))],
  })
  return { changed, failed }
}

/** The mirror was read after the change that the hint speaks of. Versions are whole seconds: an equal one may be older. */
function isOld({ version, known_version }: WaitingHint): boolean {
  return version !== null && known_version !== null && version < known_version
}

/** Nothing depends on the others: reading them would be for nothing. */
function isKept({ settings, needs }: Plan, entity: string): boolean {
  switch (entity) {
    case 'person':
      return settings.entities.persons
    case 'organization':
      return needs.organizations
    case 'deal':
      return needs.deals
    case 'activity':
      return needs.activities
    case 'lead':
      return needs.leads
    default:
      return true
  }
}

/** Contacts by address, as Brevo has them now. */
async function lookAtContacts(
  context: RunContext,
  attributes: readonly Attribute[],
  hints: readonly WaitingHint[],
): Promise<Followed> {
  const failed = new Map<string, TajoError>()
  const inDoubt = hints.length <= doubtsAtMost
  let changed = 0
  for (const hint of hints) {
    context.signal?.throwIfAborted()
    try {
      if (await lookAtContact(context, attributes, hint, inDoubt)) changed++
    } catch (error) {
      if (!(error instanceof TajoError) || error.disposition === 'pause') throw error
      // An address that Brevo refuses even to look up is no contact's: there is nothing to come back to.
      if (error.disposition === 'retry') failed.set(hint.id, error)
    }
  }
  return { changed, failed }
}

async function lookAtContact(
  { store, connection, brevo, settings, signal }: RunContext,
  attributes: readonly Attribute[],
  hint: WaitingHint,
  inDoubt: boolean,
): Promise<boolean> {
  const known = await findKnown(store.db, connection, { email: hint.id })
  if (known && isEcho(hint, known.modified_at, inDoubt)) return false
  const contact = await readContact(brevo, hint.id, 'email_id', attributes, signal)
  if (contact) await upsertKnown(store.db, connection, [toKnownRow(contact)])
  else if (known) {
    // Gone from this address: deleted, or renamed.
    const renamed = await readContact(brevo, known.contact_id, 'contact_id', attributes, signal)
    if (renamed) await upsertKnown(store.db, connection, [toKnownRow(renamed)])
    else await forgetContacts(store, connection, [known.contact_id], !settings.resurrect)
  }
  return true
}

/**
 * What was read back after our own writing is as new as the webhook that our writing caused. A webhook tells whole seconds:
 * within the same one somebody may have written after us. `inDoubt`: such a contact is looked at.
 */
function isEcho(hint: WaitingHint, modifiedAt: Date | string | null, inDoubt: boolean): boolean {
  if (hint.version === null || modifiedAt === null) return false
  const told = Date.parse(hint.version)
  const known = Math.floor(new Date(modifiedAt).getTime() / 1000) * 1000
  return inDoubt ? told < known : told <= known
}
