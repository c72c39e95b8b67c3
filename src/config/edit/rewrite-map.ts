/**
 * Makes one block of a YAML text have other entries, and leaves every character alone that need not change. Lines stay
 * with their comments; a block that is missing is written together with those above it.
 */
import type { YAMLMap } from 'yaml'
import { pathText } from '../located.ts'
import { fillBlock } from './fill-block.ts'
import { notEditable } from './not-editable.ts'
import { rewriteBraces } from './rewrite-braces.ts'
import { rewriteLines } from './rewrite-lines.ts'
import { withEntry } from './setting-order.ts'
import { staying, type Wanted } from './wanted-entries.ts'
import type { Entry } from './write-yaml.ts'
import {
  findPlace,
  isMerge,
  lineAt,
  nameOf,
  openYaml,
  type Place,
  rangeOf,
  refuseEntangled,
  refuseMerged,
  type Splice,
  splice,
  startOf,
  type YamlText,
} from './yaml-text.ts'

export type MapChange = {
  readonly path: readonly string[]
  /** Whether the order counts; else entries stay where they are. */
  readonly isOrdered: boolean
  /** From the keys that are written out to what shall stand there. */
  readonly entries: (written: readonly string[]) => readonly Wanted[]
  /** The keys that the block at a path may have, in the order in which a new one is put among them. */
  readonly orderOf: (path: readonly string[]) => readonly string[]
}

/** Throws `settings_not_editable`. */
export function rewriteMap(text: string, { path, isOrdered, entries, orderOf }: MapChange): string {
  const yaml = openYaml(text)
  const place = findPlace(yaml, path)
  const { node, missing } = place
  const written = node?.items.flatMap((pair) => nameOf(pair) ?? []) ?? []
  const [top, ...below] = missing
  if (top === undefined) return splice(text, changes(yaml, place, path, entries(written), isOrdered))
  const here = path.slice(0, path.length - missing.length)
  let inner: Omit<Entry, 'key'> = { isOrdered, value: entries([]) as readonly Entry[] }
  for (const key of below.toReversed()) inner = { value: [{ key, ...inner }] }
  const kept = written.map((key): Wanted => ({ key }))
  return splice(
    text,
    changes(yaml, place, here, withEntry(kept, { key: top, ...inner }, orderOf(here), 'last'), false),
  )
}

function changes(
  yaml: YamlText,
  place: Place,
  path: readonly string[],
  wanted: readonly Wanted[],
  isOrdered: boolean,
): readonly Splice[] {
  const { node } = place
  if (node === null) return fillBlock(yaml, place, wanted as readonly Entry[], isOrdered)
  refuseUnfit(yaml, node, path, wanted)
  if (node.flow !== true) return rewriteLines(yaml, place, node, path, wanted, isOrdered)
  const isBare = node.items.length === 0 && /^\{\s*\}$/.test(yaml.text.slice(...bounds(node)))
  if (isBare && !place.inFlow && wanted.length > 0)
    return fillBlock(yaml, place, wanted as readonly Entry[], isOrdered)
  return rewriteBraces(yaml, node, wanted)
}

/** Merges and anchors: what cannot be changed here without changing something there. */
function refuseUnfit(
  yaml: YamlText,
  node: YAMLMap,
  path: readonly string[],
  wanted: readonly Wanted[],
): void {
  const rows = node.items.map((pair) => ({ pair, name: nameOf(pair) }))
  const stays = new Set(staying(rows, wanted).map(({ row }) => row))
  const isMerging = node.items.some(isMerge)
  for (const row of rows) {
    if (row.name === undefined) continue
    const found = wanted.find(({ key }) => key === row.name)
    const isMoved = !stays.has(row)
    if (found !== undefined && found.value === undefined && !isMoved) continue
    const name = [...path, row.name]
    refuseEntangled(yaml, row.pair, name, isMoved && found !== undefined)
    if (isMoved && isMerging) {
      const line = lineAt(yaml.text, startOf(row.pair.key))
      throw notEditable(pathText(name), line, 'stands beside a merge key ("<<")')
    }
  }
  for (const { key } of wanted) if (!rows.some(({ name }) => name === key)) refuseMerged(yaml, [...path, key])
}

function bounds(node: YAMLMap): [number, number] {
  const range = rangeOf(node)
  return [range?.[0] ?? 0, range?.[1] ?? 0]
}
