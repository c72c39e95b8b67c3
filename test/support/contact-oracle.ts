/**
 * What Brevo must hold after a sync with the sandbox's own configuration, worked out from the sync rules and the
 * sandbox's records alone. Written apart from `src/sync` on purpose: a shared misreading must not pass.
 */
import type { Sandbox } from '../../src/simulators/index.ts'
import type { SeedDeal, SeedPerson } from '../../src/simulators/pipedrive/seed.ts'

export type ExpectedContact = {
  email: string
  extId: string | null
  sms: string | null
  /** Mapped attributes only. */
  attributes: Record<string, unknown>
  lists: number[]
  emailBlacklisted: boolean
}

/** A Brevo contact as it stands, in the same form. */
export type BrevoNow = Record<string, ExpectedContact>

const MAPPED = [
  'FULLNAME',
  'FIRSTNAME',
  'LASTNAME',
  'COMPANY',
  'WON_DEALS',
  'LOST_DEALS',
  'OPEN_DEALS',
  'CLOSED_DEALS',
  'LTV',
  'LEAD_SOURCE',
  'INDUSTRY',
  'COMPANY_SIZE',
]
const MANAGED = [60, 61, 62, 63, 64]
const STAGE_LIST: Record<number, number> = { 1: 61, 2: 61, 3: 62, 4: 62 }

/** Brevo as it is, by address. Attributes that the configuration does not map are left out. */
export function brevoNow({ brevo }: Sandbox): BrevoNow {
  return Object.fromEntries(
    brevo.state.snapshot().map((contact) => {
      const { email = '', attributes } = contact
      const mapped = Object.entries(attributes).filter(([name]) => MAPPED.includes(name))
      const sms = attributes.SMS === undefined ? null : String(attributes.SMS)
      return [
        email,
        {
          email,
          extId: attributes.EXT_ID === undefined ? null : String(attributes.EXT_ID),
          sms,
          attributes: Object.fromEntries(mapped),
          lists: [...contact.listIds],
          emailBlacklisted: contact.emailBlacklisted,
        },
      ]
    }),
  )
}

/**
 * `before`: Brevo before the sync, whose foreign memberships, blocklistings, and values of empty sources stay.
 * `ours`: memberships and values that Tajo made earlier; they go when nothing wants them any more.
 */
export function expectedBrevo(sandbox: Sandbox, before: BrevoNow, ours: BrevoNow = {}): BrevoNow {
  const clusters = clustersOf(sandbox)
  const expected: BrevoNow = {}
  for (const contact of Object.values(before)) {
    if (!clusters.has(contact.email)) expected[contact.email] = contact
  }
  const numbers = grantedNumbers(clusters, expected)
  for (const [email, members] of clusters) {
    const lead = leadOf(members)
    const old = before[email]
    const mine = ours[email]
    const values = attributesOf(sandbox, lead, members)
    const kept = Object.entries(old?.attributes ?? {}).filter(
      ([name]) => values[name] === undefined && mine?.attributes[name] === undefined,
    )
    const foreign = (old?.lists ?? []).filter((id) => !MANAGED.includes(id) || !mine?.lists.includes(id))
    expected[email] = {
      email,
      extId: `pipedrive-person-${lead.id}`,
      sms: numbers.get(lead.id) ?? keptNumber(lead, old, mine),
      attributes: sorted({ ...Object.fromEntries(kept), ...values }),
      lists: [...new Set([...foreign, ...listsOf(sandbox, members)])].sort((a, b) => a - b),
      emailBlacklisted:
        (old?.emailBlacklisted ?? false) ||
        members.some((person) => person.marketing_status === 'unsubscribed'),
    }
  }
  return sorted(expected)
}

/** Live persons by identity address (rules R1.1 and R1.2). */
function clustersOf({ pipedrive }: Sandbox): Map<string, SeedPerson[]> {
  const clusters = new Map<string, SeedPerson[]>()
  for (const person of live(pipedrive.state.tables.person)) {
    const email = identityOf(person)
    if (email !== null) clusters.set(email, [...(clusters.get(email) ?? []), person])
  }
  return clusters
}

export function identityOf(person: SeedPerson): string | null {
  const filled = person.emails.filter((item) => item.value.trim() !== '')
  const email = (filled.find((item) => item.primary) ?? filled[0])?.value.trim().toLowerCase() ?? ''
  return /^[^@\s]+@[^@\s]+\.[a-z]+$/.test(email) ? email : null
}

function leadOf(members: readonly SeedPerson[]): SeedPerson {
  const [lead] = members.toSorted((a, b) =>
    a.update_time === b.update_time ? a.id - b.id : a.update_time < b.update_time ? 1 : -1,
  )
  if (!lead) throw new Error('a cluster without members')
  return lead
}

