/**
 * What a write wants of one deal, and its execution (https://developers.brevo.com/reference/update-a-deal). A refused
 * write changes nothing; links that a PATCH names replace all that were there. Knows no pipelines: ids of pipelines and
 * stages are kept as they are given.
 */
import { linkedContacts, presentValues, readContactIds, readCrmAttributes } from './company-change.ts'
import { type CompanyValue, isCrmId } from './company-store.ts'
import type { Deal } from './deal-store.ts'
import { notValidData } from './refusal.ts'
import { type Body, isBody } from './request.ts'
import type { BrevoWorld } from './world.ts'

type DealChange = {
  name?: string
  attributes: Map<string, CompanyValue | undefined>
  contactIds?: number[]
  companyIds?: string[]
}

function readDealChange(body: Body, world: BrevoWorld): DealChange {
  const { attributes = {} } = body
  if (!isBody(attributes)) throw notValidData()
  assertStage(attributes, world)
  const ofDeals = (name: string) => world.crmAttributes.find('deals', name)
  const change: DealChange = { attributes: readCrmAttributes(attributes, 'deal_name', ofDeals, world) }
  const name = body.name ?? attributes.deal_name
  if (body.name === null) throw notValidData()
  if (name !== undefined) {
    if (typeof name !== 'string' || name.trim() === '') throw notValidData()
    change.name = name
  }
  // The document of 2025 writes linkedContactIds where the SDK writes linkedContactsIds.
  const contactIds = readContactIds(body.linkedContactsIds ?? body.linkedContactIds, world)
  const companyIds = readCompanyIds(body.linkedCompaniesIds, world)
  if (contactIds) change.contactIds = contactIds
  if (companyIds) change.companyIds = companyIds
  return change
}

/** A pipeline comes with a stage of it. */
function assertStage({ pipeline, deal_stage: stage }: Body, { switches }: BrevoWorld): void {
  if (pipeline !== undefined && stage === undefined) throw notValidData()
  const isAlone = stage !== undefined && pipeline === undefined
  if (isAlone && switches.dealStageAlone === 'refused') throw notValidData()
}

function readCompanyIds(raw: unknown, world: BrevoWorld): string[] | undefined {
  if (raw === undefined) return undefined
  if (!Array.isArray(raw) || !raw.every(isCrmId)) throw notValidData()
  if (!raw.every((id) => world.companies.get(id) !== undefined)) throw notValidData()
  return raw
}

export function createDeal(body: Body, world: BrevoWorld): Deal {
  const change = readDealChange(body, world)
  if (typeof body.name !== 'string') throw notValidData()
  const deal = world.deals.insert(body.name, world.nowMs())
  applyDealChange(deal, change, world)
  return deal
}

export function updateDeal(deal: Deal, body: Body, world: BrevoWorld): void {
  applyDealChange(deal, readDealChange(body, world), world)
}

function applyDealChange(deal: Deal, change: DealChange, world: BrevoWorld): void {
  deal.name = change.name ?? deal.name
  for (const [name, value] of change.attributes) {
    if (value === undefined) delete deal.attributes[name]
    else deal.attributes[name] = value
  }
  if (change.contactIds) deal.contactIds = new Set(change.contactIds)
  if (change.companyIds) {
    for (const company of world.companies.all()) {
      if (change.companyIds.includes(company.id)) company.dealIds.add(deal.id)
      else company.dealIds.delete(deal.id)
    }
  }
  deal.updatedAtMs = world.nowMs()
}

export function linkedCompanies({ id }: Deal, world: BrevoWorld): string[] {
  return world.companies.all().flatMap((company) => (company.dealIds.has(id) ? [company.id] : []))
}

/** Values of the attributes as they are answered, by name. */
export function dealValues(deal: Deal, world: BrevoWorld): Record<string, CompanyValue> {
  return presentValues(deal.attributes, (name) => world.crmAttributes.find('deals', name), world)
}

/** As the API answers it. */
export function presentDeal(deal: Deal, world: BrevoWorld) {
  const linkedContactsIds = linkedContacts(deal, world)
  return {
    id: deal.id,
    attributes: {
      deal_name: deal.name,
      ...dealValues(deal, world),
      number_of_contacts: linkedContactsIds.length,
      created_at: new Date(deal.createdAtMs).toISOString(),
      last_updated_date: new Date(deal.updatedAtMs).toISOString(),
    },
    linkedContactsIds,
    linkedCompaniesIds: linkedCompanies(deal, world),
  }
}
