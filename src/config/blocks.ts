/**
 * Finds the blocks that may stand in more than one place (top level or under the connector, under one of
 * two names) and refuses to choose when they stand in several.
 */
import type { ConfigFault } from './config-error.ts'
import { type Located, locatedAt, type Path, pathText } from './located.ts'
import { isUnset } from './plain.ts'

const PLACES: readonly Path[] = [[], ['connectors', 'pipedrive']]

export type Block = Readonly<{ path: Path; node: Located }>

/** Every place where the block is written out, in the order of the file's places. */
export function findBlocks(root: Located | undefined, names: readonly string[]): readonly Block[] {
  return PLACES.flatMap((place) =>
    names.flatMap((name) => {
      const path = [...place, name]
      const node = locatedAt(root, path)
      return node === undefined || isUnset(node) ? [] : [{ path, node }]
    }),
  )
}

/** A fault for each place after the first, at its key. */
export function repeatedBlockFaults(root: Located | undefined, blocks: readonly Block[]): ConfigFault[] {
  const [first, ...others] = blocks
  if (first === undefined) return []
  return others.map(({ path }) => {
    const key = keyOf(root, path)
    return {
      path: pathText(path),
      message: `already given as ${pathText(first.path)} (line ${keyOf(root, first.path).line}); keep one of them`,
      ...key,
    }
  })
}

function keyOf(root: Located | undefined, path: Path) {
  const parent = locatedAt(root, path.slice(0, -1))
  const entry = parent?.kind === 'map' ? parent.entries.get(String(path.at(-1))) : undefined
  return entry?.key ?? { line: 1, column: 1 }
}
