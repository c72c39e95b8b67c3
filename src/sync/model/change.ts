/** What is said about a change, before anybody looked: a hint at a record, a move of a deal, a merge. */
import type { Deal, DealStatus, Entity } from './records.ts'

/** Changes that become events (rule R5): four of any record, four more of deals. */
export type ChangeAction = 'added' | 'updated' | 'deleted' | 'merged'
export type DealAction = 'stage_changed' | 'won' | 'lost' | 'reopened'
export type EventAction = ChangeAction | DealAction

export type RecordHint = {
  readonly entity: Entity
  readonly id: string
  /** The update time it speaks of, ISO 8601; null: read the record again whatever the mirror has. */
  readonly version: string | null
}

/** Where a deal stands, as far as anything follows from it. */
export type DealPlace = {
  readonly stageId: number | null
  readonly pipelineId: number | null
  readonly status: DealStatus
}

/** One edit of a deal as a webhook told it: where it stood before, and the deal after it. */
export type DealMove = {
  readonly dealId: number
  /** The delivery that told it. */
  readonly delivery: string
  /** ISO 8601 to the millisecond. */
  readonly at: string
  /** The deal's update time after the edit. */
  readonly version: string
  readonly from: DealPlace
  readonly deal: Deal
}

/** A move as it was taken in; it may be looked at much later. */
export type ReceivedMove = DealMove & {
  /** ISO 8601. */
  readonly receivedAt: string
}

/** One change of a deal's stage or status, as its changelog tells it. */
export type DealStep = {
  readonly kind: 'stage' | 'status'
  /** ISO 8601, whole seconds. */
  readonly at: string
  readonly from: DealPlace
  readonly to: DealPlace
  /** The deal's value then. */
  readonly value: number
  readonly currency: string | null
}

export type Merge = {
  readonly entity: Entity
  readonly loserId: string
  readonly survivorId: string
  readonly at: string
}

/** What one delivery says. Nothing at all, for records that Tajo does not keep. */
export type Notice = {
  readonly hints: readonly RecordHint[]
  readonly moves: readonly DealMove[]
  readonly merges: readonly Merge[]
}

/** Which changes are told as events, and from when on. */
export type EventWatch = {
  /** Pipedrive's clock at the beginning of the first complete sync: what was added before it is history. */
  readonly since: Date
  /** `deal added`, `person updated`, ... */
  readonly watched: ReadonlySet<string>
}

export function watchKey(entity: Entity, action: ChangeAction): string {
  return `${entity} ${action}`
}
