/**
 * The lines of a settings text as they may be shown: no value of a credential, and nothing that looks like one. Names of
 * settings and the rows of mappings are shown as they are, since fields of Pipedrive have keys that look like tokens.
 */
import { isAlias, isPair, isScalar, visit } from 'yaml'
import { redactSource } from '../redact.ts'
import { nameOf, parseText, rangeOf } from './yaml-text.ts'

const SECRET_NAME = /(?:token|secret|api_key|client_id|password)$/i
const MAPPINGS = ['person_mapping', 'field_mapping', 'organization_mapping', 'deal_stage_mapping']
const MASK = '***'

type Range = { readonly from: number; readonly to: number; readonly kind: 'secret' | 'plain' | 'value' }

/** As many lines as the text has. */
export function maskedLines(text: string): readonly string[] {
  const ranges = readRanges(text)
  if (ranges === null) return linesOf(text).map(nameOnly)
  let shown = ''
  let at = 0
  for (const { from, to, kind } of ranges) {
    if (to <= at) continue
    const start = Math.max(from, at)
    shown += linewise(text.slice(at, start), redactSource)
    const piece = text.slice(start, to)
    if (kind === 'secret')
      shown += linewise(piece, (line) => (line.trim() === '' ? line : line.replace(/\S.*/, MASK)))
    else shown += kind === 'plain' ? piece : linewise(piece, redactSource)
    at = to
  }
  return linesOf(shown + linewise(text.slice(at), redactSource))
}

export function linesOf(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''))
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

function nameOnly(line: string): string {
  if (line.trim() === '') return line
  return `${/^\s*[\w.]+: ?/.exec(line)?.[0] ?? ''}${MASK}`
}

function linewise(text: string, change: (line: string) => string): string {
  return text
    .split('\n')
    .map((line) => (line.trim() === '' ? line : change(line)))
    .join('\n')
}

/** In the order of the text; null for one that is no YAML, of which nobody knows what is what. */
function readRanges(text: string): readonly Range[] | null {
  const document = parseText(text)
  if (document.errors.length > 0) return null
  const ranges: Range[] = []
  const add = (node: unknown, kind: Range['kind']): void => {
    const range = rangeOf(node)
    if (range !== undefined) ranges.push({ from: range[0], to: range[1], kind })
  }
  const hide = (node: unknown): void => {
    add(node, 'secret')
    if (isAlias(node)) add(node.resolve(document), 'secret')
  }
  visit(document, {
    Pair: (_, pair, ancestors) => {
      const name = nameOf(pair)
      const owner = ancestors.findLast((one) => isPair(one))
      const isRow = isPair(owner) && MAPPINGS.includes(nameOf(owner) ?? '')
      add(pair.key, 'plain')
      if (isRow && isScalar(pair.value)) add(pair.value, 'plain')
      else if (name !== undefined && SECRET_NAME.test(name)) hide(pair.value)
    },
    Scalar: (key, node) => {
      if (key !== 'key') add(node, 'value')
    },
  })
  // Of two at one place the more careful one comes first.
  const rank = { secret: 0, plain: 1, value: 2 }
  return ranges.toSorted((a, b) => a.from - b.from || rank[a.kind] - rank[b.kind])
}
