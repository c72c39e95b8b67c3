/** Real records to show a mapping with: some clusters, and what is known around them. */
import { countPersons, newestIdentities, readCursors, type Store } from '../../store/index.ts'
import { type Catalogue, identityOf, type Organization, type Person } from '../model/index.ts'
import { type Cluster, type ClusterFacts, leadPerson, type References } from '../projection/index.ts'
import { loadClusters, loadReferences } from '../reconcile/index.ts'
import { offeredFields } from './offered-fields.ts'

/** Which streams the facts of the clusters were read from. */
export type ReadParts = { readonly deals: boolean; readonly activities: boolean; readonly leads: boolean }

export type SurveyRecords = {
  readonly clusters: readonly Cluster[]
  readonly read: ReadParts
  readonly references: References
}

/** Enough to find a value for most fields, and to judge where most numbers belong. */
const clustersAtMost = 200

const nothingRead: ReadParts = { deals: false, activities: false, leads: false }
const noFacts: ClusterFacts = { deals: [], openLeads: 0, activities: { nextDate: null, lastDate: null } }

/** How many persons the mirror has; null before the first reading. */
export async function mirroredPersons(store: Store, connection: string): Promise<number | null> {
  const cursors = await readCursors(store.db, connection)
  if (!cursors.some((row) => row.stream === 'persons')) return null
  return (await countPersons(store.db, connection)).live
}

/** From the mirror. `organizations`: asks for those that the mirror does not have. */
export async function recordsOfMirror(
  store: Store,
  connection: string,
  catalogue: Catalogue,
  organizations: (ids: readonly number[]) => Promise<readonly Organization[]>,
): Promise<SurveyRecords> {
  const cursors = await readCursors(store.db, connection)
  const wasRead = (stream: string): boolean =>
    cursors.some((row) => row.stream === stream && row.watermark !== null)
  const read = { deals: wasRead('deals'), activities: wasRead('activities'), leads: wasRead('leads') }
  const identities = await newestIdentities(store.db, connection, clustersAtMost)
  const needs = { ...read, organizations: true, users: true }
  const found = await loadClusters(store, connection, { needs }, identities)
  const order = new Map(identities.map((identity, index) => [identity, index]))
  const clusters = found.toSorted((a, b) => (order.get(a.email) ?? 0) - (order.get(b.email) ?? 0))
  const attributes = offeredFields(catalogue).map(({ source }) => ({ source }))
  return withOrganizations(
    { clusters, read, references: await loadReferences(store, connection, { attributes }, clusters) },
    organizations,
  )
}

/** From persons that were asked for; each is a cluster of its own, and nothing is known of its deals. */
export function recordsOfPage(
  persons: readonly Person[],
  organizations: (ids: readonly number[]) => Promise<readonly Organization[]>,
): Promise<SurveyRecords> {
  const clusters = new Map<string, Cluster>()
  for (const person of persons) {
    const { email } = identityOf(person)
    if (email !== null && !clusters.has(email))
      clusters.set(email, { email, persons: [person], facts: noFacts, organization: null })
  }
  const nameOfPerson = new Map(persons.map((person) => [person.id, textOf(person)]))
  const references: References = {
    organizationName: () => undefined,
    personName: (id) => nameOfPerson.get(id),
  }
  return withOrganizations({ clusters: [...clusters.values()], read: nothingRead, references }, organizations)
}

async function withOrganizations(
  records: SurveyRecords,
  ask: (ids: readonly number[]) => Promise<readonly Organization[]>,
): Promise<SurveyRecords> {
  const idOf = (cluster: Cluster): number | null =>
    cluster.organization === null ? leadPerson(cluster.persons).organizationId : null
  const missing = new Set(records.clusters.flatMap((cluster) => idOf(cluster) ?? []))
  const asked = new Map((await ask([...missing])).map((organization) => [organization.id, organization]))
  return {
    ...records,
    clusters: records.clusters.map((cluster) => ({
      ...cluster,
      organization: cluster.organization ?? asked.get(idOf(cluster) ?? 0) ?? null,
    })),
    references: {
      ...records.references,
      organizationName: (id) => records.references.organizationName(id) ?? asked.get(id)?.name,
    },
  }
}

function textOf({ fields }: Person): string {
  return fields.name?.kind === 'text' ? fields.name.text : ''
}
