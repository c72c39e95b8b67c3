/** `/crm/attributes` of companies. Answers no deals' attributes; only what was made for deals is kept. */
import type { Hono } from 'hono'
import { readCrmBody } from './company-query.ts'
import type { CrmAttribute } from './crm-attribute-registry.ts'
import type { BrevoWorld } from './world.ts'

export function crmAttributeRoutes(app: Hono, world: BrevoWorld): void {
  app.get('/crm/attributes/companies', (c) => c.json(world.crmAttributes.all('companies').map(present)))

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
    if (objectType === 'companies') {
      for (const company of world.companies.all()) delete company.attributes[internalName]
    }
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
