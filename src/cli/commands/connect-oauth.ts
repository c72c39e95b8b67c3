/**
 * `tajo connectors connect pipedrive --oauth`: prints the address to open, and waits until somebody has. Where no server
 * runs it answers the browser itself, on the configured port, for as long as it waits.
 */
import { TajoError } from '../../base/error.ts'
import { createServer, type RunningServer } from '../../server/index.ts'
import type { ConnectorView, LiveNews, Service } from '../../service/index.ts'
import type { CommandContext } from '../command-context.ts'

const LOOPBACK = '127.0.0.1'
const GRACE_MS = 1_000

export async function connectThroughBrowser(
  { output, signal }: Pick<CommandContext, 'output' | 'signal'>,
  service: Service,
): Promise<ConnectorView> {
  const { port, publicUrl } = service.config.config.server
  let asked = await service.oauth.begin({ localUrl: `http://localhost:${port}` })
  const listener = asked.served ? null : await listen(service, output.note)
  try {
    // Any free port: which one is known only now.
    if (listener !== null && port === 0 && publicUrl === null)
      asked = await service.oauth.begin({ localUrl: listener.url })
    output.print(asked.url)
    output.note(
      `Open this address in a browser, as a user of Pipedrive who may install the app. It works once, for ten minutes.\nThe app's callback URL in the Developer Hub has to be ${asked.redirectUri}`,
    )
    return await service.oauth.wait(asked.id, { signal })
  } finally {
    await listener?.close(GRACE_MS)
  }
}

/** Null where the port is taken: by a server on the same store, which answers as well; or by somebody else. */
async function listen(service: Service, note: (text: string) => void): Promise<RunningServer | null> {
  const { port, publicUrl } = service.config.config.server
  try {
    return await createServer({
      live: new Promise(() => {}),
      port,
      // Behind a public address there is a proxy, which may be on another machine.
      host: publicUrl === null ? LOOPBACK : undefined,
      publicUrl,
      onNews: ({ level, message }: LiveNews) => {
        if (level !== 'info') note(message)
      },
      oauth: service.oauth.browser,
    })
  } catch (error) {
    if (!(error instanceof TajoError) || error.code !== 'port_in_use') throw error
    note(`Port ${port} is in use: the Tajo server there has to use the same store as this command.`)
    return null
  }
}
