/** Where the simulators deliver their webhooks: it records the bodies, connection by connection, and gives nothing on by itself. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = { readonly source: 'pipedrive' | 'brevo'; readonly body: string }

export type Receiver = {
  readonly url: string
  /** Calls back for every body that arrives for this connection, until the returned function is called. */
  listen(connection: string, onBody: (received: Received) => void): () => void
  close(): Promise<void>
}

export async function openReceiver(): Promise<Receiver> {
  const listeners = new Map<string, (received: Received) => void>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const [, , source, connection = ''] = (request.url ?? '').split('/')
      if (source === 'pipedrive' || source === 'brevo')
        listeners.get(connection)?.({ source, body: Buffer.concat(chunks).toString('utf8') })
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    listen(connection, onBody) {
      listeners.set(connection, onBody)
      return () => listeners.delete(connection)
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
