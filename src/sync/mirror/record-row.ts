/** A record as a row of the mirror: the document, and apart from it what is searched for. */
import { fingerprint } from '../../base/fingerprint.ts'
import type { JsonObject } from '../../base/json.ts'
import type { RecordRow } from '../../store/index.ts'
import { identityOf, type SourceRecord } from '../model/index.ts'

/** `erased`: the person is a stub, and nobody's contact. */
export function toRecordRow(record: SourceRecord, erased = false): RecordRow {
  const identity = record.entity === 'person' ? identityOf(record) : { email: null, problem: null }
  return {
    id: String(record.id),
    doc: record as unknown as JsonObject,
    version: record.updatedAt,
    fingerprint: fingerprint(record),
    deleted: record.deleted,
    person_id: 'personId' in record ? record.personId : null,
    org_id: 'organizationId' in record ? record.organizationId : null,
    identity: identity.email,
    problem: erased ? 'erased' : identity.problem,
  }
}
