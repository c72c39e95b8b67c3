/**
 * `person_mapping` and `organization_mapping` as rows. It does not know which fields or attributes exist:
 * that needs the accounts (`tajo check`).
 */
import type { Block } from './blocks.ts'
import { IDENTITY_TARGET, type MappingEntry } from './config.ts'
import type { ConfigFault } from './config-error.ts'
import { pathText, valuePosition } from './located.ts'

const DEFAULT_PERSON_ROWS = [
  ['email', IDENTITY_TARGET],
  ['first_name', 'FIRSTNAME'],
  ['last_name', 'LASTNAME'],
  ['phone', 'SMS'],
] as const

/** What is mapped when the file says nothing. */
export const defaultPersonMapping: readonly MappingEntry[] = DEFAULT_PERSON_ROWS.map(([source, target]) => ({
  source,
  target,
  path: `person_mapping.${source}`,
  line: null,
  column: null,
}))

/** Upper-cases targets; the identity is `email` whatever its case, and takes the field `email` only. */
export function readPersonMapping(block: Block, faults: ConfigFault[]): readonly MappingEntry[] {
  const rows = readRows(block, (target) =>
    target.toLowerCase() === IDENTITY_TARGET ? IDENTITY_TARGET : target.toUpperCase(),
  )
  for (const row of rows) {
    if (row.target === IDENTITY_TARGET && row.source !== 'email')
      faults.push({
        path: row.path,
        message: 'the identity "email" takes the field "email" only; map this field to another attribute',
        line: row.line,
        column: row.column,
      })
  }
  const identity = rows.some((row) => row.target === IDENTITY_TARGET)
  faults.push(...sharedTargetFaults(rows))
  return identity ? rows : [...defaultPersonMapping.slice(0, 1), ...rows]
}

/** Targets stay as written. */
export function readOrganizationMapping(block: Block, faults: ConfigFault[]): readonly MappingEntry[] {
  const rows = readRows(block, (target) => target)
  faults.push(...sharedTargetFaults(rows))
  return rows
}

// Values of the wrong kind are left to the schema, which reports them.
function readRows(block: Block, toTarget: (text: string) => string): readonly MappingEntry[] {
  if (block.node.kind !== 'map') return []
  return [...block.node.entries].flatMap(([source, { key, value }]) => {
    if (value.kind !== 'scalar' || typeof value.value !== 'string' || value.faulty) return []
    const path = pathText([...block.path, source])
    return [{ source, target: toTarget(value.value), path, ...valuePosition(key, value) }]
  })
}

function sharedTargetFaults(rows: readonly MappingEntry[]): readonly ConfigFault[] {
  const first = new Map<string, MappingEntry>()
  return rows.flatMap((row) => {
    const other = first.get(row.target)
    if (other === undefined) {
      first.set(row.target, row)
      return []
    }
    const message = `"${row.source}" and "${other.source}" (line ${other.line}) are both mapped to ${row.target}; keep one of them`
    return [{ path: row.path, message, line: row.line, column: row.column }]
  })
}
