/**
 * YAML text to a located value: anchors, aliases, merge keys and `${NAME}`. Refuses duplicate keys, custom
 * tags, self-reference, nesting beyond 32 levels and aliases that expand to more than 20,000 values.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument, type YAMLMap } from 'yaml'
import type { Position } from './config.ts'
import type { ConfigFault } from './config-error.ts'
import { interpolate, type Variables } from './interpolate.ts'
import { type Located, type LocatedMap, type LocatedScalar, type Path, pathText } from './located.ts'
import { syntaxFaults } from './syntax-faults.ts'

const MAX_DEPTH = 32
const MAX_VALUES = 20_000

/** `broken` says that the rest of the file was not looked at, since what it means is unknown. */
export type ReadDocument = Readonly<{
  root: Located | undefined
  faults: readonly ConfigFault[]
  broken: boolean
}>

/**
 * Reads one YAML 1.2 document. An empty one has no root. Without `variables`, `${NAME}` is text like any other. Never throws
 * for bad input.
 */
export function readDocument(source: string, variables: Variables | null): ReadDocument {
  const lines = new LineCounter()
  const document = parseDocument(source, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false, // told apart as text below: 1 and "1" are one setting
    resolveKnownTags: false,
    logLevel: 'error', // 'silent' would also hide that there is a second document
  })
  const syntax = syntaxFaults(source, lines, [...document.errors, ...document.warnings])
  if (syntax.length > 0) return { root: undefined, faults: syntax, broken: true }
  if (document.contents === null) return { root: undefined, faults: [], broken: false }
  const walker = new Walker(lines, variables)
  const root = walker.walk(document.contents, [], { line: 1, column: 1 })
  const empty = root.kind === 'scalar' && root.value === null && !root.faulty
  return { root: empty ? undefined : root, faults: walker.faults, broken: walker.broken }
}

class Walker {
  readonly faults: ConfigFault[] = []
  broken = false
  readonly #lines: LineCounter
  readonly #variables: Variables | null
  readonly #anchors = new Map<string, unknown>()
  readonly #open = new Set<unknown>()
  readonly #scalars = new Map<unknown, LocatedScalar>()
  #values = 0
  #aliasDepth = 0

  constructor(lines: LineCounter, variables: Variables | null) {
    this.#lines = lines
    this.#variables = variables
  }

