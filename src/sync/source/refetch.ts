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
/** So many refusals, and it is not the record that is in trouble: the rest is not asked for now. */
const failuresAtMost = 8

export type Refetched = RecordsRead & {
  /** Those of which nothing was learnt, and why. */
  readonly failed: ReadonlyMap<string, TajoError>
}

/**
 * Every id comes back: as a record, as unreadable, as gone, or as failed. `singly`: one of them may be what spoilt an
 * earlier listing. Throws what concerns the whole account.
 */
export async function refetch(
  refetching: Refetching,
  entity: Entity,
  ids: readonly string[],
  singly = false,
): Promise<Refetched> {
  const reader = readerOf(refetching, entity)
  if (singly || ids.length < singlyBelow || reader.list === null) return readSingly(reader, ids)
  const found = await readListed(reader.list, ids)
  // A listing leaves out what is deleted, archived or hidden: only asking for it tells which.
  const seen = new Set([
    ...found.records.map((record) => String(record.id)),
    ...found.unreadable.flatMap((item) => (item.id === null ? [] : [item.id])),
    ...found.failed.keys(),
  ])
  const rest = await readSingly(
    reader,
    ids.filter((id) => !seen.has(id)),
  )
  return {
    records: [...found.records, ...rest.records],
    unreadable: [...found.unreadable, ...rest.unreadable],
    gone: rest.gone,
    failed: new Map([...found.failed, ...rest.failed]),
  }
}

type Reader = {
  /** Converting is left to the caller: trouble with the asking is no trait of the record. */
  get(id: string): Promise<() => SourceRecord>
  /** Null where there is no listing by ids. */
  list: ((ids: readonly number[]) => AsyncIterable<RecordPage>) | null
}

async function readSingly(reader: Reader, ids: readonly string[]): Promise<Refetched> {
  const records: SourceRecord[] = []
  const unreadable: Unreadable[] = []
  const gone: string[] = []
  const failed = new Map<string, TajoError>()
  await eachOf(ids, atOnce, async (id) => {
    const [refusal] = failed.values()
    if (refusal && failed.size >= failuresAtMost) {
      failed.set(id, refusal)
      return
    }
    let convert: () => SourceRecord
    try {
      convert = await reader.get(id)
    } catch (error) {
      const expected = ofRecord(error)
      if (expected.code === 'pipedrive_not_found') gone.push(id)
      else if (expected.code === 'pipedrive_record_unreadable')
        unreadable.push({ id, problem: expected.message })
      else failed.set(id, expected)
      return
    }
    try {
      records.push(convert())
    } catch (error) {
      unreadable.push({ id, problem: error instanceof Error ? error.message : String(error) })
    }
  })
  return { records, unreadable, gone, failed }
}

async function readListed(
  list: NonNullable<Reader['list']>,
  ids: readonly string[],
): Promise<Omit<Refetched, 'gone'>> {
  const records: SourceRecord[] = []
  const unreadable: Unreadable[] = []
  const failed = new Map<string, TajoError>()
  for (let start = 0; start < ids.length; start += idsAtMost) {
    const some = ids.slice(start, start + idsAtMost)
    try {
      for await (const page of list(some.map(Number))) {
        records.push(...page.records)
        unreadable.push(...page.unreadable)
      }
    } catch (error) {
      const refusal = ofRecord(error)
      for (const id of some) failed.set(id, refusal)
    }
  }
  return { records, unreadable, failed }
}

/** What may be about the record that was asked for; everything else is thrown on. */
function ofRecord(error: unknown): TajoError {
  if (error instanceof TajoError && error.disposition !== 'pause') return error
  throw error
}

function readerOf({ pipedrive, catalogue, signal }: Refetching, entity: Entity): Reader {
  const call = { lane: 'live', signal } as const
  const convert = createConverters(catalogue)
  switch (entity) {
    case 'person':
      return {
        get: async (id) => {
          const person = await getPerson(pipedrive, Number(id), call)
          return () => convert.person(person)
        },
        list: (ids) => personsById(pipedrive, ids, call, convert.person),
      }
    case 'organization':
      return {
        get: async (id) => {
          const organization = await pipedrive.organizations.get(Number(id), call)
          return () => convert.organization(organization)
        },
        list: (ids) => converted(pipedrive.organizations.pages({ ...call, ids }), convert.organization),
      }
    case 'deal':
      return {
        get: async (id) => {
          const deal = await pipedrive.deals.get(Number(id), call)
          return () => convert.deal(deal)
        },
        list: (ids) => converted(pipedrive.deals.pages({ ...call, ids }), convert.deal),
      }
    case 'activity':
      return {
        get: async (id) => {
          const activity = await pipedrive.activities.get(Number(id), call)
          return () => fromPipedriveActivity(activity)
        },
        list: (ids) => converted(pipedrive.activities.pages({ ...call, ids }), fromPipedriveActivity),
      }
    case 'lead':
      return {
        get: async (id) => {
          const lead = await pipedrive.leads.get(id, call)
          return () => fromPipedriveLead(lead)
        },
        list: null,
      }
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
