/** `deal_stage_mapping` as rows. Whether the stages and lists exist is for `tajo check` to say. */
import type { Block } from './blocks.ts'
import type { StageKey, StageMappingEntry } from './config.ts'
import type { ConfigFault } from './config-error.ts'
import { pathText, valuePosition } from './located.ts'
import { toPlain } from './plain.ts'
import { listId as listIdOf } from './schema/leaf.ts'

const listIdSchema = listIdOf()

/** Keys that name one stage in two spellings are faults. Rows that the schema refuses are left out. */
export function readStageMapping(block: Block, faults: ConfigFault[]): readonly StageMappingEntry[] {
  if (block.node.kind !== 'map') return []
  const first = new Map<string, number>()
  return [...block.node.entries].flatMap(([key, entry]) => {
    const stage = toStageKey(key)
    if (stage === null) return []
    const path = pathText([...block.path, key])
    const identity = JSON.stringify(stage)
    const line = first.get(identity)
    if (line !== undefined) {
      faults.push({ path, message: `the same stage as in line ${line}; keep one of them`, ...entry.key })
      return []
    }
    first.set(identity, entry.key.line)
    const listId = toPlain(entry.value, listIdSchema)
    return typeof listId === 'number'
      ? [{ stage, key, listId, path, position: valuePosition(entry.key, entry.value) }]
      : []
  })
}

/** Null for what names no stage. */
export function toStageKey(key: string): StageKey | null {
  if (key === 'won' || key === 'lost') return { kind: key }
  if (/^[1-9][0-9]{0,14}$/.test(key)) return { kind: 'id', id: Number(key) }
  const slash = key.indexOf('/')
  if (slash < 0) return null
  return { kind: 'name', pipeline: key.slice(0, slash).trim(), stage: key.slice(slash + 1).trim() }
}
