/**
 * Whole data sets by name and seed: a Pipedrive account, the Brevo account beside it, and a configuration for both.
 * The same name, seed and moment give the same set. Says nothing about what a sync should make of it.
 */
import type { BrevoSeed } from '../brevo/seed.ts'
import type { PipedriveSeed } from '../pipedrive/seed.ts'
import { createBrevoSide, type Existing } from './brevo-side.ts'
import { AGENCY, amountsFor, createCleanSeed, createMaker } from './clean.ts'
import { createMessySeed } from './messy.ts'
import { createTajoYaml } from './tajo-yaml.ts'

/**
 * - `agency`: 50 persons, 30 deals, readable;
 * - `messy`: 1,000 persons with every defect (no, bad, shared, several e-mails, shared and local phones, ...);
 * - `large`: 100,000 persons, 40,000 deals, 20,000 organizations, 60,000 activities;
 * - `{ persons: n }`: n persons in the proportions of `large`.
 */
export type DataSetName = 'agency' | 'messy' | 'large' | { persons: number }

export type DataSet = { pipedrive: PipedriveSeed; brevo: BrevoSeed; yaml: string }

/** Times lie before `now`; default: the present moment. */
export function createDataSet(name: DataSetName, seed = 1, now: Date = new Date()): DataSet {
  const pipedrive = createPipedriveSide(name, seed, now)
  return {
    pipedrive,
    brevo: createBrevoSide(pipedrive, existingFor(pipedrive.persons.length), {
      seed,
      now,
      curated: name === 'agency',
    }),
    yaml: createTajoYaml(name === 'agency' ? { USD: 1_350 } : {}),
  }
}

function createPipedriveSide(name: DataSetName, seed: number, now: Date): PipedriveSeed {
  if (name === 'agency') return abroad(createCleanSeed(createMaker(seed, 'KRW', now), AGENCY, false))
  if (name === 'messy') return createMessySeed(createMaker(seed, 'USD', now))
  const amounts = amountsFor(name === 'large' ? 100_000 : name.persons)
  return createCleanSeed(createMaker(seed, 'USD', now), amounts, true)
}

/** An agency in Seoul with some customers that pay in dollars. */
function abroad(seed: PipedriveSeed): PipedriveSeed {
  const deals = seed.deals.map((deal) =>
    deal.id % 6 === 1 ? { ...deal, currency: 'USD', value: Math.round(deal.value / 1_350) } : deal,
  )
  const dollars = new Set(deals.filter(({ currency }) => currency === 'USD').map(({ id }) => id))
  // Their changelogs speak of won.
  const changelogs = seed.changelogs?.filter(
    (change) => change.field_key !== 'value' || !dollars.has(change.deal_id),
  )
  return { ...seed, deals, ...(changelogs ? { changelogs } : {}) }
}

function existingFor(persons: number): Existing {
  const share = (part: number): number => Math.max(1, Math.round(persons * part))
  return { known: share(0.12), blocklisted: share(0.03), phoneHolders: share(0.02), unrelated: share(0.08) }
}
