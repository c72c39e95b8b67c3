/** The document of the interface against the rules of OpenAPI 3.1 and JSON Schema, and against the server's own paths. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operations } from '../wire/index.ts'
import { type ApiScene, openApiScene } from './api/api.test-kit.ts'
import { createDocument } from './document.ts'

type Parameter = { name: string; in: string; required?: boolean; schema: object }
type Item = {
  operationId: string
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema: object }> }
  responses: Record<
    string,
    { $ref?: string; description?: string; content?: Record<string, { schema?: object }> }
  >
  security?: Record<string, string[]>[]
}
type Document = {
  openapi: string
  info: Record<string, string>
  paths: Record<string, Record<string, Item>>
  components: Record<'schemas' | 'responses' | 'securitySchemes', Record<string, object>>
}

const document = JSON.parse(JSON.stringify(createDocument())) as Document
const items = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([method]) => method !== 'parameters')
    .map(([method, item]) => ({
      path,
      method,
      item,
      shared: (methods.parameters as unknown as Parameter[]) ?? [],
    })),
)

describe('the document', () => {
  it('is OpenAPI 3.1: every operation has an id of its own, answers, and its path parameters', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/)
    expect(Object.keys(document.info)).toEqual(expect.arrayContaining(['title', 'version']))
    const ids = items.map(({ item }) => item.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { path, method, item, shared } of items) {
      expect(['get', 'post', 'put', 'delete'], path).toContain(method)
      expect(Object.keys(item.responses).length, path).toBeGreaterThan(0)
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      const declared = [...shared, ...(item.parameters ?? [])].filter((one) => one.in === 'path')
      expect(declared.map(({ name }) => name).sort(), path).toEqual(named.sort())
      expect(
        declared.every(({ required }) => required === true),
        path,
      ).toBe(true)
      for (const response of Object.values(item.responses))
        expect(response.$ref !== undefined || response.description !== undefined, path).toBe(true)
    }
  })

  it('refers to nothing that it does not hold, and holds nothing that nobody refers to', () => {
    const text = JSON.stringify(document)
    const referred = new Set(
      [...text.matchAll(/"\$ref":"#\/components\/(\w+\/\w+)"/g)].map((match) => match[1]),
    )
    const held = (['schemas', 'responses'] as const).flatMap((kind) =>
      Object.keys(document.components[kind]).map((name) => `${kind}/${name}`),
    )
    expect([...referred].sort()).toEqual(held.sort())
    expect(text.match(/"\$ref":"(?!#\/components)/)).toBeNull()
    const schemes = items.flatMap(({ item }) => (item.security ?? []).flatMap((one) => Object.keys(one)))
    expect(Object.keys(document.components.securitySchemes)).toEqual(expect.arrayContaining(schemes))
  })

  it('has schemas that are JSON Schema 2020-12 without a word nobody knows', () => {
    const ajv = new Ajv2020({
      strict: true,
      strictTypes: false,
      strictRequired: false,
      validateFormats: true,
    })
    addFormats.default(ajv as never)
    ajv.addKeyword('components')
    ajv.addSchema({ $id: 'document', components: document.components })
    const inside = (schema: object): object =>
      JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/'))
    const schemas = items.flatMap(({ item }) => [
      ...(item.parameters ?? []).map(({ schema }) => schema),
      ...Object.values(item.requestBody?.content ?? {}).map(({ schema }) => schema),
      ...Object.values(item.responses).flatMap(({ content = {} }) =>
        Object.values(content).flatMap(({ schema }) => (schema === undefined ? [] : [schema])),
      ),
    ])
    expect(schemas.length).toBeGreaterThan(100)
    for (const schema of schemas)
      expect(() => ajv.compile(inside(schema)), JSON.stringify(schema)).not.toThrow()
  })

  it('has every operation, for the default connection and for a named one', () => {
    for (const { path, method, ...more } of Object.values(operations)) {
      const verb = method.toLowerCase()
      expect(document.paths[`/api${path}`]?.[verb], path).toBeDefined()
      const inside = document.paths[`/api/connections/{connection}${path}`]?.[verb]
      expect(inside === undefined, path).toBe('ofInstallation' in more && more.ofInstallation)
    }
  })
})

describe('the server', () => {
  let scene: ApiScene
  beforeAll(async () => {
    scene = await openApiScene()
  }, 60_000)
  afterAll(() => scene?.end())

  it('answers the methods of the document at every path of the API', async () => {
    const served = (await (await fetch(`${scene.server.url}/openapi.json`)).json()) as Document
    expect(served).toEqual(document)
    for (const [path, methods] of Object.entries(document.paths)) {
      if (!path.startsWith('/api/')) continue
      const response = await scene.ask(path.replaceAll(/\{\w+\}/g, 'default'), { method: 'PATCH' })
      const allowed = (response.headers.get('allow') ?? '').split(', ').map((method) => method.toLowerCase())
      // A path such as /connectors/pipedrive is one of /connectors/{name} too.
      expect(allowed, path).toEqual(expect.arrayContaining(Object.keys(methods)))
    }
  })
})
