/** The first stage: both sides are read at the same time, each within its own limits. */
import { fingerprint } from '../base/fingerprint.ts'
import { together } from '../base/together.ts'
import { type ConnectionState, readConnection, updateConnection } from '../store/index.ts'
import { refreshKnown } from './feedback/index.ts'
import { createMirror, type Progress, type Reading } from './mirror/index.ts'
import { type Attribute, type Stream, streams } from './model/index.ts'
import type { Plan } from './projection/index.ts'
import type { RunContext } from './run-context.ts'
import { overlapMs, readStream } from './source/index.ts'
import { watchOf } from './telling.ts'

export type ReadResult = {
  /** Brevo's clock when its contacts were read: what is written from now on is modified after it. */
  readonly brevoTime: Date
}

export async function readBothSides(
  context: RunContext,
  run: string,
  plan: Plan,
  complete: boolean,
  state: ConnectionState,
): Promise<ReadResult> {
  const [, brevo] = await together(
    [
      (signal) => readSource({ ...context, signal }, run, plan, complete),
      (signal) => readBrevo({ ...context, signal }, plan, complete, state),
    ],
    context.signal,
  )
  return brevo
}

/** Which streams anything depends on. Archived deals come with the deals. */
export function neededStreams({ needs, settings }: Plan): ReadonlySet<Stream> {
  const wanted: Readonly<Record<Stream, boolean>> = {
    persons: settings.entities.persons,
    organizations: needs.organizations,
    deals: needs.deals,
    archived_deals: needs.deals,
    activities: needs.activities,
    leads: needs.leads,
  }
  return new Set(streams.filter((stream) => wanted[stream]))
}

/** Reads these streams into the mirror. Returns how many changes they brought that were not just made. */
export async function readSource(
  context: RunContext,
  run: string,
  plan: Plan,
  complete: boolean,
  wanted: ReadonlySet<Stream> = neededStreams(plan),
): Promise<number> {
  const { store, connection, clock } = context
  const state = await readConnection(store.db, connection)
  const mirror = createMirror(store, connection, () => clock.now(), watchOf(state, plan))
  const progress = await mirror.progress()
  const read = (stream: Stream, signal: AbortSignal): Promise<Progress> =>
    readStream(
      {
        pipedrive: context.pipedrive,
        mirror,
        catalogue: plan.catalogue,
        run,
        now: () => clock.now(),
        signal,
        onProgress: ({ rowsRead }) =>
          context.onProgress?.({ stage: 'read', what: stream, done: rowsRead, total: null }),
      },
      stream,
      readingOf(progress.get(stream), complete),
    )
  const tasks: ((signal: AbortSignal) => Promise<Progress>)[] = []
  for (const stream of wanted) {
    if (stream === 'archived_deals') continue
    // Archived deals after the deals: one that is archived meanwhile is then seen at least once.
    const follows = stream === 'deals' && wanted.has('archived_deals')
    tasks.push(async (signal) => {
      const done = await read(stream, signal)
      return follows ? read('archived_deals', signal) : done
    })
  }
  await together(tasks, context.signal)
  for (const entity of ['person', 'organization', 'deal', 'activity', 'lead'] as const)
    await mirror.sweep(entity)
  return mirror.late()
}

function readingOf(progress: Progress | undefined, complete: boolean): Reading {
  const watermark = progress?.watermark
  if (complete || !watermark) return { mode: 'listing' }
  return { mode: 'window', since: new Date(watermark.getTime() - overlapMs) }
}

export async function readBrevo(
  context: RunContext,
  plan: Plan,
  complete: boolean,
  state: ConnectionState,
): Promise<ReadResult> {
  const { store, connection, brevo, clock } = context
  const attributes = mappedAttributes(plan)
  const kept = knownFingerprint(plan)
  const since = complete || state.known_fingerprint !== kept ? null : state.known_until
  const result = await refreshKnown(store, connection, {
    brevo,
    attributes,
    since,
    hold: !plan.settings.resurrect,
    signal: context.signal,
    onProgress: (read, total) => context.onProgress?.({ stage: 'read', what: 'contacts', done: read, total }),
  })
  const brevoTime = result.serverTime ?? clock.now()
  await updateConnection(store.db, connection, {
    known_until: new Date(brevoTime.getTime() - overlapMs),
    known_fingerprint: kept,
  })
  return { brevoTime }
}

/** With which attributes what is known of Brevo was read. */
export function knownFingerprint(plan: Plan): string {
  return fingerprint(mappedAttributes(plan))
}

export function mappedAttributes(plan: Plan): readonly Attribute[] {
  return plan.attributes.map(({ attribute: { name, type, labels, labelOfValue } }) => ({
    name,
    type,
    labels,
    labelOfValue,
  }))
}
