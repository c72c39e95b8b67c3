/** Makes a block in `{ }` have other entries, in its own way of writing: one line, or one line for each. */
import type { Pair, YAMLMap } from 'yaml'
import { staying, valueChanges, type Wanted } from './wanted-entries.ts'
import { type Entry, flowText, noteText, type Quote } from './write-yaml.ts'
import {
  beginOf,
  endOf,
  lineStart,
  nameOf,
  rangeOf,
  type Splice,
  splice,
  type YamlText,
} from './yaml-text.ts'

/** An entry with what surrounds it: line breaks and comments above it, and the comment behind it. */
type Item = {
  readonly pair: Pair
  readonly name: string | undefined
  readonly head: string
  readonly tail: string
}

export function rewriteBraces(yaml: YamlText, node: YAMLMap, wanted: readonly Wanted[]): readonly Splice[] {
  const { text, eol } = yaml
  const [from = 0, to = 0] = rangeOf(node) ?? []
  const { items, opening, closing, endsInComma } = split(text, node, from, to)
  const kept = items.filter(({ name }) => name === undefined || wanted.some(({ key }) => key === name))
  if (
    kept.length === items.length &&
    wanted.length === items.length &&
    staying(items, wanted).length === items.length
  )
    return wanted.flatMap((one) => {
      const item = items.find(({ name }) => name === one.key)
      return item === undefined ? [] : valueChanges(text, item.pair, one)
    })
  const quote: Quote = items.length > 0 && items.every(({ pair }) => text[beginOf(pair)] === '"') ? '"' : ''
  const ownLine = items.map(({ head }) => /(\r?\n[ \t]*)$/.exec(head)?.[1]).find((head) => head !== undefined)
  const [indent] = /^[ \t]*/.exec(text.slice(lineStart(text, from))) ?? ['']
  const newLine = ownLine ?? `${eol}${indent}${yaml.step}`
  const carried = carriedComments(items, kept)
  const used = new Set<Item>()
  const pieces = [...items.filter(({ name }) => name === undefined), ...wanted].map((one): Piece => {
    const item = 'pair' in one ? one : items.find((other) => other.name === one.key && !used.has(other))
    if (item === undefined) {
      const entry = { ...one, value: (one as Wanted).value ?? null } as Entry
      const tail = quote === '' && ownLine !== undefined ? noteText(entry.note) : ''
      return { head: ownLine ?? ' ', body: flowText(entry, quote), tail }
    }
    used.add(item)
    const above = carried.get(item) ?? ''
    const body =
      'pair' in one ? text.slice(beginOf(item.pair), endOf(item.pair)) : changedBody(text, item.pair, one)
    return { head: above === '' ? item.head : above + onLine(item.head, newLine), body, tail: item.tail }
  })
  const first = items[0]?.head ?? ' '
  let result = opening
  let isAfterComment = opening !== ''
  for (const [index, { head, body, tail }] of pieces.entries()) {
    // Without lines of their own, only what leads to the first one may be nothing.
    const plain = head.includes('\n') ? head : index === 0 ? first : head || ' '
    const lead = head.includes('\n') || ownLine === undefined ? plain : head
    const comma = index === pieces.length - 1 && !endsInComma ? '' : ','
    result += `${isAfterComment ? onLine(lead, newLine) : lead}${body}${comma}${tail}`
    isAfterComment = tail !== ''
  }
  const above = carried.get(null) ?? ''
  const rest = above === '' ? closing : above + onLine(closing, newLine)
  return [{ from, to, text: `{${result}${isAfterComment ? onLine(rest, newLine) : rest}}` }]
}

type Piece = { readonly head: string; readonly body: string; readonly tail: string }

/** Nothing can follow a comment in its line. */
function onLine(head: string, newLine: string): string {
  return /^[ \t]*\r?\n/.test(head) ? head : newLine + head.trimStart()
}

function changedBody(text: string, pair: Pair, wanted: Wanted): string {
  const [begin, end] = [beginOf(pair), endOf(pair)]
  const changes = valueChanges(text, pair, wanted).filter(({ to }) => to <= end)
  return splice(
    text.slice(begin, end),
    changes.map((change) => ({ ...change, from: change.from - begin, to: change.to - begin })),
  )
}

function split(text: string, node: YAMLMap, from: number, to: number) {
  const gaps = node.items.map((pair, index) => {
    const before = node.items[index - 1]
    return parted(text.slice(before === undefined ? from + 1 : endOf(before), beginOf(pair)))
  })
  const last = node.items.at(-1)
  const final = parted(text.slice(last === undefined ? from + 1 : endOf(last), to - 1))
  const items: readonly Item[] = node.items.map((pair, index) => ({
    pair,
    name: nameOf(pair),
    head: gaps[index]?.head ?? '',
    tail: (gaps[index + 1] ?? final).tail,
  }))
  const opening = gaps[0]?.tail ?? (last === undefined ? final.tail : '')
  return { items, opening, closing: final.head, endsInComma: last !== undefined && final.hasComma }
}

/** What lies between two entries: a comment that ends the line of the first, and what leads to the second. */
function parted(gap: string): { readonly tail: string; readonly head: string; readonly hasComma: boolean } {
  const comma = /^(?:[^#,]|#[^\n]*)*?,/.exec(gap)?.[0].length ?? 0
  const rest = comma === 0 ? gap : gap.slice(0, comma - 1) + gap.slice(comma)
  const end = rest.search(/\r?\n/)
  const line = end < 0 ? rest : rest.slice(0, end)
  const isComment = line.includes('#')
  return {
    tail: isComment ? line : '',
    head: isComment || (end >= 0 && line.trim() === '') ? rest.slice(line.length) : rest,
    hasComma: comma > 0,
  }
}

/** Comments above entries that go stay, above the next one that stays. */
function carriedComments(items: readonly Item[], kept: readonly Item[]): ReadonlyMap<Item | null, string> {
  const carried = new Map<Item | null, string>()
  let pending = ''
  for (const item of items) {
    if (kept.includes(item)) {
      if (pending !== '') carried.set(item, pending)
      pending = ''
    } else if (item.head.includes('#'))
      pending += item.head.slice(0, item.head.lastIndexOf('\n')).replace(/\r$/, '')
  }
  if (pending !== '') carried.set(null, pending)
  return carried
}
