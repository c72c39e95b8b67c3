/** Checks `reverse_sync.fields` against what `person_mapping` maps. Directions are the schema's matter. */
import { nearestName } from '../base/suggest.ts'
import { IDENTITY_TARGET, type MappingEntry } from './config.ts'
import type { ConfigFault } from './config-error.ts'
import { type Located, locatedAt, pathText } from './located.ts'

const PATH = ['reverse_sync', 'fields']

/** A fault for each attribute that is named twice (in two cases) or is not mapped. */
export function reverseFieldFaults(
  root: Located | undefined,
  mapping: readonly MappingEntry[],
): readonly ConfigFault[] {
  const block = locatedAt(root, PATH)
  if (block?.kind !== 'map') return []
  const mapped = mapping.map((row) => (row.target === IDENTITY_TARGET ? 'EMAIL' : row.target))
  const first = new Map<string, number>()
  return [...block.entries].flatMap(([name, { key }]): ConfigFault[] => {
    const target = name.toUpperCase()
    const place = { path: pathText([...PATH, name]), ...key }
    const line = first.get(target)
    if (line !== undefined)
      return [{ ...place, message: `the same attribute as in line ${line}; keep one of them` }]
    first.set(target, key.line)
    if (!/^[A-Z][A-Z0-9_]*$/.test(target) || mapped.includes(target)) return []
    const suggestion = nearestName(target, mapped)
    const message = 'no field of person_mapping is mapped to this attribute'
    return [{ ...place, message, ...(suggestion === undefined ? {} : { suggestion }) }]
  })
}
