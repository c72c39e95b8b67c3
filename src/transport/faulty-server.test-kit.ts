/** For tests only: a real HTTP server on loopback that answers, or misbehaves, as each test says. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type SeenRequest = {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: unknown
}

export type Reply =
  | { status?: number; headers?: Record<string, string>; json: unknown }
  | { status?: number; headers?: Record<string, string>; text: string | Buffer }
  | ((response: ServerResponse) => void)

export type FaultyServer = {
  url: string
  seen: SeenRequest[]
  /** Requests under way now and the most there ever were. */
  load: { now: number; most: number }
  close(): Promise<void>
}

export async function startFaultyServer(
  answer: (request: SeenRequest, index: number) => Reply | Promise<Reply>,
): Promise<FaultyServer> {
  const seen: SeenRequest[] = []
  const load = { now: 0, most: 0 }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://loopback')
      const text = Buffer.concat(chunks).toString('utf8')
      const entry: SeenRequest = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: text === '' ? undefined : JSON.parse(text),
      }
      load.now += 1
      load.most = Math.max(load.most, load.now)
      response.on('close', () => {
        load.now -= 1
      })
      const index = seen.push(entry) - 1
      void Promise.resolve(answer(entry, index)).then((reply) => write(response, reply))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    load,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function write(response: ServerResponse, reply: Reply): void {
  if (typeof reply === 'function') {
    reply(response)
    return
  }
  const json = 'json' in reply
  response.writeHead(reply.status ?? 200, {
    'content-type': json ? 'application/json' : 'text/html',
    ...reply.headers,
  })
  response.end(json ? JSON.stringify(reply.json) : reply.text)
}