function attributesOf(
  { pipedrive: { state } }: Sandbox,
  lead: SeedPerson,
  members: readonly SeedPerson[],
): Record<string, unknown> {
  const deals = dealsOf(state.tables.deal, members)
  const of = (status: SeedDeal['status']): SeedDeal[] => deals.filter((deal) => deal.status === status)
  const organization = lead.org_id == null ? undefined : state.tables.organization.get(lead.org_id)
  const custom = (name: string): unknown => {
    const field = state.seed.fields.find((item) => item.field_name === name && item.entity === 'person')
    const value = lead.custom_fields?.[field?.field_code ?? '']
    return field?.options?.find((option) => option.id === value)?.label ?? value
  }
  const currency = state.seed.company.default_currency
  const values = {
    FULLNAME: lead.name.trim(),
    FIRSTNAME: lead.first_name?.trim(),
    LASTNAME: lead.last_name?.trim(),
    COMPANY: organization && !organization.is_deleted ? organization.name.trim() : undefined,
    WON_DEALS: of('won').length,
    LOST_DEALS: of('lost').length,
    OPEN_DEALS: of('open').length,
    CLOSED_DEALS: of('won').length + of('lost').length,
    LTV: of('won').reduce((sum, deal) => sum + (deal.currency === currency ? deal.value : 0), 0),
    LEAD_SOURCE: custom('Lead source'),
    INDUSTRY: custom('Industry'),
    COMPANY_SIZE: custom('Company size'),
  }
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''))
}

/** Rule R3.1 with the sandbox's configuration. */
function listsOf({ pipedrive: { state } }: Sandbox, members: readonly SeedPerson[]): number[] {
  const deals = dealsOf(state.tables.deal, members)
  const open = deals.filter((deal) => deal.status === 'open')
  const hasWon = deals.some((deal) => deal.status === 'won')
  const [newestClosed] = deals
    .filter((deal) => deal.status !== 'open')
    .toSorted((a, b) => closedAt(b).localeCompare(closedAt(a)) || b.id - a.id)
  const endsLost = open.length === 0 && newestClosed?.status === 'lost'
  const hasLead = live(state.tables.lead).some(
    (lead) => !lead.is_archived && members.some((person) => person.id === lead.person_id),
  )
  const lists = [60, ...open.flatMap((deal) => STAGE_LIST[deal.stage_id] ?? [])]
  if (open.length > 0 || hasLead) lists.push(61)
  if (hasWon && !endsLost) lists.push(62)
  if (hasWon && endsLost) lists.push(63)
  if (hasWon) lists.push(63)
  if (endsLost) lists.push(64)
  return lists
}

const closedAt = (deal: SeedDeal): string => (deal.status === 'won' ? deal.won_time : deal.lost_time) ?? ''

function dealsOf(table: Iterable1<SeedDeal>, members: readonly SeedPerson[]): SeedDeal[] {
  return live(table).filter((deal) => members.some((person) => person.id === deal.person_id))
}

/** Rule R2.2: the lowest lead person has it, and nobody while a stranger does. */
function grantedNumbers(
  clusters: ReadonlyMap<string, readonly SeedPerson[]>,
  strangers: BrevoNow,
): Map<number, string> {
  const taken = new Set(Object.values(strangers).flatMap((contact) => contact.sms ?? []))
  const granted = new Map<number, string>()
  for (const lead of [...clusters.values()].map(leadOf).sort((a, b) => a.id - b.id)) {
    const number = numberOf(lead)
    if (number === null || taken.has(number)) continue
    taken.add(number)
    granted.set(lead.id, number)
  }
  return granted
}

/** A number that is no number neither writes nor clears; without any, only Tajo's own goes. */
function keptNumber(
  lead: SeedPerson,
  old: ExpectedContact | undefined,
  mine: ExpectedContact | undefined,
): string | null {
  const given = lead.phones.some((phone) => phone.value.trim() !== '')
  if (given && numberOf(lead) === null) return old?.sms ?? null
  return mine?.sms == null ? (old?.sms ?? null) : null
}

/** The primary phone as Brevo answers it: digits. Knows the countries of the data sets. */
function numberOf(person: SeedPerson): string | null {
  const filled = person.phones.filter((phone) => phone.value.trim() !== '')
  const text = (filled.find((phone) => phone.primary) ?? filled[0])?.value ?? ''
  const digits = text.replace(/\D/g, '')
  const full = text.trim().startsWith('+') ? digits : digits.replace(/^0/, '82')
  return /^(8210[2-9]\d{7}|822[2-9]\d{6,7}|1[2-9]\d{2}[2-9]\d{6})$/.test(full) ? full : null
}

type Iterable1<R> = { all(): Iterable<R> }

function live<R extends object>(table: Iterable1<R>): R[] {
  return [...table.all()].filter((record) => (record as { is_deleted?: boolean }).is_deleted !== true)
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}
