/** What is said of a draft of settings before it is saved, and of the accounts it is made for; plain JSON. */
import type { AttributeType, FieldType, SettingFault, WarningCode } from '../model/index.ts'

export type SurveyedField = {
  /** As `person_mapping` writes it. */
  readonly source: string
  readonly label: string
  readonly group: 'person' | 'organization' | 'computed'
  readonly custom: boolean
  readonly type: FieldType
  /** With which a missing attribute would be made for it. */
  readonly attributeType: AttributeType
  /** Values of real records in words, each once. */
  readonly samples: readonly string[]
}

export type SurveyedAttribute = {
  readonly name: string
  readonly type: AttributeType
  readonly writable: boolean
  /** Of a category or multiple-choice. */
  readonly labels: readonly string[] | null
}

export type NamedLists = {
  readonly allContacts: number | null
  readonly qualifiedLeads: number | null
  readonly customers: number | null
  readonly churned: number | null
}

export type SuggestedRow = {
  readonly source: string
  readonly target: string
  readonly because: 'standard' | 'same_name' | 'new_attribute'
}

export type SettingsSuggestion = {
  readonly personMapping: readonly SuggestedRow[]
  readonly lists: NamedLists
  readonly stageLists: readonly { readonly stage: string; readonly listId: number }[]
  /** ISO 3166 alpha-2. */
  readonly defaultCountry: string | null
}

/** What both accounts have to offer for a mapping. */
export type AccountSurvey = {
  readonly pipedrive: {
    readonly company: string | null
    readonly currency: string
    /** How many persons the mirror has; null before the first reading. */
    readonly persons: number | null
    readonly fields: readonly SurveyedField[]
    readonly pipelines: readonly {
      readonly id: number
      readonly name: string
      readonly stages: readonly { readonly id: number; readonly name: string }[]
    }[]
  }
  readonly brevo: {
    readonly company: string | null
    readonly attributes: readonly SurveyedAttribute[]
    readonly lists: readonly { readonly id: number; readonly name: string }[]
  }
  readonly suggestion: SettingsSuggestion
}

export type PreviewSample = {
  /** The lead person of the contact. */
  readonly personId: number
  /** In words, as a person reads them in Pipedrive. */
  readonly from: string
  /** What Brevo would get, in words; null: nothing. */
  readonly to: string | null
  readonly problem: string | null
  /** Of the problem, as the accounting names it; null without one. */
  readonly code: WarningCode | null
}

export type PreviewRow = {
  readonly source: string
  readonly target: string
  /** Of the attribute; null where the source is unknown. */
  readonly type: AttributeType | null
  /** Why the row does not fit the accounts. */
  readonly problem: string | null
  readonly samples: readonly PreviewSample[]
}

/** A draft against both accounts. */
export type DraftPreview = {
  readonly faults: readonly SettingFault[]
  readonly missingAttributes: readonly { readonly name: string; readonly type: AttributeType }[]
  /** In the order of the mapping. */
  readonly rows: readonly PreviewRow[]
}

export type TrialChange = {
  readonly personId: number
  readonly email: string
  readonly action: 'create' | 'update'
  /** `attribute`: its name, or `blocklisted`. */
  readonly fields: readonly { readonly attribute: string; readonly from: unknown; readonly to: unknown }[]
  readonly addLists: readonly number[]
  readonly removeLists: readonly number[]
}

/** What a draft would change in Brevo, as far as the mirror and what is known of Brevo reach. */
export type DraftTrial = {
  readonly contacts: { readonly created: number; readonly updated: number; readonly unchanged: number }
  /** Memberships. */
  readonly lists: { readonly added: number; readonly removed: number }
  /** Code to count. */
  readonly warnings: Readonly<Record<string, number>>
  /** The first of them. */
  readonly changes: readonly TrialChange[]
}
