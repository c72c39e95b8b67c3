/** `/crm/attributes` of companies and deals: listed, made, changed and deleted. */
import type { Hono } from 'hono'
import { readCrmBody } from './company-query.ts'
import type { CrmAttribute } from './crm-attribute-registry.ts'
import type { BrevoWorld } from './world.ts'

export function crmAttributeRoutes(app: Hono, world: BrevoWorld): void {
  for (const objectType of ['companies', 'deals'] as const) {
    app.get(`/crm/attributes/${objectType}`, (c) => c.json(world.crmAttributes.all(objectType).map(present)))
  }

  app.post('/crm/attributes', async (c) => {
    const { id } = world.crmAttributes.create(await readCrmBody(c), world.nowMs())
    return c.json({ id })
  })

  app.patch('/crm/attributes/:id', async (c) => {
    world.crmAttributes.update(c.req.param('id'), await readCrmBody(c))
    return c.body(null, 204)
  })

  app.delete('/crm/attributes/:id', (c) => {
    const { internalName, objectType } = world.crmAttributes.delete(c.req.param('id'))
    const holders = objectType === 'companies' ? world.companies.all() : world.deals.all()
    for (const { attributes } of holders) delete attributes[internalName]
    return c.body(null, 204)
  })
}

/** The id is not among it: only the answer to its creation tells it. */
function present(attribute: CrmAttribute): object {
  const { internalName, label, type, options, isRequired, isReadonly } = attribute
  return {
    internalName,
    label,
    attributeTypeName: type,
    attributeOptions: options,
    isRequired,
    isValueReadonly: isReadonly,
  }
}
