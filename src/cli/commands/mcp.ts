/** `tajo mcp`: tools for agents on stdio. It works on the store here, through the server that has it, or on one that TAJO_URL names. */
import { serveOverStdio } from '../../mcp/index.ts'
import { TajoClient } from '../../sdk/index.ts'
import { type CommandContext, withInstallation } from '../command-context.ts'
import { EXIT } from '../exit-codes.ts'
import { packageVersion } from '../package-version.ts'

type Ask = import('../../mcp/index.ts').Ask

export async function runMcp(
  context: CommandContext,
  { allowWrite = false }: { allowWrite?: boolean },
): Promise<number> {
  const { environment, connection, output, signal } = context
  const serve = (ask: Ask): Promise<void> =>
    serveOverStdio(
      { version: packageVersion(), allowWrite, ask },
      { signal, onError: (error) => output.note(`MCP: ${error.message}`) },
    )
  if (environment.url !== null) {
    const { url, apiKey } = environment
    await using client = new TajoClient({ baseUrl: url, apiKey: apiKey ?? undefined, connection })
    await serve((name, params, options) => client.call(name, params as never, options))
    return EXIT.done
  }
  const { callOperation } = await import('../../service/index.ts')
  return withInstallation(context, async (installation) => {
    const onNotice = output.note
    await serve((name, params, options) =>
      callOperation(installation.connection(), name, params, { ...options, onNotice }),
    )
    return EXIT.done
  })
}
