/**
 * A proxy before a server that is killed: it holds what comes while nobody listens, sends again what was cut off (so a server
 * may get a body twice), and remembers what was answered 200. A service that would give up waiting is told 202, and what it
 * sent is still brought; or a slow machine would get its webhooks banned.
 */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export type WebhookRelay = {
  readonly url: string
  /** Where to send to; null while nobody is there. */
  target: string | null
  /** Bodies that were answered 200. */
  readonly accepted: readonly string[]
  /** Posts a body as the service would, and waits until it is accepted or refused. */
  post(path: string, body: string, authorization: string): Promise<number>
  close(): Promise<void>
}

const againAfterMs = 50
/** Pipedrive waits ten seconds. */
const takenAfterMs = 4_000

export async function openWebhookRelay(): Promise<WebhookRelay> {
  const accepted: string[] = []
  const relay = { target: null as string | null, accepted }
  let closed = false
  const post = async (path: string, body: string, authorization: string): Promise<number> => {
    while (!closed) {
      const status = relay.target === null ? null : await tryOnce(relay.target + path, body, authorization)
      // A server that is not ready, or cannot store, says so.
      if (status !== null && status !== 503 && status !== 429) {
        if (status === 200) accepted.push(body)
        return status
      }
      await sleep(againAfterMs)
    }
    return 502
  }
  const server = createServer((incoming, outgoing) => {
    textOf(incoming)
      .then((body) => {
        const answered = post(incoming.url ?? '', body, incoming.headers.authorization ?? '')
        return Promise.race([answered, sleep(takenAfterMs, 202)])
      })
      .then(
        (status) => outgoing.writeHead(status).end(),
        (error: unknown) => outgoing.destroy(error as Error),
      )
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return Object.assign(relay, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    post,
    close: () => {
      closed = true
      return new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  })
}

/** Null where the connection was refused or cut. */
async function tryOnce(url: string, body: string, authorization: string): Promise<number | null> {
  try {
    const headers = { 'content-type': 'application/json', authorization }
    const response = await fetch(url, { method: 'POST', headers, body })
    await response.arrayBuffer()
    return response.status
  } catch {
    return null
  }
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
