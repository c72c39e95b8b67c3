/**
 * `/webhooks`: registering, listing, changing, removing (https://developers.brevo.com/reference/create-webhook). Counted in
 * the hourly bucket of everything else. The history export, which only enterprise accounts have, is not here.
 */
import type { Hono } from 'hono'
import { invalidParameter } from './refusal.ts'
import { pathId, readBody } from './request.ts'
import { isType, readNewWebhook, readWebhookChange } from './webhook-body.ts'
import { presentWebhook } from './webhook-store.ts'
import type { BrevoWorld } from './world.ts'

const ONE = '/webhooks/:webhookId'

export function webhookRoutes(app: Hono, world: BrevoWorld): void {
  app.get('/webhooks', (c) => {
    // Those who leave the type out see only transactional webhooks.
    const type = c.req.query('type') ?? 'transactional'
    if (!isType(type)) throw invalidParameter('Invalid type')
    const sort = c.req.query('sort') ?? 'desc'
    if (sort !== 'asc' && sort !== 'desc') throw invalidParameter('Invalid sort parameter')
    const webhooks = world.webhooks.all().filter((webhook) => webhook.type === type)
    if (sort === 'desc') webhooks.reverse()
    return c.json({ webhooks: webhooks.map(presentWebhook) })
  })

  app.post('/webhooks', async (c) => {
    const settings = readNewWebhook(await readBody(c))
    return c.json({ id: world.webhooks.create(settings, world.nowMs()).id }, 201)
  })

  app.get(ONE, (c) => c.json(presentWebhook(world.webhooks.get(pathId(c, 'webhookId')))))

  app.put(ONE, async (c) => {
    const body = await readBody(c)
    const webhook = world.webhooks.get(pathId(c, 'webhookId'))
    world.webhooks.update(webhook.id, readWebhookChange(body, webhook), world.nowMs())
    return c.body(null, 204)
  })

  app.delete(ONE, (c) => {
    world.webhooks.delete(pathId(c, 'webhookId'))
    return c.body(null, 204)
  })
}
