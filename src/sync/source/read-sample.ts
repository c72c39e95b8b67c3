/** A page of real records, for who wants to see some without reading everything. What cannot be read is left out. */
import type { ListOptions, PipedriveClient } from '../../pipedrive/index.ts'
import type { Catalogue, Organization, Person } from '../model/index.ts'
import { converted, createConverters, type RecordPage } from './converters.ts'

export type SampleReading = {
  readonly pipedrive: PipedriveClient
  readonly catalogue: Catalogue
  readonly signal?: AbortSignal | undefined
}

const rowsAtMost = 100

/** Those changed last; one call. */
export async function readSomePersons(reading: SampleReading): Promise<readonly Person[]> {
  const { pipedrive, catalogue, signal } = reading
  const options: ListOptions = {
    limit: rowsAtMost,
    sortBy: 'update_time',
    sortDirection: 'desc',
    lane: 'interactive',
    signal,
  }
  const page = await firstPage(
    converted(pipedrive.persons.pages(options), createConverters(catalogue).person),
  )
  return page.filter((record): record is Person => record.entity === 'person' && !record.deleted)
}

/** As many of them as one call names. */
export async function readSomeOrganizations(
  { pipedrive, catalogue, signal }: SampleReading,
  ids: readonly number[],
): Promise<readonly Organization[]> {
  if (ids.length === 0) return []
  const options: ListOptions = { ids: ids.slice(0, rowsAtMost), lane: 'interactive', signal }
  const page = await firstPage(
    converted(pipedrive.organizations.pages(options), createConverters(catalogue).organization),
  )
  return page.filter((record): record is Organization => record.entity === 'organization')
}

async function firstPage(pages: AsyncIterable<RecordPage>): Promise<RecordPage['records']> {
  for await (const page of pages) return page.records
  return []
}
