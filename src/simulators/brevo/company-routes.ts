/** `/companies`, `/companies/{id}` and `/companies/link-unlink/{id}`. Companies have no identifier but the vendor's. */
import type { Context, Hono } from 'hono'
import {
  createCompany,
  presentCompany,
  readContactIds,
  readDealIds,
  updateCompany,
} from './company-change.ts'
import { readCrmBody, selectCompanies } from './company-query.ts'
import { type Company, isCrmId } from './company-store.ts'
import { companyIdInvalid, documentNotFound, notValidData } from './refusal.ts'
import type { BrevoWorld } from './world.ts'

export function companyRoutes(app: Hono, world: BrevoWorld): void {
  app.get('/companies', (c) => {
    const items = selectCompanies(c, world).map((company) => presentCompany(company, world))
    return c.json({ items })
  })

  app.post('/companies', async (c) => c.json({ id: createCompany(await readCrmBody(c), world).id }))

  app.get('/companies/:id', (c) => c.json(presentCompany(expectCompany(c, world), world)))

  app.patch('/companies/:id', async (c) => {
    const company = expectCompany(c, world)
    updateCompany(company, await readCrmBody(c), world)
    return c.json(presentCompany(company, world))
  })

  app.delete('/companies/:id', (c) => {
    world.companies.delete(expectCompany(c, world))
    return c.body(null, 204)
  })

  app.patch('/companies/link-unlink/:id', async (c) => {
    const id = c.req.param('id')
    if (!isCrmId(id)) throw companyIdInvalid()
    const company = world.companies.get(id)
    if (!company) throw world.switches.linkUnknownCompany === 404 ? documentNotFound() : notValidData()
    linkAndUnlink(company, await readCrmBody(c), world)
    return c.body(null, 204)
  })
}

function expectCompany(c: Context, world: BrevoWorld): Company {
  const id = c.req.param('id')
  if (!isCrmId(id)) throw companyIdInvalid()
  const company = world.companies.get(id)
  if (!company) throw documentNotFound()
  return company
}

/** What is to be unlinked may be gone already; what is in both is unlinked. */
function linkAndUnlink(company: Company, body: Record<string, unknown>, world: BrevoWorld): void {
  const linked = readContactIds(body.linkContactIds, world) ?? []
  const unlinked = body.unlinkContactIds ?? []
  if (!Array.isArray(unlinked) || !unlinked.every(Number.isSafeInteger)) throw notValidData()
  const linkedDeals = readDealIds(body.linkDealsIds) ?? []
  const unlinkedDeals = readDealIds(body.unlinkDealsIds) ?? []
  for (const id of linked) company.contactIds.add(id)
  for (const id of unlinked) company.contactIds.delete(id)
  for (const id of linkedDeals) company.dealIds.add(id)
  for (const id of unlinkedDeals) company.dealIds.delete(id)
  company.updatedAtMs = world.nowMs()
}
