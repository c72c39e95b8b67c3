/**
 * Pipedrive's records in our words: one shape whichever API version or webhook they came from. Vendor shapes
 * stop at `sync/source`. Absent and empty are the same here: an empty field is left out.
 */

/** One value of a custom field, already freed of its wire shape. */
export type FieldValue =
  | { kind: 'text'; text: string }
  | { kind: 'number'; number: number }
  | { kind: 'money'; amount: number; currency: string | null }
  | { kind: 'option'; id: string }
  | { kind: 'options'; ids: readonly string[] }
  | { kind: 'reference'; entity: 'user' | 'organization' | 'person'; id: number }
  /** `YYYY-MM-DD`. */
  | { kind: 'date'; date: string }
  | { kind: 'date-range'; from: string; until: string | null }
  /** `HH:MM:SS`. */
  | { kind: 'time'; time: string }
  | { kind: 'time-range'; from: string; until: string | null }
  /** ISO 8601 in UTC. */
  | { kind: 'timestamp'; at: string }
  | { kind: 'flag'; flag: boolean }
  /** There is something, but it cannot be used; `problem` says why. */
  | { kind: 'unreadable'; problem: string }

/** A field's key (built-in code or 40-character hash) to its value; empty fields are absent. */
export type Fields = Readonly<Record<string, FieldValue>>

type RecordBase = {
  /** ISO 8601 in UTC, whole seconds for most entities; null when the source gave none. */
  readonly updatedAt: string | null
  readonly addedAt: string | null
  readonly deleted: boolean
}

export type Person = RecordBase & {
  readonly entity: 'person'
  readonly id: number
  /** Every address in the source's order, as written. */
  readonly emails: readonly { value: string; primary: boolean }[]
  readonly phones: readonly { value: string; primary: boolean }[]
  readonly organizationId: number | null
  /** `unsubscribed` blocklists the contact (rule R4.3); null where the company has no Campaigns. */
  readonly marketingStatus: string | null
  readonly fields: Fields
}

export type Organization = RecordBase & {
  readonly entity: 'organization'
  readonly id: number
  readonly name: string
  readonly fields: Fields
}

export type DealStatus = 'open' | 'won' | 'lost'

export type Deal = RecordBase & {
  readonly entity: 'deal'
  readonly id: number
  readonly title: string
  readonly status: DealStatus
  readonly value: number
  readonly currency: string | null
  readonly personId: number | null
  readonly organizationId: number | null
  readonly stageId: number | null
  readonly pipelineId: number | null
  readonly ownerId: number | null
  readonly wonAt: string | null
  readonly lostAt: string | null
  readonly stageChangedAt: string | null
  readonly archived: boolean
  readonly fields: Fields
}

export type Activity = RecordBase & {
  readonly entity: 'activity'
  readonly id: number
  readonly type: string
  readonly subject: string
  readonly done: boolean
  /** `YYYY-MM-DD`. */
  readonly dueDate: string | null
  readonly doneAt: string | null
  readonly personId: number | null
  readonly dealId: number | null
  readonly ownerId: number | null
  readonly note: string | null
}

export type Lead = RecordBase & {
  readonly entity: 'lead'
  /** A UUID. */
  readonly id: string
  readonly title: string
  readonly personId: number | null
  readonly organizationId: number | null
  readonly archived: boolean
}

export type SourceRecord = Person | Organization | Deal | Activity | Lead
export type Entity = SourceRecord['entity']
