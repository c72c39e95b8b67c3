/** What a Brevo client can do, as types only. Un-blocklisting a contact cannot be expressed here, on purpose. */
import type { CallOptions, GovernorState } from '../transport/index.ts'
import type {
  BrevoAccount,
  BrevoAttribute,
  BrevoAttributeRequest,
  BrevoFolder,
  BrevoList,
  BrevoListChange,
  BrevoProcess,
  BrevoWebhook,
  BrevoWebhookChange,
  BrevoWebhookRequest,
} from './record/account.ts'
import type { BrevoCampaign, BrevoContactStatistics } from './record/campaign-statistics.ts'
import type {
  BrevoCompanyAttribute,
  BrevoCompanyAttributeType,
  BrevoCompanyImportRequest,
  BrevoCompanyLinks,
  BrevoCompanyPage,
  BrevoCreateCompany,
  BrevoUpdateCompany,
} from './record/company.ts'
import type {
  BrevoContact,
  BrevoContactPage,
  BrevoCreateContact,
  BrevoCreated,
  BrevoImportRequest,
  BrevoUpdateContact,
} from './record/contact.ts'
import type { BrevoUpdateDeal } from './record/deal.ts'
import type { BrevoEventRequest, BrevoEventsBatchResult, BrevoStoredEvent } from './record/event.ts'

/** {@link https://developers.brevo.com/reference/getcontactinfo-1} */
export type BrevoIdentifierType =
  | 'email_id'
  | 'phone_id'
  | 'contact_id'
  | 'ext_id'
  | 'whatsapp_id'
  | 'landline_number_id'

export type BrevoContactPageOptions = CallOptions & {
  /** 1 to 1000, default 1000. */
  limit?: number | undefined
  /** Default 0. */
  offset?: number | undefined
  modifiedSince?: Date | undefined
  createdSince?: Date | undefined
  /** By creation time, the only order there is. Default `asc`, so that new contacts do not shift the pages. */
  sort?: 'asc' | 'desc' | undefined
  listIds?: readonly number[] | undefined
}

/** Both or neither, at most 90 days apart, and only the UTC day of each counts, the last one included. Default: the last 90 days. */
export type BrevoCampaignStatsOptions = CallOptions & {
  startDate?: Date | undefined
  endDate?: Date | undefined
}

/** Oldest first, so that new companies do not shift the pages. */
export type BrevoCompanyPageOptions = CallOptions & {
  /** From 1, the default. */
  page?: number | undefined
  /** 1 to 100, default 100. */
  limit?: number | undefined
  modifiedSince?: Date | undefined
}

export type BrevoCompanyAttributeOptions = CallOptions & {
  /** For `single-select` and `multi-choice`, and needed there. */
  optionsLabels?: readonly string[] | undefined
  description?: string | undefined
}

/** Exactly one kind of identifier, 1 to 150 of them. */
export type BrevoListMembers =
  | { emails: readonly string[] }
  | { ids: readonly number[] }
  | { extIds: readonly string[] }

