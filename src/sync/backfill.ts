/**
 * Reads what reports lack from before Tajo listened: changelogs of deals from Pipedrive, statistics of contacts from Brevo.
 * Only when somebody asks for it, within the tokens agreed to, and never in a sync. It sends no event. What was read is
 * kept deal by deal and contact by contact, so that it goes on where it was broken off.
 */

import { TajoError } from '../base/error.ts'
import { eachOf } from '../base/together.ts'
import {
  addTouches,
  type ContactToRead,
  contactsToRead,
  countDealsWithoutHistory,
  type DealWithoutHistory,
  dealsWithoutHistory,
  markHistory,
  type NewTouch,
  nameCampaigns,
  noteTouchReading,
  readConnection,
  replaceHistory,
  unnamedCampaigns,
} from '../store/index.ts'
import { spliceHistory } from './events/index.ts'
import { touchesFromStatistics } from './feedback/index.ts'
import type { DealStatus } from './model/index.ts'
import type { RunContext } from './run-context.ts'
import { changelogOf, fromChangelog, readAccount } from './source/index.ts'

/** The price of one page of a changelog; hardly a deal has more than one. */
export const changelogTokens = 20
/** How long before a win a touch may matter. */
export const backfillLookbackDays = 90
/** Brevo answers for so many days at a time. */
const statisticsDays = 90
const dayMs = 24 * 3_600_000
/** Older wins are not looked into: their statistics say nothing about campaigns of today. */
const earliestDays = 730
const dealsAtATime = 200
const contactsAtATime = 200
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
  const contacts = await allContacts(context)
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
  const counts = { read: 0, partial: 0, failed: 0, contacts: 0, contactsFailed: 0, touches: 0 }
  let halted: TajoError | null = null
  let isSpent = false
  try {
    isSpent = await readDeals(context, maxTokens, counts)
    await readContacts(context, counts)
  } catch (error) {
    if (!(error instanceof TajoError) || !/^(pipedrive|brevo)_/.test(error.code)) throw error
    halted = error
  }
  const left = await countDealsWithoutHistory(store.db, connection)
  const contactsLeft = (await allContacts(context)).length
  const isDone = left === 0 && contactsLeft === 0
  return {
    status:
      halted === null
        ? isDone
          ? 'complete'
          : 'incomplete'
        : halted.disposition === 'pause'
          ? 'paused'
          : 'incomplete',
    deals: { read: counts.read, partial: counts.partial, failed: counts.failed, left },
    contacts: { read: counts.contacts, failed: counts.contactsFailed, left: contactsLeft },
    touches: counts.touches,
    tokens: context.pipedrive.usage().tokens - before,
    reason:
      halted?.message ??
      (isSpent
        ? `The ${maxTokens} tokens that were agreed to are used up; start it again to go on.`
        : isDone
          ? null
          : 'Some of it could not be read this time; start it again to go on.'),
    resumeAt: halted?.notBefore?.toISOString() ?? null,
  }
}

type Counts = {
  read: number
  partial: number
  failed: number
  contacts: number
  contactsFailed: number
  touches: number
}

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
    replaceHistory(trx, connection, deal.deal_id, (told, place) => {
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
  if (spliced === null) return
  counts.read++
  if (spliced.history === 'part') counts.partial++
}

async function readContacts(context: Context, counts: Counts): Promise<void> {
  const { onProgress, signal } = context
  const contacts = await allContacts(context)
  let done = 0
  await eachOf(contacts, width, async (contact) => {
    signal?.throwIfAborted()
    await readContact(context, contact, counts)
    onProgress?.({ stage: 'read', what: 'statistics', done: ++done, total: contacts.length })
  })
  await nameAll(context)
}

async function readContact(context: Context, contact: ContactToRead, counts: Counts): Promise<void> {
  const { store, connection, brevo, signal } = context
  const call = { lane: 'backfill', signal } as const
  try {
    const touches: NewTouch[] = []
    for (const { startDate, endDate } of windowsOf(contact)) {
      const statistics = await brevo.contacts.campaignStats(contact.contact_id, {
        ...call,
        startDate,
        endDate,
      })
      touches.push(...touchesFromStatistics(contact.contact_id, statistics))
    }
    await store.transaction(async (trx) => {
      counts.touches += await addTouches(trx, connection, touches)
      await noteTouchReading(trx, connection, contact)
    })
    counts.contacts++
  } catch (error) {
    if (!(error instanceof TajoError) || error.disposition !== 'reject') throw error
    // A contact that Brevo does not have any more has no statistics.
    if (error.code === 'brevo_not_found') await noteTouchReading(store.db, connection, contact)
    counts.contactsFailed++
  }
}

/** Statistics name campaigns by number only. */
async function nameAll({ store, connection, brevo, signal }: Context): Promise<void> {
  const nameless = new Set(await unnamedCampaigns(store.db, connection))
  if (nameless.size === 0) return
  for await (const campaigns of brevo.campaigns.pages({ lane: 'backfill', signal })) {
    const named = campaigns.filter(({ id }) => nameless.delete(id))
    await nameCampaigns(
      store.db,
      connection,
      named.flatMap(({ id, name }) => (name ? [{ id, name }] : [])),
    )
    if (nameless.size === 0) return
  }
}

/** What is missing of the time in question, before and after what was read, in pieces that Brevo answers. */
export function windowsOf({ since, until, read_since, read_until }: Omit<ContactToRead, 'contact_id'>) {
  const pieces =
    read_since === null || read_until === null
      ? [[since, until] as const]
      : [
          ...(since < read_since ? [[since, read_since] as const] : []),
          ...(until > read_until ? [[read_until, until] as const] : []),
        ]
  return pieces.flatMap(([from, to]) => {
    const windows: { startDate: Date; endDate: Date }[] = []
    const end = dayOf(to)
    for (let start = dayOf(from); start <= end; start += (statisticsDays + 1) * dayMs) {
      const last = Math.min(end, start + statisticsDays * dayMs)
      windows.push({ startDate: new Date(start), endDate: new Date(last) })
    }
    return windows
  })
}

function dayOf(time: Date): number {
  return Math.floor(time.getTime() / dayMs) * dayMs
}

async function allContacts({ store, connection, clock }: Context): Promise<readonly ContactToRead[]> {
  const now = clock.now()
  const period = {
    lookbackDays: backfillLookbackDays,
    earliest: new Date(now.getTime() - earliestDays * dayMs),
    now,
  }
  const contacts: ContactToRead[] = []
  for (;;) {
    const after = contacts.at(-1)?.contact_id ?? 0
    const page = await contactsToRead(store.db, connection, period, { after, limit: contactsAtATime })
    contacts.push(...page)
    if (page.length < contactsAtATime) return contacts
  }
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
