/** Duplicates for the doors: lists them, plans and makes merges with the clients they need. It merges nobody unasked. */
import type { Clock } from '../base/clock.ts'
import { TajoError } from '../base/error.ts'
import type { Config } from '../config/index.ts'
import type { PipedriveClient } from '../pipedrive/index.ts'
import { readConnection, type Store } from '../store/index.ts'
import {
  fromPlanNote,
  listDuplicates,
  type MergeReport,
  mergePersons,
  type PlannedMerge,
  planMerges,
  type SurvivorRule,
  watchOf,
} from '../sync/index.ts'
import { notConnected, pipedriveAccess, readStored } from './clients.ts'
import type { Dedupe, MergeOptions } from './dedupe-face.ts'
import { withLease } from './lease.ts'
import type { SecretBox } from './secrets.ts'
import type { SkillShelf } from './skills/skill-shelf.ts'
import { toSyncSettings } from './sync-settings.ts'
import type { Turns } from './turns.ts'

export type DedupeContext = {
  readonly store: Store
  readonly connection: string
  readonly config: Config
  readonly box: SecretBox
  readonly clock: Clock
  readonly timeoutMs?: number | undefined
  /** A merge and a pass take turns. */
  readonly turns: Turns
  readonly shelf: SkillShelf
  /** Called when there is something for a server to look at; returns whether there is one. */
  readonly onHints: () => Promise<boolean>
}

export function createDedupe(context: DedupeContext): Dedupe {
  const { store, connection, config, clock } = context
  const listing = (survivor: SurvivorRule | undefined) => ({
    store,
    connection,
    survivor: survivor ?? config.dedupe.survivor,
    defaultCountry: config.pipedrive.defaultCountry,
  })
  return {
    async list({ survivor, suggestions = false } = {}) {
      const { plan } = await readConnection(store.db, connection)
      const fields = plan === null ? [] : fromPlanNote(plan).personFields
      return listDuplicates({ ...listing(survivor), fields }, { suggestions })
    },
    plan: ({ signal, ...selection } = {}) =>
      withPipedrive(context, (pipedrive) =>
        planMerges({ ...listing(selection.survivor), pipedrive, now: () => clock.now(), signal }, selection),
      ),
    async merge(merges, options = {}) {
      assertOnce(merges)
      const report = await withPipedrive(context, (pipedrive) => merge(context, pipedrive, merges, options))
      const follows = (await context.onHints()) ? 'server' : 'sync'
      return { ...report, follows }
    },
  }
}

async function merge(
  context: DedupeContext,
  pipedrive: PipedriveClient,
  merges: readonly PlannedMerge[],
  { signal, onProgress }: MergeOptions,
): Promise<Omit<MergeReport, 'follows'>> {
  const { store, connection, config, clock, turns, shelf } = context
  const state = await readConnection(store.db, connection)
  const report = await mergePersons(
    {
      store,
      connection,
      pipedrive,
      defaultCountry: config.pipedrive.defaultCountry,
      watch: watchOf(state, { settings: toSyncSettings(config, shelf.noticed()) }),
      now: () => clock.now(),
      signal,
      alone: (work) => turns.take({ signal }, () => withLease(store, connection, signal, work)),
      onProgress: (done, total) => onProgress?.({ stage: 'deliver', what: 'merges', done, total }),
    },
    merges,
  )
  const { count, tokens } = pipedrive.usage()
  return { ...report, requests: { count, tokens } }
}

async function withPipedrive<T>(
  { store, connection, config, box, clock, timeoutMs }: DedupeContext,
  work: (pipedrive: PipedriveClient) => Promise<T>,
): Promise<T> {
  const stored = await readStored(store, connection, box)
  const access = pipedriveAccess(config, stored, clock, timeoutMs)
  if (access === null) throw notConnected('pipedrive', stored)
  const pipedrive = access.make()
  try {
    return await work(pipedrive)
  } finally {
    await pipedrive.close()
  }
}

/** A person can go once, and only into one that stays until then. */
function assertOnce(merges: readonly PlannedMerge[]): void {
  const gone = new Set<number>()
  for (const { loserId, survivorId } of merges) {
    if (gone.has(loserId) || gone.has(survivorId) || loserId === survivorId) {
      throw new TajoError({
        code: 'merge_impossible',
        message: `Person ${loserId} cannot be merged into person ${survivorId}: one of them is gone by then. Take the merges of a plan as they are.`,
        details: { loser_id: loserId, survivor_id: survivorId },
      })
    }
    gone.add(loserId)
  }
}
