/** What a Pipedrive account defines: its fields, options, users, pipelines and stages. */

export type FieldType =
  | 'text'
  | 'number'
  | 'money'
  | 'option'
  | 'options'
  | 'user'
  | 'organization'
  | 'person'
  | 'phone'
  | 'date'
  | 'date-range'
  | 'time'
  | 'time-range'
  | 'address'
  | 'timestamp'
  | 'flag'

export type FieldDefinition = {
  /** A built-in code (`job_title`) or a 40-character key. */
  readonly key: string
  readonly name: string
  readonly type: FieldType
  readonly custom: boolean
  /** Option id to label, for `option` and `options`. */
  readonly options: Readonly<Record<string, string>>
}

export type Pipeline = { readonly id: number; readonly name: string }
export type Stage = {
  readonly id: number
  readonly name: string
  readonly pipelineId: number
  readonly order: number
  /** How likely a deal in it is won, percent; absent where the account says nothing. */
  readonly probability?: number
}

export type Catalogue = {
  readonly personFields: readonly FieldDefinition[]
  readonly organizationFields: readonly FieldDefinition[]
  /** Of a plan: those that events carry and reports group by, no others. */
  readonly dealFields: readonly FieldDefinition[]
  readonly pipelines: readonly Pipeline[]
  readonly stages: readonly Stage[]
  /** User id to name; empty when nothing asks for names. */
  readonly users: Readonly<Record<string, string>>
  /** `default_currency` of `users/me`. */
  readonly defaultCurrency: string
}
