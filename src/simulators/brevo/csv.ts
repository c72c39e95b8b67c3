/** Separated text as the import endpoints take it and their reports give it. Not a general CSV reader. */

/** Rows of cells; quotes may hold separators, line breaks and doubled quotes. Empty lines are left out. */
export function parseCsv(text: string, separator: ';' | ',' = ';'): string[][] {
  if (!text.includes('"')) {
    return text
      .split(/\r?\n/)
      .filter((line) => line !== '')
      .map((line) => line.split(separator))
  }
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  const endRow = (): void => {
    row.push(cell)
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
    cell = ''
  }
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string
    if (quoted) {
      if (char !== '"') cell += char
      else if (text[i + 1] === '"') {
        cell += '"'
        i++
      } else quoted = false
    } else if (char === '"') quoted = true
    else if (char === separator) {
      row.push(cell)
      cell = ''
    } else if (char === '\n') endRow()
    else if (char !== '\r') cell += char
  }
  endRow()
  return rows
}

export function formatCsv(rows: readonly (readonly string[])[]): string {
  const quote = (cell: string): string => (/[;"\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
  return `${rows.map((row) => row.map(quote).join(';')).join('\n')}\n`
}
