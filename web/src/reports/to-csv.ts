/** Rows as a file that spreadsheets open: with a mark for UTF-8, and without anything they would run. */

export type Cell = string | number | null

export function toCsv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [head, ...rows].map((row) => row.map(cellText).join(','))
  return `\uFEFF${lines.join('\r\n')}\r\n`
}

/** A text that begins like a formula is told to be text. */
function cellText(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const text = /^[\t\r\n]|^\s*[=+\-@＝＋－＠]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
