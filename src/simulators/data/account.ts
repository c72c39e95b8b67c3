/** What every data set's Pipedrive account has before there are people in it: users, pipelines, labels, fields. */
import { seededRandom } from '../kit/random.ts'
import type { FieldEntity, PipedriveSeed, SeedField, SeedPipeline, SeedStage } from '../pipedrive/seed.ts'

export type Account = Pick<
  PipedriveSeed,
  'company' | 'users' | 'labels' | 'leadLabels' | 'fields' | 'pipelines' | 'stages'
> & {
  /** Field codes by the names used below. */
  codes: Readonly<Record<FieldName, string>>
}

export const DAY_MS = 86_400_000
export const toTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`
export const toDate = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

/** One field of every type a company can create, over persons, organizations and deals. */
const FIELDS = [
  ['person', 'Lead source', 'enum', ['Website', 'Referral', 'Event', 'Cold outreach', '네이버 광고']],
  ['person', 'Industry', 'varchar'],
  ['person', 'Company size', 'double'],
  ['person', 'Interests', 'set', ['Newsletter', 'Webinars', 'Workshops', 'Early access']],
  ['person', 'First met on', 'date'],
  ['person', 'Assistant phone', 'phone'],
  ['person', 'Background', 'text'],
  ['person', 'Account manager', 'user'],
  ['person', 'Best time to call', 'time'],
  ['organization', 'Customer code', 'varchar_auto'],
  ['organization', 'Billing address', 'address'],
  ['organization', 'Parent company', 'org'],
  ['organization', 'Contract period', 'daterange'],
  ['deal', 'Discount', 'monetary'],
  ['deal', 'Decision maker', 'people'],
  ['deal', 'Delivery window', 'timerange'],
  ['person', 'Brevo consent', 'enum', ['subscribed', 'bounced', 'unsubscribed', 'complained']],
] as const
export type FieldName = (typeof FIELDS)[number][1]

/** Option ids: 101… of Lead source, 201… of Interests, 301… of Brevo consent, which nobody has a value of yet. */
export const LEAD_SOURCE_IDS = [101, 102, 103, 104, 105] as const
export const INTEREST_IDS = [201, 202, 203, 204] as const
/** The first option's id of each field that has options. */
const FIRST_OPTION: Readonly<Partial<Record<FieldName, number>>> = {
  'Lead source': LEAD_SOURCE_IDS[0],
  Interests: INTEREST_IDS[0],
  'Brevo consent': 301,
}

const STAGES: readonly [pipeline: number, name: string, probability: number][] = [
  [1, 'Lead In', 10],
  [1, 'Contact Made', 30],
  [1, 'Proposal Made', 60],
  [1, 'Negotiations Started', 80],
  [2, 'Renewal Due', 50],
  [2, 'Renewal Offered', 70],
  [2, 'Renewal Agreed', 90],
]

export function createAccount(seed: number, currency: string, now: Date): Account {
  const founded = toTime(now.getTime() - 900 * DAY_MS)
  const times = { add_time: founded, update_time: founded }
  const { fields, codes } = createFields(seed)
  const pipelines: SeedPipeline[] = [
    { id: 1, name: 'Sales', order_nr: 1, ...times },
    { id: 2, name: 'Renewals', order_nr: 2, ...times },
  ]
  const stages = STAGES.map(
    ([pipeline_id, name, deal_probability], index): SeedStage => ({
      id: index + 1,
      name,
      pipeline_id,
      order_nr: pipeline_id === 1 ? index + 1 : index - 3,
      deal_probability,
      ...times,
    }),
  )
  return {
    company: {
      id: 7_301_442,
      name: 'Your Company',
      domain: 'yourcompany',
      country: 'KR',
      default_currency: currency,
    },
    users: [
      { id: 1, name: '김하늘', email: 'haneul@yourcompany.example', is_admin: true },
      { id: 2, name: 'Marta Lindqvist', email: 'marta@yourcompany.example', is_admin: false },
      { id: 3, name: '박준호', email: 'junho@yourcompany.example', is_admin: false },
    ],
    labels: createLabels(),
    leadLabels: [
      ['Hot', 'red'],
      ['Warm', 'yellow'],
      ['Cold', 'blue'],
    ].map(([name = '', color = ''], index) => ({
      id: `f08b42a${index}-4e75-41ea-a643-03698ef1cfd6`,
      name,
      color,
      add_time: new Date(founded).toISOString(),
      update_time: new Date(founded).toISOString(),
    })),
    fields,
    codes,
    pipelines,
    stages,
  }
}

function createLabels(): PipedriveSeed['labels'] {
  return {
    person: [
      { id: 1, label: 'Customer', color: 'green' },
      { id: 2, label: 'Hot lead', color: 'red' },
      { id: 3, label: 'Cold lead', color: 'blue' },
    ],
    organization: [{ id: 4, label: 'Key account', color: 'purple' }],
    deal: [{ id: 5, label: 'Urgent', color: 'red' }],
  }
}

function createFields(seed: number): Pick<Account, 'fields' | 'codes'> {
  const random = seededRandom(seed * 7919 + 40)
  const codes: Record<string, string> = {}
  const fields = FIELDS.map(([entity, name, type, labels], index): SeedField => {
    const code = hexCode(() => random.int(0, 15))
    codes[name] = code
    const first = FIRST_OPTION[name] ?? 1
    return {
      entity: entity as FieldEntity,
      id: 9001 + index,
      field_code: code,
      field_name: name,
      field_type: type,
      ...(labels ? { options: labels.map((label, place) => ({ id: first + place, label })) } : {}),
    }
  })
  return { fields, codes: codes as Record<FieldName, string> }
}

/** A field code as the vendor makes them: 40 hexadecimal digits. */
export function hexCode(digit: () => number): string {
  return Array.from({ length: 40 }, () => digit().toString(16)).join('')
}
