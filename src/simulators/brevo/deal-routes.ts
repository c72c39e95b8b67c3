/** `/crm/deals` and `/crm/deals/{id}`: made, read and changed. Deletes, links singly and imports none. */
import type { Context, Hono } from 'hono'
import { linkedContacts } from './company-change.ts'
import { moment, nameTest, newestFirst, pageLimit, readCrmBody, wholeNumber } from './company-query.ts'
import { isCrmId } from './company-store.ts'
import { createDeal, linkedCompanies, presentDeal, updateDeal } from './deal-change.ts'
import type { Deal } from './deal-store.ts'
import { crmAttributeIdInvalid, documentNotFound } from './refusal.ts'
import type { BrevoWorld } from './world.ts'

export function dealRoutes(app: Hono, world: BrevoWorld): void {
  app.get('/crm/deals', (c) =>
    c.json({ items: selectDeals(c, world).map((deal) => presentDeal(deal, world)) }),
  )

  app.post('/crm/deals', async (c) => c.json({ id: createDeal(await readCrmBody(c), world).id }, 201))

  app.get('/crm/deals/:id', (c) => c.json(presentDeal(expectDeal(c, world), world)))

  app.patch('/crm/deals/:id', async (c) => {
    const deal = expectDeal(c, world)
    updateDeal(deal, await readCrmBody(c), world)
    return c.body(null, 204)
  })
}

/** The words for an id that is none are those of attributes, in the vendor's own examples too. */
function expectDeal(c: Context, world: BrevoWorld): Deal {
  const id = c.req.param('id')
  if (!isCrmId(id)) throw crmAttributeIdInvalid()
  const deal = world.deals.get(id)
  if (!deal) throw documentNotFound()
  return deal
}

/** The page of `GET /crm/deals` (https://developers.brevo.com/reference/get-all-deals): unlike companies, by `offset`. */
function selectDeals(c: Context, world: BrevoWorld): Deal[] {
  const limit = pageLimit(c)
  const offset = wholeNumber(c, 'offset') ?? 0
  const tests: ((deal: Deal) => boolean)[] = []
  const modifiedSince = moment(c, 'modifiedSince')
  const createdSince = moment(c, 'createdSince')
  if (modifiedSince !== undefined) tests.push(({ updatedAtMs }) => updatedAtMs > modifiedSince)
  if (createdSince !== undefined) tests.push(({ createdAtMs }) => createdAtMs > createdSince)
  const name = c.req.query('filters[attributes.deal_name]')
  if (name !== undefined) tests.push(nameTest(name, world))
  const companyId = c.req.query('filters[linkedCompaniesIds]')
  if (companyId !== undefined) tests.push((deal) => linkedCompanies(deal, world).includes(companyId))
  const contactId = wholeNumber(c, 'filters[linkedContactsIds]')
  if (contactId !== undefined) tests.push((deal) => linkedContacts(deal, world).includes(contactId))
  const found = world.deals.all().filter((deal) => tests.every((test) => test(deal)))
  return (newestFirst(c) ? found.toReversed() : found).slice(offset, offset + limit)
}
