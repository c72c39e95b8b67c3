/**
 * What a write wants of one company, and its execution (https://developers.brevo.com/reference/update-a-company). A
 * refused write changes nothing; links that a PATCH names replace all that were there.
 */
import { type Company, type CompanyValue, isCrmId } from './company-store.ts'
import { presentCompanyValue, toCompanyValue } from './company-values.ts'
import type { CrmAttribute } from './crm-attribute-registry.ts'
import { notValidData } from './refusal.ts'
import { type Body, isBody } from './request.ts'
import type { BrevoWorld } from './world.ts'

export type CompanyChange = {
  name?: string
  /** undefined empties the attribute. */
  attributes: Map<string, CompanyValue | undefined>
  /** The whole new set. */
  contactIds?: number[]
  dealIds?: string[]
}

/** Reads what POST and PATCH have in common. Throws the vendor's 400. */
export function readCompanyChange(body: Body, world: BrevoWorld): CompanyChange {
  const { attributes = {}, countryCode } = body
  if (!isBody(attributes)) throw notValidData()
  if (countryCode !== undefined && !Number.isSafeInteger(countryCode)) throw notValidData()
  if (isFilled(attributes.phone_number) && countryCode === undefined) throw notValidData()
  const ofCompanies = (name: string) => world.crmAttributes.find('companies', name)
  const change: CompanyChange = { attributes: readCrmAttributes(attributes, 'name', ofCompanies, world) }
  const name = body.name ?? attributes.name
  if (body.name === null) throw notValidData()
  if (name !== undefined) {
    if (typeof name !== 'string' || name.trim() === '') throw notValidData()
    change.name = name
  }
  const contactIds = readContactIds(body.linkedContactsIds, world)
  const dealIds = readDealIds(body.linkedDealsIds)
  if (contactIds) change.contactIds = contactIds
  if (dealIds) change.dealIds = dealIds
  return change
}

const isFilled = (value: unknown): boolean => value !== undefined && value !== ''

/** All but the name, which a company and a deal have outside of their attributes, too. */
export function readCrmAttributes(
  raw: Body,
  nameAttribute: string,
  find: (internalName: string) => CrmAttribute | undefined,
  world: BrevoWorld,
): CompanyChange['attributes'] {
  const read: CompanyChange['attributes'] = new Map()
  for (const [name, value] of Object.entries(raw)) {
    if (value === null) throw notValidData()
    if (name === nameAttribute) continue
    const attribute = find(name)
    const isWritable = attribute !== undefined && !attribute.isReadonly
    if (isWritable && value === '') {
      if (world.switches.emptyTextClears) read.set(name, undefined)
      continue
    }
    const fit = isWritable ? toCompanyValue(attribute, value, false) : undefined
    if (fit !== undefined) read.set(name, fit)
    else if (world.switches.unfitCompanyAttribute === 'refused') throw notValidData()
  }
  return read
}

/** Undefined when not given; contacts that do not exist are refused or left out. */
export function readContactIds(raw: unknown, world: BrevoWorld): number[] | undefined {
  if (raw === undefined) return undefined
  if (!Array.isArray(raw) || !raw.every(Number.isSafeInteger)) throw notValidData()
  const known = raw.filter((id) => world.contacts.get(id) !== undefined)
  const isRefused = world.switches.unknownLinkedContact === 'refused'
  if (known.length < raw.length && isRefused) throw notValidData()
  return known
}

/** Ids are kept as they are given, those of deals that do not exist too. */
export function readDealIds(raw: unknown): string[] | undefined {
  if (raw === undefined) return undefined
  if (!Array.isArray(raw) || !raw.every(isCrmId)) throw notValidData()
  return raw
}

export function createCompany(body: Body, world: BrevoWorld): Company {
  const change = readCompanyChange(body, world)
  if (typeof body.name !== 'string') throw notValidData()
  const company = world.companies.insert(body.name, world.nowMs())
  applyCompanyChange(company, change, world.nowMs())
  return company
}

export function updateCompany(company: Company, body: Body, world: BrevoWorld): void {
  applyCompanyChange(company, readCompanyChange(body, world), world.nowMs())
}

export function applyCompanyChange(company: Company, change: CompanyChange, atMs: number): void {
  company.name = change.name ?? company.name
  for (const [name, value] of change.attributes) {
    if (value === undefined) delete company.attributes[name]
    else company.attributes[name] = value
  }
  if (change.contactIds) company.contactIds = new Set(change.contactIds)
  if (change.dealIds) company.dealIds = new Set(change.dealIds)
  company.updatedAtMs = atMs
}

/** Ids of the linked contacts that still exist, ascending. */
export function linkedContacts({ contactIds }: Pick<Company, 'contactIds'>, world: BrevoWorld): number[] {
  return [...contactIds].filter((id) => world.contacts.get(id) !== undefined).sort((a, b) => a - b)
}

/** Values of the attributes as they are answered, by name. */
export function companyValues(company: Company, world: BrevoWorld): Record<string, CompanyValue> {
  return presentValues(company.attributes, (name) => world.crmAttributes.find('companies', name), world)
}

export function presentValues(
  values: Readonly<Record<string, CompanyValue>>,
  find: (internalName: string) => CrmAttribute | undefined,
  { switches }: BrevoWorld,
): Record<string, CompanyValue> {
  const entries = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(
    entries.map(([name, value]) => [name, presentCompanyValue(find(name), value, switches)]),
  )
}

/** As the API answers it. */
export function presentCompany(company: Company, world: BrevoWorld) {
  const linkedContactsIds = linkedContacts(company, world)
  return {
    id: company.id,
    attributes: {
      name: company.name,
      ...companyValues(company, world),
      number_of_contacts: linkedContactsIds.length,
      created_at: new Date(company.createdAtMs).toISOString(),
      last_updated_at: new Date(company.updatedAtMs).toISOString(),
    },
    linkedContactsIds,
    linkedDealsIds: [...company.dealIds],
  }
}
