/** Makes organizations, persons, deals, activities, leads and notes that fit together; clean ones (see messy.ts). */
import type { Random } from '../kit/random.ts'
import type {
  CustomValues,
  DealStatus,
  SeedActivity,
  SeedDeal,
  SeedLead,
  SeedNote,
  SeedOrganization,
  SeedPerson,
} from '../pipedrive/seed.ts'
import { type Account, DAY_MS, INTEREST_IDS, LEAD_SOURCE_IDS, toDate, toTime } from './account.ts'
import {
  COMPANY_KINDS,
  COMPANY_WORDS,
  type CompanyName,
  FIRST_NAMES,
  INDUSTRIES,
  KOREAN_GIVEN,
  KOREAN_SURNAMES,
  LAST_NAMES,
  type NamePart,
  SERVICES,
} from './names.ts'

export type Maker = {
  seed: number
  random: Random
  account: Account
  nowMs: number
  takenEmails: Set<string>
}

type Times = { add_time: string; update_time: string }

/** Some time in the last two years, and some time since. */
export function someTimes({ random, nowMs }: Maker): Times {
  const added = nowMs - random.int(1, 700) * DAY_MS - random.int(0, DAY_MS)
  const updated = Math.min(nowMs - 60_000, added + random.int(0, nowMs - added))
  return { add_time: toTime(added), update_time: toTime(updated) }
}

export function inventCompany({ random }: Maker, id: number): CompanyName {
  const [word, kind] = [random.pick(COMPANY_WORDS), random.pick(COMPANY_KINDS)]
  const country = random.pick(['KR', 'KR', 'US', 'DE', 'SE', 'FR', 'JP'] as const)
  return { name: `${word} ${kind}`, domain: `${word}-${kind}${id}.example`.toLowerCase(), country }
}

export function makeOrganization(maker: Maker, id: number, company: CompanyName): SeedOrganization {
  const { random, account } = maker
  const city = company.country === 'KR' ? '서울특별시 성동구 성수이로' : 'Harbour Street'
  const custom: Record<string, CustomValues[string]> = {
    [account.codes['Customer code']]: `C-${10_000 + id}`,
  }
  if (id % 4 === 0)
    custom[account.codes['Contract period']] = {
      value: toDate(maker.nowMs - 300 * DAY_MS),
      until: toDate(maker.nowMs + 65 * DAY_MS),
    }
  if (id % 5 === 0) {
    custom[account.codes['Billing address']] = { value: `${city} ${id}`, formatted_address: `${city} ${id}` }
    custom[account.codes['Parent company']] = Math.max(1, id - 1)
  }
  return {
    id,
    name: company.name,
    owner_id: random.int(1, 3),
    ...someTimes(maker),
    address: id % 3 === 0 ? null : { value: `${city} ${random.int(1, 200)}`, country: company.country },
    website: `https://${company.domain}`,
    employee_count: random.pick([8, 25, 60, 140, 800]),
    label_ids: id % 6 === 0 ? [4] : [],
    visible_to: 3,
    custom_fields: custom,
  }
}

export type Name = { first: NamePart; last: NamePart; full: string }

/** A Korean name is written family name first and without a space. */
export function pickName(random: Random, korean: boolean): Name {
  const first = random.pick(korean ? KOREAN_GIVEN : FIRST_NAMES)
  const last = random.pick(korean ? KOREAN_SURNAMES : LAST_NAMES)
  return { first, last, full: korean ? `${last.name}${first.name}` : `${first.name} ${last.name}` }
}

/** Numbers no two persons of a set share: the id is in them, and beyond 70,000 the area changes. */
export function phoneOf(id: number, korean: boolean): string {
  const digits = String(20_000_000 + id).padStart(8, '0')
  if (korean) return `+82 10-${digits.slice(0, 4)}-${digits.slice(4)}`
  return `+1 ${415 + Math.floor(id / 70_000)} ${200 + (id % 700)} ${digits.slice(4)}`
}

export function makePerson(
  maker: Maker,
  id: number,
  name: Name,
  organization: SeedOrganization | null,
): SeedPerson {
  const { random } = maker
  const domain = organization?.website?.replace('https://', '') ?? 'mail.example'
  const korean = /[가-힣]/.test(name.full)
  return {
    id,
    name: name.full,
    first_name: name.first.name,
    last_name: name.last.name,
    owner_id: random.int(1, 3),
    org_id: organization?.id ?? null,
    emails: [{ value: emailOf(maker, id, name, domain), primary: true, label: 'work' }],
    phones: random.chance(0.8) ? [{ value: phoneOf(id, korean), primary: true, label: 'mobile' }] : [],
    label_ids: random.chance(0.3) ? [random.int(1, 3)] : [],
    visible_to: 3,
    ...someTimes(maker),
    marketing_status: random.pick(['no_consent', 'subscribed', 'subscribed', 'unsubscribed'] as const),
    custom_fields: personFields(maker),
  }
}

/** Two people of one name at one company: the second has a number in the address. */
function emailOf({ takenEmails }: Maker, id: number, { first, last }: Name, domain: string): string {
  const plain = `${first.latin}.${last.latin}@${domain}`
  const email = takenEmails.has(plain) ? `${first.latin}.${last.latin}${id}@${domain}` : plain
  takenEmails.add(email)
  return email
}

