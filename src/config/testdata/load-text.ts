/** For tests: loads YAML text through a real file named tajo.yaml, and tells faults as printed lines. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoadedConfig } from '../config.ts'
import { ConfigError } from '../config-error.ts'
import { loadConfig } from '../load.ts'

type Variables = Record<string, string | undefined>

export function loadText(text: string | Uint8Array, env: Variables = {}): LoadedConfig {
  const directory = mkdtempSync(join(tmpdir(), 'tajo-config-'))
  try {
    const file = join(directory, 'tajo.yaml')
    writeFileSync(file, text)
    return loadConfig({ file, env })
  } finally {
    rmSync(directory, { recursive: true })
  }
}

export function configErrorOf(act: () => unknown): ConfigError {
  try {
    act()
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('Nothing was thrown, where a ConfigError was due')
}

/** Each fault as `10:8 path: message => suggestion`; none for a file that loads. */
export function faultLines(text: string | Uint8Array, env: Variables = {}): readonly string[] {
  try {
    loadText(text, env)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.faults.map(({ line, column, path, message, suggestion }) => {
      const place = line === null ? 'environment' : `${line}:${column}`
      return `${place} ${path}: ${message}${suggestion === undefined ? '' : ` => ${suggestion}`}`
    })
  }
}
