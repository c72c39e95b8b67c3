/** The webhooks of both services on your own Express server. PUBLIC_URL is its address as the services reach it. */
import { TajoClient } from '@tajo/sdk'
import express from 'express'

const tajo = new TajoClient()
const app = express()

for (const source of ['pipedrive', 'brevo'] as const) {
  app.post(`/webhooks/${source}`, express.json({ limit: '1mb' }), async (request, response) => {
    if (!(await tajo.webhooks.verify(source, request))) {
      response.sendStatus(401)
      return
    }
    await tajo.connectors.handleWebhook(source, request.body)
    response.sendStatus(200)
  })
}

const server = app.listen(Number(process.env.PORT ?? 3000), async () => {
  await tajo.connectors.sync()
  await tajo.webhooks.register({ publicUrl: process.env.PUBLIC_URL })
  console.log('Listening for webhooks')
})

process.once('SIGTERM', () => {
  server.close(() => void tajo.close())
})
