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
}

export const DEFAULT_SWITCHES: BrevoSwitches = {
  batch: 410,
  duplicateCode: 'duplicate_parameter',
  emailBlacklistedFalse: 'resubscribes',
  syntheticEmail: true,
  phoneAnswer: 'digits',
  categoryAnswer: 'label',
  categoryType: 'text',
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
}
