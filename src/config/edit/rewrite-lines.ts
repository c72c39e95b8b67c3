/** Makes a block whose entries have lines of their own have other entries. A line takes its comment along; other comments stay. */
import type { Pair, YAMLMap } from 'yaml'
import { pathText } from '../located.ts'
import { notEditable } from './not-editable.ts'
import { findExample } from './template-examples.ts'
import { staying, valueChanges, type Wanted } from './wanted-entries.ts'
import { blockLines, type Entry, isBlock } from './write-yaml.ts'
import {
  columnOf,
  endOf,
  lineAt,
  lineEnd,
  lineStart,
  nameOf,
  type Place,
  type Splice,
  splice,
  startOf,
  type YamlText,
} from './yaml-text.ts'

export function rewriteLines(
  yaml: YamlText,
  place: Place,
  node: YAMLMap,
  path: readonly string[],
  wanted: readonly Wanted[],
  isOrdered: boolean,
): readonly Splice[] {
  const { text, eol, step } = yaml
  const rows = node.items.map((pair) => ({ pair, name: nameOf(pair), ...linesOf(text, pair) }))
  const stays = new Map(
    staying(rows, wanted).map(({ row, wanted: one }) => [one, row as (typeof rows)[number]]),
  )
  const splices: Splice[] = []
  const moved = new Map<Wanted, string>()
  for (const row of rows) {
    if (row.name === undefined || [...stays.values()].includes(row)) continue
    if (!row.isWhole)
      throw notEditable(pathText([...path, row.name]), lineAt(text, row.from), 'shares its line')
    splices.push({ from: row.from, to: row.to, text: '' })
    const one = wanted.find(({ key }) => key === row.name)
    if (one !== undefined)
      moved.set(
        one,
        splice(text.slice(row.from, row.to), shifted(valueChanges(text, row.pair, one), -row.from)),
      )
  }
  const [first] = rows
  const indent = ' '.repeat(columnOf(text, startOf(first?.pair.key)))
  const top =
    first === undefined || place.holder === null
      ? (first?.from ?? 0)
      : lineEnd(text, startOf(place.holder.key) + 1)
  const region = { from: top, to: commentsEnd(text, rows.at(-1)?.after ?? top, indent) }
  let at = top
  for (const one of wanted) {
    const row = stays.get(one)
    if (row !== undefined) {
      splices.push(...valueChanges(text, row.pair, one))
      at = row.after
      continue
    }
    const cut = moved.get(one)
    if (cut !== undefined) {
      splices.push({
        from: at,
        to: at,
        text: inserted(text, at, cut.replace(/\r?\n$/, '').split(/\r?\n/), eol),
      })
      continue
    }
    const entry = { ...one, value: one.value ?? null }
    const offered = findExample(text, region, entry, { indent, step })
    const example = splices.some(({ from, to }) => from === offered?.from && to > from) ? undefined : offered
    if (example !== undefined && !isOrdered) {
      splices.push({
        from: example.from,
        to: example.to,
        text: inserted(text, example.from, example.lines, eol),
      })
      continue
    }
    if (example !== undefined) splices.push({ from: example.from, to: example.to, text: '' })
    const lines = example?.lines ?? blockLines(entry, indent, step)
    splices.push({ from: at, to: at, text: inserted(text, at, spaced(text, at, entry, indent, lines), eol) })
  }
  return splices
}

/** Blocks at the left edge have an empty line around them. */
function spaced(
  text: string,
  at: number,
  entry: Entry,
  indent: string,
  lines: readonly string[],
): readonly string[] {
  if (indent !== '' || !isBlock(entry.value)) return lines
  const next = text.slice(at, lineEnd(text, at + 1)).trim()
  return ['', ...lines, ...(at < text.length && next !== '' ? [''] : [])]
}

/** Lines put in at `at`, which is the beginning of a line or the end of the text. */
export function inserted(text: string, at: number, lines: readonly string[], eol: string): string {
  const isOpen = at > 0 && text[at - 1] !== '\n' && text.slice(0, at) !== '\ufeff'
  return isOpen ? lines.map((line) => eol + line).join('') : lines.map((line) => line + eol).join('')
}

type Lines = {
  readonly from: number
  readonly to: number
  /** Behind the deeper comments that follow it. */
  readonly after: number
  /** It has its lines for itself. */
  readonly isWhole: boolean
}

function linesOf(text: string, pair: Pair): Lines {
  const key = startOf(pair.key)
  const from = lineStart(text, key)
  const to = lineEnd(text, endOf(pair))
  const deeper = ' '.repeat(key - from + 1)
  return { from, to, after: commentsEnd(text, to, deeper), isWhole: text.slice(from, key).trim() === '' }
}

/** Behind the comments that follow at `indent` or deeper; empty lines count only between them. */
export function commentsEnd(text: string, from: number, indent: string): number {
  let end = from
  for (let at = from; at < text.length; ) {
    const next = lineEnd(text, at + 1)
    const line = text.slice(at, next)
    if (line.startsWith(indent) && line.trimStart().startsWith('#')) end = next
    else if (line.trim() !== '') break
    at = next
  }
  return end
}

function shifted(splices: readonly Splice[], by: number): readonly Splice[] {
  return splices.map(({ from, to, text }) => ({ from: from + by, to: to + by, text }))
}