function personFields({ random, account, nowMs }: Maker): CustomValues {
  const { codes } = account
  const values: Record<string, CustomValues[string]> = {}
  if (random.chance(0.8)) values[codes['Lead source']] = random.pick(LEAD_SOURCE_IDS)
  if (random.chance(0.7)) values[codes.Industry] = random.pick(INDUSTRIES)
  if (random.chance(0.6)) values[codes['Company size']] = random.pick([5, 12, 40, 150, 900])
  if (random.chance(0.15)) {
    values[codes.Interests] = INTEREST_IDS.filter(() => random.chance(0.4))
      .concat(INTEREST_IDS[0])
      .slice(-2)
    values[codes['First met on']] = toDate(nowMs - random.int(10, 600) * DAY_MS)
    values[codes['Account manager']] = random.int(1, 3)
  }
  if (random.chance(0.05)) {
    values[codes['Assistant phone']] = '+82 2-555-0100'
    values[codes.Background] = 'Met at the spring fair; prefers e-mail.'
    values[codes['Best time to call']] = { value: '09:30:00', timezone_id: 318, timezone_name: 'Asia/Seoul' }
  }
  return values
}

export function makeDeal(
  maker: Maker,
  id: number,
  person: SeedPerson | null,
  organization: SeedOrganization | null,
): SeedDeal {
  const { random, account, nowMs } = maker
  const times = someTimes(maker)
  const status: DealStatus = random.pick(['open', 'open', 'won', 'won', 'lost'] as const)
  const pipeline_id = random.chance(0.85) ? 1 : 2
  const krw = account.company.default_currency === 'KRW'
  const custom: Record<string, CustomValues[string]> = {}
  if (id % 7 === 0) custom[account.codes.Discount] = { value: 10, currency: account.company.default_currency }
  if (id % 7 === 1 && person) custom[account.codes['Decision maker']] = person.id
  if (id % 11 === 0)
    custom[account.codes['Delivery window']] = {
      value: '10:00:00',
      until: '12:00:00',
      timezone_id: 318,
      timezone_name: 'Asia/Seoul',
    }
  return {
    id,
    title: `${organization?.name ?? person?.name ?? 'Walk-in'}: ${random.pick(SERVICES)}`,
    owner_id: random.int(1, 3),
    value: random.int(2, 90) * (krw ? 500_000 : 500),
    currency: account.company.default_currency,
    person_id: person?.id ?? null,
    org_id: organization?.id ?? null,
    pipeline_id,
    stage_id: pipeline_id === 1 ? random.int(1, 4) : random.int(5, 7),
    status,
    stage_change_time: times.update_time,
    ...times,
    ...(status === 'won' ? { won_time: times.update_time, close_time: times.update_time } : {}),
    ...(status === 'lost'
      ? {
          lost_time: times.update_time,
          close_time: times.update_time,
          lost_reason: random.pick(['Price', 'Timing']),
        }
      : {}),
    expected_close_date: status === 'open' ? toDate(nowMs + random.int(3, 90) * DAY_MS) : null,
    label_ids: id % 9 === 0 ? [5] : [],
    visible_to: 3,
    custom_fields: custom,
  }
}

export function makeActivity(
  maker: Maker,
  id: number,
  person: SeedPerson | null,
  deal: SeedDeal | null,
): SeedActivity {
  const { random, nowMs } = maker
  const times = someTimes(maker)
  const done = random.chance(0.7)
  return {
    id,
    subject: random.pick(['Call back', 'Kick-off meeting', 'Send proposal', '견적 확인 전화', 'Follow up']),
    type: random.pick(['call', 'meeting', 'task', 'email'] as const),
    owner_id: random.int(1, 3),
    person_id: person?.id ?? null,
    deal_id: deal?.id ?? null,
    org_id: person?.org_id ?? null,
    due_date: done ? times.add_time.slice(0, 10) : toDate(nowMs + random.int(1, 30) * DAY_MS),
    due_time: random.chance(0.5) ? '05:30:00' : null,
    duration: '00:30:00',
    done,
    ...(done ? { marked_as_done_time: times.update_time } : {}),
    ...times,
  }
}

export function makeLead(maker: Maker, index: number, person: SeedPerson): SeedLead {
  const { random, account } = maker
  const { add_time, update_time } = someTimes(maker)
  const tail = index.toString(16).padStart(12, '0')
  return {
    id: `adf21080-0e10-41eb-879b-${tail}`,
    title: `${person.name}: ${random.pick(SERVICES)}`,
    owner_id: random.int(1, 3),
    person_id: person.id,
    organization_id: person.org_id ?? null,
    label_ids: random.chance(0.5) ? [account.leadLabels[index % 3]?.id ?? ''] : [],
    value: random.chance(0.5)
      ? { amount: random.int(1, 50) * 100, currency: account.company.default_currency }
      : null,
    was_seen: random.chance(0.5),
    add_time: add_time.replace('Z', '.551Z'),
    update_time: update_time.replace('Z', '.551Z'),
  }
}

export function makeNote(maker: Maker, id: number, person: SeedPerson): SeedNote {
  return {
    id,
    content: '<p>Asked for the price list.</p>',
    user_id: 1,
    person_id: person.id,
    ...someTimes(maker),
  }
}
