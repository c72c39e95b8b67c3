/** Walks clusters, projects each, and keeps what is wanted. A few hundred clusters in memory at a time. */
import { fingerprint } from '../../base/fingerprint.ts'
import type { JsonObject } from '../../base/json.ts'
import {
  type ClusterPerson,
  clearDirty,
  clearDirtyUntil,
  countOpenLeadsOf,
  type DirtyMark,
  lastDirtyMark,
  nextIdentities,
  readActivityDatesOf,
  readClusterPersons,
  readDealsOf,
  readRecords,
  removeStaleWanted,
  removeStaleWarnings,
  replaceWanted,
  type Store,
  takeDirty,
  type WantedRow,
  type WarningRow,
} from '../../store/index.ts'
import type { Deal, Organization, Person, WantedContact } from '../model/index.ts'
import {
  type Cluster,
  leadPerson,
  type MappedAttribute,
  type Plan,
  type Projection,
  projectContact,
  type References,
} from '../projection/index.ts'

const clustersAtATime = 500

export type ProjectOptions = {
  readonly plan: Plan
  /** All clusters, or only those that are marked as out of date. */
  readonly all: boolean
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((projected: number) => void) | undefined
  /** The addresses of the clusters that were projected. */
  readonly onProjected?: ((identities: readonly string[]) => void) | undefined
}

/** Returns how many clusters were projected. */
export async function projectClusters(
  store: Store,
  connection: string,
  options: ProjectOptions,
): Promise<number> {
  let projected = 0
  const marked = await lastDirtyMark(store.db, connection)
  const project = async (identities: readonly string[], marks: readonly DirtyMark[]): Promise<void> => {
    options.signal?.throwIfAborted()
    await projectSome(store, connection, options.plan, identities, marks)
    projected += identities.length
    options.onProjected?.(identities)
    options.onProgress?.(projected)
  }
  if (options.all)
    for await (const identities of walkIdentities(store, connection)) await project(identities, [])
  else
    for await (const marks of walkDirty(store, connection))
      await project(
        marks.map(({ identity }) => identity),
        marks,
      )
  if (options.all) {
    await store.transaction(async (trx) => {
      await removeStaleWanted(trx, connection)
      await clearDirtyUntil(trx, connection, marked)
    })
  }
  await removeStaleWarnings(store.db, connection)
  return projected
}

async function projectSome(
  store: Store,
  connection: string,
  plan: Plan,
  identities: readonly string[],
  marks: readonly DirtyMark[],
): Promise<void> {
  const projected = await projectIdentities(store, connection, plan, identities)
  const rows = projected.map(({ contact }) => toWantedRow(contact))
  const warnings = projected.flatMap(({ contact, warnings: found }): WarningRow[] =>
    found.map((warning) => ({ person_id: contact.personId, ...warning })),
  )
  await store.transaction(async (trx) => {
    await replaceWanted(trx, connection, identities, rows, warnings)
    await clearDirty(trx, connection, marks)
  })
}

/** Marked ones, until none is left: what was projected is marked no more. */
async function* walkDirty(store: Store, connection: string): AsyncGenerator<readonly DirtyMark[]> {
  for (;;) {
    const marks = await takeDirty(store.db, connection, clustersAtATime)
    if (marks.length === 0) return
    yield marks
  }
}

/** All identities in order, as many at a time as are projected together. */
export async function* walkIdentities(store: Store, connection: string): AsyncGenerator<readonly string[]> {
  let after = ''
  for (;;) {
    const identities = await nextIdentities(store.db, connection, after, clustersAtATime)
    const last = identities[identities.length - 1]
    if (last === undefined) return
    yield identities
    after = last
  }
}

/** What is wanted of these identities with this plan; nothing is kept. */
export async function projectIdentities(
  store: Store,
  connection: string,
  plan: Plan,
  identities: readonly string[],
): Promise<readonly Projection[]> {
  if (identities.length === 0) return []
  const clusters = await loadClusters(store, connection, plan, identities)
  const references = await loadReferences(store, connection, plan, clusters)
  return clusters.map((cluster) => projectContact(cluster, plan, references))
}

