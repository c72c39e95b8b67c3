/**
 * Keeps whom Tajo was told to forget out of the mirror (rule R11). An erased person stays as a stub, so that it is still
 * counted; its deals, activities and leads keep their numbers and lose their words. It forgets nobody by itself.
 */
import { emailsIn, withoutEmails } from '../../base/email-text.ts'
import { fingerprint } from '../../base/fingerprint.ts'
import type { JsonObject } from '../../base/json.ts'
import {
  type Db,
  erasedAmong,
  erasedDeals,
  erasedPersons,
  recordsOfPersons,
  replaceDocuments,
} from '../../store/index.ts'
import {
  type Activity,
  type Deal,
  extIdOf,
  type FieldValue,
  type Lead,
  type Person,
  type SourceRecord,
} from '../model/index.ts'

/** A record as it may be kept; `erased`: a person of whom nothing but the id may be. */
export type Kept = { readonly record: SourceRecord; readonly erased: boolean }

/** What may be kept of these records. */
export async function keepUnerased(
  db: Db,
  connection: string,
  records: readonly SourceRecord[],
): Promise<readonly Kept[]> {
  const extIds = records.flatMap((record) => (record.entity === 'person' ? [extIdOf(record.id)] : []))
  const gone = await erasedAmong(db, connection, [...emailsIn(records), ...extIds])
  const isGone = (email: string): boolean => gone.has(email)
  const [persons, deals] = await Promise.all([
    erasedPersons(db, connection, idsOf(records, 'personId')),
    erasedDeals(db, connection, idsOf(records, 'dealId')),
  ])
  return records.map((record) => {
    // Whoever was erased stays so with a new address: the id is the identity (rule R1.3).
    if (record.entity === 'person' && [extIdOf(record.id), ...emailsIn(record.emails)].some(isGone))
      return { record: toStub(record), erased: true }
    const speaksOf =
      ('personId' in record && persons.has(record.personId ?? 0)) ||
      ('dealId' in record && deals.has(record.dealId ?? 0))
    const rest = speaksOf ? withoutWords(record) : record
    return { record: gone.size === 0 ? rest : withoutEmails(rest, isGone), erased: false }
  })
}

/** Makes the persons stubs and takes the words out of what the mirror has of them. Call it in a transaction. */
export async function forgetInMirror(
  db: Db,
  connection: string,
  personIds: readonly number[],
): Promise<void> {
  const rows = await recordsOfPersons(db, connection, personIds)
  const forgotten = rows.map(({ entity, id, doc }) => {
    const record = doc as unknown as SourceRecord
    const rest = record.entity === 'person' ? toStub(record) : withoutWords(record)
    return { entity, id, doc: rest as unknown as JsonObject, fingerprint: fingerprint(rest) }
  })
  for (let start = 0; start < forgotten.length; start += rowsAtATime)
    await replaceDocuments(db, connection, forgotten.slice(start, start + rowsAtATime))
}

const rowsAtATime = 250

function toStub(person: Person): Person {
  return {
    ...person,
    emails: [],
    phones: [],
    organizationId: null,
    marketingStatus: null,
    fields: {},
  }
}

function withoutWords(record: SourceRecord): SourceRecord {
  switch (record.entity) {
    case 'deal':
      return { ...record, title: '', fields: numbersOf(record.fields) } satisfies Deal
    case 'activity':
      return { ...record, subject: '', note: null } satisfies Activity
    case 'lead':
      return { ...record, title: '' } satisfies Lead
    default:
      return record
  }
}

/** Everything but free text. */
function numbersOf(fields: Deal['fields']): Deal['fields'] {
  const isText = ({ kind }: FieldValue): boolean => kind === 'text' || kind === 'unreadable'
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isText(value)))
}

function idsOf(records: readonly SourceRecord[], key: 'personId' | 'dealId'): number[] {
  const ids = records.map((record) => (record as { personId?: number | null; dealId?: number | null })[key])
  return [...new Set(ids.filter((id) => id != null))]
}
