/** Clusters of duplicates as the mirror has them, with what merging would do to each. It asks no service. */
import {
  countDealsOf,
  type PersonMergeRow,
  possibleDuplicates,
  readConnection,
  readPersonMerges,
  type Store,
} from '../../store/index.ts'
import type { FieldDefinition, Person } from '../model/index.ts'
import { identityOf, primaryEntry } from '../model/index.ts'
import { chooseSurvivor } from './choose-survivor.ts'
import { type FoundCluster, findTies, mergeOrder, nameKey, type Tie, toClusters } from './find-clusters.ts'
import { mergeOutcome } from './merge-outcome.ts'
import type { DuplicateCluster, DuplicatePerson, DuplicateReport, SurvivorRule } from './report.ts'

export type Listing = {
  readonly store: Store
  readonly connection: string
  readonly survivor: SurvivorRule
  /** ISO 3166, two letters; null: numbers without a country code are not compared. */
  readonly defaultCountry: string | null
  /** The person fields as far as they are known, for their names. */
  readonly fields: readonly FieldDefinition[]
}

/** Everything that may have to be merged, as it was read at one moment. */
export type Duplicates = {
  readonly persons: ReadonlyMap<number, Person>
  readonly ties: readonly Tie[]
  /** How a cluster looks, with its survivor: as the rule says, or the one that is given. */
  describe(cluster: FoundCluster, survivorId?: number): DuplicateCluster
}

export async function listDuplicates(
  listing: Listing,
  { suggestions }: { suggestions: boolean },
): Promise<DuplicateReport> {
  const { store, connection, survivor } = listing
  const { listed_at } = await readConnection(store.db, connection)
  const found = await readDuplicates(listing)
  const suggested = toClusters(found.ties).filter(isSuggestion)
  return {
    survivor,
    listedAt: listed_at?.toISOString() ?? null,
    clusters: toClusters(found.ties.filter(isSameEmail)).map((cluster) => found.describe(cluster)),
    suggestionCount: suggested.length,
    suggestions: suggestions ? suggested.map((cluster) => found.describe(cluster)) : [],
  }
}

export async function readDuplicates(listing: Listing): Promise<Duplicates> {
  const { store, connection, survivor, defaultCountry } = listing
  const rows = await possibleDuplicates(store.db, connection)
  const persons = new Map(rows.map((row) => [Number(row.id), row.doc as unknown as Person]))
  const ties = findTies([...persons.values()], defaultCountry)
  const tied = [...new Set(ties.flatMap(({ ids }) => ids))]
  const deals = new Map(
    (await countDealsOf(store.db, connection, tied)).map(({ person_id, ...counts }) => [person_id, counts]),
  )
  const refused = await readPersonMerges(store.db, connection, ['failed'])
  const fields = new Map(listing.fields.map((field) => [field.key, field]))
  const dealsOf = (id: number): DuplicatePerson['deals'] => deals.get(id) ?? { open: 0, won: 0, lost: 0 }
  return {
    persons,
    ties,
    describe(cluster, survivorId) {
      const members = cluster.ids.flatMap((id) => persons.get(id) ?? [])
      const stays =
        members.find(({ id }) => id === survivorId) ??
        chooseSurvivor(members, survivor, (id) => sumOf(dealsOf(id)))
      const losers = mergeOrder(cluster, stays.id).flatMap((id) => persons.get(id) ?? [])
      return {
        kind: isSuggestion(cluster) ? 'suggestion' : 'same_email',
        because: [...new Set(cluster.ties.map(({ reason }) => reason))],
        shared: [...new Set(cluster.ties.map(({ value }) => value))],
        namesDiffer: new Set(members.map(nameKey)).size > 1,
        survivorId: stays.id,
        persons: [stays, ...losers].map((person) => toView(person, dealsOf(person.id))),
        ...mergeOutcome(stays, losers, fields, defaultCountry),
        failed: failedAmong(refused, new Set(cluster.ids)),
      }
    },
  }
}

export function isSameEmail({ reason }: Tie): boolean {
  return reason === 'same_email'
}

export function isSuggestion({ ties }: FoundCluster): boolean {
  return !ties.every(isSameEmail)
}

function toView(person: Person, deals: DuplicatePerson['deals']): DuplicatePerson {
  const { name } = person.fields
  return {
    personId: person.id,
    name: name?.kind === 'text' ? name.text.trim() : null,
    email: identityOf(person).email ?? primaryEntry(person.emails),
    phone: primaryEntry(person.phones),
    organizationId: person.organizationId,
    deals,
    addedAt: person.addedAt,
    updatedAt: person.updatedAt,
  }
}

function failedAmong(
  rows: readonly PersonMergeRow[],
  members: ReadonlySet<number>,
): DuplicateCluster['failed'] {
  return rows
    .filter(({ loser_id, survivor_id }) => members.has(loser_id) && members.has(survivor_id))
    .map(({ loser_id, message, ended_at }) => ({
      loserId: loser_id,
      message: message ?? '',
      at: ended_at?.toISOString() ?? null,
    }))
}

function sumOf({ open, won, lost }: DuplicatePerson['deals']): number {
  return open + won + lost
}
