/**
 * Reads what reports lack from before Tajo listened: changelogs of deals from Pipedrive, statistics of contacts from Brevo.
 * Only when somebody asks for it, within the tokens agreed to, and never in a sync. It sends no event. What was read is
 * kept deal by deal and contact by contact, so that it goes on where it was broken off.
 */
import { TajoError } from '../base/error.ts'
import { eachOf } from '../base/together.ts'
import {
  countDealsWithoutHistory,
  type DealWithoutHistory,
  dealsWithoutHistory,
  markHistory,
  readConnection,
  replaceHistory,
} from '../store/index.ts'
import { contactsLeft, readContacts, windowsOf } from './backfill-touches.ts'
import { spliceHistory } from './events/index.ts'
import type { DealStatus } from './model/index.ts'
import type { RunContext } from './run-context.ts'
import { changelogOf, fromChangelog, readAccount } from './source/index.ts'

/** The price of one page of a changelog; hardly a deal has more than one. */
export const changelogTokens = 20
const dealsAtATime = 200
const width = 8

export type BackfillForecast = {
  /** Deals whose changelog has not been read. */
  readonly deals: number
  /** What they cost in Pipedrive's tokens. */
  readonly tokens: number
  readonly budget: {
    readonly remaining: number | null
    readonly reserve: number
    /** Whether all of it fits into what is left of today; null while that is unknown. */
    readonly fits: boolean | null
    /** Days beyond today that it takes; null while that is unknown. */
    readonly days: number | null
    readonly resetsAt: string
  }
  /** Contacts of won deals whose statistics have not been read, and the requests that takes at Brevo. */
  readonly contacts: number
  readonly requests: number
}

export type BackfillReport = {
  readonly status: 'complete' | 'incomplete' | 'paused'
  readonly deals: {
    readonly read: number
    /** Of these, those whose changelog does not tell all. */
    readonly partial: number
    readonly failed: number
    readonly left: number
  }
  readonly contacts: { readonly read: number; readonly failed: number; readonly left: number }
  /** Touches that were new. */
  readonly touches: number
  readonly tokens: number
  /** Why it is not complete; null when it is. */
  readonly reason: string | null
  readonly resumeAt: string | null
}

type Context = Pick<
  RunContext,
  'store' | 'connection' | 'pipedrive' | 'brevo' | 'clock' | 'signal' | 'onProgress'
>

/** Asks both services nothing but what is left of Pipedrive's tokens (2 of them). Throws `history_too_early`. */
export async function forecastBackfill(context: Context): Promise<BackfillForecast> {
  const { store, connection, pipedrive, signal } = context
  await assertTold(context)
  const deals = await countDealsWithoutHistory(store.db, connection)
  const contacts = await contactsLeft(context)
  await readAccount(pipedrive, signal)
  const { remaining, reserve, fits, days, resetsAt } = pipedrive.forecast(deals * changelogTokens)
  return {
    deals,
    tokens: deals * changelogTokens,
    budget: { remaining, reserve, fits, days, resetsAt: resetsAt.toISOString() },
    contacts: contacts.length,
    requests: contacts.reduce((sum, contact) => sum + windowsOf(contact).length, 0),
  }
}

/** `maxTokens`: of Pipedrive's, for this time; null: as many as it takes. Throws what is no matter of a budget. */
export async function backfill(context: Context, maxTokens: number | null): Promise<BackfillReport> {
  const { store, connection } = context
  await assertTold(context)
  const before = context.pipedrive.usage().tokens
  const counts = { read: 0, partial: 0, failed: 0 }
  const looked = { read: 0, failed: 0, touches: 0 }
  let isSpent = false
  const ofDeals = await haltOf(async () => {
    isSpent = await readDeals(context, maxTokens, counts)
  })
  // What Pipedrive makes wait is no reason not to ask Brevo.
  const ofContacts = await haltOf(() => readContacts(context, looked))
  const halts = [ofDeals, ofContacts].filter((halt) => halt !== null)
  const left = await countDealsWithoutHistory(store.db, connection)
  const contacts = await contactsLeft(context)
  const isDone = left === 0 && contacts.length === 0 && halts.length === 0
  const reasons = halts.map(({ message }) => message)
  if (isSpent)
    reasons.push(`The ${maxTokens} tokens that were agreed to are used up; start it again to go on.`)
  if (!isDone && reasons.length === 0)
    reasons.push('Some of it could not be read this time; start it again to go on.')
  const [resumeAt] = halts.flatMap(({ notBefore }) => notBefore?.toISOString() ?? []).sort()
  return {
    status: isDone
      ? 'complete'
      : halts.some(({ disposition }) => disposition === 'pause')
        ? 'paused'
        : 'incomplete',
    deals: { read: counts.read, partial: counts.partial, failed: counts.failed, left },
    contacts: { read: looked.read, failed: looked.failed, left: contacts.length },
    touches: looked.touches,
    tokens: context.pipedrive.usage().tokens - before,
    reason: reasons.length === 0 ? null : reasons.join(' '),
    resumeAt: resumeAt ?? null,
  }
}

