/** Holds the endpoint table against Pipedrive's own OpenAPI documents where they are at hand. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ENDPOINTS, type Endpoint } from './endpoints.ts'

const folder = new URL('../../../shared/specs/', import.meta.url)
const present = existsSync(new URL('pipedrive-v2.yaml', folder))

type Operation = { 'x-token-cost'?: number }
type Document = { paths: Record<string, Record<string, Operation>> }
const load = (name: string): Document => parse(readFileSync(new URL(name, folder), 'utf8')) as Document

const rows: [string, Endpoint][] = Object.entries(ENDPOINTS).flatMap(([resource, calls]) =>
  Object.entries(calls).map(([name, endpoint]): [string, Endpoint] => [`${resource}.${name}`, endpoint]),
)

test('no call that may double a record is called idempotent', () => {
  const posts = rows.filter(([, endpoint]) => endpoint.method === 'POST')
  expect(posts.length).toBeGreaterThan(5)
  expect(posts.filter(([, endpoint]) => endpoint.idempotent)).toEqual([])
})

test('searches count in the narrower limit too', () => {
  expect(rows.filter(([, endpoint]) => endpoint.search).map(([name]) => name)).toEqual([
    'persons.search',
    'itemSearch.list',
  ])
})

describe.skipIf(!present)('the OpenAPI documents (skipped where they are not at hand)', () => {
  const living = present ? { v2: load('pipedrive-v2.yaml'), v1: load('pipedrive-v1.yaml') } : undefined
  const legacy = present ? load('pipedrive-v1-legacy.yaml') : undefined
  const find = (document: Document | undefined, path: string, method: string) =>
    document?.paths[path]?.[method.toLowerCase()]

  test.each(rows)('%s exists, at the stated cost', (_name, endpoint) => {
    const old = endpoint.path.startsWith('/v1')
    const path = endpoint.path.replace(/^\/v1|^\/api\/v2/, '')
    const operation =
      find(old ? living?.v1 : living?.v2, path, endpoint.method) ??
      find(old ? living?.v1 : living?.v2, `/api/v2${path}`, endpoint.method)
    expect(operation?.['x-token-cost']).toBe(endpoint.tokens)
  })

  test.each(rows.filter(([, endpoint]) => endpoint.v1 && endpoint.path !== endpoint.v1.path))(
    '%s existed in v1, at the stated cost',
    (_name, endpoint) => {
      const operation = find(legacy, endpoint.v1?.path.replace(/^\/v1/, '') ?? '', endpoint.v1?.method ?? '')
      expect(operation?.['x-token-cost']).toBe(endpoint.v1?.tokens)
    },
  )
})
