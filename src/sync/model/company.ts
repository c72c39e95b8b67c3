/** Brevo's company in our words: as it is seen, as it is wanted, and how its values are written. */
import type { Attribute, Attributes } from './contact.ts'

/** An attribute of companies. Its `name` is Brevo's internal name, the key of its values. */
export type CompanyAttribute = Attribute & {
  /** As Brevo's pages show it. */
  readonly label: string
  /** False for what Brevo counts or stamps itself, and for kinds that Tajo cannot write. */
  readonly writable: boolean
}

/** The attributes that Tajo reads and writes. */
export type CompanyFormat = {
  /** Holds the id of the organization, so that a company is found again. */
  readonly identity: CompanyAttribute
  readonly mapped: readonly CompanyAttribute[]
}

/** A company as Brevo shows it, limited to what Tajo maps. */
export type Company = {
  readonly companyId: string
  /** What its identity attribute says; null when that is empty or no id. */
  readonly organizationId: number | null
  readonly name: string
  readonly attributes: Attributes
  /** Linked contacts, ascending. */
  readonly contacts: readonly number[]
}

/** What an organization should be in Brevo. */
export type WantedCompany = {
  readonly organizationId: number
  readonly name: string
  readonly attributes: Attributes
}

/** The label of the identity attribute. */
export const companyIdentityLabel = 'Pipedrive organization id'
