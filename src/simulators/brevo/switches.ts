/**
 * What the vendor does not document, or what accounts were seen to do differently: one switch each, with the
 * default that a cautious client must survive. Holds no behaviour.
 */

export type BrevoSwitches = {
  /** `POST /contacts/batch` works, or is withdrawn with 404 or 410; default 410 (end announced for 30 October 2026). */
  batch: 'works' | 404 | 410
  /** The code of a duplicate identifier; both were seen in 2026. Default 'duplicate_parameter'. */
  duplicateCode: 'duplicate_parameter' | 'invalid_parameter'
  /** Whether `emailBlacklisted: false` resubscribes, or does nothing as one account saw; default 'resubscribes'. */
  emailBlacklistedFalse: 'resubscribes' | 'ignored'
  /** Whether a contact without email is answered with `<SMS>@mailin-sms.com`; default true. */
  syntheticEmail: boolean
  /** Phone numbers in answers: digits as in the vendor's examples, or with `+`; default 'digits'. */
  phoneAnswer: 'digits' | 'plus'
  /** Category attributes of a contact in answers: the label or the option's id as text; default 'label'. */
  categoryAnswer: 'label' | 'id'
  /** `type` of a category attribute in `GET /contacts/attributes`; the documents only know 'text'. Default 'text'. */
  categoryType: 'text' | 'category'
  /** Whether `emailBlacklisted: true` through the API is an adminUnsubscription in the statistics; default true. */
  apiBlocksAsAdmin: boolean
  /** Whether an empty text in POST and PUT empties the attribute (else it is ignored); default true. */
  emptyTextClears: boolean
  /** Whether numbers fit text attributes, and numeric or true/false text fits float and boolean ones; default false. */
  lenientTypes: boolean
  /** Whether a merge unites lists, blocklisting and attributes, or the loser's are gone; default false. */
  mergeUnites: boolean
  /** Whether adding or removing nobody at all is 400 instead of 201 with failures only; default true. */
  noneMovedIs400: boolean
  /** Whether list endpoints find `emails` only in the stored lower case, as measured by a user; default true. */
  listEmailsExact: boolean
  /** totalSubscribers and totalBlacklisted of lists and folders: 0 since they are being retired, or counted; default 'zero'. */
  listTotals: 'zero' | 'counted'
  /** Whether an import resubscribes blocklisted contacts that are in it; default false. */
  importUnblocklists: boolean
  /** Whether an import ignores boolean values in `jsonBody`, as once reported; default false. */
  importIgnoresBooleans: boolean
  /** An import row with another contact's identifier: the row is left out, or only the value; default 'drop-row'. */
  importDuplicate: 'drop-row' | 'drop-value'
  /** How long an import takes: `baseMs` + `perRowUs` microseconds per row, after waiting `queueMs`; default 300, 20, 50. */
  importTime: { queueMs: number; baseMs: number; perRowUs: number }
  /** Whether imports run side by side instead of one after the other; default false. */
  importsInParallel: boolean
  /** The word for a running process; default 'in_process'. */
  runningStatus: 'in_process' | 'processing'
  /** The share of POST and PUT on contacts that are answered 425, by seed; default 0. */
  tooEarlyRate: number
  /**
   * The webhooks of changed contacts: as received (no email at the top, a known contact's new list is `contact_updated`) or
   * as in the documents (email at the top, every new list is `list_addition`). Default 'observed'.
   */
  contactWebhooks: 'observed' | 'documented'
  /** `hard_bounce` and `soft_bounce`, or `hard_bounced` and `soft_bounced` as in older documents; default 'bounce'. */
  bounceEvents: 'bounce' | 'bounced'
  /** Whether webhooks of changes by an import carry the name of the API key that ordered it; default true. */
  importNamesKey: boolean
  /** Whether `contact_deleted` carries `api_key_name` too; default false. */
  deletionNamesKey: boolean
  /** Whether a write that changes nothing sets off `contact_updated`; default false. */
  unchangedFires: boolean
  /** How long a webhook's receiver may take to answer; default 10,000. */
  webhookTimeoutMs: number
  /** How long a webhook's events wait after its receiver did not answer; default 600,000. */
  webhookPauseMs: number
  /** The share of webhook events that are sent twice, by seed; default 0. */
  webhookDuplicateRate: number
  /** The share of webhook events that are never sent, by seed; default 0. */
  webhookDropRate: number
  /** Each webhook event waits a random time up to this, and so they come out of order; default 0. */
  webhookDelayMs: number
  /**
   * An event whose contact is unknown: refused with 400, or accepted with 204 and lost, or accepted and a contact made
   * for its email_id (lost where it has none, or names a contact_id). Default 'created'.
   */
  unknownEventContact: 'created' | 'lost' | 'refused'
  /** How long an accepted event is missing from `GET /events`; default 0. */
  eventVisibleAfterMs: number
  /** How exactly the date of an event is kept; default 'milliseconds'. */
  eventDateKept: 'milliseconds' | 'seconds'
  /** Whether an endDate without a time ends at its midnight, or the day is part of the range; default 'excluded'. */
  eventEndDay: 'excluded' | 'included'
  /** Null in event_properties, which are documented without it; default 'refused'. */
  eventNulls: 'refused' | 'kept'
  /** Which limit counts `POST /events/batch` and `GET /events`: the table names neither. Default 'other'. */
  eventsBatchBucket: 'other' | 'events'
  /** A company's or deal's attribute that is unknown, read-only or of another type: 400 for the whole, or silence; default 'refused'. */
  unfitCompanyAttribute: 'refused' | 'ignored'
  /** A company's or deal's link to a contact that does not exist: 400 for the whole, or silence; default 'refused'. */
  unknownLinkedContact: 'refused' | 'ignored'
  /** The answer to link-unlink for a company that does not exist; only 400 is documented. Default 400. */
  linkUnknownCompany: 400 | 404
  /** Whether `page` counts pages from 1, or documents to skip as its description says; default 'pages'. */
  companyPage: 'pages' | 'documents'
  /** How `filters[attributes.name]` compares: anywhere in the name whatever the case, or whole; default 'contains'. */
  companyNameFilter: 'contains' | 'equals'
  /** What a company's single-select and multi-choice attributes are answered as; default 'key'. */
  companyOptionAnswer: 'key' | 'label'
  /** A deal's `deal_stage` without its `pipeline`: only the reverse is documented as wrong; default 'refused'. */
  dealStageAlone: 'refused' | 'accepted'
}

