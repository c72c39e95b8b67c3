/** The clean sets: `agency` (50 readable persons) and any number of persons in the proportions of `large`. */
import { seededRandom } from '../kit/random.ts'
import type { PipedriveSeed, SeedPerson } from '../pipedrive/seed.ts'
import { createAccount } from './account.ts'
import { giveHistories } from './deal-history.ts'
import { CLIENTS } from './names.ts'
import {
  inventCompany,
  type Maker,
  makeActivity,
  makeDeal,
  makeLead,
  makeNote,
  makeOrganization,
  makePerson,
  pickName,
} from './people.ts'

export type Amounts = {
  persons: number
  organizations: number
  deals: number
  activities: number
  leads: number
  notes: number
}

export const AGENCY: Amounts = {
  persons: 50,
  organizations: CLIENTS.length,
  deals: 30,
  activities: 40,
  leads: 6,
  notes: 8,
}

/** Of 100,000 persons: 40,000 deals, 20,000 organizations, 60,000 activities. */
export function amountsFor(persons: number): Amounts {
  const share = (part: number): number => Math.max(1, Math.round(persons * part))
  return {
    persons,
    organizations: share(0.2),
    deals: share(0.4),
    activities: share(0.6),
    leads: share(0.005),
    notes: share(0.005),
  }
}

export function createMaker(seed: number, currency: string, now: Date): Maker {
  return {
    seed,
    random: seededRandom(seed),
    account: createAccount(seed, currency, now),
    nowMs: now.getTime(),
    takenEmails: new Set(),
  }
}

/** Invents companies beyond the curated ones; every person but one in eight works for one. */
export function createCleanSeed(maker: Maker, amounts: Amounts, invented: boolean): PipedriveSeed {
  const { random, account } = maker
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)
  const companies = numbers(amounts.organizations).map(
    (id) => (invented ? undefined : CLIENTS[id - 1]) ?? inventCompany(maker, id),
  )
  const organizations = companies.map((company, index) => makeOrganization(maker, index + 1, company))
  const persons = numbers(amounts.persons).map((id): SeedPerson => {
    const place = id % 8 === 0 ? -1 : (id * 7) % organizations.length
    const korean = place < 0 ? random.chance(0.5) : companies[place]?.country === 'KR'
    return makePerson(maker, id, pickName(random, korean), organizations[place] ?? null)
  })
  const someone = (): SeedPerson => random.pick(persons)
  const made = numbers(amounts.deals).map((id) => {
    const person = someone()
    return makeDeal(maker, id, person, organizations[(person.org_id ?? 0) - 1] ?? null)
  })
  const { deals, changelogs } = giveHistories(made, account.stages, maker.seed)
  const activities = numbers(amounts.activities).map((id) => {
    const deal = random.chance(0.5) ? random.pick(deals) : null
    return makeActivity(maker, id, deal ? (persons[(deal.person_id ?? 0) - 1] ?? null) : someone(), deal)
  })
  const { codes: _, ...rest } = account
  return {
    ...rest,
    persons,
    organizations,
    deals,
    changelogs,
    activities,
    leads: numbers(amounts.leads).map((index) => makeLead(maker, index, someone())),
    notes: numbers(amounts.notes).map((id) => makeNote(maker, id, someone())),
  }
}
