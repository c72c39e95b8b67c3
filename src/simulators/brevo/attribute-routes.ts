/** `/contacts/attributes`. Deleting a definition deletes every contact's value. */
import type { Context, Hono } from 'hono'
import { isAttributeCategory, presentAttribute } from './attribute-registry.ts'
import { invalidParameter } from './refusal.ts'
import { readBody } from './request.ts'
import type { BrevoAttributeCategory } from './seed.ts'
import type { BrevoWorld } from './world.ts'

const ONE = '/contacts/attributes/:category/:name'

export function attributeRoutes(app: Hono, world: BrevoWorld): void {
  app.get('/contacts/attributes', (c) =>
    c.json({ attributes: world.attributes.all().map((each) => presentAttribute(each, world.switches)) }),
  )

  app.post(ONE, async (c) => {
    world.attributes.create(categoryOf(c), nameOf(c), await readBody(c))
    return c.body(null, 201)
  })

  app.put(ONE, async (c) => {
    const category = categoryOf(c)
    if (category === 'transactional') throw invalidParameter('Invalid attributeCategory')
    world.attributes.update(category, nameOf(c), await readBody(c))
    return c.body(null, 204)
  })

  app.delete(ONE, (c) => {
    const name = nameOf(c)
    world.attributes.delete(categoryOf(c), name)
    for (const contact of world.contacts.all()) delete contact.attributes[name]
    return c.body(null, 204)
  })

  app.delete('/contacts/attributes/multiple-choice/:name/:option', (c) => {
    const { name, option } = c.req.param()
    world.attributes.deleteOption(name, option)
    for (const contact of world.contacts.all()) {
      const chosen = contact.attributes[name]
      if (!Array.isArray(chosen) || !chosen.includes(option)) continue
      const left = chosen.filter((each) => each !== option)
      if (left.length > 0) contact.attributes[name] = left
      else delete contact.attributes[name]
    }
    return c.body(null, 204)
  })
}

const nameOf = (c: Context): string => c.req.param('name') ?? ''

function categoryOf(c: Context): BrevoAttributeCategory {
  const category = c.req.param('category') ?? ''
  if (!isAttributeCategory(category)) throw invalidParameter('Invalid attributeCategory')
  return category
}
