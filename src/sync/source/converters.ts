/** Vendor records of one account to ours, alone and in pages; what cannot be converted is carried along as unreadable. */
import { TajoError } from '../../base/error.ts'
import type { Page, PipedriveDeal, PipedriveOrganization, PipedrivePerson } from '../../pipedrive/index.ts'
import type {
  Catalogue,
  Deal,
  FieldDefinition,
  Organization,
  Person,
  SourceRecord,
  Unreadable,
} from '../model/index.ts'
import { fromPipedriveDeal, fromPipedriveOrganization, fromPipedrivePerson } from './from-pipedrive.ts'

export type RecordPage = {
  readonly records: readonly SourceRecord[]
  readonly unreadable: readonly Unreadable[]
  readonly nextCursor: string | null
  readonly serverTime: Date | null
}

/** Those of which the shape depends on the account's fields. */
export function createConverters(catalogue: Catalogue): {
  person(person: PipedrivePerson): Person
  organization(organization: PipedriveOrganization): Organization
  deal(deal: PipedriveDeal): Deal
} {
  const personFields = byKey(catalogue.personFields)
  const organizationFields = byKey(catalogue.organizationFields)
  const dealFields = byKey(catalogue.dealFields)
  return {
    person: (person) => fromPipedrivePerson(person, personFields),
    organization: (organization) => fromPipedriveOrganization(organization, organizationFields),
    deal: (deal) => fromPipedriveDeal(deal, dealFields),
  }
}

export async function* converted<T extends { id: number | string }>(
  pages: AsyncIterable<Page<T>>,
  convert: (item: T) => SourceRecord,
): AsyncGenerator<RecordPage> {
  for await (const page of pages) {
    const records: SourceRecord[] = []
    const unreadable: Unreadable[] = page.unreadable.map(({ id, problem }) => ({ id, problem }))
    for (const item of page.items) {
      try {
        records.push(convert(item))
      } catch (error) {
        unreadable.push({
          id: String(item.id),
          problem: error instanceof Error ? error.message : String(error),
        })
      }
    }
    yield { records, unreadable, nextCursor: page.nextCursor, serverTime: page.serverTime }
  }
}

/** Asked for with every person; some accounts may refuse the question, and are then asked without. */
export const marketingStatus: readonly string[] = ['marketing_status']

export function isRejected(error: unknown): boolean {
  return error instanceof TajoError && error.code === 'pipedrive_rejected'
}

function byKey(fields: readonly FieldDefinition[]): ReadonlyMap<string, FieldDefinition> {
  return new Map(fields.map((field) => [field.key, field]))
}
