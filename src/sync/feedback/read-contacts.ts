/** Reads Brevo's contacts page by page; the next page is asked for while the last one is dealt with. */
import type { BrevoClient, BrevoContactPage } from '../../brevo/index.ts'
import type { Attribute, Contact } from '../model/index.ts'
import { fromBrevoContact } from './from-brevo.ts'

export type ContactReading = {
  readonly brevo: BrevoClient
  /** The attributes that are kept. */
  readonly attributes: readonly Attribute[]
  /** Only contacts modified since then; null reads all. */
  readonly since: Date | null
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((read: number, total: number) => void) | undefined
}

export type ContactsRead = {
  readonly count: number
  readonly pages: number
  /** Brevo's clock at the first answer. */
  readonly serverTime: Date | null
}

/** Brevo's most per page. */
const pageSize = 1000

/**
 * Hands every contact to `onPage`, oldest first. Brevo pages by offset, and only by creation time: a contact deleted
 * meanwhile shifts the rest, so absence from a reading is never a proof that a contact is gone.
 */
export async function readContacts(
  reading: ContactReading,
  onPage: (contacts: readonly Contact[]) => Promise<void>,
): Promise<ContactsRead> {
  const first = await fetchPage(reading, 0)
  const total = first.count
  let page: BrevoContactPage | null = first
  let read = 0
  let pages = 0
  for (let offset = 0; page !== null; ) {
    pages++
    offset += pageSize
    const size: number = page.contacts.length + page.unreadable.length
    const more: boolean = size > 0 && offset < Math.max(total, page.count)
    const next: Promise<BrevoContactPage | null> = more ? fetchPage(reading, offset) : Promise.resolve(null)
    // The rejection is handled where the promise is awaited below; until then it must not count as unhandled.
    next.catch(() => undefined)
    await onPage(page.contacts.map((contact) => fromBrevoContact(contact, reading.attributes)))
    read += size
    reading.onProgress?.(read, total)
    page = await next
  }
  return { count: read, pages, serverTime: first.serverTime }
}

function fetchPage({ brevo, since, signal }: ContactReading, offset: number): Promise<BrevoContactPage> {
  return brevo.contacts.page({
    limit: pageSize,
    offset,
    sort: 'asc',
    lane: 'backfill',
    signal,
    ...(since ? { modifiedSince: since } : {}),
  })
}
