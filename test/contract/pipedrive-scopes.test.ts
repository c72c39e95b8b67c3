/** The scopes that refusals name, against those that the simulated Pipedrive asks for, as its documents have them. */
import { expect, it } from 'vitest'
import { ENDPOINTS, type Endpoint } from '../../src/pipedrive/endpoints.ts'
import { scopeOf } from '../../src/pipedrive/scopes.ts'
import { pipedriveEndpoints } from '../../src/simulators/pipedrive/endpoints.ts'
import { DEFAULT_SWITCHES } from '../../src/simulators/pipedrive/switches.ts'

const rows = Object.entries(ENDPOINTS).flatMap(([resource, calls]) =>
  Object.entries(calls).map(([name, endpoint]): [string, Endpoint] => [`${resource}.${name}`, endpoint]),
)

it.each(rows)('%s needs the scope that a refusal would name', (_, { method, path }) => {
  const plain = (text: string): string => text.replace(/^\/(api\/)?v\d/, '').replace(/[:{]\w+\}?/g, '*')
  const found = pipedriveEndpoints(DEFAULT_SWITCHES).find(
    (endpoint) =>
      endpoint.method === method &&
      plain(endpoint.path) === plain(path) &&
      path.includes(`${endpoint.version}/`),
  )
  expect(found).toBeDefined()
  const scope = scopeOf(method, path)
  if (found?.scopes === undefined) expect(scope).toBeNull()
  else expect(found.scopes).toContain(scope)
})
