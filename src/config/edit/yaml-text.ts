/** A YAML text with the places of its settings in it, for changing it piece by piece. It knows no setting. */
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml'
import { readDocument } from '../document.ts'
import { type Located, type LocatedMap, locatedAt, pathText } from '../located.ts'
import { notEditable } from './not-editable.ts'

export type YamlText = {
  readonly text: string
  readonly document: Document.Parsed
  /** What holds, aliases and merges followed; `${NAME}` is text. */
  readonly root: Located | undefined
  readonly eol: '\n' | '\r\n'
  /** By how much a block is indented. */
  readonly step: string
  /** Anchors that something refers to. */
  readonly anchorsInUse: ReadonlySet<string>
}

/** A piece of the text and what takes its place. */
export type Splice = { readonly from: number; readonly to: number; readonly text: string }

/** The block at a path, as far as it is written out. */
export type Place = {
  /** The setting whose value the block is; null for the whole text. */
  readonly holder: Pair | null
  /** Null where nothing is written yet. */
  readonly node: YAMLMap | null
  /** Inside of `{ }`. */
  readonly inFlow: boolean
  /** What of the path is missing below it. */
  readonly missing: readonly string[]
}

/** As it is read everywhere, with what it takes to find each part of it in the text. */
export function parseText(text: string) {
  return parseDocument(text, {
    keepSourceTokens: true,
    prettyErrors: false,
    uniqueKeys: false,
    resolveKnownTags: false,
    logLevel: 'error',
  })
}

export function openYaml(text: string): YamlText {
  const document = parseText(text)
  const anchorsInUse = new Set<string>()
  let step: string | undefined
  visit(document, {
    Alias: (_, { source }) => void anchorsInUse.add(source),
    Pair: (_, { key, value }) => {
      if (step !== undefined || !isMap(value) || value.flow === true) return
      const [first] = value.items
      const deeper = columnOf(text, startOf(first?.key)) - columnOf(text, startOf(key))
      if (deeper > 0) step = ' '.repeat(deeper)
    },
  })
  return {
    text,
    document,
    root: readDocument(text, null).root,
    eol: /\r\n|\n/.exec(text)?.[0] === '\r\n' ? '\r\n' : '\n',
    step: step ?? '  ',
    anchorsInUse,
  }
}

/** Throws `settings_not_editable` where something on the way stands for more than this one place. */
export function findPlace(yaml: YamlText, path: readonly string[]): Place {
  let node: unknown = yaml.document.contents
  let holder: Pair | null = null
  let inFlow = false
  for (const [depth, key] of path.entries()) {
    const here = path.slice(0, depth)
    refuseShared(yaml, node, here)
    if (!isMap(node)) return { holder, node: null, inFlow, missing: path.slice(depth) }
    inFlow ||= node.flow === true
    const pair: Pair | undefined = node.items.find((one) => nameOf(one) === key)
    if (pair === undefined) {
      refuseMerged(yaml, path.slice(0, depth + 1))
      return { holder, node, inFlow, missing: path.slice(depth) }
    }
    holder = pair
    node = pair.value
  }
  refuseShared(yaml, node, path)
  return { holder, node: isMap(node) ? node : null, inFlow, missing: [] }
}

/** A setting that holds although it is not written out in its block comes with `<<`. */
export function refuseMerged(yaml: YamlText, path: readonly string[]): void {
  if (locatedAt(yaml.root, path) === undefined) return
  throw notEditable(
    pathText(path),
    lineOf(yaml, path),
    'is not written out here: it comes with an alias or a merge key ("<<")',
  )
}

/** Throws for what has an anchor, or is an alias, at `node` itself. */
function refuseShared(yaml: YamlText, node: unknown, path: readonly string[]): void {
  const name = path.length === 0 ? 'the file' : pathText(path)
  if (isAlias(node))
    throw notEditable(name, lineAt(yaml.text, startOf(node)), `is an alias (*${node.source})`)
  if (isMap(node) || isScalar(node)) {
    if (node.anchor === undefined || !yaml.anchorsInUse.has(node.anchor)) return
    const why = `has an anchor (&${node.anchor}) that other places refer to`
    throw notEditable(name, lineAt(yaml.text, startOf(node)), why)
  }
}

