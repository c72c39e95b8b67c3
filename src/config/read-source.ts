/** The bytes of the configuration file as text. Refuses what cannot be one: a directory, 1 MB and more, not UTF-8. */
import { closeSync, openSync, readSync } from 'node:fs'
import { ConfigError } from './config-error.ts'

const MAX_BYTES = 1_000_000

/** Null when there is no such file. `name` is how the user would call the file. */
export function readSource(path: string, name: string): string | null {
  const bytes = readBytes(path, name)
  if (bytes === null) return null
  if (bytes.length > MAX_BYTES)
    throw refusal(
      name,
      `larger than 1 MB, so this is hardly a configuration; name another file with TAJO_CONFIG`,
    )
  if (bytes.includes(0)) throw refusal(name, 'this is not a text file in UTF-8; save it as UTF-8')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw refusal(name, 'this is not a text file in UTF-8; save it as UTF-8', cause)
  }
}

// Read in pieces with a limit, since the path may be a pipe or a device, whose size is not known.
function readBytes(path: string, name: string): Buffer | null {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    const pieces: Buffer[] = []
    let total = 0
    while (total <= MAX_BYTES) {
      const piece = Buffer.alloc(65_536)
      const size = readSync(file, piece)
      if (size === 0) break
      pieces.push(piece.subarray(0, size))
      total += size
    }
    return Buffer.concat(pieces)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    if (code === 'EISDIR')
      throw refusal(name, `this is a directory; name a file, such as ${name}/tajo.yaml`, cause)
    if (code === 'EACCES' || code === 'EPERM')
      throw refusal(
        name,
        'this file may not be read; give the user that runs Tajo the right to read it',
        cause,
      )
    throw cause
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

function refusal(name: string, message: string, cause?: unknown): ConfigError {
  const fault = { path: '', message, line: null, column: null }
  return new ConfigError({ file: name, faults: [fault], cause })
}
