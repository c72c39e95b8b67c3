/** What a Pipedrive client can do, as types only. The behaviour is in `resource/`. */
import type { BudgetForecast, BudgetState, CallOptions, GovernorState } from '../transport/index.ts'
import type { Page } from './page.ts'
import type {
  PipedriveActivityType,
  PipedriveCurrency,
  PipedriveField,
  PipedriveFieldOption,
  PipedriveFieldRequest,
  PipedrivePipeline,
  PipedriveStage,
  PipedriveUser,
  PipedriveWebhook,
  PipedriveWebhookRequest,
} from './record/account.ts'
import type { PipedriveActivity, PipedriveActivityChange } from './record/activity.ts'
import type { PipedriveDeal, PipedriveDealChange } from './record/deal.ts'
import type {
  PipedriveChange,
  PipedriveNote,
  PipedriveNoteRequest,
  PipedrivePersonHit,
  PipedriveRecent,
  PipedriveSearchHit,
} from './record/history.ts'
import type { PipedriveLead, PipedriveLeadChange } from './record/lead.ts'
import type { PipedriveOrganization, PipedriveOrganizationChange } from './record/organization.ts'
import type { PipedrivePerson, PipedrivePersonChange } from './record/person.ts'

export type ListOptions = CallOptions & {
  /** From `Page.nextCursor`; leave out to start at the beginning. */
  cursor?: string | null | undefined
  /** Inclusive; sent in whole seconds. */
  updatedSince?: Date | undefined
  /** Exclusive; sent in whole seconds. Not in API v1. */
  updatedUntil?: Date | undefined
  /** 1 to 500, default 500: a call costs the same whatever it returns. */
  limit?: number | undefined
  /** At most 100; ids that do not exist or may not be seen are missing from the answer. */
  ids?: readonly number[] | undefined
  sortBy?: 'id' | 'update_time' | 'add_time' | undefined
  sortDirection?: 'asc' | 'desc' | undefined
  /** Extra fields that v2 sends only on request, such as `won_deals_count`. API v1 always sends them. */
  includeFields?: readonly string[] | undefined
  /** Further filters by Pipedrive's own names: `status`, `person_id`, `org_id`, `pipeline_id`, `filter_id`, ... */
  filters?: Readonly<Record<string, string | number | boolean>> | undefined
}

export type EntityResource<T, Change> = {
  /** Lazy: each page is one call, made when it is asked for. */
  pages(options?: ListOptions): AsyncIterable<Page<T>>
  /** Throws `pipedrive_not_found`. */
  get(id: number, options?: CallOptions & { includeFields?: readonly string[] | undefined }): Promise<T>
  /** Never repeated by itself once it may have been applied. */
  create(record: Change, options?: CallOptions): Promise<T>
  update(id: number, change: Change, options?: CallOptions): Promise<T>
  /** Pipedrive keeps deleted records for 30 days. */
  delete(id: number, options?: CallOptions): Promise<void>
}

export type HistoryResource = {
  /** Newest first; 20 tokens per page. */
  changelog(id: number, options?: CursorOptions): AsyncIterable<Page<PipedriveChange>>
  /**
   * Removes `id`; `intoId` survives and wins conflicts. 40 tokens. Never repeated by itself once it may have been applied
   * (`applied: 'maybe'`): a second merge throws `pipedrive_not_found`, and so does a wrong id.
   */
  merge(id: number, intoId: number, options?: CallOptions): Promise<void>
}

export type CursorOptions = CallOptions & { cursor?: string | null | undefined; limit?: number | undefined }

export type LeadListOptions = CursorOptions & {
  updatedSince?: Date | undefined
  filters?: Readonly<Record<string, string | number | boolean>> | undefined
}

/** Filters: `person_id`, `org_id`, `deal_id`, `lead_id`, `user_id`, ... */
export type NoteListOptions = LeadListOptions

export type SearchOptions = CursorOptions & {
  /** Whole value, case ignored. Default false. */
  exactMatch?: boolean | undefined
  fields?: readonly string[] | undefined
  itemTypes?: readonly string[] | undefined
}

export type FieldResource = { list(options?: CallOptions): Promise<readonly PipedriveField[]> }

