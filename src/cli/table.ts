/** Tables that fit the terminal: no frame, wide columns give way first and wrap. Knows widths, not meanings. */
import { stripVTControlCharacters } from 'node:util'
import Table from 'cli-table3'

const GAP = 2
const NARROWEST = 6
/** A longer word is broken where it must be; shorter ones (e-mail addresses) keep their column. */
const LONGEST_KEPT_WORD = 34
/** Characters that take two cells in a terminal (https://www.unicode.org/reports/tr11/). */
const WIDE =
  /\p{Script=Hangul}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Emoji_Presentation}/gu

/** Text of at most `columns` cells a line. Cells may hold colours. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
): string {
  const columnCells = head.map((title, i) => [title, ...rows.map((row) => row[i] ?? '')])
  const colWidths = fitWidths(
    columnCells.map((cells) => Math.max(...cells.map(cellWidth))),
    columnCells.map((cells) => Math.max(NARROWEST, ...cells.map(wordWidth))),
    columns - GAP * (head.length - 1),
  )
  const table = new Table({
    head: [...head],
    colWidths,
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '─',
      'mid-mid': ' '.repeat(GAP),
      right: '',
      'right-mid': '',
      middle: ' '.repeat(GAP),
    },
  })
  for (const row of rows) table.push(head.map((_, i) => wrapCell(row[i] ?? '', colWidths[i] ?? NARROWEST)))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

/** Takes from the widest column that can wrap at spaces, and only then breaks words. */
function fitWidths(wanted: readonly number[], kept: readonly number[], room: number): number[] {
  const widths = [...wanted]
  for (let over = sum(widths) - room; over > 0; over--) {
    const spare = widths.map((width, i) => (width > (kept[i] ?? 0) ? width : 0))
    const from = Math.max(...spare) > 0 ? spare : widths
    const widest = from.indexOf(Math.max(...from))
    if ((widths[widest] ?? 0) <= NARROWEST) break
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return widths
}

function wrapCell(text: string, width: number): string {
  if (cellWidth(text) <= width) return text
  const lines: string[] = []
  let line = ''
  const put = (piece: string): void => {
    if (cellWidth(line + piece) > width && line.trim() !== '') {
      lines.push(line.trimEnd())
      line = piece.trimStart()
    } else line += piece
  }
  for (const piece of text.split(/(?<=\s)/)) {
    if (cellWidth(piece.trimEnd()) <= width) put(piece)
    else for (const character of piece) put(character)
  }
  return [...lines, line.trimEnd()].join('\n')
}

function wordWidth(text: string): number {
  return Math.min(LONGEST_KEPT_WORD, Math.max(...text.split(/\s/).map(cellWidth)))
}

function cellWidth(text: string): number {
  const lines = stripVTControlCharacters(text).split('\n')
  return Math.max(1, ...lines.map((line) => [...line].length + (line.match(WIDE)?.length ?? 0)))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0)
}
