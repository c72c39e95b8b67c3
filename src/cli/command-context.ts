/** What every command is given, and how it reaches the product. Nothing is opened before a command asks. */
import type { Environment } from '../config/index.ts'
import type { Service } from '../service/index.ts'
import type { Output } from './output.ts'

export type CommandContext = {
  readonly environment: Environment
  /** `--config`; undefined: TAJO_CONFIG or ./tajo.yaml. */
  readonly configFile: string | undefined
  readonly output: Output
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal
}

/** Opens the service, and closes it whatever happens. With `serve`, other commands find it while it is open. */
export async function withService<T>(
  context: CommandContext,
  work: (service: Service) => Promise<T>,
  { serve = false }: { serve?: boolean } = {},
): Promise<T> {
  const { openService } = await import('../service/index.ts')
  const service = await openService({
    environment: context.environment,
    configFile: context.configFile,
    serve,
    onNotice: context.output.note,
  })
  try {
    return await work(service)
  } finally {
    await service.close()
  }
}

/** How the reader starts Tajo: by its name, or through npm in a checkout. */
export function commandLine(rest: string): string {
  return import.meta.url.endsWith('.ts') ? `npm run -s tajo -- ${rest}` : `tajo ${rest}`
}
