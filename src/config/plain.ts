/**
 * A located value as plain data for the schema. An empty value in a fixed block is the same as leaving the
 * key out, and text that came from a variable becomes the number or boolean that is due there. Objects have
 * no prototype, so no key can reach one.
 */
import type { z } from 'zod'
import type { Located, LocatedScalar } from './located.ts'
import { childOf, isFreeMapping, takesBoolean, takesNumber } from './schema/walk.ts'

const PLAIN_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/

export function toPlain(node: Located, schema: z.ZodType | undefined): unknown {
  if (node.kind === 'scalar') return plainScalar(node, schema)
  if (node.kind === 'list') return node.items.map((item) => toPlain(item, childOf(schema, 0)))
  const result: Record<string, unknown> = Object.create(null)
  for (const [key, { value }] of node.entries) {
    if (isUnset(value) && !isFreeMapping(schema)) continue
    result[key] = toPlain(value, childOf(schema, key))
  }
  return result
}

/** True for a key without a value. */
export function isUnset(node: Located): boolean {
  return node.kind === 'scalar' && node.value === null && !node.faulty
}

function plainScalar(node: LocatedScalar, schema: z.ZodType | undefined): unknown {
  if (node.faulty) return undefined
  if (!node.interpolated || typeof node.value !== 'string') return node.value
  if (takesNumber(schema) && PLAIN_NUMBER.test(node.value)) return Number(node.value)
  if (takesBoolean(schema) && node.value === 'true') return true
  if (takesBoolean(schema) && node.value === 'false') return false
  return node.value
}
