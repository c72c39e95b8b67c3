/**
 * Where a command speaks: results on stdout, everything else on stderr, and with `--json` exactly one document on
 * stdout. Colours only where a terminal (or FORCE_COLOR) asks for them.
 */
import { styleText } from 'node:util'
import type { ColorChoice } from '../config/index.ts'
import { renderTable } from './table.ts'

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan'

export type Output = {
  readonly json: boolean
  /** Somebody can answer questions and sees what is drawn. */
  readonly interactive: boolean
  readonly columns: number
  /** A line (or several) of the result. With `--json` it goes to stderr. */
  print(text?: string): void
  /** The one JSON document; nothing without `--json`. */
  document(value: unknown): void
  /** A line on stderr. */
  note(text: string): void
  heading(text: string): void
  table(head: readonly string[], rows: readonly (readonly string[])[]): void
  /** For text that goes to `print`. */
  style(style: Style, text: string): string
  readonly stderr: NodeJS.WriteStream
  readonly stderrColor: boolean
}

export type OutputOptions = {
  json: boolean
  color: ColorChoice
  stdin?: { isTTY?: boolean }
  stdout: NodeJS.WriteStream
  stderr: NodeJS.WriteStream
}

const DEFAULT_COLUMNS = 80
const WIDEST = 120

export function createOutput({ json, color, stdin, stdout, stderr }: OutputOptions): Output {
  const colored = (stream: NodeJS.WriteStream): boolean =>
    color === 'auto' ? stream.isTTY === true : color === 'always'
  const results = json ? stderr : stdout
  const useColor = colored(results)
  const columns = Math.min(results.isTTY ? results.columns || DEFAULT_COLUMNS : DEFAULT_COLUMNS, WIDEST)
  const style = (name: Style, text: string): string =>
    useColor ? styleText(name, text, { validateStream: false }) : text
  const print = (text = ''): void => {
    results.write(`${text}\n`)
  }
  return {
    json,
    interactive: !json && stdin?.isTTY === true && stdout.isTTY === true,
    columns,
    print,
    document(value) {
      if (json) stdout.write(`${JSON.stringify(value, null, 2)}\n`)
    },
    note(text) {
      stderr.write(`${text}\n`)
    },
    heading: (text) => print(`\n${style('bold', text)}`),
    table: (head, rows) =>
      print(
        renderTable(
          head.map((cell) => style('dim', cell)),
          rows,
          columns,
        ),
      ),
    style,
    stderr,
    stderrColor: colored(stderr),
  }
}

/** Sentences broken into lines of at most `columns`; what is indented or already short stays as it is. */
export function wrapText(text: string, columns: number, indent = ''): string {
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = ''
    for (const word of paragraph.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`
      if (line !== '' && longer.length + indent.length > columns) {
        lines.push(line)
        line = word
      } else line = longer
    }
    lines.push(line)
  }
  return lines.join(`\n${indent}`)
}

/** `1,234`, or `1,234 contacts`; `1 contact`. */
export function count(n: number, noun?: string, plural = `${noun}s`): string {
  const figure = n.toLocaleString('en-GB')
  return noun === undefined ? figure : `${figure} ${n === 1 ? noun : plural}`
}
