/** Tables that fit the terminal: no frame, wide columns give way first and wrap. Knows widths, not meanings. */
import { stripVTControlCharacters } from 'node:util'
import Table from 'cli-table3'

const GAP = 2
const NARROWEST = 6
/** Characters that take two cells in a terminal (https://www.unicode.org/reports/tr11/). */
const WIDE = /\p{Script=Hangul}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Emoji_Presentation}/gu

/** Text of at most `columns` cells a line. Cells may hold colours. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
): string {
  const colWidths = fitWidths(
    head.map((title, i) => Math.max(...[title, ...rows.map((row) => row[i] ?? '')].map(cellWidth))),
    columns - GAP * (head.length - 1),
  )
  const table = new Table({
    head: [...head],
    colWidths,
    wordWrap: true,
    wrapOnWordBoundary: false,
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
  for (const row of rows) table.push(head.map((_, i) => row[i] ?? ''))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

/** Takes from the widest column until all fit. */
function fitWidths(wanted: readonly number[], room: number): number[] {
  const widths = [...wanted]
  for (let over = sum(widths) - room; over > 0; over--) {
    const widest = widths.indexOf(Math.max(...widths))
    if ((widths[widest] ?? 0) <= NARROWEST) break
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return widths
}

function cellWidth(text: string): number {
  const lines = stripVTControlCharacters(text).split('\n')
  return Math.max(1, ...lines.map((line) => [...line].length + (line.match(WIDE)?.length ?? 0)))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0)
}
