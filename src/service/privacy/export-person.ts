/** Everything held about one person as one document. What a service refuses is named, never left out in silence. */
import { TajoError } from '../../base/error.ts'
import type { BrevoClient, BrevoContact } from '../../brevo/index.ts'
import type { Page, PipedriveClient } from '../../pipedrive/index.ts'
import { erasedAmong, readHeldRows, type Store } from '../../store/index.ts'
import { notConnected, type StoredCredentials } from '../clients.ts'
import { type Found, findPerson, type Sides } from './find-person.ts'
import type { PersonExport } from './privacy-face.ts'

export type ExportRequest = {
  readonly store: Store
  readonly connection: string
  readonly email: string
  readonly sides: Sides
  /** Says why a side is not connected. */
  readonly stored: StoredCredentials
  readonly now: Date
}

type Incomplete = PersonExport['incomplete'][number][]

/** Brevo answers for so many days at a time (https://developers.brevo.com/reference/getcontactstats). */
const statsDays = 90
/** Two years: older statistics of single contacts are of no use to anybody, and each window costs a request. */
const statsWindows = 8
const dayMs = 24 * 3_600_000
const eventsPerPage = 10_000
/** Before custom events existed. */
const firstEvents = new Date('2015-01-01T00:00:00.000Z')

export async function exportPerson(request: ExportRequest): Promise<PersonExport> {
  const { store, connection, email, now } = request
  const incomplete: Incomplete = []
  const found = await findAll(request, incomplete)
  const { pipedrive, brevo } = request.sides
  const held = await readHeldRows(store.db, connection, found)
  const ofPipedrive = pipedrive && (await fromPipedrive(pipedrive, request, found, incomplete))
  const contacts = brevo === null ? [] : await fromBrevo(brevo, request, found, incomplete)
  const erased = await erasedAmong(store.db, connection, found.emails)
  return {
    email,
    exportedAt: now.toISOString(),
    found: found.persons.length + contacts.length + Object.keys(held).length > 0,
    incomplete,
    erased: erased.size > 0,
    pipedrive: ofPipedrive ?? { persons: [], deals: [], activities: [], leads: [], notes: [] },
    brevo: { contacts },
    store: held,
  }
}

/** A side that refuses even to be searched is left out of the search, and named. */
async function findAll(request: ExportRequest, incomplete: Incomplete): Promise<Found> {
  const { store, connection, email, sides, stored } = request
  for (const name of ['pipedrive', 'brevo'] as const)
    if (sides[name] === null) incomplete.push(toItem(name, notConnected(name, stored)))
  let asked: Sides = sides
  for (;;) {
    try {
      return await findPerson(store.db, connection, email, asked)
    } catch (error) {
      const side = sideOf(error)
      if (side === null || asked[side] === null) throw error
      incomplete.push(toItem(side, error as TajoError))
      asked = { ...asked, [side]: null }
    }
  }
}

async function fromPipedrive(
  pipedrive: PipedriveClient,
  { sides: { signal } }: ExportRequest,
  { persons, personIds }: Found,
  incomplete: Incomplete,
): Promise<PersonExport['pipedrive']> {
  if (incomplete.some((item) => item.part === 'pipedrive'))
    return { persons, deals: [], activities: [], leads: [], notes: [] }
  const options = (id: number) => ({ lane: 'interactive' as const, signal, filters: { person_id: id } })
  const all = async <T>(part: string, pages: (id: number) => readonly AsyncIterable<Page<T>>[]) => {
    const items: T[] = []
    await attempt(`pipedrive.${part}`, incomplete, async () => {
      for (const id of personIds)
        for (const page of pages(id)) for await (const { items: some } of page) items.push(...some)
    })
    return items
  }
  return {
    persons,
    deals: await all('deals', (id) => [
      pipedrive.deals.pages(options(id)),
      pipedrive.deals.archivedPages(options(id)),
    ]),
    activities: await all('activities', (id) => [pipedrive.activities.pages(options(id))]),
    leads: await all('leads', (id) => [
      pipedrive.leads.pages(options(id)),
      pipedrive.leads.archivedPages(options(id)),
    ]),
    notes: await all('notes', (id) => [pipedrive.notes.pages(options(id))]),
  }
}

async function fromBrevo(
  brevo: BrevoClient,
  { sides: { signal }, now }: ExportRequest,
  { contacts }: Found,
  incomplete: Incomplete,
): Promise<PersonExport['brevo']['contacts']> {
  if (contacts.length === 0) return []
  const call = { lane: 'interactive', signal } as const
  const names = new Map<number, string>()
  await attempt('brevo.lists', incomplete, async () => {
    for (const list of await brevo.lists.list(call)) names.set(list.id, list.name ?? '')
  })
  const exported: PersonExport['brevo']['contacts'][number][] = []
  for (const contact of contacts) {
    const campaignStats: unknown[] = []
    await attempt('brevo.contacts.campaignStats', incomplete, async () => {
      for (let back = 0; back < statsWindows; back++) {
        const until = new Date(now.getTime() - back * statsDays * dayMs)
        const since = new Date(until.getTime() - (statsDays - 1) * dayMs)
        const stats = await brevo.contacts.campaignStats(contact.id, {
          ...call,
          startDate: since,
          endDate: until,
        })
        if (Object.keys(stats).length > 0) campaignStats.push(stats)
      }
    })
    const events: unknown[] = []
    await attempt('brevo.contacts.events', incomplete, async () => {
      events.push(...(await eventsOf(brevo, contact, now, call)))
    })
    const lists = (contact.listIds ?? []).map((id) => ({ id, name: names.get(id) ?? null }))
    exported.push({ contact, lists, campaignStats, events })
  }
  return exported
}

async function eventsOf(
  brevo: BrevoClient,
  contact: BrevoContact,
  now: Date,
  call: { lane: 'interactive'; signal: AbortSignal | undefined },
): Promise<readonly unknown[]> {
  const found: unknown[] = []
  const filter = { contactId: contact.id, since: firstEvents, until: new Date(now.getTime() + dayMs) }
  for (let offset = 0; ; offset += eventsPerPage) {
    const page = await brevo.events.list({ ...filter, limit: eventsPerPage, offset }, call)
    found.push(...page)
    if (page.length < eventsPerPage) return found
  }
}

/** A refusal of a service is noted; everything else is thrown on. */
async function attempt(part: string, incomplete: Incomplete, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (sideOf(error) === null) throw error
    incomplete.push(toItem(part, error as TajoError))
  }
}

function sideOf(error: unknown): 'pipedrive' | 'brevo' | null {
  if (!(error instanceof TajoError)) return null
  return /^pipedrive_/.test(error.code) ? 'pipedrive' : /^brevo_/.test(error.code) ? 'brevo' : null
}

function toItem(part: string, { code, message }: TajoError): Incomplete[number] {
  return { part, code, message }
}
