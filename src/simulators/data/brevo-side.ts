/** The Brevo account that goes with a Pipedrive one: its lists, and contacts that are there before the first sync. */
import {
  type BrevoAttributeValue,
  type BrevoSeed,
  type BrevoSeedContact,
  type BrevoSeedTouch,
  emptyBrevoSeed,
  standardAttributes,
} from '../brevo/seed.ts'
import type { PipedriveSeed, SeedPerson } from '../pipedrive/seed.ts'
import { DAY_MS } from './account.ts'
import { createCampaigns, createTouches } from './campaigns.ts'

/** How many contacts of each sort; the first two share an address with a person, the third only a number. */
export type Existing = { known: number; blocklisted: number; phoneHolders: number; unrelated: number }

const LISTS = ['All contacts', 'Qualified leads', 'Customers', 'Churned', 'Win-back']

export type BrevoSideOptions = {
  seed: number
  now: Date
  /** Those who are known already have bought something, rather than being anybody. */
  curated: boolean
}

export function createBrevoSide(
  { persons, deals }: Pick<PipedriveSeed, 'persons' | 'deals'>,
  existing: Existing,
  { seed, now, curated }: BrevoSideOptions,
): BrevoSeed {
  const empty = emptyBrevoSeed()
  const won = deals.filter((deal) => deal.status === 'won')
  const buyers = new Set(won.map((deal) => deal.person_id))
  const ordered = curated
    ? persons.toSorted((a, b) => Number(buyers.has(b.id)) - Number(buyers.has(a.id)))
    : persons
  const campaigns = createCampaigns(now)
  const touchesOf = (person: SeedPerson) =>
    createTouches(
      won.filter((deal) => deal.person_id === person.id),
      campaigns,
      seed + person.id,
    )
  return {
    ...empty,
    account: { ...empty.account, email: 'owner@yourcompany.example', companyName: 'Your Company' },
    attributes: [...standardAttributes(), { name: 'COMPANY', category: 'normal', type: 'text' }],
    folders: [...empty.folders, { id: 10, name: 'Pipedrive' }],
    lists: [...empty.lists, ...LISTS.map((name, index) => ({ id: 60 + index, name, folderId: 10 }))],
    contacts: createContacts(ordered, existing, { now, curated, touchesOf }),
    campaigns,
  }
}

function createContacts(
  persons: readonly SeedPerson[],
  existing: Existing,
  {
    now,
    curated,
    touchesOf,
  }: { now: Date; curated: boolean; touchesOf: (person: SeedPerson) => BrevoSeedTouch[] },
): BrevoSeedContact[] {
  const usable = persons.filter((person) => !person.is_deleted && usableEmail(person) !== null)
  const spread = (count: number, offset: number, packed = false): SeedPerson[] => {
    const step = packed ? 1 : Math.max(1, Math.floor(usable.length / Math.max(1, count)))
    return Array.from({ length: count }, (_, index) => usable[index * step + offset]).filter(
      (person) => person !== undefined,
    )
  }
  const createdAt = new Date(now.getTime() - 400 * DAY_MS).toISOString()
  const contacts = new Map<string, BrevoSeedContact>()
  const add = (email: string, rest: Omit<BrevoSeedContact, 'email'>): void => {
    if (!contacts.has(email)) contacts.set(email, { email, createdAt, modifiedAt: createdAt, ...rest })
  }
  for (const person of spread(existing.known, 0, curated))
    add(usableEmail(person) ?? '', { attributes: namesOf(person), listIds: [2], touches: touchesOf(person) })
  for (const person of spread(existing.blocklisted, curated ? existing.known : 1))
    add(usableEmail(person) ?? '', { attributes: namesOf(person), emailBlacklisted: true })
  const taken = new Set<string>()
  for (const person of spread(existing.phoneHolders, 2)) {
    const sms = usableNumber(person)
    if (sms === null || taken.has(sms)) continue
    taken.add(sms)
    add(`holder${person.id}@elsewhere.example`, {
      attributes: { FIRSTNAME: 'Somebody', SMS: sms },
      listIds: [2],
    })
  }
  for (let index = 1; index <= existing.unrelated; index++)
    add(`subscriber${index}@newsletter.example`, { attributes: { FIRSTNAME: 'Reader' }, listIds: [2] })
  return [...contacts.values()]
}

/** The primary address, if it is one that any service would take. */
function usableEmail(person: SeedPerson): string | null {
  const value =
    person.emails
      .find((item) => item.primary)
      ?.value.trim()
      .toLowerCase() ?? ''
  return /^[a-z0-9.'+_-]{1,64}@[a-z0-9.-]+$/.test(value) ? value : null
}

/** Digits with the country code; Korean mobile numbers may stand without theirs. */
function usableNumber(person: SeedPerson): string | null {
  const value = person.phones.find((item) => item.primary)?.value ?? ''
  const digits = value.replace(/\D/g, '')
  if (value.startsWith('+') && digits.length >= 10) return digits
  return /^010\d{8}$/.test(digits) ? `82${digits.slice(1)}` : null
}

function namesOf(person: SeedPerson): Record<string, BrevoAttributeValue> {
  return {
    ...(person.first_name ? { FIRSTNAME: person.first_name } : {}),
    ...(person.last_name ? { LASTNAME: person.last_name } : {}),
  }
}
