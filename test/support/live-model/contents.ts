/**
 * Brevo as the live Tajo left it, against a Brevo that a Tajo without a past has just filled from the same Pipedrive. What may
 * differ is what the rules let a past decide (leftovers, adopted contacts, foreign values), and is named here one by one.
 */
import { deepStrictEqual } from 'node:assert'
import type { Sandbox } from '../../../src/simulators/index.ts'
import type { SeedPerson } from '../../../src/simulators/pipedrive/seed.ts'
import {
  type BrevoNow,
  brevoNow,
  type ExpectedContact,
  expectedBrevo,
  identityOf,
} from '../contact-oracle.ts'
import type { Chronicle } from './chronicle.ts'
import type { Brevo, World } from './world.ts'

const managedFrom = 60

/** What a first sync would make of it all now. */
export type Wanted = { readonly contacts: BrevoNow; readonly companies: readonly string[] }

/** By the sync rules alone, which `contact-oracle.ts` reads for itself. */
export function wantedByRules(world: World): Wanted {
  const { pipedrive, initial } = world
  const { tables } = pipedrive.state
  const before = brevoNow({ pipedrive, brevo: { state: { snapshot: () => initial } } } as unknown as Sandbox)
  const clusters = [...clustersOf(world)]
  const companies = [...tables.organization.all()]
    .filter((organization) => organization.is_deleted !== true)
    .map(({ id, name }) => {
      const emails = clusters.filter(([, members]) => leadOf(members)?.org_id === id)
      return companyLine(
        name,
        emails.map(([email]) => email),
      )
    })
  return {
    contacts: expectedBrevo({ pipedrive } as Sandbox, before),
    companies: companies.flatMap((line) => line ?? []).sort(),
  }
}

/** As a Tajo without a past really left it. */
export function wantedAsMade(world: World, fresh: Brevo): Wanted {
  const contacts = brevoNow({ pipedrive: world.pipedrive, brevo: fresh } as Sandbox)
  return { contacts, companies: companiesOf(fresh, clustersOf(world)) }
}

export function checkContents(
  world: World,
  { contacts: wanted, companies }: Wanted,
  chronicle: Chronicle,
): void {
  const { pipedrive, brevo } = world
  const past = pastOf(world, chronicle)
  const now = brevoNow({ pipedrive, brevo } as Sandbox)
  const clusters = clustersOf(world)
  const differences: string[] = []
  for (const [email, members] of clusters) {
    const [is, should] = [now[email], wanted[email]]
    if (!should) throw new Error(`the fresh sync made no contact ${email}`)
    if (!is) {
      differences.push(`${email} has no contact`)
      continue
    }
    const plain =
      members.length === 1 && members.every((one) => chronicle.isPlain(one.id)) && !past.seeded(members)
    differences.push(...differencesOf(is, should, { plain, now, clusters, past }))
  }
  for (const [email, contact] of Object.entries(now)) {
    if (clusters.has(email)) continue
    const id = Number(brevo.state.contact(email)?.id)
    const lists = contact.lists.filter((list) => list >= managedFrom && !past.lists(id).includes(list))
    if (lists.length > 0) differences.push(`${email} belongs to nobody, and is on the lists ${lists}`)
  }
  for (const contact of brevo.state.contacts())
    if (past.blocked.has(contact.id) && !contact.emailBlacklisted)
      differences.push(`${contact.email} was resubscribed`)
  const linked = companiesOf(brevo, clusters)
  if (!equal(linked, companies))
    differences.push(`companies are ${JSON.stringify(linked)}, not ${JSON.stringify(companies)}`)
  if (differences.length > 0)
    throw new Error(`Brevo differs from a fresh sync:\n  ${differences.join('\n  ')}`)
}

type Leniency = {
  /** One person, with addresses that were never anybody else's. */
  readonly plain: boolean
  readonly now: Readonly<Record<string, ExpectedContact>>
  readonly clusters: ReadonlyMap<string, unknown>
  readonly past: Past
}

