/** Organizations as Brevo's companies: a step of its own, with its own budget, after the contacts. */
export { reservedRequests } from './company-budget.ts'
export type { CompanyContext } from './company-step.ts'
export { type CompanyPreparation, type PrepareOptions, prepareCompanies } from './prepare-companies.ts'
export { projectOrganizations } from './project-organizations.ts'
export { type CompanyOptions, type CompanyReport, syncCompanies } from './sync-companies.ts'
