/**
 * The settings that the template of `tajo init` offers as comments, found again in a text: one that becomes real takes the
 * place of its comment. Comments that say anything else than the template does are nobody's example.
 */
import { renderTemplate } from '../template.ts'
import { blockLines, type Entry, isBlock, noteWords } from './write-yaml.ts'

type Example = { readonly key: string; readonly note: string | undefined; readonly text: string }

/** Where an example stands, and the lines that are there when it is real. */
export type FoundExample = { readonly from: number; readonly to: number; readonly lines: readonly string[] }

const EXAMPLE = /^# (?: {2})?(([\w.]+):(?: .*?)?(?: # (.*))?)$/

/** Looks from `from` to `to` for comments at `indent` that offer `entry`. */
export function findExample(
  text: string,
  { from, to }: { readonly from: number; readonly to: number },
  entry: Entry,
  { indent, step }: { readonly indent: string; readonly step: string },
): FoundExample | undefined {
  const known = templateExamples()
  for (let at = from; at < to; at = nextLine(text, at)) {
    const line = text.slice(at, nextLine(text, at)).trimEnd()
    const example = line.startsWith(`${indent}# `) ? known.get(line.trim()) : undefined
    if (example?.key !== entry.key || /^# {3}/.test(line.trim())) continue
    if (!isBlock(entry.value))
      return { from: at, to: nextLine(text, at), lines: realLines(entry, example, indent) }
    const inner: Example[] = []
    let end = nextLine(text, at)
    for (; end < to; end = nextLine(text, end)) {
      const below = text.slice(end, nextLine(text, end)).trimEnd()
      const found = below.startsWith(indent) && known.get(below.trim())
      const isBelow = below.startsWith(`${indent}#   `) || below.startsWith(`${indent}${step}# `)
      if (!found || !isBelow) break
      inner.push(found)
    }
    return { from: at, to: end, lines: realBlock(entry, entry.value, inner, indent, step) }
  }
  return undefined
}

function templateExamples(): ReadonlyMap<string, Example> {
  return new Map(
    renderTemplate()
      .split('\n')
      .flatMap((line) => {
        const [, text, key, note] = EXAMPLE.exec(line.trim()) ?? []
        return text === undefined || key === undefined ? [] : [[line.trim(), { key, note, text }] as const]
      }),
  )
}

function realLines(entry: Entry, example: Example, indent: string): readonly string[] {
  return blockLines({ ...entry, note: noteWords(example.note, entry.note) }, indent, '')
}

/** Examples of a fixed block stay beside what is real; those of a person's own rows have served. */
function realBlock(
  entry: Entry,
  rows: readonly Entry[],
  examples: readonly Example[],
  indent: string,
  step: string,
): readonly string[] {
  const below = indent + step
  const shown = examples.flatMap((example) => {
    const real = rows.find(({ key }) => key === example.key)
    if (real !== undefined && entry.isOrdered !== true) return realLines(real, example, below)
    return entry.isOrdered === true ? [] : [`${below}# ${example.text}`]
  })
  const others = rows.filter(
    ({ key }) => entry.isOrdered === true || !examples.some((example) => example.key === key),
  )
  const head = blockLines({ ...entry, value: [] }, indent, step).map((line) => line.replace(': {}', ':'))
  return [...head, ...shown, ...others.flatMap((inner) => blockLines(inner, below, step))]
}

function nextLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end + 1
}
