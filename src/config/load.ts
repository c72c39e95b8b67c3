/**
 * Reads tajo.yaml and the environment into one frozen Config, or throws one error that lists every fault.
 * It asks no service anything: whether tokens, lists and fields exist is for `tajo check` to find out.
 */
import { relative, resolve } from 'node:path'
import { buildConfig } from './build-config.ts'
import type { Config, LoadedConfig, Position } from './config.ts'
import { ConfigError, type ConfigFault } from './config-error.ts'
import { connectionVariables, DEFAULT_CONNECTION, splitConnections } from './connections.ts'
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

/** What one process works with: each connection by its name, in the order of the file. */
export type LoadedConnections = Readonly<{
  file: string | null
  /** Whether the file names its connections, under `connections:`. */
  named: boolean
  /** Of the whole process. */
  server: Config['server']
  /** At least one. A file without `connections:` describes the one named `default`. */
  connections: ReadonlyMap<string, LoadedConfig>
}>

/** The one connection of the file. Throws `ConfigError`: `config_missing`, or `config_invalid` with all faults in the order of the file. */
export function loadConfig(options: LoadOptions): LoadedConfig {
  const { file, connections } = loadConnections(options)
  const [only, ...others] = [...connections.values()]
  if (only === undefined || others.length > 0)
    throw new Error(`${file} has ${connections.size} connections: ask for one by its name`)
  return only
}

/** Throws as `loadConfig`. */
export function loadConnections(options: LoadOptions): LoadedConnections {
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

/**
 * The text as if it were the file, which need not be there: for what is about to be written. `file` as for `loadConnections`.
 * Throws `config_invalid`.
 */
export function checkSettingsText(
  source: string,
  { file, env }: Pick<LoadOptions, 'file' | 'env'>,
): LoadedConnections {
  const path = resolve(file ?? (env.TAJO_CONFIG || 'tajo.yaml'))
  return checkSource(source, env, { file: path, name: displayName(path) })
}

/** One connection whose settings are kept elsewhere than in the file, as the same YAML. Throws `config_invalid`. */
export function loadStoredConnection(name: string, source: string, variables: Variables): LoadedConfig {
  const title = `connection ${name}`
  const { root, faults: found, broken } = readDocument(source, variables)
  if (broken) throw new ConfigError({ file: title, faults: inOrder(found) })
  const faults: ConfigFault[] = [...found]
  const config = checkRoot(
    root,
    connectionVariables(variables, Number.POSITIVE_INFINITY),
    { file: null, name: title },
    faults,
  )
  if (config === null || faults.length > 0) throw new ConfigError({ file: title, faults: inOrder(faults) })
  return config
}

function checkSource(
  source: string,
  variables: Variables,
  origin: { file: string; name: string } | null,
): LoadedConnections {
  const name = origin?.name ?? 'environment'
  const file = origin?.file ?? null
  const { root, faults: found, broken } = readDocument(source, variables)
  if (broken) throw new ConfigError({ file: name, faults: inOrder(found) })
  const faults: ConfigFault[] = [...found]
  const named = splitConnections(root, faults)
  const roots = named ?? new Map([[DEFAULT_CONNECTION, root]])
  const own = connectionVariables(variables, roots.size)
  const connections = new Map<string, LoadedConfig>()
  for (const [connection, of] of roots) {
    const config = checkRoot(of, own, { file, name }, faults)
    if (config !== null) connections.set(connection, config)
  }
  if (faults.length > 0) throw new ConfigError({ file: name, faults: inOrder(faults) })
  const [first] = connections.values()
  if (first === undefined) throw new Error('a configuration without faults has a connection')
  return Object.freeze({ file, named: named !== null, server: first.config.server, connections })
}

/** Null when it cannot be used; why is in `faults`. */
function checkRoot(
  root: Located | undefined,
  variables: Variables,
  { file, name }: { file: string | null; name: string },
  faults: ConfigFault[],
): LoadedConfig | null {
  const plain = root === undefined ? {} : toPlain(root, settingsSchema)
  const parsed = settingsSchema.safeParse(plain)
  if (!parsed.success) faults.push(...schemaFaults(root, parsed.error.issues))
  const rows = readRows(root, faults)
  const accounts = readAccounts(root, variables, faults)
  if (parsed.data === undefined || faults.length > 0) return null
  return withPositions(buildConfig({ file, settings: parsed.data, accounts, rows }), name, root)
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
