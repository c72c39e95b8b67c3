/**
 * The API as paths and schemas of the OpenAPI document, made from the table of operations: what is checked is what is
 * described. Shapes that several answers share stand once, under the name of the first operation that has them.
 */
import { z } from 'zod'
import { type Operation, operations } from '../../wire/index.ts'
import { PROBLEM_TYPE } from '../problem.ts'

type Json = Readonly<Record<string, unknown>>
export type ApiDescription = { readonly paths: Json; readonly schemas: Json }

const REFUSALS = [400, 401, 403, 404, 409, 422, 429, 503]
const SECURITY = [{ apiKey: [] }, { session: [] }]
const CONNECTION = {
  name: 'connection',
  in: 'path',
  required: true,
  description: 'The name of a connection.',
  schema: { type: 'string' },
}

export function describeApi(): ApiDescription {
  const named = nameShapes()
  const paths: Record<string, Record<string, unknown>> = {}
  const put = (path: string, method: string, item: Json): void => {
    paths[path] = { ...paths[path], [method.toLowerCase()]: item }
  }
  for (const [name, operation] of Object.entries(operations) as [string, Operation][]) {
    const id = toId(name)
    put(`/api${operation.path}`, operation.method, describe(id, name, operation, named, []))
    if (operation.ofInstallation === true) continue
    const inside = describe(`${id}OfConnection`, name, operation, named, [CONNECTION])
    put(`/api/connections/{connection}${operation.path}`, operation.method, inside)
  }
  return { paths, schemas: named.schemas }
}

type Named = { readonly schemas: Json; readonly nameOf: (shape: z.ZodType) => string }

function nameShapes(): Named {
  const registry = z.registry<{ id: string }>()
  const names = new Map<z.ZodType, string>()
  for (const [name, { result }] of Object.entries(operations)) {
    if (names.has(result)) continue
    const id = `${upper(toId(name))}Result`
    names.set(result, id)
    registry.add(result, { id })
  }
  const { schemas } = z.toJSONSchema(registry, {
    uri: (id) => `#/components/schemas/${id}`,
    unrepresentable: 'any',
  })
  return {
    schemas: Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, withoutHead(schema)])),
    nameOf: (shape) => names.get(shape) ?? '',
  }
}

function describe(
  operationId: string,
  name: string,
  operation: Operation,
  { nameOf }: Named,
  before: readonly Json[],
): Json {
  const { path, method, params, result, scope, summary, progress } = operation
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
  const given = z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, Json>
    required?: string[]
  }
  const all = Object.entries(given.properties ?? {})
  const rest = all.filter(([key]) => !inPath.includes(key))
  const required = (given.required ?? []).filter((key) => !inPath.includes(key))
  const hasBody = method === 'POST' || method === 'PUT'
  const parameters = [
    ...before,
    ...inPath.map((key) => ({
      name: key,
      in: 'path',
      required: true,
      schema: given.properties?.[key] ?? {},
    })),
    ...(hasBody
      ? []
      : rest.map(([key, schema]) => ({ name: key, in: 'query', required: required.includes(key), schema }))),
  ]
  const schema = { $ref: `#/components/schemas/${nameOf(result)}` }
  const events = { 'text/event-stream': { schema: { type: 'string' } } }
  return {
    operationId,
    tags: [name.split('.')[0]],
    summary,
    description: `Scope: ${scope}.${progress === true ? ' With `Accept: text/event-stream`: events `progress`, `notice`, then `result` or `problem`.' : ''}`,
    security: SECURITY,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(hasBody && rest.length > 0
      ? {
          requestBody: { required: required.length > 0, content: bodyOf(Object.fromEntries(rest), required) },
        }
      : {}),
    responses: {
      200: {
        description: 'Done.',
        content: { 'application/json': { schema }, ...(progress === true ? events : {}) },
      },
      ...REFUSED,
      default: { $ref: '#/components/responses/Refused' },
    },
  }
}

const REFUSED = Object.fromEntries(
  REFUSALS.map((status) => [status, { $ref: '#/components/responses/Refused' }]),
)

function bodyOf(properties: Json, required: readonly string[]): Json {
  const schema = {
    type: 'object',
    properties,
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  }
  return { 'application/json': { schema } }
}

/** What the API needs besides, for `components`. */
export const API_COMPONENTS = {
  responses: {
    Refused: {
      description: 'Refused; the code says why, the detail what to do.',
      content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  },
  securitySchemes: {
    apiKey: { type: 'http', scheme: 'bearer', description: 'As `tajo keys create` prints it.' },
    session: { type: 'apiKey', in: 'cookie', name: 'tajo_session', description: 'Of the page.' },
  },
} as const

function withoutHead(schema: object): Json {
  const { $schema, $id, ...rest } = schema as Record<string, unknown>
  return rest
}

/** `failures.retry` is `failuresRetry`. */
function toId(name: string): string {
  const [first = '', ...rest] = name.split('.')
  return first + rest.map(upper).join('')
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
