/**
 * Merges persons in Pipedrive, one after the other. What each merge has come to is kept, so that a killed run goes on; a
 * merge whose answer was lost is looked at, and never sent a second time blindly. It decides nobody's survivor.
 */
import { asError, TajoError } from '../../base/error.ts'
import type { PipedriveClient } from '../../pipedrive/index.ts'
import {
  dropPersonMerges,
  markMergeSent,
  planPersonMerges,
  readPersonMerges,
  type Store,
  setPersonMerge,
} from '../../store/index.ts'
import { createMirror, type Mirror } from '../mirror/index.ts'
import type { EventWatch, Person } from '../model/index.ts'
import { type Refetching, readPersonFields, refetch } from '../source/index.ts'
import { reasonsBetween } from './find-clusters.ts'
import { followMerge } from './follow-merge.ts'
import type { MergeItem, MergeReport, PlannedMerge } from './report.ts'

/** So many in a row that got no proper answer, and the rest is left for later. */
const troublesAtMost = 3

export type Merging = {
  readonly store: Store
  readonly connection: string
  readonly pipedrive: PipedriveClient
  readonly defaultCountry: string | null
  /** Which changes are told as events; null before the first complete sync. */
  readonly watch: EventWatch | null
  readonly now: () => Date
  readonly signal?: AbortSignal | undefined
  /** Runs one step while nobody else works on the connection; in between, others may. */
  readonly alone: <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T>
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/** Throws aborts and defects only; what has left by then is looked at the next time. */
export async function mergePersons(
  merging: Merging,
  merges: readonly PlannedMerge[],
): Promise<Omit<MergeReport, 'follows' | 'requests'>> {
  const { store, connection, signal, now } = merging
  if (merges.length === 0) return toReport([], [], null)
  const items: MergeItem[] = []
  let pause: TajoError | null = null
  let troubles = 0
  try {
    await merging.alone(() => planPersonMerges(store.db, connection, merges.map(toRow), now()))
    const catalogue = { ...noCatalogue, personFields: await readPersonFields(merging.pipedrive, signal) }
    for (const [index, merge] of merges.entries()) {
      signal?.throwIfAborted()
      merging.onProgress?.(index, merges.length)
      const item = await merging.alone((leased) => mergeOne(toStep(merging, catalogue, leased), merge))
      items.push(item)
      troubles = item.state === 'left' ? troubles + 1 : 0
      if (troubles >= troublesAtMost) break
    }
  } catch (error) {
    if (signal?.aborted || !(error instanceof TajoError) || error.disposition !== 'pause') throw error
    pause = error
  }
  merging.onProgress?.(items.length, merges.length)
  return toReport(merges, items, pause)
}

type Step = {
  readonly merging: Merging
  readonly mirror: Mirror
  readonly refetching: Refetching
}

const noCatalogue = {
  organizationFields: [],
  dealFields: [],
  pipelines: [],
  stages: [],
  users: {},
  defaultCurrency: '',
}

function toStep(merging: Merging, catalogue: Refetching['catalogue'], signal: AbortSignal): Step {
  const { store, connection, pipedrive, now, watch } = merging
  return {
    merging,
    mirror: createMirror(store, connection, now, watch),
    refetching: { pipedrive, catalogue, signal },
  }
}

/** Throws what concerns the whole account. */
async function mergeOne(step: Step, merge: PlannedMerge): Promise<MergeItem> {
  const { store, connection } = step.merging
  const { loserId, survivorId } = merge
  const [earlier] = (await readPersonMerges(store.db, connection, ['sent'])).filter(
    (row) => row.loser_id === loserId,
  )
  const pair = await readPair(step, merge)
  if ('state' in pair) return pair
  const { loser, survivor } = pair
  if (loser === null && earlier) {
    // It was merged, though nobody heard of it.
    await follow(step, loserId, earlier.survivor_id)
    return { loserId, survivorId: earlier.survivor_id, state: 'merged', message: null }
  }
  const why = whyNot(step.merging, merge, loser, survivor)
  if (why !== null) {
    await dropPersonMerges(store.db, connection, [loserId])
    return { loserId, survivorId, state: 'skipped', message: why }
  }
  return send(step, merge)
}

type Pair = { readonly loser: Person | null; readonly survivor: Person | null }

/** As they are now; the mirror has them then, too. */
async function readPair({ mirror, refetching }: Step, merge: PlannedMerge): Promise<Pair | MergeItem> {
  const { loserId, survivorId } = merge
  const read = await refetch(refetching, 'person', [String(loserId), String(survivorId)])
  await mirror.applyRead('person', read)
  const [refusal] = read.failed.values()
  if (refusal) return { loserId, survivorId, state: 'left', message: refusal.message }
  const [unreadable] = read.unreadable
  if (unreadable)
    return {
      loserId,
      survivorId,
      state: 'left',
      message: `Person ${unreadable.id} cannot be read: ${unreadable.problem}`,
    }
  const persons = read.records.filter(
    (record): record is Person => record.entity === 'person' && !record.deleted,
  )
  return {
    loser: persons.find(({ id }) => id === loserId) ?? null,
    survivor: persons.find(({ id }) => id === survivorId) ?? null,
  }
}

/** Why these two are not merged after all; null when they are. */
function whyNot(
  { defaultCountry }: Merging,
  { loserId, survivorId, because }: PlannedMerge,
  loser: Person | null,
  survivor: Person | null,
): string | null {
  if (loser === null) return `Person ${loserId} is deleted, or was merged by somebody else.`
  if (survivor === null) return `Person ${survivorId} is deleted, or was merged by somebody else.`
  const reasons = reasonsBetween(loser, survivor, defaultCountry)
  const byEmail = because.every((reason) => reason === 'same_email')
  const still = byEmail ? reasons.includes('same_email') : reasons.length > 0
  if (still) return null
  return byEmail
    ? `Person ${loserId} and person ${survivorId} have different e-mail addresses by now.`
    : `Person ${loserId} and person ${survivorId} have nothing in common by now.`
}

async function send(
  step: Step,
  { loserId, survivorId }: Pick<PlannedMerge, 'loserId' | 'survivorId'>,
): Promise<MergeItem> {
  const { merging, refetching } = step
  const { store, connection, pipedrive, now } = merging
  const keep = (state: 'planned' | 'sent' | 'failed', message: string): Promise<void> =>
    setPersonMerge(store.db, connection, loserId, { state, message, now: now() })
  await markMergeSent(store.db, connection, toRow({ loserId, survivorId }), now())
  try {
    // What is kept for the sync is not spent on merges.
    await pipedrive.persons.merge(loserId, survivorId, { lane: 'backfill', signal: refetching.signal })
  } catch (error) {
    if (!(error instanceof TajoError)) throw error
    const { message } = error
    if ('applied' in error && error.applied === 'maybe') return lookAgain(step, loserId, survivorId, error)
    if (error.disposition === 'pause') {
      await keep('planned', message)
      throw error
    }
    const words = vendorWords(error)
    await keep(error.disposition === 'reject' ? 'failed' : 'planned', words)
    return { loserId, survivorId, state: error.disposition === 'reject' ? 'failed' : 'left', message: words }
  }
  await follow(step, loserId, survivorId)
  return { loserId, survivorId, state: 'merged', message: null }
}

/** Without an answer: if the loser is gone it was merged; otherwise it may be on its way still, and is left for later. */
async function lookAgain(
  step: Step,
  loserId: number,
  survivorId: number,
  error: TajoError,
): Promise<MergeItem> {
  const read = await refetch(step.refetching, 'person', [String(loserId)])
  const gone = read.gone.length > 0 || read.records.some((record) => record.deleted)
  if (!gone) return { loserId, survivorId, state: 'left', message: asError(error).message }
  await follow(step, loserId, survivorId)
  return { loserId, survivorId, state: 'merged', message: null }
}

async function follow(
  { merging, mirror, refetching }: Step,
  loserId: number,
  survivorId: number,
): Promise<void> {
  const { store, connection, watch, now } = merging
  await followMerge({ store, connection, mirror, refetching, watch, now }, loserId, survivorId)
}

/** The service's own words, where there are any. */
function vendorWords(error: TajoError): string {
  const words = 'vendorMessage' in error ? error.vendorMessage : null
  return typeof words === 'string' && !error.message.includes(words)
    ? `${error.message} (${words})`
    : error.message
}

function toRow({ loserId, survivorId }: Pick<PlannedMerge, 'loserId' | 'survivorId'>): {
  loser_id: number
  survivor_id: number
} {
  return { loser_id: loserId, survivor_id: survivorId }
}

function toReport(
  merges: readonly PlannedMerge[],
  done: readonly MergeItem[],
  pause: TajoError | null,
): Omit<MergeReport, 'follows' | 'requests'> {
  const rest = merges
    .slice(done.length)
    .map(({ loserId, survivorId }): MergeItem => ({ loserId, survivorId, state: 'left', message: null }))
  const items = [...done, ...rest]
  const counted = (state: MergeItem['state']): number => items.filter((item) => item.state === state).length
  const [failed, left] = [counted('failed'), counted('left')]
  return {
    status: pause ? 'paused' : failed + left > 0 ? 'incomplete' : 'complete',
    merged: counted('merged'),
    skipped: counted('skipped'),
    failed,
    left,
    items,
    reason: pause?.message ?? null,
    resumeAt: pause?.notBefore?.toISOString() ?? null,
  }
}
