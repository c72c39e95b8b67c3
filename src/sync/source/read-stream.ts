/** Reads one stream to its end: page after page into the mirror, each page kept before the next is asked for. */
import { oneAhead } from '../../base/ahead.ts'
import { TajoError } from '../../base/error.ts'
import type { LeadListOptions, ListOptions, PipedriveClient } from '../../pipedrive/index.ts'
import type { Mirror, Progress, Reading } from '../mirror/index.ts'
import type { Catalogue, Stream } from '../model/index.ts'
import { converted, createConverters, isRejected, marketingStatus, type RecordPage } from './converters.ts'
import { fromPipedriveActivity, fromPipedriveLead } from './from-pipedrive.ts'

export type StreamProgress = {
  readonly stream: Stream
  readonly rowsRead: number
  readonly finished: boolean
}

export type SourceContext = {
  readonly pipedrive: PipedriveClient
  readonly mirror: Mirror
  readonly catalogue: Catalogue
  readonly run: string
  readonly now: () => Date
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: StreamProgress) => void) | undefined
}

/** Records edited in the last moments before a reading may not be listed yet: windows overlap by so much. */
export const overlapMs = 120_000

/** Pipedrive's most, and the cheapest: a call costs the same whatever it returns. */
const pageSize = 500

export async function readStream(
  context: SourceContext,
  stream: Stream,
  reading: Reading,
): Promise<Progress> {
  const { mirror } = context
  const begun = await mirror.begin(context.run, stream, reading)
  const progress = await readPages(context, stream, begun)
  // An earlier process began this, perhaps long ago: what was edited since may lie on pages that it had read.
  if (begun.started_at === null || progress.watermark === null) return progress
  const since = new Date(progress.watermark.getTime() - overlapMs)
  return readPages(context, stream, await mirror.catchUp(progress, since))
}

async function readPages(context: SourceContext, stream: Stream, from: Progress): Promise<Progress> {
  const { mirror, onProgress } = context
  let progress = from
  let limit = pageSize
  /** Where an earlier process had left off: Pipedrive may no longer know the place. */
  let resumedAt = progress.cursor
  while (!progress.finished) {
    try {
      for await (const page of oneAhead(pagesOf(context, stream, progress, limit))) {
        resumedAt = null
        progress = await mirror.applyPage(stream, progress, {
          ...page,
          serverTime: page.serverTime ?? context.now(),
        })
        onProgress?.({ stream, rowsRead: progress.rows_read, finished: progress.finished })
        context.signal?.throwIfAborted()
      }
    } catch (error) {
      if (resumedAt !== null && isRejected(error)) {
        progress = await mirror.restart(stream, progress)
        resumedAt = null
        continue
      }
      // One monstrous record must not keep the others out: ask for fewer at a time.
      if (!isTooLarge(error) || limit === 1) throw error
      limit = Math.max(1, Math.floor(limit / 5))
    }
  }
  return progress
}

function pagesOf(
  { pipedrive, catalogue, signal }: SourceContext,
  stream: Stream,
  progress: Progress,
  limit: number,
): AsyncIterable<RecordPage> {
  const updatedSince = progress.since ?? undefined
  const common = { cursor: progress.cursor, updatedSince, limit, lane: 'backfill', signal } as const
  // By id, a record edited meanwhile keeps its place; the next window brings the edit.
  const options: ListOptions = { ...common, sortBy: 'id', sortDirection: 'asc' }
  // Deleted deals are listed when they are asked for; only they are, and only for thirty days.
  const deals: ListOptions = updatedSince
    ? { ...options, filters: { status: 'open,won,lost,deleted' } }
    : options
  const convert = createConverters(catalogue)
  switch (stream) {
    case 'persons':
      return converted(personPages(pipedrive, options), convert.person)
    case 'organizations':
      return converted(pipedrive.organizations.pages(options), convert.organization)
    case 'deals':
      return converted(pipedrive.deals.pages(deals), convert.deal)
    case 'archived_deals':
      return converted(pipedrive.deals.archivedPages(deals), (deal) => ({
        ...convert.deal(deal),
        archived: true,
      }))
    case 'activities':
      return converted(pipedrive.activities.pages(options), fromPipedriveActivity)
    case 'leads': {
      const leads: LeadListOptions = common
      return converted(pipedrive.leads.pages(leads), fromPipedriveLead)
    }
  }
}

/** With `marketing_status` where the company has Campaigns; some accounts may refuse the question. */
async function* personPages(
  pipedrive: PipedriveClient,
  options: ListOptions,
): ReturnType<typeof pipedrive.persons.pages> extends AsyncIterable<infer P> ? AsyncGenerator<P> : never {
  let cursor = options.cursor
  try {
    for await (const page of pipedrive.persons.pages({ ...options, includeFields: marketingStatus })) {
      cursor = page.nextCursor
      yield page
    }
  } catch (error) {
    if (!isRejected(error)) throw error
    yield* pipedrive.persons.pages({ ...options, cursor })
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof TajoError && error.code === 'pipedrive_answer_too_large'
}
