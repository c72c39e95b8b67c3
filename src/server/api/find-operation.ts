/** From method and path to the operation of the table: `/api/sync`, `/api/connections/east/sync`. Knows no parameters but those of the path. */
import { isOfInstallation, type OperationName, operations } from '../../wire/index.ts'

export type Found = {
  readonly name: OperationName
  /** Null: the path names none, so it is the default one. */
  readonly connection: string | null
  readonly pathParams: Readonly<Record<string, string>>
}

type Route = { readonly name: OperationName; readonly method: string; readonly segments: readonly string[] }

const ROUTES: readonly Route[] = Object.entries(operations).map(([name, { method, path }]) => ({
  name: name as OperationName,
  method,
  segments: path.slice(1).split('/'),
}))

/** The methods that would be answered, where the path is right and the method is not; null: no such path. */
export function findOperation(method: string, segments: readonly string[]): Found | string[] | null {
  const named = segments[0] === 'connections' && segments.length > 2
  const direct = match(method, segments, null, ROUTES)
  if (direct !== null && !Array.isArray(direct)) return direct
  const [, connection = '', ...rest] = segments
  const inside = named ? match(method, rest, connection, OF_CONNECTION) : null
  return inside ?? direct
}

const OF_CONNECTION = ROUTES.filter(({ name }) => !isOfInstallation(name))

function match(
  method: string,
  segments: readonly string[],
  connection: string | null,
  routes: readonly Route[],
): Found | string[] | null {
  const here = routes.flatMap((route) => {
    const pathParams = paramsIn(route.segments, segments)
    return pathParams === null ? [] : [{ route, pathParams }]
  })
  if (here.length === 0) return null
  const found = here.find(({ route }) => route.method === method)
  if (found === undefined) return [...new Set(here.map(({ route }) => route.method))]
  return { name: found.route.name, connection, pathParams: found.pathParams }
}

/** `['connectors', '{name}']` on `['connectors', 'brevo']` is `{ name: 'brevo' }`. */
function paramsIn(pattern: readonly string[], segments: readonly string[]): Record<string, string> | null {
  if (pattern.length !== segments.length) return null
  const params: Record<string, string> = {}
  for (const [index, part] of pattern.entries()) {
    const given = segments[index] ?? ''
    if (!part.startsWith('{')) {
      if (part !== given) return null
    } else if (given === '') return null
    else params[part.slice(1, -1)] = given
  }
  return params
}
