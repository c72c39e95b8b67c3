/**
 * A YAML value that remembers where it stands. Built by document.ts; the checks and the final shape are
 * made from it, so that every fault can point into the file.
 */
import type { Position } from './config.ts'

export type LocatedScalar = {
  kind: 'scalar'
  value: string | number | boolean | null
  /** The variable expression was replaced in it; its value may hold a secret. */
  interpolated: boolean
  /** A fault about this value is already reported; further ones would be noise. */
  faulty: boolean
  position: Position
}
export type LocatedMap = {
  kind: 'map'
  entries: Map<string, { key: Position; value: Located }>
  position: Position
}
export type LocatedList = { kind: 'list'; items: Located[]; position: Position }
export type Located = LocatedScalar | LocatedMap | LocatedList

export type Path = readonly (string | number)[]

/** `['webhooks', 0, 'brevo_event']` is `webhooks[0].brevo_event`. */
export function pathText(path: Path): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  )
}

/** The value at a path, or undefined. Map keys may also be numbers in the path. */
export function locatedAt(root: Located | undefined, path: Path): Located | undefined {
  let node = root
  for (const part of path) {
    if (node?.kind === 'map') node = node.entries.get(String(part))?.value
    else if (node?.kind === 'list') node = node.items[Number(part)]
    else return undefined
  }
  return node
}

/** Blocks and empty values stand where their key stands, other values at their first character. */
export function valuePosition(key: Position, value: Located): Position {
  if (value.kind !== 'scalar') return key
  return value.value === null && !value.interpolated ? key : value.position
}

/** The position of every setting by its path text. */
export function positionIndex(root: Located | undefined): ReadonlyMap<string, Position> {
  const index = new Map<string, Position>()
  const visit = (node: Located, path: Path, position: Position) => {
    index.set(pathText(path), position)
    if (node.kind === 'map')
      for (const [name, { key, value }] of node.entries)
        visit(value, [...path, name], valuePosition(key, value))
    if (node.kind === 'list')
      for (const [at, item] of node.items.entries()) visit(item, [...path, at], item.position)
  }
  if (root !== undefined) visit(root, [], { line: 1, column: 1 })
  return index
}