/** Why a half of it ended early; null when it did not. Throws what is no matter of a service. */
async function haltOf(work: () => Promise<void>): Promise<TajoError | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (!(error instanceof TajoError) || !/^(pipedrive|brevo)_/.test(error.code)) throw error
    return error
  }
}

type Counts = { read: number; partial: number; failed: number }

/** Returns whether the tokens that were agreed to did not suffice. */
async function readDeals(context: Context, maxTokens: number | null, counts: Counts): Promise<boolean> {
  const { store, connection, signal, onProgress } = context
  const total = await countDealsWithoutHistory(store.db, connection)
  const first = context.pipedrive.usage().tokens
  let budget = maxTokens ?? Number.POSITIVE_INFINITY
  let done = 0
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const spent = context.pipedrive.usage().tokens - first
    budget = (maxTokens ?? Number.POSITIVE_INFINITY) - spent
    const limit = Math.min(dealsAtATime, Math.floor(budget / changelogTokens))
    const deals = await dealsWithoutHistory(store.db, connection, before, Math.max(1, limit))
    const last = deals.at(-1)
    if (last === undefined) return false
    if (limit < 1) return true
    before = last.deal_id
    await eachOf(deals, width, async (deal) => {
      signal?.throwIfAborted()
      await readDeal(context, deal, counts)
      onProgress?.({ stage: 'read', what: 'histories', done: ++done, total })
    })
  }
}

async function readDeal(context: Context, deal: DealWithoutHistory, counts: Counts): Promise<void> {
  const { store, connection, pipedrive, signal } = context
  const changes = await changelogOf(pipedrive, deal.deal_id, signal).catch((error: unknown) => {
    if (!(error instanceof TajoError) || error.disposition !== 'reject') throw error
    return error
  })
  if (changes instanceof TajoError) {
    // Gone, or not to be seen by this user: there is nothing to come back for.
    if (changes.code === 'pipedrive_not_found') await markHistory(store.db, connection, deal.deal_id, 'part')
    counts.failed++
    return
  }
  const { steps, gaps } = fromChangelog(changes, {
    stageId: deal.stage_id,
    pipelineId: deal.pipeline_id,
    status: deal.status as DealStatus,
    value: deal.value,
    currency: deal.currency,
  })
  const spliced = await store.transaction((trx) =>
    replaceHistory(trx, connection, deal, (told, place) => {
      const { transitions, complete } = spliceHistory({
        steps,
        gaps,
        told,
        place: { stageId: place.stage_id, status: place.status as DealStatus },
        version: place.version,
        dealId: deal.deal_id,
        addedAt: deal.added_at,
      })
      return { transitions, history: complete ? ('read' as const) : ('part' as const) }
    }),
  )
  // Something was told of it meanwhile: it is read again the next time.
  if (spliced === null) return
  counts.read++
  if (spliced.history === 'part') counts.partial++
}

async function assertTold({ store, connection }: Context): Promise<void> {
  const { told_since } = await readConnection(store.db, connection)
  if (told_since !== null) return
  throw new TajoError({
    code: 'history_too_early',
    disposition: 'pause',
    message:
      'There are no deals to read the history of before the first complete sync. Run `tajo sync`, then this again.',
  })
}