export type PipedriveClient = {
  readonly apiUrl: string
  readonly apiVersion: 'v2' | 'v1'
  readonly users: {
    me(options?: CallOptions): Promise<PipedriveUser>
    list(options?: CallOptions): Promise<readonly PipedriveUser[]>
  }
  readonly persons: EntityResource<PipedrivePerson, PipedrivePersonChange> &
    HistoryResource & {
      /** Lags behind writes (by how much is not documented), and finds more than was meant: compare the values. */
      search(term: string, options?: SearchOptions): AsyncIterable<Page<PipedrivePersonHit>>
    }
  readonly organizations: EntityResource<PipedriveOrganization, PipedriveOrganizationChange> & HistoryResource
  readonly deals: EntityResource<PipedriveDeal, PipedriveDealChange> &
    HistoryResource & { archivedPages(options?: ListOptions): AsyncIterable<Page<PipedriveDeal>> }
  readonly activities: EntityResource<PipedriveActivity, PipedriveActivityChange>
  readonly leads: {
    /** `cursor` is the start offset as text. */
    pages(options?: LeadListOptions): AsyncIterable<Page<PipedriveLead>>
    /** Has no `updatedSince` filter. */
    archivedPages(options?: LeadListOptions): AsyncIterable<Page<PipedriveLead>>
    get(id: string, options?: CallOptions): Promise<PipedriveLead>
    create(lead: PipedriveLeadChange, options?: CallOptions): Promise<PipedriveLead>
    update(id: string, change: PipedriveLeadChange, options?: CallOptions): Promise<PipedriveLead>
    delete(id: string, options?: CallOptions): Promise<void>
  }
  readonly pipelines: { list(options?: CallOptions): Promise<readonly PipedrivePipeline[]> }
  readonly stages: { list(options?: CallOptions): Promise<readonly PipedriveStage[]> }
  readonly personFields: FieldResource & {
    /** Never repeated by itself once it may have been applied: Pipedrive would keep both. 5 tokens. */
    create(field: PipedriveFieldRequest, options?: CallOptions): Promise<PipedriveField>
    /** All or none of them; answers the new ones only, with their ids. Not repeated by itself either. 5 tokens. */
    addOptions(
      fieldCode: string,
      labels: readonly string[],
      options?: CallOptions,
    ): Promise<readonly PipedriveFieldOption[]>
  }
  readonly organizationFields: FieldResource
  readonly dealFields: FieldResource
  readonly activityFields: FieldResource
  readonly webhooks: {
    list(options?: CallOptions): Promise<readonly PipedriveWebhook[]>
    /** Always of version 2.0. */
    create(webhook: PipedriveWebhookRequest, options?: CallOptions): Promise<PipedriveWebhook>
    delete(id: number, options?: CallOptions): Promise<void>
  }
  readonly recents: {
    /** Everything changed since `since` (a month back at most); `cursor` is the start offset as text. */
    pages(
      options: CursorOptions & { since: Date; items?: readonly string[] | undefined },
    ): AsyncIterable<Page<PipedriveRecent>>
  }
  readonly itemSearch: {
    pages(term: string, options?: SearchOptions): AsyncIterable<Page<PipedriveSearchHit>>
  }
  readonly notes: {
    /** 20 tokens a page; `cursor` is the start offset as text. */
    pages(options?: NoteListOptions): AsyncIterable<Page<PipedriveNote>>
    create(note: PipedriveNoteRequest, options?: CallOptions): Promise<PipedriveNote>
  }
  readonly activityTypes: { list(options?: CallOptions): Promise<readonly PipedriveActivityType[]> }
  readonly currencies: { list(options?: CallOptions): Promise<readonly PipedriveCurrency[]> }
  /** Requests that left since the client was made, and the tokens they cost by the table. */
  usage(): {
    count: number
    tokens: number
    /** By the status of the answer; `0`: none came. */
    byStatus: Readonly<Record<string, number>>
  }
  /** The daily token budget as far as it is known. */
  budget(): BudgetState
  /** Whether `tokens` more fit into today's budget without touching the reserve. */
  forecast(tokens: number): BudgetForecast
  governor(): GovernorState
  /** Ends open connections; requests under way fail. */
  close(): Promise<void>
}
