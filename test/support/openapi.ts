/**
 * Checks HTTP exchanges against a vendor's OpenAPI 3.0 document: the operation exists, the status and the body are
 * declared, the query and the body of the request too. Reports problems; tolerates only what a test lists with a reason.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'

type Json = Record<string, unknown>
type Parameter = {
  name: string
  in: 'query' | 'path' | 'header' | 'cookie'
  required?: boolean
  schema?: Json
}
type Operation = { template: string; method: string; node: Json; pointer: string; parameters: Parameter[] }

export type Exchange = {
  method: string
  /** Path below the server's base path, as sent (still percent-encoded), e.g. `/contacts/lists/2`. */
  path: string
  query?: URLSearchParams
  /** Parsed JSON; undefined when there was no body. */
  requestBody?: unknown
  status: number
  /** Parsed JSON; undefined when there was no body. */
  responseBody?: unknown
}

export type Problem = {
  /** `GET /contacts/{identifier}`, or the plain method and path when no operation matches. */
  operation: string
  part: 'operation' | 'path' | 'query' | 'request' | 'status' | 'response'
  /** JSON pointer into the body, or the parameter's name. Array indexes are written `*`. */
  at: string
  message: string
}

/** One kind of deviation that a test accepts. Every given member must match. */
export type Tolerance = {
  operation?: string | RegExp
  part?: Problem['part']
  at?: string | RegExp
  message?: RegExp
  reason: string
}

export type OpenApi = {
  /** All problems of both halves of an exchange. */
  check(exchange: Exchange): Problem[]
  checkRequest(exchange: Omit<Exchange, 'status' | 'responseBody'>): Problem[]
  checkResponse(exchange: Pick<Exchange, 'method' | 'path' | 'status' | 'responseBody'>): Problem[]
  /** `GET /contacts/{identifier}` for a real method and path; null when the document has no such operation. */
  operationOf(method: string, path: string): string | null
  /** All of them, as `GET /contacts/{identifier}`. */
  readonly operations: readonly string[]
}

/** The path of a vendor document, or null where this checkout has no documents beside it. */
export function findSpec(name: string): string | null {
  const path = fileURLToPath(new URL(`../../../shared/specs/${name}`, import.meta.url))
  return existsSync(path) ? path : null
}

/** Splits problems into those that no tolerance covers and the tolerances that covered something. */
export function applyTolerances(
  problems: readonly Problem[],
  tolerances: readonly Tolerance[],
): { left: Problem[]; used: Set<Tolerance> } {
  const used = new Set<Tolerance>()
  const left = problems.filter((problem) => {
    const match = tolerances.find((tolerance) => covers(tolerance, problem))
    if (match) used.add(match)
    return match === undefined
  })
  return { left, used }
}

function covers(tolerance: Tolerance, problem: Problem): boolean {
  const equal = (want: string | RegExp | undefined, is: string): boolean =>
    want === undefined || (typeof want === 'string' ? want === is : want.test(is))
  return (
    equal(tolerance.operation, problem.operation) &&
    (tolerance.part === undefined || tolerance.part === problem.part) &&
    equal(tolerance.at, problem.at) &&
    (tolerance.message === undefined || tolerance.message.test(problem.message))
  )
}

/** Reads a YAML or JSON document. Takes about half a second for a document of one megabyte. */
export function loadOpenApi(file: string): OpenApi {
  return createOpenApi(parse(readFileSync(file, 'utf8')) as Json)
}

export function createOpenApi(source: Json): OpenApi {
  const document = toJsonSchema(source) as Json
  const ajv = new Ajv({ strict: false, validateSchema: false, allErrors: true, logger: false })
  addFormats.default(ajv)
  for (const name of ['url', 'int32', 'int64', 'float', 'double', 'string', 'password', 'binary']) {
    if (ajv.formats[name] === undefined) ajv.addFormat(name, true)
  }
  ajv.addSchema(document, 'doc')
  const operations = listOperations(document)
  const compiled = new Map<string, ValidateFunction>()
  const validator = (pointer: string): ValidateFunction => {
    const known = compiled.get(pointer)
    if (known) return known
    const made = ajv.compile({ $ref: `doc#${pointer}` })
    compiled.set(pointer, made)
    return made
  }
  const resolve = (pointer: string): string => {
    const node = at(document, pointer)
    return isJson(node) && typeof node.$ref === 'string' ? resolve(node.$ref.slice(1)) : pointer
  }
  const bodyProblems = (op: Operation, holder: string, body: unknown, part: Problem['part']): Problem[] => {
    const content = `${holder}/content/${escapePointer('application/json')}/schema`
    const schema = at(document, content)
    if (schema === undefined) {
      return body === undefined ? [] : [problem(op, part, '', 'a body where the document declares none')]
    }
    if (body === undefined) return [problem(op, part, '', 'no body where the document declares one')]
    const validate = validator(content)
    return validate(body) ? [] : (validate.errors ?? []).map((error) => fromAjv(op, part, error))
  }

  const checkRequest: OpenApi['checkRequest'] = (exchange) => {
    const op = find(operations, exchange.method, exchange.path)
    if (!op) return [noOperation(exchange)]
    const problems = queryProblems(op, exchange.query ?? new URLSearchParams(), ajv)
    const node = op.node.requestBody
    if (node === undefined) {
      if (exchange.requestBody !== undefined) problems.push(problem(op, 'request', '', 'an undeclared body'))
      return problems
    }
    const holder = resolve(`${op.pointer}/requestBody`)
    if (exchange.requestBody === undefined && (at(document, holder) as Json).required !== true)
      return problems
    return [...problems, ...bodyProblems(op, holder, exchange.requestBody, 'request')]
  }
  const checkResponse: OpenApi['checkResponse'] = (exchange) => {
    const op = find(operations, exchange.method, exchange.path)
    if (!op) return [noOperation(exchange)]
    const responses = op.node.responses as Json
    const key = [String(exchange.status), `${Math.floor(exchange.status / 100)}XX`, 'default'].find(
      (name) => responses[name] !== undefined,
    )
    if (key === undefined) return [problem(op, 'status', String(exchange.status), 'an undeclared status')]
    const holder = resolve(`${op.pointer}/responses/${key}`)
    return bodyProblems(op, holder, exchange.responseBody, 'response')
  }
  return {
    check: (exchange) => {
      const request = checkRequest(exchange)
      if (request.some((found) => found.part === 'operation')) return request
      return [...request, ...checkResponse(exchange)]
    },
    checkRequest,
    checkResponse,
    operations: operations.map((op) => `${op.method} ${op.template}`),
    operationOf: (method, path) => {
      const op = find(operations, method, path)
      return op ? `${op.method} ${op.template}` : null
    },
  }
}

