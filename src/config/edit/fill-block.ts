/** Writes the first entries of a block that has none: a name with nothing behind it, `{}`, or a text without settings. */
import { commentsEnd, inserted } from './rewrite-lines.ts'
import { findExample } from './template-examples.ts'
import { lead } from './wanted-entries.ts'
import { blockLines, bracesText, type Entry } from './write-yaml.ts'
import {
  columnOf,
  endOf,
  lineEnd,
  type Place,
  rangeOf,
  type Splice,
  startOf,
  type YamlText,
} from './yaml-text.ts'

export function fillBlock(
  yaml: YamlText,
  place: Place,
  entries: readonly Entry[],
  isOrdered: boolean,
): readonly Splice[] {
  const { text, eol, step } = yaml
  if (entries.length === 0) return []
  const { holder } = place
  if (holder === null) return fillText(yaml, entries)
  const value = rangeOf(holder.value)
  const to = endOf(holder)
  const from = value !== undefined && value[1] > value[0] ? value[0] : to
  if (place.inFlow) return [{ from, to, text: `${lead(text, holder, from)}${bracesText(entries)}` }]
  const key = startOf(holder.key)
  const base = ' '.repeat(columnOf(text, key))
  const below = lineEnd(text, to)
  const region = { from: below, to: commentsEnd(text, below, `${base} `) }
  const indent = /^( *)#/.exec(text.slice(region.from, region.to))?.[1] ?? base + step
  const splices: Splice[] = []
  if (to > from)
    splices.push({ from: from - (/[ \t]*$/.exec(text.slice(0, from))?.[0].length ?? 0), to, text: '' })
  for (const entry of entries) {
    const example = findExample(text, region, entry, { indent, step })
    if (example !== undefined && !isOrdered)
      splices.push({
        from: example.from,
        to: example.to,
        text: inserted(text, example.from, example.lines, eol),
      })
    else
      splices.push({
        from: below,
        to: below,
        text: inserted(text, below, blockLines(entry, indent, step), eol),
      })
  }
  return splices
}

/** A text without any setting: comments at most, or an explicit nothing. */
function fillText(yaml: YamlText, entries: readonly Entry[]): readonly Splice[] {
  const { text, eol, step } = yaml
  const range = rangeOf(yaml.document.contents)
  const at = range !== undefined && range[1] > range[0] ? range[0] : text.length
  const lines = entries.flatMap((entry) => blockLines(entry, '', step))
  const written = inserted(text, at, lines, eol)
  return [
    {
      from: at,
      to: at === text.length ? at : (range?.[1] ?? at),
      text: at === text.length ? written : written.trimEnd(),
    },
  ]
}
