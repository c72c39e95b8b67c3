/** MCP over the standard streams of this process; nothing else may write to stdout meanwhile. */
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { createMcpServer, type McpOptions } from './server.ts'

/** Resolves when the agent has closed its end, or the signal is aborted. `onError`: what concerns no call in particular. */
export async function serveOverStdio(
  options: McpOptions,
  { signal, onError }: { signal: AbortSignal; onError: (error: Error) => void },
): Promise<void> {
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  const handle = serveStdio(() => createMcpServer(options), { onerror: onError })
  process.stdin.once('end', resolve).once('close', resolve)
  signal.addEventListener('abort', () => resolve(), { once: true })
  if (signal.aborted) resolve()
  await ended
  await handle.close()
}
