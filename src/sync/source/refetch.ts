/** Reads changed records again, the cheapest way: singly while they are few, else a hundred ids in a call. */

import { TajoError } from '../../base/error.ts'
import { eachOf } from '../../base/together.ts'
import type { PipedriveClient } from '../../pipedrive/index.ts'
import type { RecordsRead } from '../mirror/index.ts'
import type { Catalogue, Entity, SourceRecord, Unreadable } from '../model/index.ts'
import { converted, createConverters, isRejected, marketingStatus, type RecordPage } from './converters.ts'
import { fromPipedriveActivity, fromPipedriveLead } from './from-pipedrive.ts'

export type Refetching = {
  readonly pipedrive: PipedriveClient
  readonly catalogue: Catalogue
  readonly signal?: AbortSignal | undefined
}

/** A get costs 1 token, a listing 10 however many ids it names (https://pipedrive.readme.io/docs/core-api-concepts-rate-limiting). */
const singlyBelow = 10
const idsAtMost = 100
/** At a time: the burst limit of the smallest plan is the governor's concern. */
const atOnce = 8

/** Every id comes back: as a record, as unreadable, or as gone. */
export async function refetch(
  refetching: Refetching,
  entity: Entity,
  ids: readonly string[],
): Promise<RecordsRead> {
  const reader = readerOf(refetching, entity)
  if (ids.length < singlyBelow || reader.list === null) return readSingly(reader, ids)
  const found = await readListed(reader.list, ids)
  // A listing leaves out what is deleted, archived or hidden: only asking for it tells which.
  const seen = new Set([
    ...found.records.map((record) => String(record.id)),
    ...found.unreadable.flatMap((item) => (item.id === null ? [] : [item.id])),
  ])
  const rest = await readSingly(
    reader,
    ids.filter((id) => !seen.has(id)),
  )
  return {
    records: [...found.records, ...rest.records],
    unreadable: [...found.unreadable, ...rest.unreadable],
    gone: rest.gone,
  }
}

type Reader = {
  get(id: string): Promise<SourceRecord>
  /** Null where there is no listing by ids. */
  list: ((ids: readonly number[]) => AsyncIterable<RecordPage>) | null
}

async function readSingly(reader: Reader, ids: readonly string[]): Promise<RecordsRead> {
  const records: SourceRecord[] = []
  const unreadable: Unreadable[] = []
  const gone: string[] = []
  await eachOf(ids, atOnce, async (id) => {
    try {
      records.push(await reader.get(id))
    } catch (error) {
      if (!(error instanceof TajoError)) unreadable.push({ id, problem: String((error as Error).message) })
      else if (error.code === 'pipedrive_not_found') gone.push(id)
      else if (error.code === 'pipedrive_record_unreadable') unreadable.push({ id, problem: error.message })
      else throw error
    }
  })
  return { records, unreadable, gone }
}

async function readListed(
  list: NonNullable<Reader['list']>,
  ids: readonly string[],
): Promise<{ records: SourceRecord[]; unreadable: Unreadable[] }> {
  const records: SourceRecord[] = []
  const unreadable: Unreadable[] = []
  for (let start = 0; start < ids.length; start += idsAtMost) {
    for await (const page of list(ids.slice(start, start + idsAtMost).map(Number))) {
      records.push(...page.records)
      unreadable.push(...page.unreadable)
    }
  }
  return { records, unreadable }
}

function readerOf({ pipedrive, catalogue, signal }: Refetching, entity: Entity): Reader {
  const call = { lane: 'live', signal } as const
  const convert = createConverters(catalogue)
  switch (entity) {
    case 'person':
      return {
        get: async (id) => convert.person(await getPerson(pipedrive, Number(id), call)),
        list: (ids) => personsById(pipedrive, ids, call, convert.person),
      }
    case 'organization':
      return {
        get: async (id) => convert.organization(await pipedrive.organizations.get(Number(id), call)),
        list: (ids) => converted(pipedrive.organizations.pages({ ...call, ids }), convert.organization),
      }
    case 'deal':
      return {
        get: async (id) => convert.deal(await pipedrive.deals.get(Number(id), call)),
        list: (ids) => converted(pipedrive.deals.pages({ ...call, ids }), convert.deal),
      }
    case 'activity':
      return {
        get: async (id) => fromPipedriveActivity(await pipedrive.activities.get(Number(id), call)),
        list: (ids) => converted(pipedrive.activities.pages({ ...call, ids }), fromPipedriveActivity),
      }
    case 'lead':
      return { get: async (id) => fromPipedriveLead(await pipedrive.leads.get(id, call)), list: null }
  }
}

type Call = { readonly lane: 'live'; readonly signal: AbortSignal | undefined }

async function getPerson(pipedrive: PipedriveClient, id: number, call: Call) {
  try {
    return await pipedrive.persons.get(id, { ...call, includeFields: marketingStatus })
  } catch (error) {
    if (!isRejected(error)) throw error
    return pipedrive.persons.get(id, call)
  }
}

async function* personsById(
  pipedrive: PipedriveClient,
  ids: readonly number[],
  call: Call,
  convert: ReturnType<typeof createConverters>['person'],
): AsyncGenerator<RecordPage> {
  try {
    yield* converted(pipedrive.persons.pages({ ...call, ids, includeFields: marketingStatus }), convert)
  } catch (error) {
    if (!isRejected(error)) throw error
    yield* converted(pipedrive.persons.pages({ ...call, ids }), convert)
  }
}
