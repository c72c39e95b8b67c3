/**
 * The settings as JSON Schema (draft 7), for editors. It describes what may be written, so a place for a
 * number also takes "${NAME}". Rules that span several settings are not in it: those are loadConfig's.
 */
import { z } from 'zod'
import { CONNECTION_NAME } from './connections.ts'
import { settingsSchema } from './schema.ts'

type Node = { [key: string]: unknown }

const EXPRESSION = { type: 'string', pattern: '\\$\\{' }

/** The text of schema/tajo.schema.json. The same settings always give the same text. */
export function renderJsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(settingsSchema, { target: 'draft-7', io: 'input' })
  const head = { $schema, title: 'tajo.yaml', description: 'Configuration of Tajo.' }
  return `${JSON.stringify({ ...head, ...withConnections(adapt(schema as Node)) }, null, 2)}\n`
}

/** Each connection has the blocks of the file but those of the whole process (connections.ts). */
function withConnections(schema: Node): Node {
  const properties = schema.properties as Node
  const { server: _, ...own } = properties
  const connection = { type: 'object', properties: own, additionalProperties: false }
  const connections = {
    description: 'Several connections, by name; what stands beside them holds for all.',
    type: 'object',
    propertyNames: { pattern: CONNECTION_NAME.source },
    additionalProperties: { anyOf: [connection, { type: 'null' }] },
  }
  return { ...schema, properties: { ...properties, connections } }
}

function adapt(node: Node): Node {
  if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum
  const { description, default: fallback, ...rest } = node
  const notes = {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
  }
  if (Array.isArray(rest.anyOf)) {
    const options = rest.anyOf.map((option: Node) => (isLeaf(option) ? option : adapt(option)))
    return { ...notes, anyOf: options.some(isLeaf) ? [...options, EXPRESSION] : options }
  }
  if (isLeaf(rest)) return { ...notes, anyOf: [rest, EXPRESSION] }
  if (isNode(rest.properties))
    rest.properties = Object.fromEntries(
      Object.entries(rest.properties).map(([key, child]) => [key, adapt(child as Node)]),
    )
  if (isNode(rest.additionalProperties)) rest.additionalProperties = adapt(rest.additionalProperties)
  if (isNode(rest.items)) rest.items = adapt(rest.items)
  return { ...notes, ...rest }
}

function isLeaf(node: Node): boolean {
  return (
    node.enum !== undefined ||
    node.const !== undefined ||
    /^(string|number|integer|boolean)$/.test(String(node.type))
  )
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
