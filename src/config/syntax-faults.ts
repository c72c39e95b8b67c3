/** YAML errors as faults with the line they stand in, credentials masked. It corrects nothing. */
import type { LineCounter, YAMLError } from 'yaml'
import type { ConfigFault } from './config-error.ts'
import { redactSource } from './redact.ts'

const MAX_FAULTS = 20
const FRAME_WIDTH = 100

/** One fault per faulty line (what follows the first error of a line is mostly its echo), at most 20. */
export function syntaxFaults(
  source: string,
  lines: LineCounter,
  errors: readonly YAMLError[],
): readonly ConfigFault[] {
  const byLine = new Map<number, YAMLError>()
  for (const error of [...errors].sort((a, b) => a.pos[0] - b.pos[0])) {
    const { line } = lines.linePos(Math.min(error.pos[0], source.length))
    if (byLine.size < MAX_FAULTS && !byLine.has(line)) byLine.set(line, error)
  }
  const sourceLines = errors.length > 0 ? source.split('\n') : []
  return [...byLine].map(([line, error]) => {
    const { col } = lines.linePos(Math.min(error.pos[0], source.length))
    const text = sourceLines[line - 1] ?? ''
    return { path: '', line, column: col, message: `${message(error, text)}\n${frame(text, line, col)}` }
  })
}

function message(error: YAMLError, line: string): string {
  if (error.code === 'RESOURCE_EXHAUSTION') return 'YAML: nested too deeply to be read'
  if (error.code === 'TAG_RESOLVE_FAILED') return 'YAML: tags ("!name") are not used in this file'
  const hint = /[{[,].*\$\{/.test(line) ? `. Inside { } and [ ], put "\${NAME}" in quotes` : ''
  return `YAML: ${redactSource(error.message.split('\n')[0] ?? '')}${hint}`
}

// The caret is left out where masking has moved the text under it.
function frame(text: string, line: number, column: number): string {
  const shown = redactSource(text.trimEnd()).slice(0, FRAME_WIDTH)
  const label = `  ${line} | `
  const kept = text.startsWith(shown.slice(0, column - 1)) && column <= shown.length + 1
  return kept ? `${label}${shown}\n${' '.repeat(label.length + column - 1)}^` : `${label}${shown}`
}
