/** What the entries of a block shall be, against what is written: which rows stay where they are, and how a value is replaced. */
import { isScalar, type Pair } from 'yaml'
import { increasing } from './increasing.ts'
import { type Entry, type Literal, literalText, noteText } from './write-yaml.ts'
import { endOf, rangeOf, type Splice, startOf } from './yaml-text.ts'

/** An entry as it shall be; without a value it stays as it is written. */
export type Wanted = Omit<Entry, 'value'> & {
  readonly value?: Entry['value'] | undefined
  /** What a comment of ours would say of the value so far: only then the new note takes its place. */
  readonly staleNote?: string | undefined
}

/** An entry of the block and what becomes of it. */
export type Row = { readonly pair: Pair; readonly name: string | undefined }

export type Staying = { readonly row: Row; readonly wanted: Wanted }

/** The rows that need not move, most of them. */
export function staying(rows: readonly Row[], wanted: readonly Wanted[]): readonly Staying[] {
  const taken = new Set<Row>()
  const found = wanted.flatMap((one) => {
    const row = rows.find(({ name }) => name === one.key)
    if (row === undefined || taken.has(row)) return []
    taken.add(row)
    return [{ row, wanted: one }]
  })
  return increasing(found, ({ row }) => rows.indexOf(row))
}

/** What replaces the value of `pair`, and a comment of ours that would no longer be true. */
export function valueChanges(
  text: string,
  pair: Pair,
  { value, note, staleNote }: Wanted,
): readonly Splice[] {
  if (value === undefined || (typeof value === 'object' && value !== null)) return []
  const range = rangeOf(pair.value)
  const at = endOf(pair)
  if (range === undefined || range[1] === range[0])
    return [{ from: at, to: at, text: `${lead(text, pair, at)}${literalText(value)}` }]
  const [from, to] = range
  const written = scalarText(text, pair, value)
  const splices = [
    {
      from,
      to,
      text: text[to - 1] === '\n' ? `${written}${/\r?\n$/.exec(text.slice(from, to))?.[0]}` : written,
    },
  ]
  const comment = /^([ \t]*)#[ \t]*([^\r\n]*?)[ \t]*(?=\r?\n|$)/.exec(text.slice(to))
  if (comment === null || staleNote === undefined || staleNote === '' || comment[2] !== staleNote)
    return splices
  return [...splices, { from: to, to: to + comment[0].length, text: noteText(note) }]
}

/** What has to stand before a value that is written at `at`. */
export function lead(text: string, { value }: Pair, at: number): string {
  if (value === null && text[at - 1] !== ':') return ': '
  return /\s$/.test(text.slice(0, at)) ? '' : ' '
}

/** In the quotes of the text that was there. */
function scalarText(text: string, pair: Pair, value: Literal): string {
  const mark = isScalar(pair.value) ? text[startOf(pair.value)] : undefined
  return literalText(value, mark === '"' || mark === "'" ? mark : '')
}
