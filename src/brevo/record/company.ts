/** Brevo's CRM companies, read and written. A change cannot carry links: at Brevo they would replace all there are. */
import { z } from 'zod'
import type { Unreadable } from '../read-records.ts'
import type { BrevoAttributeValues } from './contact.ts'

/** {@link https://developers.brevo.com/reference/get_companies} */
export const companySchema = z.looseObject({
  /** 24 hexadecimal digits. */
  id: z.string().min(1),
  /** Keys are internal names; `name`, `created_at` and `last_updated_at` are here too. */
  attributes: z.record(z.string(), z.unknown()).nullish(),
  linkedContactsIds: z.array(z.number()).nullish(),
  linkedDealsIds: z.array(z.string()).nullish(),
})
export type BrevoCompany = z.infer<typeof companySchema>

export type BrevoUnreadableCompany = Unreadable

export type BrevoCompanyPage = {
  readonly items: readonly BrevoCompany[]
  /** Counted from 1. */
  readonly page: number
  /** Null when this page was not full. */
  readonly nextPage: number | null
  readonly serverTime: Date | null
  readonly unreadable: readonly BrevoUnreadableCompany[]
}

/** {@link https://developers.brevo.com/reference/post_companies} */
export type BrevoCreateCompany = {
  /** Not blank. Brevo does not keep it unique. */
  name: string
  attributes?: BrevoAttributeValues
  /** Dialling code for `phone_number` among the attributes, such as 49. */
  countryCode?: number
  linkedContactsIds?: readonly number[]
}

/**
 * At least one of name and attributes. No links: `companies.link` changes those one by one.
 * {@link https://developers.brevo.com/reference/patch_companies-id}
 */
export type BrevoUpdateCompany = {
  name?: string
  attributes?: BrevoAttributeValues
  countryCode?: number
}

/** At least one id in all. {@link https://developers.brevo.com/reference/patch_companies-link-unlink-id} */
export type BrevoCompanyLinks = {
  linkContactIds?: readonly number[]
  unlinkContactIds?: readonly number[]
}

/** All four are always sent, so that Brevo's own defaults do not matter. */
export type BrevoCompanyImportMapping = {
  /** Link the contacts named in the column `associated_contact`. Default true. */
  link_entities?: boolean
  /** Default false. */
  unlink_entities?: boolean
  /** Update where `company_id` is given. Default true; false makes a new company of every row. */
  update_existing_records?: boolean
  /** Let empty cells erase. Default false. */
  unset_empty_attributes?: boolean
}

/** A column for each name: internal names of attributes, and those Brevo gives a meaning. */
export type BrevoCompanyImportRow = {
  /** Without it the row makes a new company, each time it is imported. */
  readonly company_id?: string
  /** Needed where `company_id` is missing. */
  readonly name?: string
  readonly [column: string]: string | number | boolean | undefined
}

/**
 * A CSV text with a header row, or rows to make one of; at most 8,000,000 bytes of it.
 * {@link https://developers.brevo.com/reference/import-companies-creation-and-updation}
 */
export type BrevoCompanyImportRequest = { mapping?: BrevoCompanyImportMapping } & (
  | { csv: string }
  | { rows: readonly BrevoCompanyImportRow[] }
)

/** {@link https://developers.brevo.com/reference/get_crm-attributes-companies} */
export const companyAttributeSchema = z.looseObject({
  /** The key under `attributes` of a company; Brevo makes it from the label. */
  internalName: z.string().min(1),
  label: z.string().nullish(),
  /** `text`, `user`, `number`, `single-select`, `date`, `boolean`, `multi-choice`, ... */
  attributeTypeName: z.string().nullish(),
  attributeOptions: z
    .array(z.looseObject({ key: z.string().nullish(), value: z.string().nullish() }))
    .nullish(),
  isRequired: z.boolean().nullish(),
  isValueReadonly: z.boolean().nullish(),
})
export type BrevoCompanyAttribute = z.infer<typeof companyAttributeSchema>

/** {@link https://developers.brevo.com/reference/post_crm-attributes} */
export type BrevoCompanyAttributeType =
  | 'text'
  | 'user'
  | 'number'
  | 'single-select'
  | 'date'
  | 'boolean'
  | 'multi-choice'
