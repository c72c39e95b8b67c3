/** What the CRM endpoints read from a request, with refusals that have a message and no code. */
import type { Context } from 'hono'
import { linkedContacts, presentCompany } from './company-change.ts'
import type { Company } from './company-store.ts'
import { BrevoRefusal, notValidData } from './refusal.ts'
import { type Body, parseMoment, readBody } from './request.ts'
import type { BrevoWorld } from './world.ts'

/** Neither is documented. */
const STANDARD_LIMIT = 50
const MOST = 100

export async function readCrmBody(c: Context): Promise<Body> {
  try {
    return await readBody(c)
  } catch (error) {
    if (error instanceof BrevoRefusal) throw notValidData()
    throw error
  }
}

/**
 * The page of `GET /companies` (https://developers.brevo.com/reference/get-companies), newest first by default. A plain
 * `filters` and an `offset` are ignored in silence, as the vendor does.
 */
export function selectCompanies(c: Context, world: BrevoWorld): Company[] {
  const limit = pageLimit(c)
  const page = wholeNumber(c, 'page') ?? 0
  const start = world.switches.companyPage === 'documents' ? page : Math.max(0, page - 1) * limit
  const tests = companyTests(c, world)
  const found = world.companies.all().filter((company) => tests.every((test) => test(company)))
  const sorted = sortCompanies(c, found, world)
  return sorted.slice(start, start + limit)
}

export function pageLimit(c: Context): number {
  const limit = wholeNumber(c, 'limit') ?? STANDARD_LIMIT
  if (limit < 1 || limit > MOST) throw notValidData()
  return limit
}

function companyTests(c: Context, world: BrevoWorld): ((company: Company) => boolean)[] {
  const tests: ((company: Company) => boolean)[] = []
  const modifiedSince = moment(c, 'modifiedSince')
  const createdSince = moment(c, 'createdSince')
  if (modifiedSince !== undefined) tests.push(({ updatedAtMs }) => updatedAtMs > modifiedSince)
  if (createdSince !== undefined) tests.push(({ createdAtMs }) => createdAtMs > createdSince)
  const contactId = wholeNumber(c, 'linkedContactsIds')
  if (contactId !== undefined) tests.push((company) => linkedContacts(company, world).includes(contactId))
  const dealId = c.req.query('linkedDealsIds')
  if (dealId !== undefined) tests.push(({ dealIds }) => dealIds.has(dealId))
  const owner = c.req.query('filters[attributes.owner]')
  if (owner !== undefined) tests.push(({ attributes }) => attributes.owner === owner)
  const name = c.req.query('filters[attributes.name]')
  if (name !== undefined) tests.push(nameTest(name, world))
  return tests
}

export function nameTest(sought: string, { switches }: BrevoWorld): (named: { name: string }) => boolean {
  const part = sought.toLowerCase()
  const isWhole = switches.companyNameFilter === 'equals'
  return ({ name }) => (isWhole ? name === sought : name.toLowerCase().includes(part))
}

/** By creation, or by the attribute that `sortBy` names; companies without it come last. */
function sortCompanies(c: Context, companies: Company[], world: BrevoWorld): Company[] {
  const isNewestFirst = newestFirst(c)
  const by = c.req.query('sortBy')
  if (by !== undefined) return orderBy(companies, by, isNewestFirst ? 'desc' : 'asc', world)
  return isNewestFirst ? companies.toReversed() : companies
}

export function newestFirst(c: Context): boolean {
  const sort = c.req.query('sort') ?? 'desc'
  if (sort !== 'asc' && sort !== 'desc') throw notValidData()
  return sort === 'desc'
}

function orderBy(companies: Company[], by: string, sort: 'asc' | 'desc', world: BrevoWorld): Company[] {
  const sign = sort === 'asc' ? 1 : -1
  const keyed = companies.map((company) => {
    const { attributes } = presentCompany(company, world)
    return { company, value: (attributes as Body)[by] as string | number | undefined }
  })
  keyed.sort((a, b) => {
    if (a.value === undefined || b.value === undefined) {
      return Number(a.value === undefined) - Number(b.value === undefined)
    }
    return a.value === b.value ? 0 : a.value < b.value ? -sign : sign
  })
  return keyed.map(({ company }) => company)
}

export function wholeNumber(c: Context, name: string): number | undefined {
  const text = c.req.query(name)
  if (text === undefined) return undefined
  if (!/^\d{1,15}$/.test(text)) throw notValidData()
  return Number(text)
}

export function moment(c: Context, name: string): number | undefined {
  const text = c.req.query(name)
  if (text === undefined) return undefined
  const moment = parseMoment(text)
  if (moment === undefined) throw notValidData()
  return moment
}