  /** `fallback` is the place of what is written as nothing at all. */
  walk(node: unknown, path: Path, fallback: Position): Located {
    if (isAlias(node)) return this.#walkAlias(node.source, path, this.#position(node, fallback))
    const position = this.#position(node, fallback)
    if (this.broken) return faultyScalar(position)
    if (++this.#values > MAX_VALUES)
      return this.#give(`more than ${MAX_VALUES} values (aliases counted each time)`, path, position)
    if (path.length > MAX_DEPTH || this.#open.size > MAX_DEPTH)
      return this.#give(`nested deeper than ${MAX_DEPTH} levels`, path, position)
    this.#remember(node)
    if (isScalar(node)) return this.#walkScalar(node, node.value, path, position)
    if (!isMap(node) && !isSeq(node)) return scalar(null, position)
    if (this.#open.has(node)) return this.#give('an alias that contains itself', path, fallback)
    this.#open.add(node)
    const located: Located = isMap(node)
      ? this.#walkMap(node, path, position)
      : {
          kind: 'list',
          items: node.items.map((item, at) => this.walk(item, [...path, at], position)),
          position,
        }
    this.#open.delete(node)
    return located
  }

  #walkAlias(name: string, path: Path, position: Position): Located {
    if (!this.#anchors.has(name)) {
      this.#fault(path, position, `no anchor &${name} stands above this alias`)
      return faultyScalar(position)
    }
    this.#aliasDepth++
    const located = this.walk(this.#anchors.get(name), path, position)
    this.#aliasDepth--
    return located
  }

  #walkScalar(node: unknown, value: unknown, path: Path, position: Position): Located {
    const known = this.#scalars.get(node)
    if (known !== undefined) return known
    const located = scalar(value, position)
    this.#scalars.set(node, located)
    if (this.#variables === null || typeof located.value !== 'string' || !located.value.includes('${'))
      return located
    const { text, problems } = interpolate(located.value, this.#variables)
    for (const problem of problems) this.#fault(path, position, problem.message, problem.suggestion)
    located.value = text
    located.interpolated = true
    located.faulty = problems.length > 0
    return located
  }

  #walkMap(node: YAMLMap, path: Path, position: Position): LocatedMap {
    const entries: LocatedMap['entries'] = new Map()
    const merges: { located: Located; position: Position }[] = []
    for (const pair of node.items) {
      if (this.broken) break
      const key = this.#position(pair.key, position)
      if (isMergeKey(pair)) {
        merges.push({ located: this.walk(pair.value, path, key), position: key })
        continue
      }
      const name = this.#keyName(pair.key)
      if (name === undefined) this.#fault(path, key, 'expected a plain name as the key')
      else if (name === '__proto__') this.#fault([...path, name], key, 'this name cannot be used')
      else {
        const first = entries.get(name)
        const value = this.walk(pair.value, [...path, name], key)
        if (first === undefined) entries.set(name, { key, value })
        else this.#fault([...path, name], key, `given twice in one block (first in line ${first.key.line})`)
      }
    }
    for (const merge of merges) this.#merge(entries, merge.located, path, merge.position)
    return { kind: 'map', entries, position }
  }

  /** What is written out wins over what is merged, and an earlier merge over a later one. */
  #merge(entries: LocatedMap['entries'], from: Located, path: Path, position: Position): void {
    const sources = from.kind === 'list' ? from.items : [from]
    for (const source of sources) {
      if (source.kind === 'map') {
        for (const [name, entry] of source.entries) if (!entries.has(name)) entries.set(name, entry)
      } else if (!(source.kind === 'scalar' && source.faulty)) {
        this.#fault(path, position, '"<<" expects a block of settings, or a list of such blocks')
      }
    }
  }

  #keyName(key: unknown): string | undefined {
    this.#remember(key)
    const node = isAlias(key) ? this.#anchors.get(key.source) : key
    if (!isScalar(node)) return undefined
    // The source, since 12345678901234567890 or 1.0 would not survive as numbers.
    if (node.type === 'PLAIN' && node.source !== undefined) return node.source
    return typeof node.value === 'string' ? node.value : undefined
  }

  // While an alias is expanded the anchors inside it are met again; the later ones of the file still hold.
  #remember(node: unknown): void {
    if (this.#aliasDepth > 0) return
    if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor) this.#anchors.set(node.anchor, node)
  }

  #position(node: unknown, fallback: Position): Position {
    const range = (node as { range?: readonly number[] | null } | null)?.range
    if (!range) return fallback
    const { line, col } = this.#lines.linePos(range[0] ?? 0)
    return { line, column: col }
  }

  #give(message: string, path: Path, position: Position): LocatedScalar {
    this.broken = true
    this.#fault(path, position, message)
    return faultyScalar(position)
  }

  #fault(path: Path, position: Position, message: string, suggestion?: string): void {
    this.faults.push({
      path: pathText(path.slice(0, MAX_DEPTH)),
      message,
      ...position,
      ...(suggestion === undefined ? {} : { suggestion }),
    })
  }
}

function isMergeKey(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.type === 'PLAIN' && pair.key.source === '<<'
}

function scalar(value: unknown, position: Position): LocatedScalar {
  const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return { kind: 'scalar', value: plain ? value : null, interpolated: false, faulty: false, position }
}

function faultyScalar(position: Position): LocatedScalar {
  return { kind: 'scalar', value: null, interpolated: false, faulty: true, position }
}