function differencesOf(is: ExpectedContact, should: ExpectedContact, leniency: Leniency): string[] {
  const { plain, now, clusters, past } = leniency
  const { email } = is
  const found: string[] = []
  const differ = (what: string, a: unknown, b: unknown): void => {
    found.push(`${email}: ${what} is ${JSON.stringify(a)}, not ${JSON.stringify(b)}`)
  }
  if (is.extId !== should.extId) differ('ext_id', is.extId, should.extId)
  for (const name of new Set([...Object.keys(is.attributes), ...Object.keys(should.attributes)])) {
    const [a, b] = [is.attributes[name], should.attributes[name]]
    // An empty source leaves what others wrote (rule R2.5), and which contact that is on depends on the past.
    if (!plain && (b === undefined || b === past.attribute(email, name))) continue
    if (!equal(a, b)) differ(name, a, b)
  }
  if (is.sms !== should.sms) {
    // A number stays with a contact that nobody owns any more, and cannot be had twice (rule R2.2).
    const taken = Object.values(now).some((one) => one.sms === should.sms && !clusters.has(one.email))
    const kept = !plain && should.sms === null
    if (!taken && !kept) differ('SMS', is.sms, should.sms)
  }
  const managed = (lists: readonly number[]): number[] => lists.filter((list) => list >= managedFrom)
  if (!equal(managed(is.lists), managed(should.lists)))
    differ('lists', managed(is.lists), managed(should.lists))
  if (should.emailBlacklisted && !is.emailBlacklisted && !past.addresses.has(email))
    differ('blocklisted', false, true)
  if (is.emailBlacklisted && !should.emailBlacklisted && !past.mayBeBlocked(email))
    differ('blocklisted', true, false)
  return found
}

type Past = ReturnType<typeof pastOf>

/** What was in Brevo before Tajo, and what others did there since. */
function pastOf({ brevo, initial, blockedByHand }: World, chronicle: Chronicle) {
  const byEmail = new Map(initial.map((contact) => [contact.email ?? '', contact]))
  const byId = new Map(initial.map((contact) => [contact.id, contact]))
  const addresses = new Set(byEmail.keys())
  const blocked = new Set([
    ...initial.filter((contact) => contact.emailBlacklisted).map((contact) => contact.id),
    ...blockedByHand,
  ])
  return {
    addresses,
    blocked,
    seeded: (members: readonly SeedPerson[]): boolean =>
      members.some((one) =>
        [...(chronicle.addresses.get(one.id) ?? [])].some((email) => addresses.has(email)),
      ),
    attribute: (email: string, name: string): unknown => byEmail.get(email)?.attributes[name],
    lists: (id: number): readonly number[] => byId.get(id)?.listIds ?? [],
    mayBeBlocked: (email: string): boolean =>
      blocked.has(Number(brevo.state.contact(email)?.id)) || chronicle.unsubscribed.has(email),
  }
}

function clustersOf({ pipedrive }: World): Map<string, SeedPerson[]> {
  const clusters = new Map<string, SeedPerson[]>()
  for (const person of pipedrive.state.tables.person.all()) {
    const email = person.is_deleted ? null : identityOf(person)
    if (email !== null) clusters.set(email, [...(clusters.get(email) ?? []), person])
  }
  return clusters
}

/** Names and links of the companies that anybody is linked to. */
function companiesOf({ state }: Brevo, clusters: ReadonlyMap<string, unknown>): readonly string[] {
  return state
    .companies()
    .flatMap(({ name, linkedContactsIds }) => {
      const emails = linkedContactsIds.map((id) => state.contact(id)?.email ?? `contact ${id}`)
      return (
        companyLine(
          name,
          emails.filter((email) => clusters.has(email)),
        ) ?? []
      )
    })
    .sort()
}

/** Rule R1.2. */
function leadOf(members: readonly SeedPerson[]): SeedPerson | undefined {
  const [lead] = members.toSorted((a, b) => b.update_time.localeCompare(a.update_time) || a.id - b.id)
  return lead
}

function companyLine(name: string, emails: readonly string[]): string | null {
  return emails.length === 0 ? null : `${name}: ${emails.toSorted().join()}`
}

function equal(a: unknown, b: unknown): boolean {
  try {
    deepStrictEqual(a, b)
    return true
  } catch {
    return false
  }
}
