/**
 * The process environment, read in this one place and checked. It never prints a value: several of these
 * variables are secrets. Vendor credentials stay in `variables` for `loadConfig`.
 */
import { resolve } from 'node:path'
import { nearestName } from '../base/suggest.ts'
import { ConfigError, type ConfigFault } from './config-error.ts'
import { isSecureUrl, normaliseUrl, URL_EXPECTATION } from './urls.ts'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]
export type ColorChoice = 'always' | 'never' | 'auto'

export type Environment = Readonly<{
  /** TAJO_CONFIG as written; null: `./tajo.yaml`. */
  configFile: string | null
  /** TAJO_DATA_DIR as an absolute path; default `.tajo` in the working directory. */
  dataDir: string
  /** DATABASE_URL; null: the embedded store in `dataDir`. Holds a password: do not print. */
  databaseUrl: string | null
  /** TAJO_SECRET_KEY; null: a key file in `dataDir`. */
  secretKey: string | null
  /** TAJO_SECRET_KEY_PREVIOUS: the key before, until `tajo secrets rotate` has sealed everything anew. */
  previousSecretKey: string | null
  /** TAJO_API_KEY. */
  apiKey: string | null
  /** TAJO_URL without a trailing slash; null: no running server was named. */
  url: string | null
  /** TAJO_CONNECTION; null: none was named. */
  connection: string | null
  /** LOG_LEVEL in any case; default `info`. */
  logLevel: LogLevel
  /** NO_COLOR and FORCE_COLOR (https://no-color.org). */
  color: ColorChoice
  /** All variables, for `loadConfig({ env })`. */
  variables: Readonly<Record<string, string | undefined>>
}>

/** The variables of this process as they are, for those who replace some of them before they are read. */
export function processVariables(): Readonly<Record<string, string | undefined>> {
  return { ...process.env }
}

/** Reads and checks the variables of Tajo; an empty one counts as unset. Throws one `ConfigError`. */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Environment {
  const faults: ConfigFault[] = []
  const read = (name: string) => env[name] || null
  const fault = (path: string, message: string, suggestion?: string) =>
    faults.push({
      path,
      message,
      line: null,
      column: null,
      ...(suggestion === undefined ? {} : { suggestion }),
    })

  const databaseUrl = read('DATABASE_URL')
  if (databaseUrl !== null && !isPostgresUrl(databaseUrl))
    fault('DATABASE_URL', 'expected postgres://user:password@host:port/database (or leave it unset)')
  const url = read('TAJO_URL')
  if (url !== null && !isSecureUrl(url)) fault('TAJO_URL', URL_EXPECTATION)
  const apiKey = read('TAJO_API_KEY')
  if (apiKey !== null && !/^[\x21-\x7e]+$/.test(apiKey))
    fault('TAJO_API_KEY', 'expected printable ASCII without spaces, since it travels in a header')
  const level = (read('LOG_LEVEL') ?? 'info').toLowerCase()
  const logLevel = LOG_LEVELS.find((known) => known === level)
  if (logLevel === undefined)
    fault('LOG_LEVEL', `expected one of ${LOG_LEVELS.join(', ')}`, nearestName(level, LOG_LEVELS))

  if (faults.length > 0) throw new ConfigError({ file: 'environment', faults })
  return Object.freeze({
    configFile: read('TAJO_CONFIG'),
    dataDir: resolve(read('TAJO_DATA_DIR') ?? '.tajo'),
    databaseUrl,
    secretKey: read('TAJO_SECRET_KEY'),
    previousSecretKey: read('TAJO_SECRET_KEY_PREVIOUS'),
    apiKey,
    connection: read('TAJO_CONNECTION'),
    url: url === null ? null : normaliseUrl(url),
    logLevel: logLevel ?? 'info',
    color: colorChoice(env),
    variables: Object.freeze({ ...env }),
  })
}

function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:\/\/\S+$/.test(text) && URL.canParse(text)
}

function colorChoice(env: Readonly<Record<string, string | undefined>>): ColorChoice {
  if (env.NO_COLOR) return 'never'
  const forced = env.FORCE_COLOR
  if (forced === undefined || forced === '') return 'auto'
  return forced === '0' || forced === 'false' ? 'never' : 'always'
}
