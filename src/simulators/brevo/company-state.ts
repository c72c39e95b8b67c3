/** Companies as a test or a colleague in Brevo's own pages sees and changes them, without HTTP, keys or limits. */
import { companyValues, createCompany, linkedContacts, updateCompany } from './company-change.ts'
import type { Company, CompanyValue } from './company-store.ts'
import { documentNotFound } from './refusal.ts'
import type { BrevoWorld } from './world.ts'

export type BrevoCompanySnapshot = {
  id: string
  name: string
  /** Without the name, moments and counts. */
  attributes: Record<string, CompanyValue>
  /** Ascending. */
  linkedContactsIds: number[]
}

export type CompanyState = {
  /** In order of creation, without moments: equal for equal content. */
  companies(): BrevoCompanySnapshot[]
  /** A body as `POST /companies` takes it, from somebody else; returns the id. Throws the API's refusal. */
  addCompany(body: Record<string, unknown>): string
  /** A body as `PATCH /companies/{id}` takes it: links replace. */
  editCompany(id: string, body: Record<string, unknown>): void
  deleteCompany(id: string): void
}

/** `settle` carries out what is due and answers the account. */
export function createCompanyState(settle: () => BrevoWorld): CompanyState {
  const expect = (id: string): Company => {
    const company = settle().companies.get(id)
    if (!company) throw documentNotFound()
    return company
  }
  return {
    companies() {
      const world = settle()
      return world.companies.all().map((company) => ({
        id: company.id,
        name: company.name,
        attributes: companyValues(company, world),
        linkedContactsIds: linkedContacts(company, world),
      }))
    },
    addCompany: (body) => createCompany(body, settle()).id,
    editCompany: (id, body) => updateCompany(expect(id), body, settle()),
    deleteCompany: (id) => settle().companies.delete(expect(id)),
  }
}
