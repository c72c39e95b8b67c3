/** What every command is given, and how it reaches the product. Nothing is opened before a command asks. */
import type { Environment } from '../config/index.ts'
import type { Installation, Service } from '../service/index.ts'
import type { Output } from './output.ts'

export type CommandContext = {
  readonly environment: Environment
  /** `--config`; undefined: TAJO_CONFIG or ./tajo.yaml. */
  readonly configFile: string | undefined
  /** `--connection` or TAJO_CONNECTION; undefined: the default one. */
  readonly connection: string | undefined
  readonly output: Output
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal
}

type Opening = {
  /** Whether other commands find it while it is open; default false. */
  readonly serve?: boolean
}

/** Opens the connection that is meant, and closes it whatever happens. */
export function withService<T>(
  context: CommandContext,
  work: (service: Service) => Promise<T>,
  opening: Opening = {},
): Promise<T> {
  return withInstallation(context, (installation) => work(installation.connection()), opening)
}

/** Opens the store with all its connections, and closes it whatever happens. */
export async function withInstallation<T>(
  { environment, configFile, connection, output }: CommandContext,
  work: (installation: Installation) => Promise<T>,
  { serve = false }: Opening = {},
): Promise<T> {
  const { openInstallation } = await import('../service/index.ts')
  const installation = await openInstallation({
    environment,
    configFile,
    connection,
    serve,
    onNotice: output.note,
  })
  try {
    return await work(installation)
  } finally {
    await installation.close()
  }
}

/** How the reader starts Tajo: by its name, or through npm in a checkout. */
export function commandLine(rest: string): string {
  return import.meta.url.endsWith('.ts') ? `npm run -s tajo -- ${rest}` : `tajo ${rest}`
}
