import { expect, test } from 'vitest'
import { applyTolerances, createOpenApi, findSpec, loadOpenApi } from '../support/openapi.ts'

const spec = createOpenApi({
  openapi: '3.0.1',
  paths: {
    '/things/{id}': {
      get: {
        parameters: [
          { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 5 } },
          { name: 'ids', in: 'query', schema: { type: 'array', items: { type: 'integer' } } },
        ],
        responses: {
          200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/thing' } } } },
          204: { description: 'nothing' },
        },
      },
    },
    '/things/all': { get: { responses: { 200: { description: 'nothing' } } } },
    '/things': {
      post: {
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
            },
          },
        },
        responses: { 201: { description: 'made' } },
      },
    },
  },
  components: {
    schemas: {
      thing: {
        type: 'object',
        required: ['id'],
        properties: { id: { type: 'integer' }, note: { type: 'string', nullable: true } },
      },
    },
  },
})

test('a fitting answer has no problems, and nullable members may be null', () => {
  const answer = { method: 'GET', path: '/things/7', status: 200, responseBody: { id: 7, note: null } }
  expect(spec.check(answer)).toEqual([])
})

test('a wrong member, an undeclared status and a body where none is declared are problems', () => {
  const get = (status: number, responseBody?: unknown) =>
    spec.checkResponse({ method: 'GET', path: '/things/7', status, responseBody })
  expect(get(200, { id: 'x' })).toMatchObject([
    { operation: 'GET /things/{id}', part: 'response', at: '/id' },
  ])
  expect(get(418)).toMatchObject([{ part: 'status', at: '418' }])
  expect(get(204, {})).toMatchObject([{ part: 'response' }])
  expect(get(200)).toMatchObject([{ part: 'response' }])
})

test('the template with the most literal segments is the operation', () => {
  expect(spec.operationOf('GET', '/things/all')).toBe('GET /things/all')
  expect(spec.operationOf('GET', '/things/%2B1')).toBe('GET /things/{id}')
  expect(spec.operationOf('PUT', '/things/7')).toBeNull()
})

test('queries are checked by type, by bound, and for undeclared names', () => {
  const query = (text: string) =>
    spec.checkRequest({ method: 'GET', path: '/things/7', query: new URLSearchParams(text) })
  expect(query('limit=5&ids=1,2&ids=3')).toEqual([])
  expect(query('limit=6')).toMatchObject([{ part: 'query', at: 'limit' }])
  expect(query('limit=all')).toMatchObject([{ part: 'query', at: 'limit' }])
  expect(query('page=1')).toMatchObject([{ part: 'query', at: 'page' }])
})

test('request bodies are checked', () => {
  const post = (requestBody?: unknown) => spec.checkRequest({ method: 'POST', path: '/things', requestBody })
  expect(post({ name: 'a' })).toEqual([])
  expect(post({})).toMatchObject([{ part: 'request', message: expect.stringContaining('name') }])
  expect(post()).toMatchObject([{ part: 'request' }])
})

test('a tolerance takes away only what it covers and says that it was used', () => {
  const problems = spec.checkResponse({ method: 'GET', path: '/things/7', status: 418 })
  const covering = { part: 'status', at: '418', reason: 'a teapot' } as const
  const other = { part: 'status', at: '500', reason: 'never' } as const
  expect(applyTolerances(problems, [other, covering])).toEqual({ left: [], used: new Set([covering]) })
  expect(applyTolerances(problems, [other]).left).toHaveLength(1)
})

for (const name of ['brevo-v3.yaml', 'pipedrive-v1.yaml', 'pipedrive-v2.yaml']) {
  const file = findSpec(name)
  test.skipIf(file === null)(`${name} loads and knows its operations`, () => {
    const loaded = loadOpenApi(file ?? '')
    const path = name.startsWith('brevo') ? '/contacts/lists' : name.includes('v1') ? '/leads' : '/persons'
    expect(loaded.operationOf('GET', path)).not.toBeNull()
  })
}