export const DEFAULT_SWITCHES: BrevoSwitches = {
  batch: 410,
  duplicateCode: 'duplicate_parameter',
  emailBlacklistedFalse: 'resubscribes',
  syntheticEmail: true,
  phoneAnswer: 'digits',
  categoryAnswer: 'label',
  categoryType: 'text',
  apiBlocksAsAdmin: true,
  emptyTextClears: true,
  lenientTypes: false,
  mergeUnites: false,
  noneMovedIs400: true,
  listEmailsExact: true,
  listTotals: 'zero',
  importUnblocklists: false,
  importIgnoresBooleans: false,
  importDuplicate: 'drop-row',
  importTime: { queueMs: 50, baseMs: 300, perRowUs: 20 },
  importsInParallel: false,
  runningStatus: 'in_process',
  tooEarlyRate: 0,
  contactWebhooks: 'observed',
  bounceEvents: 'bounce',
  importNamesKey: true,
  deletionNamesKey: false,
  unchangedFires: false,
  webhookTimeoutMs: 10_000,
  webhookPauseMs: 600_000,
  webhookDuplicateRate: 0,
  webhookDropRate: 0,
  webhookDelayMs: 0,
  unknownEventContact: 'created',
  eventVisibleAfterMs: 0,
  eventDateKept: 'milliseconds',
  eventEndDay: 'excluded',
  eventNulls: 'refused',
  eventsBatchBucket: 'other',
  unfitCompanyAttribute: 'refused',
  unknownLinkedContact: 'refused',
  linkUnknownCompany: 400,
  companyPage: 'pages',
  companyNameFilter: 'contains',
  companyOptionAnswer: 'key',
  dealStageAlone: 'refused',
}
