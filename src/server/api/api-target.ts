/** From the address of a request to what of the API it is about. It looks at no parameters. */

export type ApiTarget =
  | { readonly kind: 'api'; readonly segments: readonly string[]; readonly query: URLSearchParams }
  | { readonly kind: 'login'; readonly ticket: string }
  | { readonly kind: 'mcp'; readonly connection: string | null }

const NOWHERE: ApiTarget = { kind: 'api', segments: [''], query: new URLSearchParams() }

/** Null: not an address of the API. What is written wrongly below `/api` is nowhere. */
export function toApiTarget(url: string): ApiTarget | null {
  const [path = '', query = ''] = (url.split('#')[0] ?? '').split(/\?(.*)/s)
  const ticket = /^\/login\/([\w-]+)$/.exec(path)?.[1]
  if (ticket !== undefined) return { kind: 'login', ticket }
  const mcp = /^\/mcp(?:\/([a-z0-9-]+))?\/?$/.exec(path)
  if (mcp !== null) return { kind: 'mcp', connection: mcp[1] ?? null }
  if (path !== '/api' && !path.startsWith('/api/')) return null
  try {
    const segments = path.split('/').slice(2).map(decodeURIComponent)
    if (segments.at(-1) === '') segments.pop()
    return { kind: 'api', segments, query: new URLSearchParams(query) }
  } catch (error) {
    if (error instanceof URIError) return NOWHERE
    throw error
  }
}

/** `/api/activity`, or that of one connection; `whole`: of all of them. */
export function toActivityTarget(segments: readonly string[]): { connection: string | null } | null {
  const [first, connection, last] = segments
  if (segments.length === 1 && first === 'activity') return { connection: null }
  if (segments.length === 3 && first === 'connections' && last === 'activity' && connection) {
    return { connection }
  }
  return null
}
