/**
 * Reads tajo.yaml and the environment into one frozen Config, or throws one error that lists every fault.
 * It asks no service anything: whether tokens, lists and fields exist is for `tajo check` to find out.
 */
import { relative, resolve } from 'node:path'
import { buildConfig } from './build-config.ts'
import type { LoadedConfig, Position } from './config.ts'
import { ConfigError, type ConfigFault } from './config-error.ts'
import { readDocument } from './document.ts'
import type { Variables } from './interpolate.ts'
import { type Located, positionIndex } from './located.ts'
import { readAccounts } from './outside-values.ts'
import { toPlain } from './plain.ts'
import { readSource } from './read-source.ts'
import { readRows } from './rows.ts'
import { settingsSchema } from './schema.ts'
import { schemaFaults } from './schema-faults.ts'

export type LoadOptions = Readonly<{
  /** Path of the file. Default: `env.TAJO_CONFIG`, else `./tajo.yaml`. */
  file?: string
  /** The environment that `${NAME}` and missing credentials are taken from. */
  env: Readonly<Record<string, string | undefined>>
  /**
   * Throw `config_missing` when there is no file; else the defaults hold. Default: true where a file was
   * named (by `file` or TAJO_CONFIG), else false.
   */
  required?: boolean
}>

/** Throws `ConfigError`: `config_missing`, or `config_invalid` with all faults in the order of the file. */
export function loadConfig(options: LoadOptions): LoadedConfig {
  const named = options.file ?? (options.env.TAJO_CONFIG || undefined)
  const file = resolve(named ?? 'tajo.yaml')
  const name = displayName(file)
  const source = readSource(file, name)
  if (source === null && (options.required ?? named !== undefined)) {
    throw new ConfigError({
      code: 'config_missing',
      file: name,
      message: `${name} is not there. "tajo init" writes one; TAJO_CONFIG names another file.`,
    })
  }
  return checkSource(source ?? '', options.env, source === null ? null : { file, name })
}

function checkSource(
  source: string,
  variables: Variables,
  origin: { file: string; name: string } | null,
): LoadedConfig {
  const name = origin?.name ?? 'environment'
  const { root, faults: found, broken } = readDocument(source, variables)
  if (broken) throw new ConfigError({ file: name, faults: inOrder(found) })
  const faults: ConfigFault[] = [...found]
  const plain = root === undefined ? {} : toPlain(root, settingsSchema)
  const parsed = settingsSchema.safeParse(plain)
  if (!parsed.success) faults.push(...schemaFaults(root, parsed.error.issues))
  const rows = readRows(root, faults)
  const accounts = readAccounts(root, variables, faults)
  const settings = parsed.data
  if (settings === undefined || faults.length > 0)
    throw new ConfigError({ file: name, faults: inOrder(faults) })
  return withPositions(buildConfig({ file: origin?.file ?? null, settings, accounts, rows }), name, root)
}

function withPositions(
  config: LoadedConfig['config'],
  name: string,
  root: Located | undefined,
): LoadedConfig {
  const index = positionIndex(root)
  const position = (path: string): Position | null => {
    for (let at = path; at !== ''; at = at.slice(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['), 0))) {
      const found = index.get(at)
      if (found !== undefined) return found
    }
    return index.get('') ?? null
  }
  const locate = (path: string): string => {
    const found = position(path)
    return found === null ? path : `${name}:${found.line}:${found.column} ${path}`
  }
  return Object.freeze({ config, position, locate })
}

/** In the order of the file, each said once: a merged block repeats its faults at one and the same place. */
function inOrder(faults: readonly ConfigFault[]): readonly ConfigFault[] {
  const seen = new Set<string>()
  return [...faults]
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
    .filter((fault) => {
      const last = fault.path.slice(fault.path.lastIndexOf('.') + 1)
      const key = JSON.stringify([fault.line, fault.column, last, fault.message])
      return !seen.has(key) && seen.add(key)
    })
}

/** Relative to the working directory where the file lies below it. */
function displayName(file: string): string {
  const near = relative(process.cwd(), file)
  return near === '' || near.startsWith('..') ? file : near
}
