/** Carries a plan out at one service, request by request. What still delivers is taken away only after its successor is there. */
import { TajoError } from '../../base/error.ts'
import { foreignItems, foundItem, keptItem, refusedItem, wantedItem } from './items.ts'
import { type CarePlan, planCare, type Stale } from './plan.ts'
import { toRefusal } from './refusal.ts'
import type { Found, Side } from './side.ts'
import type { WebhookItem } from './webhook-report.ts'

export type Attempt<T> = { readonly done: T } | { readonly refused: TajoError }

/** Passes on programming errors, and everything once the caller has given up. */
export async function attempt<T>(work: () => Promise<T>, signal: AbortSignal): Promise<Attempt<T>> {
  try {
    return { done: await work() }
  } catch (error) {
    if (signal.aborted || !(error instanceof TajoError)) throw error
    return { refused: error }
  }
}

export type Registered = { readonly items: readonly WebhookItem[]; readonly owner: number | null }

/** `owner` is the user that ours count for, as far as it is known. */
export async function registerSide(side: Side, plan: CarePlan, signal: AbortSignal): Promise<Registered> {
  const items = plan.kept.map((found) => keptItem(side, found))
  let owner = plan.kept[0]?.owner ?? null
  const { first, later } = inOrder(side, plan)
  for (const stale of first) items.push(await removeOne(side, stale.found, stale.message, signal))
  for (const subject of plan.missing) {
    const made = await replace({ side, subject, plan, signal }, later(subject))
    items.push(...made.items)
    owner ??= made.owner
  }
  return { items, owner }
}

/** Useless ones go first, because they take up room; what still delivers, or can be changed, waits for its turn. */
function inOrder(side: Side, plan: CarePlan) {
  const waits = ({ found, delivers }: Stale): boolean =>
    plan.missing.includes(found.subject) && (delivers || side.change !== null)
  return {
    first: plan.stale.filter((stale) => !waits(stale)),
    later: (subject: string) => plan.stale.filter((stale) => waits(stale) && stale.found.subject === subject),
  }
}

type Place = {
  readonly side: Side
  readonly subject: string
  readonly plan: CarePlan
  readonly signal: AbortSignal
}

async function replace(place: Place, old: readonly Stale[]): Promise<Registered> {
  const { side, signal } = place
  const [oldest, ...others] = old
  if (side.change !== null && oldest !== undefined) {
    const changed = await change(side, side.change, oldest, signal)
    if (changed.state === 'refused') return { items: [changed, ...keptOn(side, others)], owner: null }
    return { items: [changed, ...(await removeAll(side, others, signal))], owner: null }
  }
  const made = await create(place)
  if (!('refused' in made))
    return { items: [made.item, ...(await removeAll(side, old, signal))], owner: made.owner }
  // No room: the one that is to be replaced can make some.
  if (made.refused.code !== 'webhook_limit' || oldest === undefined)
    return { items: [made.refused, ...keptOn(side, old)], owner: null }
  const freed = await removeOne(side, oldest.found, oldest.message, signal)
  if (freed.state === 'refused') return { items: [made.refused, freed, ...keptOn(side, others)], owner: null }
  const again = await create(place)
  return 'refused' in again
    ? { items: [again.refused, freed, ...keptOn(side, others)], owner: null }
    : { items: [again.item, freed, ...(await removeAll(side, others, signal))], owner: again.owner }
}

async function create({
  side,
  subject,
  plan,
  signal,
}: Place): Promise<{ item: WebhookItem; owner: number | null } | { refused: WebhookItem }> {
  const made = await attempt(() => side.create(subject), signal)
  if ('refused' in made) {
    const about = { subject, id: null }
    return {
      refused: refusedItem(side, about, 'not registered', toRefusal(made.refused, side, 'create')),
    }
  }
  const { id, owner } = made.done
  const before = [...plan.stale.map(({ found }) => found), ...plan.gone]
  const predecessor = before.find((found) => found.subject === subject)
  const message =
    predecessor === undefined
      ? 'registered'
      : `registered in place of ${predecessor.id} (${predecessor.fault?.message})`
  return { item: wantedItem(side, subject, id, 'created', message), owner }
}

async function change(
  side: Side,
  put: (id: number) => Promise<void>,
  { found, message }: Stale,
  signal: AbortSignal,
): Promise<WebhookItem> {
  const { id, subject } = found
  const changed = await attempt(() => put(id), signal)
  if ('refused' in changed) {
    const what = `not put right (${message})`
    return refusedItem(side, { subject, id }, what, toRefusal(changed.refused, side, 'change'))
  }
  return wantedItem(side, subject, id, 'updated', `put right (${message})`)
}

function removeAll(side: Side, stale: readonly Stale[], signal: AbortSignal): Promise<WebhookItem[]> {
  return inTurn(stale, ({ found, message }) => removeOne(side, found, message, signal))
}

async function removeOne(
  side: Side,
  found: Found,
  because: string | null,
  signal: AbortSignal,
): Promise<WebhookItem> {
  const removed = await attempt(() => side.remove(found.id), signal)
  const isGone = 'refused' in removed && removed.refused.code.endsWith('_not_found')
  if ('refused' in removed && !isGone) {
    const about = { subject: found.subject, id: found.id }
    const refusal = toRefusal(removed.refused, side, 'remove')
    return refusedItem(side, about, because === null ? 'not removed' : `not removed (${because})`, refusal)
  }
  return foundItem(side, found, 'removed', because === null ? 'removed' : `removed (${because})`)
}

/** Not touched, because nothing has taken its place. */
function keptOn(side: Side, stale: readonly Stale[]): readonly WebhookItem[] {
  return stale.map(({ found, state, message }) =>
    foundItem(side, found, state, `${message}; kept until another can be registered`),
  )
}

/** Takes everything of ours away, and lists what is left. */
export async function removeSide(
  side: Side,
  all: readonly Found[],
  signal: AbortSignal,
): Promise<readonly WebhookItem[]> {
  const ours = all.filter((found) => found.isOurs && found.fault?.kind !== 'gone')
  const items = await inTurn(ours, (found) => removeOne(side, found, null, signal))
  return [...items, ...foreignItems(side, planCare(all, []))]
}

async function inTurn<T, R>(values: readonly T[], work: (value: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (const value of values) results.push(await work(value))
  return results
}
