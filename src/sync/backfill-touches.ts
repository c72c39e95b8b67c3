/** Touches of campaigns from before Tajo listened: Brevo's statistics around the wins, contact by contact. A part of the backfill. */
import { TajoError } from '../base/error.ts'
import { eachOf } from '../base/together.ts'
import {
  addTouches,
  type ContactToRead,
  contactsToRead,
  type NewTouch,
  nameCampaigns,
  noteTouchReading,
  unnamedCampaigns,
} from '../store/index.ts'
import { touchesFromStatistics } from './feedback/index.ts'
import type { RunContext } from './run-context.ts'

/** How long before a win a touch may matter. */
const backfillLookbackDays = 90
/** Brevo answers for so many days at a time. */
const statisticsDays = 90
const dayMs = 24 * 3_600_000
/** Older wins are not looked into: their statistics say nothing about campaigns of today. */
const earliestDays = 730
const contactsAtATime = 200
const width = 8

export type ContactCounts = { read: number; failed: number; touches: number }

type Context = Pick<RunContext, 'store' | 'connection' | 'brevo' | 'clock' | 'signal' | 'onProgress'>

/** Throws what stops everything; a contact that cannot be read is counted. */
export async function readContacts(context: Context, counts: ContactCounts): Promise<void> {
  const { onProgress, signal } = context
  const contacts = await contactsLeft(context)
  let done = 0
  await eachOf(contacts, width, async (contact) => {
    signal?.throwIfAborted()
    await readContact(context, contact, counts)
    onProgress?.({ stage: 'read', what: 'statistics', done: ++done, total: contacts.length })
  })
  await nameAll(context)
}

async function readContact(context: Context, contact: ContactToRead, counts: ContactCounts): Promise<void> {
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
    counts.read++
  } catch (error) {
    if (!(error instanceof TajoError) || error.disposition !== 'reject') throw error
    // A contact that Brevo does not have any more has no statistics.
    if (error.code === 'brevo_not_found') await noteTouchReading(store.db, connection, contact)
    counts.failed++
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

/** Contacts of won deals whose statistics have not been read. */
export async function contactsLeft({ store, connection, clock }: Context): Promise<readonly ContactToRead[]> {
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
