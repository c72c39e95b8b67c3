/** The part of the configuration that decides what is wanted in Brevo, in plain values. */
import type { ReverseSettings } from './two-way.ts'

export type MappingSetting = {
  /** As written: `org_id.name`, `custom_fields.industry`, `won_deals_count`. */
  readonly source: string
  /** A Brevo attribute, or `email`. */
  readonly target: string
  /** Where it stands in the configuration, for messages: `person_mapping.org_id.name`. */
  readonly path: string
}

export type StageSetting =
  | { readonly kind: 'id'; readonly id: number }
  | { readonly kind: 'name'; readonly pipeline: string; readonly stage: string }
  | { readonly kind: 'won' }
  | { readonly kind: 'lost' }

export type SyncSettings = {
  readonly entities: {
    readonly persons: boolean
    readonly deals: boolean
    readonly organizations: boolean
    readonly activities: boolean
    readonly leads: boolean
  }
  readonly personMapping: readonly MappingSetting[]
  /** Fields of an organization to labels or internal names of Brevo's company attributes. */
  readonly organizationMapping: readonly MappingSetting[]
  readonly lists: {
    readonly allContacts: number | null
    readonly qualifiedLeads: number | null
    readonly customers: number | null
    readonly churned: number | null
  }
  readonly stageLists: readonly {
    readonly stage: StageSetting
    readonly listId: number
    readonly path: string
  }[]
  readonly defaultCountry: string | null
  readonly exchangeRates: Readonly<Record<string, number>>
  /** `deal added`, `deal stage_changed`, ... to the name of the Brevo event (rule R5). */
  readonly events: Readonly<Record<string, string>>
  /** Custom deal fields, by key, name or slug, that events of deals carry. */
  readonly dealFields: readonly { readonly source: string; readonly path: string }[]
  /** Changes that are noticed without an event for Brevo, in the same words: skills wait for them. */
  readonly noticed: readonly string[]
  /** Whether moves of deals are kept for reports. */
  readonly keepsHistory: boolean
  /** Whether what is there at the first sync is told as added. */
  readonly backfillEvents: boolean
  readonly deleteBehavior: 'soft' | 'hard'
  readonly createMissingAttributes: boolean
  /** Null: nothing ever goes to Pipedrive. */
  readonly reverse: ReverseSettings | null
  /** Whether a contact that was deleted in Brevo is made again at once (rule R9.6). */
  readonly resurrect: boolean
  /** The name of the API key in use, as Brevo's webhooks give it; null: not known. */
  readonly brevoKeyName: string | null
}

/** Something in the configuration that does not fit the accounts: found before the first write. */
export type SettingFault = {
  /** Configuration path. */
  readonly path: string
  readonly message: string
  /** `error` stops a sync; `warning` is shown by `tajo check`. */
  readonly severity: 'error' | 'warning'
}
