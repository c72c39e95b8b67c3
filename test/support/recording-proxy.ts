/** A server between a vendor's SDK and a simulator that remembers every JSON exchange, by API version. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Exchange } from './openapi.ts'
import { recordingFetch } from './recording-fetch.ts'

export type RecordingProxy = {
  url: string
  /** Exchanges below each of the base paths, by base path. */
  exchanges(basePath: string): readonly Exchange[]
  close(): Promise<void>
}

/** Forwards everything to `target`; `basePaths` such as `/api/v2`. */
export async function startRecordingProxy(
  target: string,
  basePaths: readonly string[],
): Promise<RecordingProxy> {
  const recorders = new Map(basePaths.map((path) => [path, recordingFetch(path)]))
  const server = createServer((incoming, outgoing) => {
    const path = basePaths.find((base) => incoming.url?.startsWith(`${base}/`))
    const send = recorders.get(path ?? '')?.fetch ?? fetch
    forward(incoming, target, send).then(
      async (response) => {
        outgoing.writeHead(response.status, { 'content-type': response.headers.get('content-type') ?? '' })
        outgoing.end(await response.text())
      },
      (error: unknown) => outgoing.destroy(error as Error),
    )
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges: (basePath) => recorders.get(basePath)?.exchanges ?? [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function forward(incoming: IncomingMessage, target: string, send: typeof fetch): Promise<Response> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const headers = new Headers()
  for (const name of ['x-api-token', 'content-type', 'authorization']) {
    const value = incoming.headers[name]
    if (typeof value === 'string') headers.set(name, value)
  }
  const body = Buffer.concat(chunks).toString('utf8')
  return send(target + (incoming.url ?? ''), {
    method: incoming.method ?? 'GET',
    headers,
    ...(body === '' ? {} : { body }),
  })
}