/** Throws where a part of `pair` is referred to from elsewhere; with `isMoved` also where it refers to something. */
export function refuseEntangled(yaml: YamlText, pair: Pair, path: readonly string[], isMoved: boolean): void {
  const refuse = (why: string): void => {
    throw notEditable(pathText(path), lineAt(yaml.text, startOf(pair.key)), why)
  }
  const look = (_: unknown, node: unknown): void => {
    const anchor = isScalar(node) || isMap(node) ? node.anchor : undefined
    if (anchor !== undefined && yaml.anchorsInUse.has(anchor))
      refuse(`has an anchor (&${anchor}) that other places refer to`)
    if (isMoved && isAlias(node)) refuse(`has an alias (*${node.source})`)
  }
  for (const part of [pair.key, pair.value]) if (isNode(part)) visit(part, look)
}

/** A key as its text; undefined for `<<` and for keys that are no plain names. */
export function nameOf(pair: Pair): string | undefined {
  const { key } = pair
  if (!isScalar(key)) return undefined
  if (key.type === 'PLAIN' && key.source !== undefined) return key.source === '<<' ? undefined : key.source
  return typeof key.value === 'string' ? key.value : undefined
}

export function isMerge(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.type === 'PLAIN' && pair.key.source === '<<'
}

/** Where what is written of a node begins. */
export function startOf(node: unknown): number {
  return rangeOf(node)?.[0] ?? 0
}

export function rangeOf(node: unknown): readonly [number, number, number] | undefined {
  return (node as { range?: [number, number, number] | null } | null | undefined)?.range ?? undefined
}

/** Behind the value of a setting; where it has none, behind its colon, or behind its key. */
export function endOf(pair: Pair): number {
  const end = valueEnd(pair.value)
  if (end !== null) return end
  const tokens = (pair as WithTokens).srcToken?.sep ?? []
  const last = tokens.findLast(({ type }) => ['map-value-ind', 'anchor', 'tag'].includes(type))
  return last === undefined ? (rangeOf(pair.key)?.[1] ?? 0) : last.offset + last.source.length
}

/** The range of a block reaches over comments that are no part of it. */
function valueEnd(node: unknown): number | null {
  const range = rangeOf(node)
  if (range === undefined || range[1] === range[0]) return null
  if (isCollection(node) && node.flow !== true) {
    const last = node.items.at(-1)
    return (isPair(last) ? endOf(last) : valueEnd(last)) ?? range[1]
  }
  return range[1]
}

/** What stands before a key and belongs to it: anchors, tags, `?`. */
export function beginOf(pair: Pair): number {
  const own = (pair as WithTokens).srcToken?.start?.find(({ type }) =>
    ['anchor', 'tag', 'explicit-key-ind'].includes(type),
  )
  return Math.min(own?.offset ?? Number.POSITIVE_INFINITY, startOf(pair.key))
}

type Token = { readonly type: string; readonly offset: number; readonly source: string }
type WithTokens = {
  readonly srcToken?: { readonly start?: readonly Token[]; readonly sep?: readonly Token[] }
}

export function lineStart(text: string, at: number): number {
  const start = text.lastIndexOf('\n', at - 1) + 1
  return start === 0 && text.startsWith('\ufeff') && at > 0 ? 1 : start
}

/** Behind the line break that ends the line of what stands before `at`. */
export function lineEnd(text: string, at: number): number {
  if (at > 0 && text[at - 1] === '\n') return at
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end + 1
}

export function columnOf(text: string, at: number): number {
  return at - lineStart(text, at)
}

export function lineAt(text: string, at: number): number {
  return text.slice(0, at).split('\n').length
}

function lineOf(yaml: YamlText, path: readonly string[]): number | null {
  const parent = locatedAt(yaml.root, path.slice(0, -1)) as LocatedMap | undefined
  return parent?.entries.get(path.at(-1) ?? '')?.key.line ?? null
}

/** Splices do not overlap; those at one place come in the order given, what is put in before what goes. */
export function splice(text: string, splices: readonly Splice[]): string {
  const sorted = splices.toSorted((a, b) => a.from - b.from || a.to - a.from - (b.to - b.from))
  let result = ''
  let at = 0
  for (const { from, to, text: piece } of sorted) {
    if (from < at) throw new Error(`Two changes of the settings overlap at character ${from}`)
    result += text.slice(at, from) + piece
    at = to
  }
  return result + text.slice(at)
}
