/** 1,000 persons as companies really keep them: every defect a sync has to survive, each with a known share. */
import type {
  ContactValue,
  PipedriveSeed,
  SeedActivity,
  SeedDeal,
  SeedField,
  SeedLead,
  SeedPerson,
} from '../pipedrive/seed.ts'
import { DAY_MS, hexCode, toTime } from './account.ts'
import { amountsFor, createCleanSeed } from './clean.ts'
import type { Maker } from './people.ts'

const PERSONS = 1000

export function createMessySeed(maker: Maker): PipedriveSeed {
  const clean = createCleanSeed(maker, { ...amountsFor(PERSONS), leads: 60, notes: 40 }, true)
  const persons = clean.persons.map((person) => defaced(person, clean.persons, maker))
  return {
    ...clean,
    persons,
    fields: [...clean.fields, ...twins(maker)],
    organizations: clean.organizations.map((organization) =>
      organization.id % 40 === 0 ? deleted(organization, maker) : organization,
    ),
    deals: clean.deals.map((deal) => defacedDeal(deal, maker)),
    activities: clean.activities.map((activity) =>
      activity.id % 50 === 0 ? deletedActivity(activity, maker) : activity,
    ),
    leads: clean.leads.map(
      (lead, index): SeedLead => (index % 5 === 0 ? { ...lead, is_archived: true } : lead),
    ),
    switches: { emptyKeys: 'mixed', dailyHeaders: 'sometimes' },
  }
}

/** What is wrong with a person: its number modulo 50 says. The rest are well kept. */
const DEFECTS: Readonly<
  Record<number, (person: SeedPerson, all: readonly SeedPerson[]) => Partial<SeedPerson>>
> = {
  1: () => ({ emails: [] }),
  2: () => ({ emails: [] }),
  3: (person) => ({ emails: [email(`${person.id}-at-nowhere`)] }),
  4: (person) => ({ emails: [email(`broken@@mail${person.id}.example`)] }),
  5: (person) => ({ emails: person.emails.map((item) => ({ ...item, value: item.value.toUpperCase() })) }),
  6: (person) => ({ emails: person.emails.map((item) => ({ ...item, value: `  ${item.value} ` })) }),
  7: (_, all) => ({ emails: all[0]?.emails ?? [] }),
  8: (person, all) => ({ emails: all[person.id - 2]?.emails.map(upper) ?? [] }),
  9: (person) => ({ emails: [email(`old${person.id}@mail.example`, false), ...person.emails] }),
  10: (person) => ({
    emails: [
      email(`a${person.id}@mail.example`, false),
      email(`b${person.id}@mail.example`, false),
      ...person.emails,
    ],
  }),
  11: () => ({ emails: [email('')] }),
  12: (person) => ({ emails: [email('', true), email(`second${person.id}@mail.example`, false)] }),
  13: () => ({ phones: [phone('call the office')] }),
  14: () => ({ phones: [phone('123')] }),
  15: () => ({ phones: [phone('+82 10-7777-0001')] }),
  16: () => ({ phones: [phone('010-7777-0001')] }),
  17: (person) => ({ phones: [phone(`010-${String(3000 + (person.id % 5000))}-${tail(person.id)}`)] }),
  18: (person) => ({ phones: [phone(`010${String(31_000_000 + person.id)}`)] }),
  19: (person) => ({ phones: [phone(`02-555-${tail(person.id)}`, false), ...person.phones] }),
  20: (person) => ({ name: `${person.name} 🚀`, first_name: `${person.first_name} 🚀` }),
  21: (person) => ({ name: `⭐️ ${person.name} (VIP)` }),
  22: () => ({ name: '남궁민수', first_name: '민수', last_name: '남궁' }),
  23: (person) => ({ name: person.first_name ?? '', last_name: null }),
  24: (person) => ({ name: `  ${person.name}\t`, org_id: null }),
  25: () => ({ phones: [], org_id: null, label_ids: [], custom_fields: {} }),
  26: (person) => ({ emails: person.emails.map((item) => ({ ...item, primary: false })) }),
  27: (person) => ({ emails: [email(`m${'a'.repeat(60)}${person.id}@mail.example`)] }),
  28: (person) => ({ visible_to: 1, owner_id: person.id % 2 === 0 ? 2 : 3 }),
  29: (person) => ({ custom_fields: { ...person.custom_fields }, marketing_status: 'unsubscribed' }),
}

function defaced(person: SeedPerson, all: readonly SeedPerson[], maker: Maker): SeedPerson {
  if (person.id % 50 === 0) return deleted(person, maker)
  return { ...person, ...DEFECTS[person.id % 50]?.(person, all) }
}

const email = (value: string, primary = true): ContactValue => ({ value, primary, label: 'work' })
const phone = (value: string, primary = true): ContactValue => ({ value, primary, label: 'mobile' })
const tail = (id: number): string => String(id % 10_000).padStart(4, '0')
const upper = (item: ContactValue): ContactValue => ({ ...item, value: item.value.toUpperCase() })

const CURRENCIES = ['USD', 'EUR', 'KRW', 'JPY', 'GBP'] as const

function defacedDeal(deal: SeedDeal, maker: Maker): SeedDeal {
  const currency = CURRENCIES[deal.id % CURRENCIES.length] ?? 'USD'
  const mixed: SeedDeal = { ...deal, currency }
  if (deal.id % 20 === 0) return { ...mixed, person_id: null }
  if (deal.id % 20 === 1) return { ...mixed, value: 0 }
  if (deal.id % 25 === 2) return { ...mixed, is_archived: true, archive_time: deal.update_time }
  if (deal.id % 25 === 3) return deleted(mixed, maker)
  return deal.id % 25 === 4 ? { ...mixed, org_id: null, title: `${deal.title} 🎯` } : mixed
}

/** Deleted some days ago: still within the thirty that the vendor keeps them. */
function deleted<R extends { id: number; update_time: string; is_deleted?: boolean }>(
  record: R,
  { nowMs }: Maker,
): R {
  return { ...record, is_deleted: true, update_time: toTime(nowMs - (1 + (record.id % 20)) * DAY_MS) }
}

function deletedActivity(activity: SeedActivity, maker: Maker): SeedActivity {
  return deleted(activity, maker)
}

/** Two fields with one name, which no mapping by name can tell apart. */
function twins({ random }: Maker): SeedField[] {
  return [9101, 9102].map((id) => ({
    entity: 'person',
    id,
    field_code: hexCode(() => random.int(0, 15)),
    field_name: 'Nickname',
    field_type: 'varchar',
  }))
}
