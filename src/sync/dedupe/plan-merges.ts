/** Which persons would be merged into which, and what that costs. It merges nobody, and asks Pipedrive for its fields only. */
import { TajoError } from '../../base/error.ts'
import type { PipedriveClient } from '../../pipedrive/index.ts'
import { dropPersonMerges, readPersonMerges, readRecords, setPersonMerge } from '../../store/index.ts'
import { readPersonFields } from '../source/index.ts'
import { type FoundCluster, type Tie, toClusters } from './find-clusters.ts'
import { isSameEmail, isSuggestion, type Listing, readDuplicates } from './list-duplicates.ts'
import type { MergeForecast, MergePlan, MergeSelection, PlannedMerge } from './report.ts'

/** https://pipedrive.readme.io/docs/core-api-concepts-rate-limiting */
const mergeTokens = 40
/** Both right before the merge, and the survivor after it. */
const readsPerMerge = 3
/** More than a day's tokens of most accounts pay for. */
const mergesAtMost = 5_000

export type Planning = Omit<Listing, 'fields'> & {
  readonly pipedrive: PipedriveClient
  readonly now: () => Date
  readonly signal?: AbortSignal | undefined
}

type Begun = Pick<PlannedMerge, 'loserId' | 'survivorId'>

/**
 * What was begun before and is not done is part of it, with the survivor that was chosen then unless `selection` names
 * a rule. Throws `duplicate_unknown` for a person that is in no cluster.
 */
export async function planMerges(planning: Planning, selection: MergeSelection): Promise<MergePlan> {
  const { pipedrive, signal } = planning
  const fields = await readPersonFields(pipedrive, signal)
  const found = await readDuplicates({ ...planning, fields })
  const everything = toClusters(found.ties)
  assertKnown(everything, [...(selection.only ?? []), ...(selection.include ?? [])])
  const begun = await forgetEnded(planning, everything)
  const survivorOf = new Map(begun.map((merge) => [merge.loserId, merge.survivorId]))
  const named = new Set([...(selection.include ?? []), ...begunSuggestions(begun, found.ties)])
  const ties = everything.flatMap((cluster) =>
    isSuggestion(cluster) && !cluster.ids.some((id) => named.has(id))
      ? cluster.ties.filter(isSameEmail)
      : cluster.ties,
  )
  const only = selection.only && new Set(selection.only)
  const clusters = toClusters(ties)
    .filter(({ ids }) => only === undefined || ids.some((id) => only.has(id)))
    .map((cluster) => {
      const chosen = cluster.ids.map((id) => survivorOf.get(id)).find((id) => cluster.ids.includes(id ?? 0))
      return found.describe(cluster, selection.survivor === undefined ? chosen : undefined)
    })
  const merges = clusters.flatMap(({ survivorId, persons, because }) =>
    persons.slice(1).map(({ personId }): PlannedMerge => ({ loserId: personId, survivorId, because })),
  )
  const now = merges.slice(0, mergesAtMost)
  const loserIds = new Set(now.map(({ loserId }) => loserId))
  return {
    survivor: planning.survivor,
    clusters: clusters.filter(({ persons }) => persons.some(({ personId }) => loserIds.has(personId))),
    merges: now,
    more: merges.length - now.length,
    forecast: toForecast(pipedrive, now.length),
  }
}

/** Of these nobody is merged for the e-mail alone: they were named when it was begun. */
function begunSuggestions(begun: readonly Begun[], ties: readonly Tie[]): readonly number[] {
  const clusters = toClusters(ties.filter(isSameEmail))
  return begun
    .filter(
      (merge) => !clusters.some(({ ids }) => ids.includes(merge.loserId) && ids.includes(merge.survivorId)),
    )
    .map(({ loserId }) => loserId)
}

function toForecast(pipedrive: PipedriveClient, merges: number): MergeForecast {
  const readTokens = pipedrive.apiVersion === 'v1' ? 2 : 1
  const { tokens, remaining, fits, days, resetsAt } = pipedrive.forecast(
    merges * (mergeTokens + readsPerMerge * readTokens),
  )
  return { tokens, remaining, fits, days, resetsAt: resetsAt.toISOString() }
}

/** Merges that are not done, without those that a webhook or a reading has meanwhile shown to be over. */
async function forgetEnded(
  { store, connection, now }: Planning,
  clusters: readonly FoundCluster[],
): Promise<readonly Begun[]> {
  const rows = await readPersonMerges(store.db, connection, ['planned', 'sent'])
  if (rows.length === 0) return []
  const together = (row: { loser_id: number; survivor_id: number }): boolean =>
    clusters.some(({ ids }) => ids.includes(row.loser_id) && ids.includes(row.survivor_id))
  const over = rows.filter((row) => !together(row))
  const live = await readRecords(
    store.db,
    connection,
    'person',
    over.map(({ loser_id }) => loser_id),
  )
  const isLive = (id: number): boolean => live.some((record) => Number(record.id) === id)
  await dropPersonMerges(
    store.db,
    connection,
    over.filter(({ loser_id, state }) => state === 'planned' || isLive(loser_id)).map((row) => row.loser_id),
  )
  for (const { loser_id, state } of over)
    if (state === 'sent' && !isLive(loser_id))
      await setPersonMerge(store.db, connection, loser_id, { state: 'done', message: null, now: now() })
  return rows
    .filter(together)
    .map(({ loser_id, survivor_id }) => ({ loserId: loser_id, survivorId: survivor_id }))
}

function assertKnown(clusters: readonly FoundCluster[], ids: readonly number[]): void {
  const known = new Set(clusters.flatMap((cluster) => cluster.ids))
  const unknown = ids.filter((id) => !known.has(id))
  if (unknown.length === 0) return
  throw new TajoError({
    code: 'duplicate_unknown',
    message: `Nobody else has anything in common with person ${unknown.join(', ')}, as far as was read: \`tajo dedupe --suggestions\` lists who has.`,
    details: { person_ids: unknown.map(String) },
  })
}
