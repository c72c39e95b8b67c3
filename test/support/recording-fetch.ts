/** Records what really went over the wire, so that it can be checked against an OpenAPI document afterwards. */
import type { Exchange } from './openapi.ts'

/** A `fetch` that remembers every JSON exchange below `basePath` (e.g. `/v3`), for `check`. */
export function recordingFetch(basePath: string): { fetch: typeof fetch; exchanges: Exchange[] } {
  const exchanges: Exchange[] = []
  const recorded: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    const url = new URL(request.url)
    const sent = request.method === 'GET' ? '' : await request.clone().text()
    const response = await fetch(request)
    const received = await response.clone().text()
    if (url.pathname.startsWith(`${basePath}/`)) {
      exchanges.push({
        method: request.method,
        path: url.pathname.slice(basePath.length),
        query: url.searchParams,
        requestBody: toJson(sent),
        status: response.status,
        responseBody: toJson(received),
      })
    }
    return response
  }
  return { fetch: recorded, exchanges }
}

const toJson = (text: string): unknown => (text === '' ? undefined : (JSON.parse(text) as unknown))