export function toWantedRow(contact: WantedContact): WantedRow {
  return {
    person_id: contact.personId,
    identity: contact.email,
    sms: contact.sms,
    attributes: contact.attributes as unknown as JsonObject,
    lists: contact.lists,
    keep: contact.keep,
    unsubscribed: contact.unsubscribed,
    fingerprint: fingerprint(contact),
  }
}

/** Everything the projection of these identities reads; an identity that no live person has yields no cluster. */
export async function loadClusters(
  store: Store,
  connection: string,
  plan: Pick<Plan, 'needs'>,
  identities: readonly string[],
): Promise<readonly Cluster[]> {
  const rows = await readClusterPersons(store.db, connection, identities)
  const personIds = rows.map((row) => Number(row.id))
  const organizationIds = [...new Set(rows.flatMap((row) => (row.org_id === null ? [] : [row.org_id])))]
  const [deals, leads, activities, organizations] = await Promise.all([
    plan.needs.deals ? readDealsOf(store.db, connection, personIds) : [],
    plan.needs.leads ? countOpenLeadsOf(store.db, connection, personIds) : [],
    plan.needs.activities ? readActivityDatesOf(store.db, connection, personIds) : [],
    plan.needs.organizations ? readRecords(store.db, connection, 'organization', organizationIds) : [],
  ])
  const dealsOf = Map.groupBy(deals, (row) => row.person_id)
  const leadsOf = new Map(leads.map((row) => [row.person_id, row.count]))
  const activitiesOf = new Map(activities.map((row) => [row.person_id, row]))
  const organizationOf = new Map(
    organizations.map((row) => [Number(row.id), row.doc as unknown as Organization]),
  )
  return [...Map.groupBy(rows, (row) => row.identity)].map(([email, members]) => {
    const persons = members.map((member: ClusterPerson) => member.doc as unknown as Person)
    const ids = persons.map((person) => person.id)
    const lead = leadPerson(persons)
    const dates = ids.flatMap((id) => activitiesOf.get(id) ?? [])
    return {
      email,
      persons,
      facts: {
        deals: ids.flatMap((id) => (dealsOf.get(id) ?? []).map((row) => row.doc as unknown as Deal)),
        openLeads: ids.reduce((sum, id) => sum + (leadsOf.get(id) ?? 0), 0),
        activities: {
          nextDate: extreme(
            dates.map((row) => row.next_date),
            (a, b) => a < b,
          ),
          lastDate: extreme(
            dates.map((row) => row.last_date),
            (a, b) => a > b,
          ),
        },
      },
      organization: lead.organizationId === null ? null : (organizationOf.get(lead.organizationId) ?? null),
    }
  })
}

function extreme(days: readonly (string | null)[], wins: (a: string, b: string) => boolean): string | null {
  return days.reduce((best, day) => (day !== null && (best === null || wins(day, best)) ? day : best), null)
}

/** Names of the organizations and persons that mapped fields of these types point to. */
export async function loadReferences(
  store: Store,
  connection: string,
  plan: { readonly attributes: readonly Pick<MappedAttribute, 'source'>[] },
  clusters: readonly Cluster[],
): Promise<References> {
  const wanted = { organization: new Set<number>(), person: new Set<number>() }
  for (const { source } of plan.attributes) {
    if (source.kind !== 'field') continue
    for (const cluster of clusters) {
      const record = source.of === 'person' ? leadPerson(cluster.persons) : cluster.organization
      const value = record?.fields[source.field.key]
      if (value?.kind === 'reference' && value.entity !== 'user') wanted[value.entity].add(value.id)
    }
  }
  const [organizations, persons] = await Promise.all([
    readRecords(store.db, connection, 'organization', [...wanted.organization]),
    readRecords(store.db, connection, 'person', [...wanted.person]),
  ])
  const organizationNames = new Map(organizations.map((row) => [Number(row.id), String(row.doc.name ?? '')]))
  const personNames = new Map(persons.map((row) => [Number(row.id), nameOf(row.doc as unknown as Person)]))
  return {
    organizationName: (id) => organizationNames.get(id),
    personName: (id) => personNames.get(id),
  }
}

function nameOf(person: Person): string {
  const name = person.fields.name
  return name?.kind === 'text' ? name.text : ''
}
