/** The webhooks of both services on your own Fastify server. PUBLIC_URL is its address as the services reach it. */
import { TajoClient } from '@tajo/sdk'
import fastify from 'fastify'

const tajo = new TajoClient()
const app = fastify({ bodyLimit: 1_048_576 })

for (const source of ['pipedrive', 'brevo'] as const) {
  app.post(`/webhooks/${source}`, async (request, reply) => {
    if (!(await tajo.webhooks.verify(source, request))) return reply.code(401).send()
    await tajo.connectors.handleWebhook(source, request.body as object)
    return reply.code(200).send()
  })
}
app.addHook('onClose', () => tajo.close())

await app.listen({ port: Number(process.env.PORT ?? 3000) })
await tajo.connectors.sync()
await tajo.webhooks.register({ publicUrl: process.env.PUBLIC_URL })
console.log('Listening for webhooks')

process.once('SIGTERM', () => void app.close())