export type BrevoClient = {
  readonly apiUrl: string
  readonly account: { get(options?: CallOptions): Promise<BrevoAccount> }
  readonly attributes: {
    list(options?: CallOptions): Promise<readonly BrevoAttribute[]>
    create(
      category: BrevoAttributeRequest['category'],
      name: string,
      attribute: BrevoAttributeRequest['body'],
      options?: CallOptions,
    ): Promise<void>
  }
  readonly folders: {
    list(options?: CallOptions): Promise<readonly BrevoFolder[]>
    create(name: string, options?: CallOptions): Promise<{ id: number }>
  }
  readonly lists: {
    /** Pages of 50, the most Brevo gives. */
    pages(options?: CallOptions): AsyncIterable<readonly BrevoList[]>
    list(options?: CallOptions): Promise<readonly BrevoList[]>
    create(list: { name: string; folderId: number }, options?: CallOptions): Promise<{ id: number }>
    /** Partial success is an answer, not an error: read `failure`. */
    addContacts(listId: number, members: BrevoListMembers, options?: CallOptions): Promise<BrevoListChange>
    removeContacts(listId: number, members: BrevoListMembers, options?: CallOptions): Promise<BrevoListChange>
  }
  readonly contacts: {
    page(options?: BrevoContactPageOptions): Promise<BrevoContactPage>
    /** Throws `brevo_not_found`. */
    get(identifier: string | number, type: BrevoIdentifierType, options?: CallOptions): Promise<BrevoContact>
    /**
     * What campaigns did to the contact, named by address or Brevo's id; empty when nothing did. Throws `brevo_not_found`.
     * {@link https://developers.brevo.com/reference/get-contact-stats}
     */
    campaignStats(
      identifier: string | number,
      options?: BrevoCampaignStatsOptions,
    ): Promise<BrevoContactStatistics>
    /** `id` is null when an existing contact was updated (`updateEnabled`): Brevo answers 204 without a body. */
    create(contact: BrevoCreateContact, options?: CallOptions): Promise<BrevoCreated>
    update(
      identifier: string | number,
      type: BrevoIdentifierType,
      change: BrevoUpdateContact,
      options?: CallOptions,
    ): Promise<void>
    /**
     * Throws `brevo_not_found`, and `brevo_rejected` with status 405 for the address that the Brevo account itself is
     * registered with: Brevo keeps that contact.
     */
    delete(identifier: string | number, type: BrevoIdentifierType, options?: CallOptions): Promise<void>
    /** Asynchronous at Brevo: 202 and a process id. Needs at least one list. */
    import(request: BrevoImportRequest, options?: CallOptions): Promise<{ processId: number }>
  }
  /** Both are in the bucket of 100 requests an hour. */
  readonly processes: {
    get(id: number, options?: CallOptions): Promise<BrevoProcess>
    list(options?: CallOptions & { limit?: number; offset?: number }): Promise<readonly BrevoProcess[]>
  }
  readonly events: {
    /** No idempotency key exists: never repeated by itself once it may have arrived. */
    create(event: BrevoEventRequest, options?: CallOptions): Promise<void>
    /** At most 200 events; read `failed`. */
    createBatch(events: readonly BrevoEventRequest[], options?: CallOptions): Promise<BrevoEventsBatchResult>
    /**
     * Custom events that arrived, with their properties, newest first: the way to settle an uncertain delivery. `since`
     * and `until` only together; without them, six months. {@link https://developers.brevo.com/docs/event-endpoints}
     */
    list(
      filter: {
        contactId?: number
        eventName?: string
        since?: Date
        until?: Date
        limit?: number
        offset?: number
      },
      options?: CallOptions,
    ): Promise<readonly BrevoStoredEvent[]>
  }
  readonly webhooks: {
    /** Empty when there are none. `type` must be named: Brevo's own default hides the marketing ones. */
    list(type: 'marketing' | 'transactional', options?: CallOptions): Promise<readonly BrevoWebhook[]>
    create(webhook: BrevoWebhookRequest, options?: CallOptions): Promise<{ id: number }>
    /** Throws `brevo_not_found`. */
    update(id: number, change: BrevoWebhookChange, options?: CallOptions): Promise<void>
    delete(id: number, options?: CallOptions): Promise<void>
  }
  readonly campaigns: {
    /** Names, the newest first, 100 a page, without their content. In the bucket of 100 requests an hour. */
    pages(options?: CallOptions): AsyncIterable<readonly BrevoCampaign[]>
  }
  /** All in the bucket of 100 requests an hour. Brevo has no upsert of companies and no key of ours: keep the ids. */
  readonly companies: {
    page(options?: BrevoCompanyPageOptions): Promise<BrevoCompanyPage>
    /** From `page` to the end, each company once; a company deleted meanwhile may hide another one. */
    pages(options?: BrevoCompanyPageOptions): AsyncIterable<BrevoCompanyPage>
    /** Never repeated by itself once it may have arrived: Brevo would keep both. */
    create(company: BrevoCreateCompany, options?: CallOptions): Promise<{ id: string }>
    /** Throws `brevo_not_found`. */
    update(id: string, change: BrevoUpdateCompany, options?: CallOptions): Promise<void>
    delete(id: string, options?: CallOptions): Promise<void>
    /** Leaves all other links as they are. */
    link(id: string, links: BrevoCompanyLinks, options?: CallOptions): Promise<void>
    /** Asynchronous at Brevo, and never repeated by itself once it may have arrived. Answers no ids: list afterwards. */
    import(request: BrevoCompanyImportRequest, options?: CallOptions): Promise<{ processId: number }>
  }
  /** In the bucket of 100 requests an hour. */
  readonly deals: {
    /** Throws `brevo_not_found`. */
    update(id: string, change: BrevoUpdateDeal, options?: CallOptions): Promise<void>
  }
  /** In the bucket of 100 requests an hour. */
  readonly companyAttributes: {
    list(options?: CallOptions): Promise<readonly BrevoCompanyAttribute[]>
    /** `label` has 1 to 50 characters and is unique. The internal name stands in `list` afterwards. */
    create(
      label: string,
      type: BrevoCompanyAttributeType,
      options?: BrevoCompanyAttributeOptions,
    ): Promise<{ id: string }>
  }
  /** Requests that left since the client was made, in all, by bucket and by what came back. */
  usage(): {
    count: number
    byBucket: Readonly<Record<string, number>>
    /** By the status of the answer; `0`: none came. */
    byStatus: Readonly<Record<string, number>>
  }
  governor(): GovernorState
  close(): Promise<void>
}
