/**
 * What the vendor does not document, or what accounts were seen to do differently: one switch each, with the
 * default that a cautious client must survive. Holds no behaviour.
 */

export type PipedriveSwitches = {
  /** The v1 persons, deals, organizations, activities, pipelines, stages and itemSearch endpoints; default 'answers'. */
  v1Entities: 'answers' | 'gone'
  /** A `limit` over the endpoint's maximum: 400, or taken as the maximum; default 'clamp'. */
  overLimit: 'reject' | 'clamp'
  /** Fields without a value: `null`, left out, or one record in three leaves them out; default 'null'. */
  emptyKeys: 'null' | 'absent' | 'mixed'
  /** `x-daily-ratelimit-token-*`: on every answer, on some (by seed), or on none; default 'always'. */
  dailyHeaders: 'always' | 'sometimes' | 'never'
  /** Whether requests that are answered 4xx cost tokens; default true. */
  failedCallsCost: boolean
  /** Whether searches count in the general burst window too; default true. */
  searchInBurstWindow: boolean
  /** Whether a burst 429 carries `retry-after`; default false. */
  burstRetryAfter: boolean
  /** Whether soft-deleted persons, organizations and activities appear in their lists; default false. */
  deletedInLists: boolean
  /** Whether counts such as won_deals_count include archived deals; default true. */
  archivedDealsCount: boolean
  /** Whether the account has Campaigns (marketing_status and doi_status can be asked for); default true. */
  campaigns: boolean
  /** Whether the account has Contact Sync (notes, im, birthday, job_title, postal_address of persons); default false. */
  contactSync: boolean
  /** Contact Sync fields in the body of a person of an account without it: 403, or taken and forgotten; default 403. */
  contactSyncWrites: 403 | 'ignored'
  /**
   * `first_name` and `last_name` in the body of a person: taken, as the migration guide says, or 400, as the reference has
   * it, which does not list them; default 'accepted'.
   */
  nameParts: 'accepted' | 'refused'
  /** `emails` and `phones` of a PATCH: they are the whole array from then on, or are added to it; default 'replace'. */
  contactArrays: 'replace' | 'merge'
  /** How long a created or changed record is missing from every search, milliseconds; default 0. */
  searchLagMs: number
  /** Unknown keys in the body of a v2 write: 400, or ignored; default 'reject'. */
  unknownBodyKeys: 'reject' | 'ignore'
  /** An empty v1 list's `data`: `null` or `[]`; default 'null'. */
  emptyV1List: 'null' | 'array'
  /** v1 lists of leads: pagination nested under `pagination` or flat in `additional_data`; default 'nested'. */
  leadPagination: 'nested' | 'flat'
  /** `/v1/recents` looks back at most so many days; default 31. */
  recentsDays: number
  /** So many 429 answers within so many milliseconds bring the Cloudflare page, for so long; default 40, 10 s, 60 s. */
  abuse: { refusals: number; withinMs: number; banMs: number }
  /** Whether the company's account is open; false answers 402 to everything; default true. */
  companyOpen: boolean
  /** Whether creating a webhook first asks its URL (a GET; any answer but a redirect will do); default false. */
  webhookReachabilityCheck: boolean
  /** For which hosts a webhook's URL may be plain http; the vendor says 'none'; default 'loopback'. */
  webhookPlainHttp: 'none' | 'loopback' | 'all'
  /** Whether a webhook v2 of a new record has `update_time` null and no custom fields; default true. */
  webhookSparseCreate: boolean
  /** How long a webhook's receiver may take to answer; default 10,000. */
  webhookTimeoutMs: number
  /** Whether retries of earlier events are still made while a webhook is banned; default false. */
  webhookRetriesInBan: boolean
  /** Whether webhooks that the vendor deleted stay in the list, inactive and with a reason; default true. */
  webhookDeletedListed: boolean
  /** The consent page: a form, or everybody approves or denies at once; default 'page'. */
  oauthConsent: 'page' | 'approve' | 'deny'
  /** A refresh answers with the same refresh token, as documented, or with a new one and the old is refused; default 'same'. */
  refreshTokens: 'same' | 'rotate'
  /** What `error` of a refused token request is: a code beside the words, or the words themselves; default 'code'. */
  oauthErrors: 'code' | 'words'
  /** `api_domain` of token answers; null: the address that was asked. */
  apiDomain: string | null
  /** Whether callbacks on loopback are told that an app was uninstalled; the vendor tells none; default true. */
  uninstallToLoopback: boolean
  /** The share of events that are delivered twice; default 0. */
  webhookDuplicateRate: number
  /** The share of events that are never delivered; default 0. */
  webhookDropRate: number
  /** Every delivery begins so much later, milliseconds; default 0. */
  webhookDelayMs: number
  /** And a random time up to this later still, so that they overtake each other, milliseconds; default 0. */
  webhookReorderMs: number
}

export const DEFAULT_SWITCHES: Readonly<PipedriveSwitches> = {
  v1Entities: 'answers',
  overLimit: 'clamp',
  emptyKeys: 'null',
  dailyHeaders: 'always',
  failedCallsCost: true,
  searchInBurstWindow: true,
  burstRetryAfter: false,
  deletedInLists: false,
  archivedDealsCount: true,
  campaigns: true,
  contactSync: false,
  contactSyncWrites: 403,
  nameParts: 'accepted',
  contactArrays: 'replace',
  searchLagMs: 0,
  unknownBodyKeys: 'reject',
  emptyV1List: 'null',
  leadPagination: 'nested',
  recentsDays: 31,
  abuse: { refusals: 40, withinMs: 10_000, banMs: 60_000 },
  companyOpen: true,
  webhookReachabilityCheck: false,
  webhookPlainHttp: 'loopback',
  webhookSparseCreate: true,
  webhookTimeoutMs: 10_000,
  webhookRetriesInBan: false,
  webhookDeletedListed: true,
  oauthConsent: 'page',
  refreshTokens: 'same',
  oauthErrors: 'code',
  apiDomain: null,
  uninstallToLoopback: true,
  webhookDuplicateRate: 0,
  webhookDropRate: 0,
  webhookDelayMs: 0,
  webhookReorderMs: 0,
}
