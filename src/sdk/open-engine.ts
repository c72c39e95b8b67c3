/** Decides where the engine runs, and loads that way only. */
import { TajoError } from '../base/error.ts'
import type { Engine } from './caller.ts'
import type { TajoClientOptions } from './options.ts'

/** Throws `config_invalid` for an unusable address or key, and what opening the store throws. */
export async function openEngine(options: TajoClientOptions): Promise<Engine> {
  const { processVariables, readEnvironment } = await import('../config/index.ts')
  const variables = processVariables()
  const environment = readEnvironment({
    ...variables,
    // They may be those of the program around us, which need not mean what Tajo means by them.
    LOG_LEVEL: undefined,
    DATABASE_URL: options.databaseUrl,
    TAJO_URL: options.baseUrl ?? variables.TAJO_URL,
    TAJO_API_KEY: options.apiKey ?? variables.TAJO_API_KEY,
    TAJO_DATA_DIR: options.dataDir ?? variables.TAJO_DATA_DIR,
    TAJO_CONFIG: options.config ?? variables.TAJO_CONFIG,
    BREVO_API_KEY: options.brevoApiKey ?? variables.BREVO_API_KEY,
  })
  if (environment.url !== null) {
    const { openRemoteEngine } = await import('./remote-engine.ts')
    const { apiKey, url: baseUrl } = environment
    if (apiKey === null) throw keyMissing(baseUrl)
    return openRemoteEngine({ ...options, baseUrl, apiKey })
  }
  const { openLocalEngine } = await import('./local-engine.ts')
  return openLocalEngine(environment, options)
}

function keyMissing(baseUrl: string): TajoError {
  return new TajoError({
    code: 'key_missing',
    disposition: 'pause',
    message: `The server at ${new URL(baseUrl).origin} wants a key: new TajoClient({ apiKey }), or TAJO_API_KEY. "tajo keys create" makes one there.`,
  })
}
