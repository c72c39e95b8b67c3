/** Persons as the store knows them, found and explained, as types only. */
import type { ReverseExplanation } from '../sync/index.ts'
import type { FailureView } from './service-face.ts'

export type PersonQuery = {
  /** Capitals do not matter. */
  readonly text: string
  /** Default 20. */
  readonly limit?: number | undefined
}

export type FoundPersons = {
  /** By name; those whose name begins with the text first. */
  readonly hits: readonly {
    readonly personId: number
    readonly name: string
    readonly email: string | null
    /** Null: there is none in Brevo yet. */
    readonly contactId: number | null
  }[]
  readonly more: boolean
}

export type Explanation = {
  readonly personId: number
  readonly email: string | null
  /** One sentence: in step, waiting, skipped and why, failed and why. */
  readonly verdict: string
  readonly outcome:
    | 'in_step'
    | 'waiting'
    | 'no_email'
    | 'invalid_email'
    | 'erased'
    | 'same_email'
    | 'failed'
    | 'discarded'
    | 'deleted'
    | 'deleted_in_brevo'
  /** The record as the mirror has it. */
  readonly source: Readonly<Record<string, unknown>>
  /** Persons with the same address; the lead person first (rule R1.2). */
  readonly cluster: readonly { readonly personId: number; readonly name: string; readonly lead: boolean }[]
  readonly contactId: number | null
  readonly fields: readonly {
    readonly attribute: string
    readonly source: string
    readonly wanted: unknown
    readonly inBrevo: unknown
    /** `same`, `differs`, `to be cleared`, `left out`, `empty in Pipedrive`. */
    readonly state: string
  }[]
  readonly lists: readonly {
    readonly listId: number
    readonly name: string | null
    readonly because: readonly string[]
    readonly member: boolean
    readonly ours: boolean
  }[]
  readonly consent: { readonly emailBlocked: boolean | null; readonly smsBlocked: boolean | null }
  readonly warnings: readonly { readonly code: string; readonly detail: string }[]
  readonly failure: FailureView | null
  readonly pending: readonly { readonly action: string; readonly state: string }[]
  /** Of everyone in the cluster: the newest first, at most fifty. */
  readonly events: readonly {
    /** In Brevo; null: it has not been named yet. */
    readonly name: string | null
    readonly entity: string
    readonly recordId: string
    /** What happened: `added`, `won`, `stage_changed`, ... */
    readonly action: string
    readonly occurredAt: string
    readonly sentAt: string | null
    readonly state: 'waiting' | 'sent' | 'done' | 'no_contact' | 'unwanted' | 'failed'
  }[]
  /** The way back of the person that leads; null where nothing goes to Pipedrive. */
  readonly reverse: ReverseView | null
}

export type ReverseView = Omit<ReverseExplanation, 'failure'> & {
  /** Why something does not go to Pipedrive. */
  readonly failure: FailureView | null
}