function noOperation({ method, path }: { method: string; path: string }): Problem {
  return {
    operation: `${method} ${path}`,
    part: 'operation',
    at: '',
    message: 'the document has no such operation',
  }
}

function problem(op: Operation, part: Problem['part'], where: string, message: string): Problem {
  return { operation: `${op.method} ${op.template}`, part, at: where, message }
}

function fromAjv(op: Operation, part: Problem['part'], error: ErrorObject): Problem {
  const detail = error.params.additionalProperty ?? error.params.allowedValues ?? ''
  return problem(
    op,
    part,
    error.instancePath.replace(/\/\d+(?=\/|$)/g, '/*'),
    `${error.keyword}: ${error.message ?? ''}${detail === '' ? '' : ` (${String(detail)})`}`,
  )
}

function queryProblems(op: Operation, query: URLSearchParams, ajv: Ajv): Problem[] {
  const declared = op.parameters.filter((parameter) => parameter.in === 'query')
  const problems: Problem[] = []
  for (const name of new Set(query.keys())) {
    const parameter = declared.find((each) => each.name === name || `${each.name}[]` === name)
    if (!parameter) {
      problems.push(problem(op, 'query', name, 'an undeclared parameter'))
      continue
    }
    const schema = parameter.schema ?? {}
    const values = query.getAll(name)
    const value =
      schema.type === 'array'
        ? values.flatMap((each) => each.split(',')).map((each) => fromText(each, schema.items as Json))
        : fromText(values[0] ?? '', schema)
    if (!ajv.validate(schema, value)) {
      problems.push(problem(op, 'query', name, ajv.errorsText(ajv.errors, { dataVar: name })))
    }
  }
  for (const parameter of declared) {
    if (parameter.required && !query.has(parameter.name)) {
      problems.push(problem(op, 'query', parameter.name, 'a required parameter is missing'))
    }
  }
  return problems
}

/** A query value as the schema's type wants it; left as text when it cannot be that, so that ajv complains. */
function fromText(text: string, schema: Json | undefined): unknown {
  const types = [schema?.type].flat()
  const isNumber = types.includes('integer') || types.includes('number')
  if (isNumber && /^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

function listOperations(document: Json): Operation[] {
  const operations: Operation[] = []
  for (const [template, item] of Object.entries(document.paths as Json)) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete']) {
      const node = (item as Json)[method] as Json | undefined
      if (!node) continue
      const raw = [...(((item as Json).parameters as Json[]) ?? []), ...((node.parameters as Json[]) ?? [])]
      const parameters = raw.map((entry) =>
        typeof entry.$ref === 'string' ? at(document, entry.$ref.slice(1)) : entry,
      ) as Parameter[]
      const pointer = `/paths/${escapePointer(template)}/${method}`
      operations.push({ template, method: method.toUpperCase(), node, pointer, parameters })
    }
  }
  return operations
}

/** The operation whose template fits; of several the one with the most literal segments. */
function find(operations: readonly Operation[], method: string, path: string): Operation | null {
  const parts = path.replace(/\/$/, '').split('/')
  let best: Operation | null = null
  let bestLiterals = -1
  for (const op of operations) {
    if (op.method !== method.toUpperCase()) continue
    const segments = op.template.split('/')
    if (segments.length !== parts.length) continue
    if (!segments.every((segment, index) => segment.startsWith('{') || segment === parts[index])) continue
    const literals = segments.filter((segment) => !segment.startsWith('{')).length
    if (literals > bestLiterals) {
      best = op
      bestLiterals = literals
    }
  }
  return best
}

/** OpenAPI 3.0's `nullable` becomes JSON Schema; examples and defaults are dropped so that they are never schemas. */
function toJsonSchema(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(toJsonSchema)
  if (!isJson(node)) return node
  const copy: Json = {}
  for (const [key, value] of Object.entries(node)) {
    if (key === 'example' && !isSchema(value)) continue
    if (key === 'examples') continue
    copy[key] = key === 'enum' ? value : toJsonSchema(value)
  }
  if (copy.nullable !== true) return copy
  delete copy.nullable
  return { anyOf: [copy, { type: 'null' }] }
}

const isSchema = (value: unknown): boolean =>
  isJson(value) && (typeof value.type === 'string' || '$ref' in value)
const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const escapePointer = (part: string): string =>
  encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))

function at(document: unknown, pointer: string): unknown {
  let node = document
  for (const part of pointer.split('/').slice(1)) {
    if (!isJson(node) && !Array.isArray(node)) return undefined
    node = (node as Json)[decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')]
  }
  return node
}
