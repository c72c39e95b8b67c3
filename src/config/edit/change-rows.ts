/** What a draft changes in the two mappings. Rows that a skill keeps out of sight stay behind the row they follow. */
import { findBlocks } from '../blocks.ts'
import { IDENTITY_TARGET } from '../config.ts'
import { type Located, locatedAt } from '../located.ts'
import { readPersonMapping } from '../mapping.ts'
import { readStageMapping } from '../stage-mapping.ts'
import type { Editing } from './apply-draft.ts'
import type { MapChange } from './rewrite-map.ts'
import { stageIdentity } from './same-settings.ts'
import { orderIn } from './setting-order.ts'
import type { Wanted } from './wanted-entries.ts'
import { noteWords } from './write-yaml.ts'

export function mappingChange({ base, own, before, after }: Editing): MapChange | null {
  if (JSON.stringify(before.personMapping) === JSON.stringify(after.personMapping)) return null
  const { path, node } = blockOf(own, ['person_mapping', 'field_mapping'])
  const rows =
    node === undefined ? [] : readPersonMapping({ path, node }, []).filter(({ line }) => line !== null)
  const isAdded = node !== undefined && !rows.some(({ target }) => target === IDENTITY_TARGET)
  const [first, ...others] = after.personMapping
  const shown =
    isAdded && first?.target === IDENTITY_TARGET && others.length > 0 ? others : after.personMapping
  const wanted = shown.map(({ source, target }): Wanted => {
    const row = rows.find((one) => one.source === source)
    return row?.target === target ? { key: source } : { key: source, value: target }
  })
  const isSeen = (key: string): boolean => before.personMapping.some(({ source }) => source === key)
  const entries = withUnseen(
    rows.map(({ source }) => source),
    isSeen,
    wanted,
  )
  return { path: [...base, ...path], isOrdered: true, entries: () => entries, orderOf: orderIn(base) }
}

export function stageChange({ base, own, before, after, options }: Editing): MapChange | null {
  if (JSON.stringify(before.stageLists) === JSON.stringify(after.stageLists)) return null
  const { path, node } = blockOf(own, ['deal_stage_mapping'])
  const rows = node === undefined ? [] : readStageMapping({ path, node }, [])
  const noteOf = (key: string, listId: number): string =>
    noteWords(options.stages?.get(key), options.lists?.get(listId))
  const wanted = after.stageLists.map(({ stage, listId }): Wanted => {
    const row =
      rows.find(({ key }) => key === stage) ??
      rows.find(({ key }) => stageIdentity(key) === stageIdentity(stage))
    if (row === undefined) return { key: stage, value: listId, note: noteOf(stage, listId) }
    if (row.listId === listId) return { key: row.key }
    return {
      key: row.key,
      value: listId,
      note: noteOf(row.key, listId),
      staleNote: noteOf(row.key, row.listId),
    }
  })
  return { path: [...base, ...path], isOrdered: true, entries: () => wanted, orderOf: orderIn(base) }
}

/** Where the block is, or has its name already, or belongs. */
function blockOf(own: Located | undefined, names: readonly [string, ...string[]]) {
  const [found] = findBlocks(own, names)
  if (found !== undefined) return { path: found.path.map(String), node: found.node }
  const places = [[], ['connectors', 'pipedrive']].flatMap((place) => names.map((name) => [...place, name]))
  return { path: places.find((path) => locatedAt(own, path) !== undefined) ?? [names[0]], node: undefined }
}

function withUnseen(
  keys: readonly string[],
  isSeen: (key: string) => boolean,
  wanted: readonly Wanted[],
): readonly Wanted[] {
  const result = [...wanted]
  for (const [at, key] of keys.entries()) {
    if (isSeen(key) || wanted.some((one) => one.key === key)) continue
    const above = keys.slice(0, at).findLast((other) => result.some((one) => one.key === other))
    result.splice(result.findIndex((one) => one.key === above) + 1, 0, { key })
  }
  return result
}
