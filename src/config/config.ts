/**
 * The shape of a checked configuration, as every other room sees it. Everything here is frozen, defaults
 * are filled in and units are resolved; nothing here knows about YAML. The settings themselves are
 * described in docs/configuration.md.
 */

/** Where a setting stands in the file: line and column count from 1. */
export type Position = Readonly<{ line: number; column: number }>

export type SyncMode = 'realtime' | 'batch' | 'hybrid'
export type ApiVersion = 'v2' | 'v1'
export type DeleteBehavior = 'soft' | 'hard'

/** The target that stands for the identity of a contact, whatever case it was written in. */
export const IDENTITY_TARGET = 'email'

/**
 * One row of `person_mapping` or `organization_mapping`.
 * `line` and `column` are null for rows that Tajo added by default.
 */
export type MappingEntry = Readonly<{
  /** The source path as written: `name`, `org_id.name`, `custom_fields.lead_source`. */
  source: string
  /** Persons: `IDENTITY_TARGET` or an upper-case attribute name. Organizations: the name as written. */
  target: string
  /** The path in the file, for `locate`: `person_mapping.custom_fields.industry`. */
  path: string
  line: number | null
  column: number | null
}>

export type StageKey =
  | Readonly<{ kind: 'id'; id: number }>
  /** The first `/` divides; a pipeline name with a `/` in it is matched by comparing `key` as a whole. */
  | Readonly<{ kind: 'name'; pipeline: string; stage: string }>
  | Readonly<{ kind: 'won' }>
  | Readonly<{ kind: 'lost' }>

export type StageMappingEntry = Readonly<{
  stage: StageKey
  /** The key as written: `3`, `won`, `Sales/Proposal made`. */
  key: string
  listId: number
  /** The path in the file, for `locate`. */
  path: string
  position: Position
}>

export type EventAction = 'added' | 'updated' | 'deleted' | 'merged'
export type EventObject = 'person' | 'deal' | 'organization' | 'activity' | 'lead'

/** One row of `webhooks`; both vocabularies of actions are brought to one (`create` is `added`). */
export type WebhookEvent = Readonly<{
  action: EventAction
  object: EventObject
  brevoEvent: string
  /** The path in the file, for `locate`: `webhooks[0]`. */
  path: string
  position: Position
}>

/** Names of the events a deal sends besides `webhooks`; false switches one off. */
export type DealEvents = Readonly<{
  dealStageChanged: string | false
  dealWon: string | false
  dealLost: string | false
  dealReopened: string | false
  /** Custom deal fields that events of deals carry, as written: key, name or slug. */
  dealFields: readonly string[]
}>

export type FieldDirection = 'both' | 'to_brevo' | 'to_pipedrive'

/** `lead`: the person whose values the contact shows (rule R1.2). Ties go to the lowest id. */
export type Survivor = 'lead' | 'oldest' | 'most_deals'

export type ReverseSync = Readonly<{
  enabled: boolean
  conflict: 'newest' | 'pipedrive' | 'brevo'
  createPersons: 'never' | 'all' | Readonly<{ lists: readonly number[] }>
  /** Key, name or slug of the Pipedrive field that receives the consent; null: none. */
  consentField: string | null
  /** Who owns new persons: id, e-mail or name of a user; null: whoever the token belongs to. */
  personOwner: string | null
  /** Name or id of the label of new persons. */
  personLabel: string | null
  /** Attribute name (upper case; `EMAIL` for the address) to direction; attributes not named here go `both` ways. */
  fields: Readonly<Record<string, FieldDirection>>
  resurrect: boolean
}>

export type PipedriveConfig = Readonly<{
  enabled: boolean
  apiToken: string | null
  /** The Pipedrive app's own credentials, not a user's tokens. */
  oauth: Readonly<{ clientId: string; clientSecret: string }> | null
  /** Lower case, without `.pipedrive.com`. */
  companyDomain: string | null
  /** Without a trailing slash. From the file, else PIPEDRIVE_API_URL, else from the domain, else null. */
  apiUrl: string | null
  oauthUrl: string
  apiVersion: ApiVersion
  syncMode: SyncMode
  pollIntervalMs: number
  sync: Readonly<{
    persons: boolean
    deals: boolean
    organizations: boolean
    activities: boolean
    leads: boolean
  }>
  /** Brevo list ids. */
  lists: Readonly<{
    allContacts: number | null
    qualifiedLeads: number | null
    customers: number | null
    churned: number | null
  }>
  /** ISO 3166 alpha-2, upper case. */
  defaultCountry: string | null
  deleteBehavior: DeleteBehavior
  backfillEvents: boolean
  createMissingAttributes: boolean
}>

export type Config = Readonly<{
  /** Absolute path of the file that was read; null when there was none. */
  file: string | null
  pipedrive: PipedriveConfig
  brevo: Readonly<{
    apiKey: string | null
    /** The credentials of a private app; null while there is an API key. */
    oauth: Readonly<{ clientId: string; clientSecret: string; scope: string | null }> | null
    apiUrl: string
    /** Without path. */
    oauthUrl: string
    apiKeyName: string | null
  }>
  reverseSync: ReverseSync
  /** Port 0 asks the system for a free one. */
  server: Readonly<{ port: number; publicUrl: string | null; behindProxy: boolean }>
  personMapping: readonly MappingEntry[]
  organizationMapping: readonly MappingEntry[]
  dealStageMapping: readonly StageMappingEntry[]
  webhooks: readonly WebhookEvent[]
  events: DealEvents
  /** ISO 4217 code to the worth of one unit in the account's default currency. */
  exchangeRates: Readonly<Record<string, number>>
  /** Which of several persons with one address survives a merge. */
  dedupe: Readonly<{ survivor: Survivor }>
  /** The directory is absolute. Switches by name of the skill, as written; a skill that is not named is on. */
  skills: Readonly<{ directory: string; switches: Readonly<Record<string, boolean>> }>
  /** Whether moves of deals are kept for reports. */
  keepsHistory: boolean
}>

/** A checked configuration together with the way back into the file, for faults that are found later. */
export type LoadedConfig = Readonly<{
  config: Config
  /** Where `path` stands (its nearest ancestor when it is not written out); null without a file. */
  position(path: string): Position | null
  /** `tajo.yaml:10:8 lists.all_contacts`, or the bare path without a file. */
  locate(path: string): string
}>
